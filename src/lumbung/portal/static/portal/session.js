// Asks two minutes before a session ends whether somebody is still there, and leaves the page when it has ended.
// Without it the session ends just the same; the next request then says so.
"use strict";
(() => {
  const bar = document.getElementById("time-out");
  if (!bar) return;
  const words = bar.querySelector("#time-out-words");
  const left = bar.querySelector(".time-left");
  const stay = bar.querySelector("[data-stay]");
  const WARNING = 120;
  // All tabs share one session: whichever was used last tells the others when it ends.
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let idleEnds, limitEnds, before;

  function start(idle, limit) {
    idleEnds = Date.now() + idle * 1000;
    limitEnds = Date.now() + limit * 1000;
  }
  function minutes(seconds) {
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  function show() {
    const byLimit = limitEnds <= idleEnds;
    words.textContent = byLimit ? words.dataset.limit : words.dataset.idle;
    stay.hidden = byLimit;
    before = document.activeElement;
    bar.hidden = false;
    (byLimit ? bar.querySelector("button:not([hidden])") : stay).focus();
  }
  function hide() {
    bar.hidden = true;
    if (before) before.focus();
  }
  function tick() {
    const seconds = Math.ceil((Math.min(idleEnds, limitEnds) - Date.now()) / 1000);
    if (seconds <= 0) {
      location.replace(`${bar.dataset.out}?ended=1`);
      return;
    }
    if (seconds <= WARNING && bar.hidden) show();
    if (seconds > WARNING && !bar.hidden) hide();
    if (!bar.hidden) left.textContent = minutes(seconds);
  }
  stay.addEventListener("click", async (event) => {
    event.preventDefault();
    const form = stay.form;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const times = await answer.json();
      start(times.idle, times.limit);
      if (channel) channel.postMessage(times);
      tick();
    } catch {
      location.reload(); // the session is over, or the network: the page says which
    }
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !stay.hidden) stay.click();
  });
  if (channel) channel.addEventListener("message", ({ data }) => { start(data.idle, data.limit); tick(); });
  // A page from the back button is old: what it shows may no longer be anybody's business.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  start(Number(bar.dataset.idle), Number(bar.dataset.limit));
  if (channel) channel.postMessage({ idle: Number(bar.dataset.idle), limit: Number(bar.dataset.limit) });
  setInterval(tick, 1000);
})();
