// What messages cost as an administrator meets it: prices, the cost on the send page with the letter that makes a text dear, a budget that
// holds a broadcast until its stop is lifted, the count of a day, and a bill with its differences.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { startDemo } from "./lib/server.mjs";

const TEXT = "Réunion le 14 juin à l'hôpital. Le transport est payé. Répondez 1 pour oui, 2 pour non. C'est gratuit.";

describe("costs", { timeout: 900_000 }, () => {
  let demo;
  let browser;
  let lot = 0;

  before(async () => {
    demo = await startDemo({ workers: 200, account: "admin@demo" });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const language of ["en", "fr"]) {
    for (const width of [WIDE, NARROW]) {
      for (const scripts of width === WIDE ? [true] : [true, false]) {
        test(`${language} at ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
          lot += 1;
          const admin = new Officer(await visitor(browser, { address: demo.address, language, width, scripts }));
          await admin.signIn(demo);
          await entersPrices(admin, lot);
          await sendsCheaper(admin, lot);
          await keepsABudget(admin, lot);
          await seesTheDay(admin);
          await comparesABill(admin);
          await admin.visitor.close();
        });
      }
    }
  }
});

async function entersPrices(admin, lot) {
  await admin.visitor.open("/settings/channels");
  await admin.visitor.follow(() => admin.main("link", "prices-link").click());
  await admin.visitor.look();
  if (lot === 1) {
    await admin.page.getByLabel(admin.words("prices-currency"), { exact: true }).fill("usd");
    await admin.visitor.follow(() => admin.main("button", "settings-save").click());
  }
  const amount = admin.page.locator("#am");
  await amount.fill("two cents");
  await admin.visitor.follow(() => admin.main("button", "prices-add").click());
  assert.match(await admin.page.getByRole("alert").innerText(), /two cents/);
  assert.equal(await amount.inputValue(), "two cents", "what was typed stays");
  await admin.visitor.look();
  await amount.fill(admin.visitor.language === "fr" ? "0,02" : "0.02");
  await admin.visitor.follow(() => admin.main("button", "prices-add").click());
  await admin.page.getByRole("status").waitFor();
  await admin.visitor.look("costs-prices");
}

async function sendsCheaper(admin, lot) {
  await admin.visitor.open(`/send?q=${encodeURIComponent('phone != ""')}`);
  await admin.text("eng").fill(`MOH: meeting on 14 June ${lot}. Reply 1 yes, 2 no.`);
  await admin.text("fra").fill(TEXT);
  await admin.visitor.follow(() => admin.main("button", "preview-again").click());
  const fix = admin.page.locator('button[name="do"][value="fix:text-fra"]');
  await fix.waitFor();
  assert.match(await admin.page.locator(".note.warn").first().innerText(), /ô → o/);
  assert.match(await admin.page.locator("#check").innerText(), /USD/, "the cost stands by channel and operator");
  await admin.visitor.look("costs-send", "#what");
  await admin.visitor.follow(() => fix.click());
  assert.match(await admin.page.getByRole("status").first().innerText(), /ô → o/, "what was changed is said");
  assert.match(await admin.text("fra").inputValue(), /hopital/);
  assert.match(await admin.text("fra").inputValue(), /Réunion/, "é costs nothing and stays");
  await admin.visitor.look("costs-check", "#check");
}

async function keepsABudget(admin, lot) {
  await admin.visitor.open("/settings/budgets");
  await admin.visitor.look();
  if (lot === 1) {
    await admin.page.locator("#am").fill("nothing");
    await admin.visitor.follow(() => admin.main("button", "settings-save").click());
    assert.match(await admin.page.getByRole("alert").innerText(), /nothing/);
    await admin.page.locator("#am").fill("0.01");
    await admin.visitor.follow(() => admin.main("button", "settings-save").click());
    await admin.page.getByRole("status").waitFor();
  } else {
    await admin.visitor.follow(() => admin.page.locator('a[href*="edit="]').first().click());
    await admin.page.locator("#wa").fill("70");
    await admin.visitor.follow(() => admin.main("button", "settings-save").click());
    await admin.page.getByRole("status").waitFor();
  }
  await admin.visitor.look("costs-budgets");
}

async function seesTheDay(admin) {
  await admin.choose("nav-reconcile");
  await admin.visitor.look();
  await admin.visitor.follow(() => admin.main("link", "reconcile-after").click());
  await admin.visitor.look("costs-day");
}

async function comparesABill(admin) {
  const brings = async (text) => {
    await admin.page.locator("#file").setInputFiles({ name: "may.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await admin.visitor.follow(() => admin.main("button", "bill-compare").click());
  };
  await brings("a,b\n1,2\n");
  assert.match(await admin.page.getByRole("alert").innerText(), /a, b/, "the titles that were found are named");
  await admin.visitor.look();
  const today = new Date().toISOString().slice(0, 10);
  await brings(`To,Date,SMS,Price\n+231770000001,${today},1,0.02\n+231770000002,${today},2,0.04\n`);
  await admin.page.getByRole("heading", { level: 1, name: "may.csv", exact: true }).waitFor();
  assert.ok((await admin.page.getByRole("heading", { name: admin.say("bill-kind-not-sent"), exact: true }).count()) >= 2);
  assert.equal((await admin.page.content()).includes("770000001"), false, "numbers are masked");
  await admin.visitor.look("costs-bill");
  await admin.visitor.follow(() => admin.main("button", "bill-drop").click());
  await admin.page.getByRole("status").waitFor();
}
