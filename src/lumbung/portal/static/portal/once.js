/* A form on its way is not sent again by a second click: that answer would take the place of the first one.
   Without it what was done stays done once; only the page that says so may be another. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const now = Date.now();
  if (now - Number(form.dataset.sent || 0) < 5000) event.preventDefault();
  else form.dataset.sent = now;
});
// A page that the back button brings may be sent anew at once.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
