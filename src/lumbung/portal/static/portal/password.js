/* Puts a button beside each password, with which it can be read while it is typed. Without script there is none. */
for (const secret of document.querySelectorAll(".secret:not(:has([type=button]))")) {
  const input = secret.querySelector("input");
  const button = document.createElement("input");
  button.type = "button";
  button.className = "button second";
  button.setAttribute("aria-controls", input.id);

  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.value = isShown ? secret.dataset.hide : secret.dataset.show;
    button.setAttribute("aria-label", isShown ? secret.dataset.hideLabel : secret.dataset.showLabel);
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // A browser offers to keep what stood in a field of this type, and a text it would keep among other texts.
  input.form?.addEventListener("submit", () => show(false));
  show(false);
  secret.append(button);
}
