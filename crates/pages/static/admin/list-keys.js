// In lists: j and k go down and up, x ticks the row, Enter opens it, / goes to the search.
(() => {
  const typing = (element) =>
    element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) &&
      !/^(checkbox|radio|button|submit)$/.test(element.type);
  const rows = [...document.querySelectorAll("[data-rows] > tbody > tr")];
  let at = -1;
  const go = (to) => {
    rows[at]?.classList.remove("row-at");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("row-at");
    rows[at].scrollIntoView({ block: "nearest" });
    rows[at].querySelector("a[href]")?.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      const search = document.querySelector("[data-list-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (rows.length === 0) {
      return;
    } else if (event.key === "j") {
      go(at + 1);
    } else if (event.key === "k") {
      go(at - 1);
    } else if (event.key === "x" && at >= 0) {
      rows[at].querySelector(".row-tick")?.click();
    } else if (event.key === "Enter" && at >= 0 && event.target === document.body) {
      rows[at].querySelector("a[href]")?.click();
    }
  });
})();
