// A form that is saved explicitly says when something in it is not saved, and asks before leaving.
(() => {
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    const mark = form.querySelector(".unsaved");
    const state = () => {
      const data = new FormData(form);
      data.delete("csrf");
      return JSON.stringify([...data]);
    };
    const before = form.dataset.unsaved === "changed" ? null : state();
    let leaving = false;
    const changed = () => state() !== before;
    const show = () => { if (mark) mark.hidden = !changed(); };
    for (const name of ["input", "change", "reset"]) {
      form.addEventListener(name, () => setTimeout(show));
    }
    form.addEventListener("submit", () => { leaving = true; });
    addEventListener("beforeunload", (event) => {
      if (!leaving && changed()) event.preventDefault();
    });
    addEventListener("pageshow", () => { leaving = false; show(); });
    show();
  }
})();
