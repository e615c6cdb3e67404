// Keys of the inbox: j and k for the next and the previous thread, r for the answer. Extras, never the only way.

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input,textarea,select,[contenteditable]") !== null;

function step(by: number): void {
  const rows = Array.from(document.querySelectorAll<HTMLAnchorElement>("[data-keys] a"));
  const here = rows.findIndex((row) => row === document.activeElement || row.hasAttribute("aria-current"));
  const focused = rows.findIndex((row) => row === document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, (focused >= 0 ? focused : here) + by))]?.focus();
}

/** Listens while a list with `data-keys` is on the page. */
export function listen(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (!document.querySelector("[data-keys]")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "r") document.querySelector<HTMLElement>("[data-answer]")?.focus();
    else return;
    event.preventDefault();
  });
}
