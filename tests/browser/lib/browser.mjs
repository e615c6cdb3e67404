// A visitor: one browser context with a language, a width, and scripts on or off, who notices what is wrong.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { root } from "./server.mjs";

const require = createRequire(import.meta.url);

/** A desk and the smallest phone that a district officer holds. */
export const WIDE = 1280;
export const NARROW = 320;

/** What a page may weigh as it travels, compressed: the first with style sheet and script, and each after it. */
export const FIRST_PAGE_KB = 150;
export const NEXT_PAGE_KB = 30;

/** Findings of axe that fail a test; the milder ones are printed. */
const SERIOUS = ["serious", "critical"];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The distribution's own browser, without a window. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/**
 * A visitor with an empty cookie jar.
 * @param {import("playwright-core").Browser} browser
 * @param {{address: string, language: "en"|"fr", width: number, scripts?: boolean}} wish
 */
export async function visitor(browser, { address, language, width, scripts = true }) {
  const context = await browser.newContext({
    baseURL: address,
    locale: language === "fr" ? "fr-FR" : "en-GB",
    timezoneId: "Africa/Monrovia",
    viewport: { width, height: width < 600 ? 640 : 800 },
    javaScriptEnabled: scripts,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(40_000);
  const page = await context.newPage();
  return new Visitor({ context, page, address, language, width, scripts, scale: await weighing(context, page) });
}

/** A person at a browser. */
export class Visitor {
  #facts;
  #troubles = [];
  #pages = 0;

  constructor(facts) {
    this.#facts = facts;
    this.page = facts.page;
    this.language = facts.language;
    this.width = facts.width;
    const { origin } = new URL(facts.address);
    this.page.on("pageerror", (error) => this.#troubles.push(`script: ${error.message}`));
    this.page.on("console", (line) => {
      // A form that comes back with what is wrong answers 422, which a browser notes as an error.
      if (line.type() === "error" && !/status of 422/.test(line.text())) this.#troubles.push(`console: ${line.text()}`);
    });
    this.page.on("request", (request) => {
      const { origin: asked, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && asked !== origin) this.#troubles.push(`asked a stranger: ${request.url()}`);
    });
    this.page.on("response", (answer) => {
      if (answer.status() >= 500) this.#troubles.push(`${answer.status()} from ${answer.url()}`);
    });
  }

  /** How this visitor differs from the others, for the name of a test or a picture. */
  get name() {
    return `${this.language}-${this.#facts.width}${this.#facts.scripts ? "" : "-noscript"}`;
  }

  /** Opens an address of the console. */
  async open(path) {
    this.#facts.scale.empty();
    const answer = await this.page.goto(path, { waitUntil: "load" });
    assert.ok(answer?.ok(), `${path} answers ${answer?.status()}`);
  }

  /**
   * Looks at the page as it stands: language, one heading, no sideways scrolling, no trouble, axe, weight.
   * Prints one line with what it weighs. `picture` names the screenshot, made when UPDATE_SHOTS is set, with what `at`
   * selects at its top; on a phone the letterhead is left out of it.
   */
  async look(picture, at = this.width < WIDE ? "main" : "body") {
    const { page, scale } = this.#facts;
    const path = new URL(page.url()).pathname;
    const where = `${path} (${this.name})`;
    const facts = await page.evaluate(() => ({
      language: document.documentElement.lang,
      // A page that shows a list beside its thread, or one of the two on a phone, has a heading for each case.
      headings: [...document.querySelectorAll("h1")].filter((heading) => heading.checkVisibility()).length,
      title: document.title,
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    assert.equal(facts.language, this.language, `language of ${where}`);
    assert.equal(facts.headings, 1, `one first heading on ${where}`);
    assert.notEqual(facts.title.trim(), "", `title of ${where}`);
    // One pixel is rounding, and nobody can scroll it.
    assert.ok(facts.wide <= 1, `${where} scrolls sideways by ${facts.wide} px`);
    if (this.#facts.scripts) await withoutSeriousFindings(page, where);
    const kb = scale.kilobytes();
    const limit = this.#pages === 0 ? FIRST_PAGE_KB : NEXT_PAGE_KB;
    this.#pages += 1;
    console.log(`# ${kb.toFixed(1).padStart(6)} kB  ${where}`);
    assert.ok(kb <= limit, `${where} weighs ${kb.toFixed(1)} kB, at most ${limit}`);
    assert.deepEqual(this.#troubles, [], `troubles on ${where}`);
    if (picture) await this.#shoot(picture, at);
  }

  /** Follows what `act` starts (a click, a submitted form) to the next page that has loaded. */
  async follow(act) {
    this.#facts.scale.empty();
    await Promise.all([this.page.waitForEvent("load"), act()]);
  }

  async close() {
    await this.#facts.context.close();
  }

  async #shoot(picture, at) {
    if (!process.env.UPDATE_SHOTS || !this.#facts.scripts) return;
    const folder = join(root, "docs/images");
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${picture}-${this.name}.png`);
    await this.page.evaluate((selector) => {
      document.activeElement?.blur();
      document.querySelector(selector)?.scrollIntoView({ block: "start" });
    }, at);
    await this.page.screenshot({ path, fullPage: false });
    // A third of the size where pngquant is installed; without it the picture is the same and larger.
    spawnSync("pngquant", ["--force", "--quality", "60-90", "--speed", "1", "--output", path, path]);
  }
}

async function withoutSeriousFindings(page, where) {
  await page.evaluate(await readFile(require.resolve("axe-core/axe.min.js"), "utf8"));
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await page.evaluate((values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), tags);
  const say = ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`;
  for (const mild of violations.filter(({ impact }) => !SERIOUS.includes(impact))) console.log(`# ${where}: ${say(mild)}`);
  assert.deepEqual(violations.filter(({ impact }) => SERIOUS.includes(impact)).map(say), [], `axe on ${where}`);
}

/** Counts the bytes that travel, headers and compression included, since it was last emptied. */
async function weighing(context, page) {
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  let bytes = 0;
  wire.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  return {
    empty: () => (bytes = 0),
    kilobytes: () => bytes / 1000,
  };
}
