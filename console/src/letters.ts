// The letter counter: repeats the server's sum while somebody types. The server's sum is the one that counts.

/** The letters of GSM 03.38 that take one place in an SMS. */
const ONE_PLACE =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** The letters of its extension table, which take two. */
const TWO_PLACES = "^{}\\[~]|€\f";

/** How many letters one SMS holds, alone and as one of several, in each alphabet. */
const ROOM = { gsm: { one: 160, many: 153 }, wide: { one: 70, many: 67 } };

/** Typography that word processors add and that an SMS must not carry: each costs two or three SMS. */
const PLAIN: Record<string, string> = {
  "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...",
  "\u00a0": " ", "\u202f": " ", "\u2009": " ",
};

/** A text as the operator bills it. */
export interface Letters {
  /** Places used, as the ruler counts them. */
  used: number;
  /** Places there are in that many SMS. */
  room: number;
  /** SMS. */
  parts: number;
  /** The letters that force the alphabet in which an SMS holds 70. */
  costly: string[];
}

/** Whether a letter costs no more than two places. */
export const isCheap = (letter: string): boolean => ONE_PLACE.includes(letter) || TWO_PLACES.includes(letter);

/** Counts a text. A two-place letter never stands astride two SMS, nor does a pair of surrogates. */
export function count(text: string): Letters {
  const letters = Array.from(text);
  const costly = [...new Set(letters.filter((letter) => !isCheap(letter)))];
  const room = costly.length ? ROOM.wide : ROOM.gsm;
  const sizes = letters.map((x) => (costly.length ? x.length : ONE_PLACE.includes(x) ? 1 : 2));
  const used = sizes.reduce((sum, size) => sum + size, 0);
  if (used <= room.one) return { used, room: room.one, parts: 1, costly };
  let parts = 1;
  let left = room.many;
  for (const size of sizes) {
    if (size > left) {
      parts += 1;
      left = room.many;
    }
    left -= size;
  }
  return { used, room: parts * room.many, parts, costly };
}

/** Takes out the typography that would cost SMS; the letters of words stay. */
export function plain(text: string): string {
  return text.replace(/[’‘“”«»–—…\u00a0\u202f\u2009]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(/" (.*?) "/g, '"$1"').replace(/ ([?!;:])/g, "$1");
}

const escape = (letter: string): string =>
  letter === "&" ? "&amp;" : letter === "<" ? "&lt;" : letter;

function ruler(svg: Element, letters: Letters): void {
  const width = 1000 / letters.parts;
  const each = letters.room / letters.parts;
  const ink = letters.costly.length ? "ov" : "fg";
  let blocks = "";
  for (let part = 0; part < letters.parts; part += 1) {
    const full = Math.max(0, Math.min(each, letters.used - part * each)) / each;
    blocks += `<rect class="bg" x="${part * width}" width="${width - 6}" height="10"/>`;
    blocks += `<rect class="${ink}" x="${part * width}" width="${(width - 6) * full}" height="10"/>`;
  }
  svg.setAttribute("viewBox", "0 0 1000 10");
  svg.innerHTML = blocks;
}

function watch(box: HTMLElement): void {
  const area = box.querySelector("textarea");
  const under = box.querySelector("pre");
  const words = box.dataset;
  if (!area || !under) return;
  const out = document.getElementById(`${area.id}-n`);
  const svg = document.getElementById(`${area.id}-s`);
  const said = document.getElementById(`${area.id}-p`);

  const draw = (): void => {
    const text = area.value;
    // An expression such as @contact.first_name has its real length only at the server, which knows the longest name.
    const letters = count(text);
    under.innerHTML = `${Array.from(text, (x) => (isCheap(x) ? escape(x) : `<mark>${escape(x)}</mark>`)).join("")}\n`;
    if (svg) ruler(svg, letters);
    if (out) {
      const shown = (words.of ?? "# / #").replace("#", String(letters.used)).replace("#", String(letters.room));
      const why = letters.costly.length ? ` ${words.because ?? ""} ${letters.costly.slice(0, 6).join(" ")}` : "";
      out.textContent = `${shown} · ${letters.parts} SMS${why}`;
      out.className = letters.costly.length ? "bad n" : "n";
    }
    if (said && said.dataset.lang === area.lang) said.textContent = text;
    area.rows = 3;
    while (area.scrollHeight > area.clientHeight + 2 && area.rows < 14) area.rows += 1;
  };

  area.addEventListener("input", draw);
  area.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain");
    if (!pasted) return;
    const kept = plain(pasted);
    if (kept === pasted) return;
    event.preventDefault();
    area.setRangeText(kept, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    if (out && words.pasted) out.insertAdjacentText("beforeend", ` · ${words.pasted}`);
  });
  // What the server counted stays until the first key: it knows how long names may get.
  if (!area.value.includes("@")) draw();
}

/** Watches every editor under `root`. */
export function watchEditors(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>(".ed:not([data-on])").forEach((box) => {
    box.dataset.on = "1";
    watch(box);
  });
}
