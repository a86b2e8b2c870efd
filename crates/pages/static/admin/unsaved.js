// A form that is saved explicitly says when something in it is not saved, and asks before leaving.
(() => {
  let leaving = null;
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    const mark = form.querySelector(".unsaved") ??
      document.querySelector(`[data-unsaved-of="${form.id}"]`);
    const state = () => {
      const data = new FormData(form);
      data.delete("csrf");
      return JSON.stringify([...data]);
    };
    const before = form.dataset.unsaved === "changed" ? null : state();
    const changed = () => state() !== before;
    const show = () => { if (mark) mark.hidden = !changed(); };
    for (const name of ["input", "change", "reset"]) {
      form.addEventListener(name, () => setTimeout(show));
    }
    form.addEventListener("submit", () => { leaving = form; });
    addEventListener("beforeunload", (event) => {
      if (leaving !== form && changed()) event.preventDefault();
    });
    addEventListener("pageshow", () => { leaving = null; show(); });
    show();
  }
})();
