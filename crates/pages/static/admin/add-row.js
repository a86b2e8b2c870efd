// Buttons that add an empty row to a form; without this script the server adds it.
(() => {
  for (const button of document.querySelectorAll("button[data-add-row]")) {
    button.addEventListener("click", (event) => {
      const rows = document.getElementById(button.dataset.addRow);
      const last = rows?.lastElementChild;
      if (!last) return;
      event.preventDefault();
      const row = last.cloneNode(true);
      const number = rows.children.length + 1;
      for (const part of [row, ...row.querySelectorAll("[aria-label]")]) {
        part.setAttribute("aria-label", part.getAttribute("aria-label").replace(/\d+$/, number));
      }
      for (const error of row.querySelectorAll(".field-error")) error.remove();
      for (const control of row.querySelectorAll("input, textarea, select")) {
        if (control.tagName === "SELECT") control.selectedIndex = 0;
        else control.value = "";
        // The row before may be one that has to stay as it is.
        control.removeAttribute("readonly");
        control.removeAttribute("aria-invalid");
        control.removeAttribute("aria-describedby");
      }
      rows.append(row);
      row.querySelector("input, select")?.focus();
    });
  }
})();
