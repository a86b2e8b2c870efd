// A confirmation floats, can be put away, and leaves the address so that a reload does not repeat it.
(() => {
  const toast = document.querySelector(".toast");
  if (!toast) return;
  const address = new URL(location.href);
  if (address.searchParams.has("done")) {
    address.searchParams.delete("done");
    history.replaceState(history.state, "", address);
  }
  toast.classList.add("toast-floating");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button-icon";
  close.textContent = "✕";
  close.setAttribute("aria-label", "Dismiss");
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  if (!toast.classList.contains("notice-success")) return;
  let timer;
  const start = () => { timer = setTimeout(() => toast.remove(), 10000); };
  const stop = () => clearTimeout(timer);
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, start);
  start();
})();
