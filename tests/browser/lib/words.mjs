// The words of the console, read from the same files as the console reads them: a test finds a button by
// what stands on it, and goes on finding it when a translator betters the word.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { root } from "./server.mjs";

/**
 * A function that gives the text of a key in one language.
 *
 * Placeables (`{ $count }`) become `{}`: use {@link pattern} for those.
 * @param {"en"|"fr"} language
 */
export function words(language) {
  const folder = join(root, "locales", language);
  const texts = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ftl"))) {
    for (const [key, text] of messages(readFileSync(join(folder, file), "utf8"))) texts.set(key, text);
  }
  return (key) => {
    const text = texts.get(key);
    if (text === undefined) throw new Error(`locales/${language} has no key ${key}`);
    return text;
  };
}

/** A text with placeables as a pattern that any values fit. */
export function pattern(text) {
  const literal = (part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // What a page keeps together by a firm space is found by any.
  return new RegExp(text.split("{}").map(literal).join(".*").replace(/\s/g, "\\s"));
}

/** The keys and texts of one file: attributes left out, continued lines joined by a space, a choice between plurals left open. */
export function messages(file) {
  const found = [];
  for (const line of file.split("\n")) {
    const start = /^([a-z][\w-]*)\s*=\s*(.*)$/.exec(line);
    const end = /^\s*\}(.*)$/.exec(line);
    if (start) found.push([start[1], start[2]]);
    else if (end && found.length) found.at(-1)[1] += `}${end[1]}`;
    else if (/^\s+[^\s.}*[]/.test(line) && found.length) found.at(-1)[1] += ` ${line.trim()}`;
  }
  return found.map(([key, text]) => [key, text.replace(/\{\s*"([^"]*)"\s*\}/g, "$1").replace(/\{[^}]*\}/g, "{}").trim()]);
}
