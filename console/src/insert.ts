// An expression goes where the reader last wrote. Without this file the server puts it at the end of the texts.

let last: HTMLTextAreaElement | undefined;

/** Listens to the buttons that insert an expression into a text. */
export function listenToInserts(): void {
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.closest(".ed")) last = event.target;
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[name=do]") : null;
    if (!button?.value.startsWith("insert:") || !last?.isConnected) return;
    event.preventDefault();
    const before = last.value.slice(0, last.selectionStart);
    const gap = before === "" || /\s$/.test(before) ? "" : " ";
    last.setRangeText(gap + button.value.slice("insert:".length), last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
    last.focus();
  });
}
