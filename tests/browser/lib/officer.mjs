// What an HR officer does with the console, found by the words that stand on the page.

import assert from "node:assert/strict";

import { NARROW } from "./browser.mjs";
import { pattern, words } from "./words.mjs";

/** How long a message may take to a phone, or an answer to the inbox. */
const ARRIVAL_LIMIT_MS = 60_000;

/** An officer at the console of a visitor. */
export class Officer {
  /** @param {import("./browser.mjs").Visitor} visitor */
  constructor(visitor) {
    this.visitor = visitor;
    this.page = visitor.page;
    this.say = words(visitor.language);
  }

  /** A text of the console by its key, as a pattern where something is filled in. */
  words(key) {
    const text = this.say(key);
    return text.includes("{}") ? pattern(text) : text;
  }

  /** Something in the main part of the page with a role and a name (the key of a text). */
  main(role, key, index = 0) {
    return this.page.getByRole("main").getByRole(role, { name: this.words(key), exact: true }).nth(index);
  }

  async signIn({ email, password }) {
    await this.visitor.open("/sign-in");
    await this.page.getByLabel(this.words("sign-in-id")).fill(email);
    await this.page.getByLabel(this.words("sign-in-password")).fill(password);
    await this.visitor.follow(() => this.main("button", "sign-in").click());
    assert.equal(this.path(), "/");
  }

  /** Chooses something of the main menu, which a narrow page keeps behind a word. */
  async choose(key) {
    if (this.visitor.width <= NARROW) await this.page.getByRole("link", { name: this.words("menu"), exact: true }).click();
    const link = this.page.getByRole("navigation", { name: this.words("nav"), exact: true });
    await this.visitor.follow(() => link.getByRole("link", { name: new RegExp(`^${this.say(key)}`) }).click());
    await this.page.getByRole("heading", { level: 1 }).waitFor();
  }

  /** Opens the blank that adds a condition, chooses its kind and one value. */
  async condition(kindKey, value) {
    const add = this.page.locator(".blank.add");
    await this.visitor.follow(() => add.click());
    await this.page.getByRole("radio", { name: this.words(kindKey), exact: true }).check();
    await this.use();
    await this.page.getByRole("checkbox", { name: value }).first().check();
    await this.use();
  }

  async use() {
    await this.visitor.follow(() => this.main("button", "blank-use").click());
  }

  /** The box of the text in one language, `eng` or `fra`. */
  text(language) {
    return this.page.locator(`textarea[name="text-${language}"]`);
  }

  /** The number of people who will get it, as the page says it. */
  async reached() {
    return Number((await this.page.locator("#counted .big").innerText()).replace(/\D/g, ""));
  }

  /** Loads the page again until something is on it. */
  async until(thing, what) {
    const limit = Date.now() + ARRIVAL_LIMIT_MS;
    while ((await thing.count()) === 0) {
      assert.ok(Date.now() < limit, `${what} did not come within a minute (${this.visitor.name})`);
      await this.visitor.follow(() => this.page.reload());
    }
  }

  path() {
    return new URL(this.page.url()).pathname;
  }

  /**
   * Presses Tab until something has the focus, as a person without a mouse does, and sees that the focus shows.
   * @param {import("playwright-core").Locator} thing
   */
  async tabTo(thing, what) {
    for (let presses = 0; presses < 150; presses += 1) {
      if (await thing.evaluate((node) => node === document.activeElement)) {
        const seen = await thing.evaluate((node) => {
          // A text box shows it on its frame, which holds the marks under the letters too.
          const shown = node.closest(".ed") ?? node;
          const { outlineStyle, outlineWidth } = getComputedStyle(shown);
          return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
        });
        assert.ok(seen, `the focus shows on ${what}`);
        return;
      }
      await this.page.keyboard.press("Tab");
    }
    assert.fail(`${what} is not reached by Tab`);
  }
}
