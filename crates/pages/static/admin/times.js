// Relative times go on, and every time shows the reader's own zone on hover.
(() => {
  const units = [["day", 86400000], ["hour", 3600000], ["minute", 60000]];
  const relative = (at, now) => {
    const distance = now - at;
    const size = Math.abs(distance);
    if (size < 60000) return distance >= 0 ? "just now" : "in a moment";
    if (size > 30 * 86400000) return null;
    const [unit, length] = units.find(([, each]) => size >= each);
    const count = Math.floor(size / length);
    const text = `${count} ${unit}${count === 1 ? "" : "s"}`;
    return distance >= 0 ? `${text} ago` : `in ${text}`;
  };
  const zone = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
  for (const element of document.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    if (!Number.isNaN(at.getTime())) element.title = `${element.title} · ${zone.format(at)}`;
  }
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-relative]")) {
      const text = relative(Date.parse(element.dateTime), Date.now());
      if (text && element.textContent !== text) element.textContent = text;
    }
  }, 30000);
})();
