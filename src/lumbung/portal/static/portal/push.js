// Turns messages on: asks the browser's owner, then the browser for an address, and sends that as the form it is.
"use strict";
(() => {
  const form = document.getElementById("push");
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  form.hidden = false;
  document.getElementById("push-no").hidden = true;
  const show = (name, is) => { document.getElementById(name).hidden = !is; };

  async function address() {
    const { pushManager } = await navigator.serviceWorker.ready;
    // One that is there belongs to somebody else, or to a key that is no longer ours.
    const old = await pushManager.getSubscription();
    if (old) await old.unsubscribe();
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.key });
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show("push-denied", false);
    show("push-failed", false);
    try {
      if (await Notification.requestPermission() !== "granted") {
        show("push-denied", true);
        return;
      }
      const { endpoint, keys } = (await address()).toJSON();
      form.elements.endpoint.value = endpoint;
      form.elements.p256dh.value = keys.p256dh;
      form.elements.auth.value = keys.auth;
      form.submit();
    } catch {
      show("push-failed", true);
    }
  });
})();
