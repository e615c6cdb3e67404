// The door: in both languages, wide and narrow, with and without scripts.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { startDemo } from "./lib/server.mjs";

describe("sign-in", { timeout: 300_000 }, () => {
  let demo;
  let browser;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const language of ["en", "fr"]) {
    for (const width of [WIDE, NARROW]) {
      for (const scripts of [true, false]) {
        const name = `${language} at ${width} px, scripts ${scripts ? "on" : "off"}`;

        test(`${name}: the page is whole and the account opens it`, async () => {
          const person = await visitor(browser, { address: demo.address, language, width, scripts });
          await person.open("/sign-in");
          await person.look("sign-in");
          await signIn(person, demo);
          assert.equal(new URL(person.page.url()).pathname, "/");
          await person.look();
          await person.close();
        });
      }
    }
  }

  test("a wrong password says so and lets nobody in", async () => {
    const person = await visitor(browser, { address: demo.address, language: "fr", width: WIDE });
    await person.open("/sign-in");
    await signIn(person, { ...demo, password: "not this one" });
    assert.equal(new URL(person.page.url()).pathname, "/sign-in");
    await person.page.getByRole("alert").waitFor();
    await person.close();
  });
});

async function signIn(person, { email, password }) {
  const { page } = person;
  await page.locator("input[autocomplete=username]").fill(email);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await person.follow(() => page.locator("main form button").first().click());
}
