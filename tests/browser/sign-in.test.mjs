// The door: in both languages, wide and narrow, with and without scripts.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { codeOf } from "./lib/codes.mjs";
import { Officer } from "./lib/officer.mjs";
import { startDemo } from "./lib/server.mjs";

describe("sign-in", { timeout: 600_000 }, () => {
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

  // Last, because from here on the account asks for a code.
  test("a phone is set up with the keyboard alone, and asked at the door, in French, at 320 px, without scripts", async () => {
    const wish = { address: demo.address, language: "fr", width: NARROW, scripts: false };
    const person = await visitor(browser, wish);
    const officer = new Officer(person);
    await officer.signIn(demo);
    await person.open("/account/second-factor");
    await person.look();
    await press(officer, officer.main("button", "factor-begin"));
    await person.look();
    const secret = await person.page.locator("#secret").innerText();
    const field = person.page.locator("input[autocomplete=one-time-code]");
    await officer.tabTo(field, "the code");
    await person.page.keyboard.type(codeOf(secret));
    await person.follow(() => person.page.keyboard.press("Enter"));
    await person.look();
    const codes = await person.page.locator("main li.code").allInnerTexts();
    assert.equal(new Set(codes).size, 10);
    await person.close();

    const back = await visitor(browser, { ...wish, width: WIDE, scripts: true });
    await back.open("/sign-in");
    await signIn(back, demo);
    assert.equal(new URL(back.page.url()).pathname, "/sign-in/code");
    await back.look();
    await back.page.locator("input[autocomplete=one-time-code]").fill("000000");
    await back.follow(() => back.page.keyboard.press("Enter"));
    await back.page.getByRole("alert").waitFor();
    await back.follow(() => new Officer(back).main("link", "factor-use-paper").click());
    await back.look();
    await back.page.getByRole("textbox").fill(codes[0]);
    await back.follow(() => back.page.keyboard.press("Enter"));
    assert.equal(new URL(back.page.url()).pathname, "/");
    await back.open("/account");
    await back.look();
    await back.close();
  });
});

/** Reaches a button by Tab and presses it by Enter. */
async function press(officer, button) {
  await officer.tabTo(button, "the button");
  await officer.visitor.follow(() => officer.page.keyboard.press("Enter"));
}

async function signIn(person, { email, password }) {
  const { page } = person;
  await page.locator("input[autocomplete=username]").fill(email);
  await page.locator("input[autocomplete=current-password]").fill(password);
  await person.follow(() => page.locator("main form button").first().click());
}
