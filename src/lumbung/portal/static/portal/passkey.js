/* Shows what needs a passkey where the browser has them, and hands it to allauth's script. Without script it stays hidden. */
if (window.PublicKeyCredential && window.allauth) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("#passkey_button").id;
    const start = window.allauth.webauthn.forms[`${form.dataset.passkey}Form`];
    start({
      ids: {
        login: button,
        authenticate: button,
        add: button,
        credential: form.querySelector("input[name=credential]").id,
        passwordless: form.querySelector("input[name=passwordless]")?.id,
      },
      data: form.dataset.options && JSON.parse(form.dataset.options),
    });
    form.hidden = false;
  }
  for (const notice of document.querySelectorAll("[data-passkey-missing]")) notice.hidden = true;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const notice of document.querySelectorAll("[data-passkey-problem]")) notice.hidden = false;
  });
}
