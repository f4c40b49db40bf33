/* Shows an answer as soon as it is there. Without script the page reloads itself, or the reader presses Refresh. */
"use strict";

const EVERY_MS = 700;
const TRIES = 40;
let tries = 0;

async function look() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (page.ok) {
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("talk");
    // Announced to screen readers only when it says something new.
    if (fresh && fresh.textContent !== document.getElementById("talk").textContent) {
      document.getElementById("talk").replaceWith(fresh);
    }
  }
  wait();
}

function wait() {
  tries += 1;
  if (tries <= TRIES && document.getElementById("talk").hasAttribute("data-waiting")) {
    setTimeout(() => look().catch(wait), EVERY_MS);
  }
}

wait();
