// The service worker: keeps everybody's files and the page for when there is no line, and nothing of any member.
"use strict";
const FACTS = {{ facts|safe }};
const KEPT = `lumbung ${FACTS.version}`;
const FORMS = "lumbung forms";
let spoken = "";

// Fetched as a stranger: what is kept is what anybody gets.
const asStranger = (address) => new Request(address, { credentials: "omit", cache: "no-cache" });

async function keep() {
  const cache = await caches.open(KEPT);
  await cache.addAll([...FACTS.files, ...Object.values(FACTS.offline)].map(asStranger));
}
async function keepForms() {
  const cache = await caches.open(FORMS);
  for (const request of await cache.keys()) {
    if (!FACTS.forms.includes(new URL(request.url).pathname)) await cache.delete(request);
  }
  for (const address of FACTS.forms) {
    if (!await cache.match(address)) await cache.add(asStranger(address)).catch(() => {});
  }
}
async function dropOthers(mine) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("lumbung ") && !mine.includes(name)).map((name) => caches.delete(name)));
}
async function leave() {
  await dropOthers([]);
  await registration.unregister();
}
async function begin() {
  await clients.claim();
  if (registration.navigationPreload) await registration.navigationPreload.enable().catch(() => {});
  await dropOthers([KEPT, FORMS]);
  keepForms().catch(() => {});
}

// A new version takes over at once: pages come from the network anyway, and app.js tells those that are open.
addEventListener("install", (event) => {
  event.waitUntil(FACTS.off ? skipWaiting() : keep().then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(FACTS.off ? leave() : begin()));

function ours(request) {
  const { origin, pathname } = new URL(request.url);
  const isHere = origin === location.origin && !FACTS.elsewhere.some((prefix) => pathname.startsWith(prefix));
  return !FACTS.off && request.method === "GET" && isHere ? pathname : "";
}
function language() {
  const wanted = [spoken, ...navigator.languages.map((name) => name.slice(0, 2))];
  return wanted.find((code) => code in FACTS.offline) || Object.keys(FACTS.offline)[0];
}
async function kept(pathname) {
  for (const name of [KEPT, FORMS]) {
    const found = await (await caches.open(name)).match(pathname);
    if (found) return found;
  }
  return null;
}
async function page(event, pathname) {
  try {
    const answer = await event.preloadResponse || await fetch(event.request);
    spoken = answer.headers.get("Content-Language") || spoken;
    return answer;
  } catch {
    return await kept(pathname) || await kept(FACTS.offline[language()]) || Response.error();
  }
}
addEventListener("fetch", (event) => {
  const pathname = ours(event.request);
  if (!pathname) return;
  if (event.request.mode === "navigate") {
    event.respondWith(page(event, pathname));
  } else if (FACTS.files.includes(pathname)) {
    event.respondWith(fetch(event.request).catch(async () => await kept(pathname) || Response.error()));
  }
});

addEventListener("push", (event) => {
  let said = {};
  try { said = event.data ? event.data.json() : {}; } catch { said = {}; }
  const code = said.in in FACTS.words ? said.in : language();
  const words = FACTS.words[code];
  event.waitUntil(registration.showNotification(FACTS.name, {
    body: words[said.say] || words.news, lang: code, tag: "lumbung", icon: FACTS.icon, badge: FACTS.badge || undefined,
  }));
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const windows = await clients.matchAll({ type: "window" });
    const open = windows.find((one) => ours({ url: one.url, method: "GET" }));
    if (!open) return clients.openWindow(FACTS.inbox);
    await open.focus().catch(() => {});
    return open.navigate(FACTS.inbox).catch(() => clients.openWindow(FACTS.inbox));
  })());
});
