// A form that shows what it would change, while one types. Asks the server as the button
// "preview" does, and takes the part with the given id from its answer.
(() => {
  for (const form of document.querySelectorAll("form[data-preview]")) {
    const target = form.dataset.preview;
    let waiting;
    let asked = 0;
    const ask = async () => {
      const mine = ++asked;
      const fields = new URLSearchParams(new FormData(form));
      fields.set("do", "preview");
      try {
        const answer = await fetch(form.action, { method: "POST", body: fields });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const part = page.getElementById(target);
        if (part && mine === asked) document.getElementById(target).replaceChildren(...part.childNodes);
      } catch {
        // The button still works.
      }
    };
    for (const name of ["input", "change"]) {
      form.addEventListener(name, () => {
        clearTimeout(waiting);
        waiting = setTimeout(ask, 400);
      });
    }
  }
})();
