// Keys of the inbox and of what is reviewed: j and k for the next and the previous row, r for the answer; x, a and r choose,
// accept and reject the row that has the focus; s, d and n decide a pair. Extras, never the only way.

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input:not([type=checkbox]),textarea,select,[contenteditable]") !== null;

function step(by: number): void {
  const rows = Array.from(document.querySelectorAll<HTMLAnchorElement>("[data-keys] a"));
  const here = rows.findIndex((row) => row === document.activeElement || row.hasAttribute("aria-current"));
  const focused = rows.findIndex((row) => row === document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, (focused >= 0 ? focused : here) + by))]?.focus();
}

/** Moves the focus to the row after or before the one that has it. */
function row(by: number): void {
  const rows = Array.from(document.querySelectorAll<HTMLElement>("[data-rows] > *"));
  const here = rows.findIndex((one) => one.contains(document.activeElement));
  const next = rows[Math.max(0, Math.min(rows.length - 1, here + by))];
  next?.querySelector<HTMLElement>("input:enabled,a,button")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** Presses what a key means in the row that has the focus, or in the pair of the page. */
function press(key: string): boolean {
  const here = document.activeElement?.closest("[data-rows] > *") ?? document.querySelector("[data-pair]");
  if (key === "x") here?.querySelector<HTMLElement>("input[type=checkbox]:enabled")?.click();
  else here?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.click();
  return here !== null;
}

function review(event: KeyboardEvent): void {
  if (event.repeat || !/^[a-z]$/.test(event.key)) return;
  if (event.key === "j" || event.key === "k") row(event.key === "j" ? 1 : -1);
  else if (!press(event.key)) return;
  event.preventDefault();
}

/** Listens while a list with `data-keys` or `data-rows`, or a pair, is on the page. */
export function listen(): void {
  document.addEventListener("keydown", (event) => {
    // Switched off by whoever sits here.
    if (document.body.hasAttribute("data-no-keys")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("[data-rows],[data-pair]")) review(event);
    if (!document.querySelector("[data-keys]")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "r") document.querySelector<HTMLElement>("[data-answer]")?.focus();
    else return;
    event.preventDefault();
  });
}
