// Makes the pages of one who is logged in an app: asks for the service worker, and tells when a new version is here.
"use strict";
(() => {
  const worker = document.currentScript.dataset.worker;
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const news = document.getElementById("new-version");
  // The first worker of all is no news; any that takes the place of another one is.
  let before = serviceWorker.controller;
  serviceWorker.addEventListener("controllerchange", () => {
    if (before && news) news.hidden = false;
    before = serviceWorker.controller;
  });
  // Once the page is there: on a slow line it comes first.
  window.addEventListener("load", () => {
    serviceWorker.register(worker, { updateViaCache: "none" }).catch(() => {});
  });
})();
