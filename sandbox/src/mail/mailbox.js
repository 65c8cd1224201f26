// Reloads the list when a mail has arrived. Without JavaScript, the Refresh link does the same.
const newest = document.getElementById("mails")?.dataset.newest ?? "0";

setInterval(async () => {
  if (document.hidden) return;
  const answer = await fetch("/mailbox.json").catch(() => null);
  const mails = answer?.ok ? await answer.json() : null;
  if (mails && String(mails[0]?.id ?? 0) !== newest) location.reload();
}, 2000);
