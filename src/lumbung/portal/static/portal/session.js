// Asks two minutes before a session ends whether somebody is still there, and leaves the page when it has ended.
// Without it the session ends just the same; the next request then says so.
"use strict";
(() => {
  const bar = document.getElementById("timeout");
  if (!bar || !bar.dataset.seconds) return;
  const words = document.getElementById("timeout-text");
  const stay = bar.querySelector("[data-stay]");
  const WARNING = 120;
  // All tabs of a door share one session: whichever is used tells the others when it ends.
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`session ${bar.dataset.out}`) : null;
  let idleEnds, limitEnds, before;

  function start({ idle, limit }) {
    idleEnds = Date.now() + idle * 1000;
    limitEnds = Date.now() + limit * 1000;
  }
  function say(seconds) {
    const kind = stay.hidden ? "limit" : "idle";
    const minutes = Math.floor(seconds / 60);
    const sentence = bar.dataset[minutes ? kind : `${kind}One`].replace("{minutes}", minutes);
    if (words.textContent !== sentence) words.textContent = sentence;
  }
  function show() {
    stay.hidden = limitEnds <= idleEnds;
    before = document.activeElement;
    bar.hidden = false;
    bar.querySelector("button:not([hidden])").focus();
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
    if (!bar.hidden) say(seconds);
  }
  stay.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(stay.form.action, {
        method: "POST", body: new FormData(stay.form), headers: { Accept: "application/json" }, redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const left = await answer.json();
      start(left);
      if (channel) channel.postMessage(left);
      tick();
    } catch {
      location.reload(); // the session is over, or the network: the page says which
    }
  });
  if (channel) {
    channel.addEventListener("message", ({ data }) => {
      if (!(data?.idle > 0 && data.limit > 0)) return;
      start(data);
      tick();
    });
  }
  // What the back button brings is old: it may no longer be anybody's to see.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  const left = { idle: Number(bar.dataset.seconds), limit: Number(bar.dataset.limitSeconds) };
  start(left);
  if (channel) channel.postMessage(left);
  setInterval(tick, 1000);
})();
