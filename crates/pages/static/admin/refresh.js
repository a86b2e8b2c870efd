// A page that shows something at work asks for itself again, and keeps the reader's place in it.
// Without this script the browser loads it anew.
(() => {
  const main = document.querySelector("main[data-refresh]");
  if (!main) return;
  const look = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("main[data-refresh]");
      // Finished: the page is another one now.
      if (!fresh) throw new Error("finished");
      for (const name of ["max", "value"]) {
        const bar = main.querySelector("progress");
        bar?.setAttribute(name, fresh.querySelector("progress")?.getAttribute(name) ?? "0");
      }
      const status = main.querySelector("[role=status]");
      const text = fresh.querySelector("[role=status]")?.textContent;
      if (status && text && status.textContent !== text) status.textContent = text;
      wait();
    } catch {
      location.reload();
    }
  };
  const wait = () => setTimeout(look, Number(main.dataset.refresh) * 1000);
  wait();
})();
