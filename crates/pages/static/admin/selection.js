// Check boxes of a list: the running count, "select all", and bulk controls that need a selection.
(() => {
  const form = document.querySelector("form[data-bulk]");
  if (!form) return;
  const ticks = [...form.querySelectorAll("tbody .row-tick")];
  const head = form.querySelector("[data-tick-all]");
  const count = form.querySelector("[data-bulk-count]");
  const everything = form.querySelector("[data-bulk-all]");
  const controls = form.querySelectorAll("[data-bulk-control]");
  if (head) head.hidden = false;
  if (count) count.hidden = false;

  const show = () => {
    const chosen = ticks.filter((tick) => tick.checked).length;
    const full = ticks.length > 0 && chosen === ticks.length;
    if (head) {
      head.checked = full;
      head.indeterminate = chosen > 0 && !full;
    }
    const all = everything?.querySelector("input");
    if (everything) {
      everything.hidden = !full;
      if (!full) all.checked = false;
    }
    if (count) {
      const number = all?.checked ? count.dataset.matching : chosen;
      count.textContent = count.dataset.text.replace("{n}", number);
    }
    for (const control of controls) {
      if (control.tagName === "SUMMARY") {
        control.setAttribute("aria-disabled", String(chosen === 0));
        control.tabIndex = chosen === 0 ? -1 : 0;
        if (chosen === 0) control.parentElement.open = false;
      } else {
        control.disabled = chosen === 0;
      }
    }
  };

  let last = null;
  form.addEventListener("click", (event) => {
    const at = ticks.indexOf(event.target);
    if (at < 0) return;
    if (event.shiftKey && last !== null) {
      const [from, to] = at < last ? [at, last] : [last, at];
      for (const tick of ticks.slice(from, to + 1)) tick.checked = event.target.checked;
    }
    last = at;
  });
  form.addEventListener("change", (event) => {
    if (event.target === head) for (const tick of ticks) tick.checked = head.checked;
    show();
  });
  addEventListener("pageshow", show);
  show();
})();
