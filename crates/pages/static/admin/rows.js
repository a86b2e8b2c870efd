// Rows of a form that one may add and remove without asking the server for the form again.
(() => {
  for (const add of document.querySelectorAll("[data-add-row]")) {
    const place = add.parentElement;
    const last = () => {
      const row = place.previousElementSibling;
      return row?.tagName === "FIELDSET" ? row : null;
    };
    const arm = (row) => {
      const remove = row.querySelector("[data-remove-row]");
      remove.hidden = false;
      remove.addEventListener("click", () => {
        const form = add.form;
        // The last one stays, emptied, as the pattern of the next.
        if (row === last() && row.previousElementSibling?.tagName !== "FIELDSET") clear(row);
        else row.remove();
        form.dispatchEvent(new Event("input", { bubbles: true }));
      });
    };
    const clear = (row) => {
      for (const control of row.querySelectorAll("input, textarea")) control.value = "";
    };
    for (const row of add.closest(".section-body").querySelectorAll("fieldset")) arm(row);
    add.addEventListener("click", (event) => {
      const pattern = last();
      // Without a row to copy the server answers with the form and its first one.
      if (!pattern) return;
      event.preventDefault();
      const row = pattern.cloneNode(true);
      row.querySelector(".field-error")?.remove();
      for (const element of row.querySelectorAll("[id], [for], [aria-describedby]")) {
        element.removeAttribute("aria-describedby");
        element.removeAttribute("aria-invalid");
        for (const name of ["id", "for"]) {
          const value = element.getAttribute(name);
          if (value) element.setAttribute(name, value.replace(/\d+$/, (index) => Number(index) + 1));
        }
      }
      clear(row);
      row.querySelector("select").selectedIndex = 0;
      place.before(row);
      arm(row);
      row.querySelector("input").focus();
    });
  }
})();
