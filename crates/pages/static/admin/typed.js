// What destroys asks for a number or a name; its button waits until that is typed.
(() => {
  for (const input of document.querySelectorAll("input[data-expect]")) {
    const button = input.form.querySelector("button[type=submit]");
    const show = () => { button.disabled = input.value.trim() !== input.dataset.expect; };
    input.addEventListener("input", show);
    addEventListener("pageshow", show);
    show();
  }
})();
