// The search field as a palette: Ctrl+K (and / where no list has a search of its own) opens it,
// arrows choose, Enter goes. It lists the pages of the navigation at once and people, groups and
// applications from the search page as one types.
(() => {
  const field = document.querySelector("input[data-palette]");
  if (!field || !window.HTMLDialogElement) return;
  const hint = field.parentElement.querySelector(".top-key");
  if (hint) hint.hidden = false;
  const address = field.form.action;
  const pages = [...document.querySelectorAll(".nav .nav-list a")].map((link) => ({
    href: link.href, text: link.textContent.trim(), kind: "Page",
  }));
  let dialog, input, list, items = [], chosen = 0, pending, found = { query: "", items: [] };

  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const build = () => {
    input = make("input", {
      class: "input", type: "text", name: "q", role: "combobox", "aria-label": "Search everything",
      "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
      autocomplete: "off", maxlength: "200", placeholder: "Search people, groups, applications, pages",
    });
    list = make("div", { class: "palette-list", id: "palette-list", role: "listbox", "aria-label": "Results" });
    const foot = make("p", { class: "palette-foot" }, "↑ ↓ choose · Enter open · Esc close");
    dialog = make("dialog", { class: "palette", "aria-label": "Search everything" }, input, list, foot);
    document.body.append(dialog);
    input.addEventListener("input", () => { chosen = 0; draw(); look(); });
    dialog.addEventListener("keydown", keys);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  };
  const draw = () => {
    const query = input.value.trim();
    const words = query.toLowerCase().split(/\s+/);
    items = pages.filter((page) => words.every((word) => page.text.toLowerCase().includes(word)));
    if (query) {
      if (found.query === query) items = [...found.items, ...items];
      items.push({ href: `${address}?q=${encodeURIComponent(query)}`, text: `Search everything for “${query}”`, kind: "" });
    }
    chosen = Math.min(chosen, Math.max(0, items.length - 1));
    list.replaceChildren(...items.map((item, index) => make(
      "a",
      { class: "palette-item", id: `palette-${index}`, role: "option", tabindex: "-1", href: item.href, "aria-selected": String(index === chosen) },
      make("span", { dir: "auto" }, item.text), make("span", { class: "palette-kind" }, item.kind),
    )));
    input.setAttribute("aria-activedescendant", items.length ? `palette-${chosen}` : "");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const look = () => {
    clearTimeout(pending);
    const query = input.value.trim();
    if (query.length < 2) return;
    pending = setTimeout(async () => {
      try {
        const answer = await fetch(`${address}?q=${encodeURIComponent(query)}`, { credentials: "same-origin" });
        if (!answer.ok || answer.redirected) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const results = [...page.querySelectorAll("[data-result]")].slice(0, 12);
        found = {
          query,
          items: results.map((link) => ({
            href: link.getAttribute("href"), text: link.textContent.trim(), kind: link.dataset.result,
          })),
        };
        if (input.value.trim() === query) draw();
      } catch {
        // The last entry still opens the search page.
      }
    }, 150);
  };
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) {
      event.preventDefault();
      chosen = (chosen + step + items.length) % items.length;
      draw();
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      list.children[chosen]?.click();
    }
  };
  const open = (text) => {
    if (!dialog) build();
    if (dialog.open) return;
    input.value = text;
    chosen = 0;
    dialog.showModal();
    draw();
    look();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      open("");
    } else if (event.key === "/" && !event.defaultPrevented && !event.ctrlKey && !event.altKey &&
      !event.target.isContentEditable && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      event.preventDefault();
      open("");
    }
  });
  field.addEventListener("click", () => open(field.value));
})();
