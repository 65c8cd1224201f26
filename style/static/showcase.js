// A vendor's page: shows what the vendor's own script finds out. Tokens are decoded, and their signatures stay hidden.
"use strict";

window.Showcase = (() => {
  const settings = JSON.parse(document.querySelector("[data-showcase]").dataset.showcase);
  const language = document.documentElement.lang;
  const dates = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
  const distances = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const TIMES = ["iat", "nbf", "exp", "expire", "expiresAt"];
  const PATIENCE = 10_000;
  /** Timers cannot wait longer than 24 days; where the clock is wrong, they must not end at once over and over. */
  const [SHORTEST, LONGEST] = [5_000, 2 ** 31 - 1];
  /** How soon something that has failed is tried again. */
  const AGAIN = 30_000;

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

  /** Fills a list with names and values; times are told in words as well. */
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

  /** Header and claims of a token, which may have something in front of it. */
  const read = (token) => {
    const [header, claims] = token.slice(token.lastIndexOf("/") + 1).split(".");
    return { header: decode(header), claims: decode(claims) };
  };

  /** The place of a decoded token inside another element. */
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
      /** Returns when the token ends, in milliseconds. */
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

  /** Shows the token of another login, or that there is none. */
  const cameIn = (() => {
    const section = document.querySelector("[data-came-in]");
    const token = section && decoded(section);
    return (text) => {
      if (!section) return;
      section.hidden = !text;
      if (text) token.show(text);
      else token.clear();
    };
  })();

  /** A widget of the page, what was signed for it, and what its vendor has answered. */
  function exhibit(id) {
    const stand = document.querySelector(`[data-exhibit="${id}"]`);
    const part = (name) => stand.querySelector(`[data-${name}]`);
    const token = decoded(stand);
    /** Counts the users who have gone. */
    let gone = 0;

    return {
      /** Where the widget is drawn. */
      place: document.querySelector(`#widget-${id}`),

      /** Adds the vendor's script to the page; tells whether it could be loaded. */
      load(src, dataset = {}) {
        const script = Object.assign(document.createElement("script"), { src });
        Object.assign(script.dataset, dataset);
        document.head.append(script);
        return this.loading(script);
      },

      /** Tells whether a script that is being loaded could be. */
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

      /** The vendor's script is not there. */
      failed(sentence = part("failed").textContent) {
        part("wait")?.remove();
        part("failed").textContent = sentence;
        part("failed").hidden = false;
        this.verdict("bad", sentence);
      },

      /** A credential of our login; what comes after its user has gone never arrives. */
      async credential(path) {
        const before = gone;
        const text = await credential(path);
        return before === gone ? text : new Promise(() => {});
      },

      /** Shows a token and returns when it ends, in milliseconds. */
      signed(text) {
        part("unsigned").hidden = true;
        return token.show(text);
      },

      /** One sentence on how it stands: "good", "bad", or neither. */
      verdict(kind, sentence) {
        part("verdict").dataset.verdict = kind;
        part("verdict").textContent = sentence;
      },

      answered: (values) => list(part("answer"), values),

      /** Nobody is signed in: nothing of the last user stays. */
      clear() {
        gone += 1;
        token.clear();
        part("unsigned").hidden = false;
        part("answer").replaceChildren();
      },
    };
  }

  /** Asks the login for a credential. A session that is over shows at once. */
  async function credential(path) {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(Viewer.login + path, { credentials: "include", signal }).catch(() => {
      throw new Error("Your login did not answer.");
    });
    const text = await answer.text();
    if (answer.ok) return text;
    if (answer.status === 401) Viewer.check();
    const { code, reason } = refusal(text);
    throw Object.assign(new Error(`Your login answered ${answer.status}: ${reason}`), { code });
  }

  /** What an answer says is wrong, in the words of whichever vendor's sample it follows. */
  function refusal(text) {
    try {
      const { code, description, error, status } = JSON.parse(text);
      return { code, reason: description ?? error ?? status ?? text };
    } catch {
      return { reason: text };
    }
  }

  /** How long something that ends then is good for. */
  function freshness(end) {
    const left = Math.max(end - Date.now(), 0);
    const early = Math.min(left / 10, 60_000);
    return Math.min(Math.max(left - early, SHORTEST), LONGEST);
  }

  /**
   * Calls `renew`, which resolves to the time at which what it has got ends, and calls it again a little before. After
   * a failure it is called again soon: a page left open recovers by itself. Returns what calls it off.
   */
  function keepFresh(renew) {
    let isOff = false;
    let timer;
    const attempt = async () => {
      const wait = await renew().then(freshness, () => AGAIN);
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

  return Object.freeze({ settings, exhibit, cameIn, keepFresh, millis, claims: (token) => read(token).claims });
})();
