// A vendor's showcase: shows what the vendor's script reports. Tokens are decoded; their signatures stay hidden.
"use strict";

window.Showcase = (() => {
  const settings = JSON.parse(document.querySelector("[data-showcase]").dataset.showcase);
  const language = document.documentElement.lang;
  const dates = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
  const distances = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const TIMES = ["iat", "nbf", "exp", "expire", "expiresAt"];
  const TIMEOUT = 10_000;
  /** Timers are limited to 24 days; with a wrong clock they must not fire in a loop. */
  const [SHORTEST, LONGEST] = [5_000, 2 ** 31 - 1];
  /** Delay before a failed renewal is retried. */
  const RETRY_DELAY = 30_000;

  /** Seconds, milliseconds or an ISO date, as milliseconds. */
  const millis = (value) => {
    const number = isNaN(value) ? Date.parse(value) : Number(value);
    return number < 1e11 ? number * 1000 : number;
  };

  /** "in 9 minutes". */
  function distance(time) {
    const seconds = Math.round((time - Date.now()) / 1000);
    const [unit, size] = [["day", 86400], ["hour", 3600], ["minute", 60]].find(([, size]) => Math.abs(seconds) >= size) ?? [
      "second",
      1,
    ];
    return distances.format(Math.trunc(seconds / size), unit);
  }

  function inWords(time) {
    const words = document.createElement("time");
    words.dateTime = new Date(time).toISOString();
    words.textContent = dates.format(time);
    return words;
  }

  /** Fills a list with names and values; times are also shown as dates. */
  function list(place, values) {
    const rows = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
    place.replaceChildren(
      ...rows.flatMap(([name, value]) => {
        const term = document.createElement("dt");
        const detail = document.createElement("dd");
        const code = document.createElement("code");
        term.textContent = name;
        code.textContent = typeof value === "string" ? value : JSON.stringify(value);
        detail.append(code);
        const time = TIMES.includes(name) ? millis(value) : NaN;
        if (!isNaN(time)) detail.append(inWords(time));
        return [term, detail];
      }),
    );
  }

  /** A segment of a JSON Web Token. */
  const decode = (segment) => {
    const bytes = atob(segment.replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))));
  };

  /** Header and claims of a token, which may have a prefix. */
  const read = (token) => {
    const [header, claims] = token.slice(token.lastIndexOf("/") + 1).split(".");
    return { header: decode(header), claims: decode(claims) };
  };

  /** The decoded token inside an element. */
  function decoded(around) {
    const place = around.querySelector("[data-token]");
    const part = (name) => place.querySelector(`[data-${name}]`);
    let end = NaN;

    function tellEnd() {
      part("good").hidden = !(end > Date.now());
      part("over").hidden = !(end <= Date.now());
      if (isNaN(end)) return;
      const words = `${dates.format(end)}, ${distance(end)}`;
      place.querySelectorAll("[data-end]").forEach((time) => (time.textContent = words));
    }
    setInterval(tellEnd, 1000);

    return {
      /** Returns when the token expires, in milliseconds. */
      show(token) {
        const { header, claims } = read(token);
        list(part("header"), header);
        list(part("claims"), claims);
        place.hidden = false;
        end = millis(claims.exp);
        tellEnd();
        return end;
      },

      clear() {
        end = NaN;
        place.hidden = true;
        for (const name of ["header", "claims"]) part(name).replaceChildren();
      },
    };
  }

  /** Shows the token of an upstream login, or hides the section if there is none. */
  const incomingToken = (() => {
    const section = document.querySelector("[data-incoming-token]");
    const token = section && decoded(section);
    return (text) => {
      if (!section) return;
      section.hidden = !text;
      if (text) token.show(text);
      else token.clear();
    };
  })();

  /** A widget of the page, its token and the vendor's response. */
  function exhibit(id) {
    const stand = document.querySelector(`[data-exhibit="${id}"]`);
    const part = (name) => stand.querySelector(`[data-${name}]`);
    const token = decoded(stand);
    /** Counts sign-outs. */
    let gone = 0;

    return {
      /** The element that the widget renders into. */
      place: document.querySelector(`#widget-${id}`),

      /** Adds the vendor's script to the page; resolves to whether it was loaded. */
      load(src, dataset = {}) {
        const script = Object.assign(document.createElement("script"), { src });
        Object.assign(script.dataset, dataset);
        document.head.append(script);
        return this.loading(script);
      },

      /** Resolves to whether a script was loaded. */
      loading(script) {
        return new Promise((resolve) => {
          const finish = (isLoaded) => {
            part("wait")?.remove();
            if (!isLoaded) this.failed();
            resolve(isLoaded);
          };
          script.addEventListener("load", () => finish(true));
          script.addEventListener("error", () => finish(false));
        });
      },

      /** The vendor's script couldn't be loaded. */
      failed(sentence = part("failed").textContent) {
        part("wait")?.remove();
        part("failed").textContent = sentence;
        part("failed").hidden = false;
        this.verdict("bad", sentence);
      },

      /** A credential from the login. Never resolves if the user has signed out meanwhile. */
      async credential(path) {
        const before = gone;
        const text = await credential(path);
        return before === gone ? text : new Promise(() => {});
      },

      /** Shows a token and returns when it expires, in milliseconds. */
      signed(text) {
        part("unsigned").hidden = true;
        return token.show(text);
      },

      /** Shows the status in one sentence; `kind` is "good", "bad" or empty. */
      verdict(kind, sentence) {
        part("verdict").dataset.verdict = kind;
        part("verdict").textContent = sentence;
      },

      response: (values) => list(part("response"), values),

      /** Signed out: removes everything of the last user. */
      clear() {
        gone += 1;
        token.clear();
        part("unsigned").hidden = false;
        part("response").replaceChildren();
      },
    };
  }

  /** Requests a credential from the login. Notices at once if the session has ended. */
  async function credential(path) {
    const signal = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(Viewer.login + path, { credentials: "include", signal }).catch(() => {
      throw new Error("Your login didn't respond.");
    });
    const text = await response.text();
    if (response.ok) return text;
    if (response.status === 401) Viewer.check();
    const { code, reason } = refusal(text);
    throw Object.assign(new Error(`Your login responded with ${response.status}: ${reason}`), { code });
  }

  /** The error in a response, in the format of the vendor's sample. */
  function refusal(text) {
    try {
      const { code, description, error, status } = JSON.parse(text);
      return { code, reason: description ?? error ?? status ?? text };
    } catch {
      return { reason: text };
    }
  }

  /** How long to wait before renewing something that expires at `end`. */
  function freshness(end) {
    const left = Math.max(end - Date.now(), 0);
    const early = Math.min(left / 10, 60_000);
    return Math.min(Math.max(left - early, SHORTEST), LONGEST);
  }

  /**
   * Calls `renew`, which resolves to an expiry time, and calls it again shortly before that. Retries after a failure, so
   * that an open page recovers. Returns a function that cancels it.
   */
  function keepFresh(renew) {
    let isOff = false;
    let timer;
    const attempt = async () => {
      const wait = await renew().then(freshness, () => RETRY_DELAY);
      if (!isOff) timer = setTimeout(attempt, wait);
    };
    attempt();
    return () => {
      isOff = true;
      clearTimeout(timer);
    };
  }

  document.querySelectorAll("[data-snippet]").forEach((snippet) => {
    const button = snippet.querySelector("[data-copy]");
    const tell = (isDone) => {
      button.querySelector("[data-copy-idle]").hidden = isDone;
      button.querySelector("[data-copy-done]").hidden = !isDone;
    };
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(snippet.querySelector("code").textContent);
      tell(true);
      setTimeout(tell, 2000, false);
    });
  });

  return Object.freeze({ settings, exhibit, incomingToken, keepFresh, millis, claims: (token) => read(token).claims });
})();
