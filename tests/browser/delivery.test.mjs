// Rules of delivery as an administrator meets them: limits, quiet hours of the country and of a county, what happens to uncertain
// messages, a list of numbers that an operator blocks, and what the states of a message mean.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { startDemo } from "./lib/server.mjs";

/** The demo's administrator. */
const ACCOUNT = "admin@demo";
/** A county of the demo. */
const COUNTY = "Nimbara";

describe("rules of delivery", { timeout: 900_000 }, () => {
  let server;
  let browser;

  before(async () => {
    server = await startDemo({ workers: 200, account: ACCOUNT });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const language of ["fr", "en"]) {
    for (const width of [WIDE, NARROW]) {
      for (const scripts of language === "fr" && width === NARROW ? [true, false] : [true]) {
        test(`${language} at ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
          const admin = new Officer(await visitor(browser, { address: server.address, language, width, scripts }));
          await admin.signIn(server);
          await setsLimits(admin);
          await setsQuietHours(admin);
          await setsPolicies(admin);
          await importsBlocks(admin);
          await readsStates(admin);
          await admin.visitor.close();
        });
      }
    }
  }
});

const alert = (admin) => admin.page.getByRole("alert");
const saved = (admin) => admin.page.getByRole("status").first().waitFor();

async function setsLimits(admin) {
  await admin.visitor.open("/settings/delivery");
  await admin.page.locator("#c-day").fill("many");
  await admin.visitor.follow(() => admin.main("button", "caps-save").click());
  assert.match(await alert(admin).innerText(), /many/);
  assert.equal(await admin.page.locator("#c-day").inputValue(), "many", "what was typed stays");
  await admin.page.locator("#c-day").fill("3");
  await admin.visitor.follow(() => admin.main("button", "caps-save").click());
  await saved(admin);
  assert.equal(await admin.page.locator("#c-day").inputValue(), "3");
  await admin.page.locator("#v-bulk").fill("48");
  await admin.visitor.follow(() => admin.main("button", "validity-save").click());
  await saved(admin);
  assert.equal(await admin.page.locator("#v-bulk").inputValue(), "48");
  await admin.visitor.look("delivery-limits");
}

async function setsQuietHours(admin) {
  await admin.visitor.follow(() => admin.main("link", "quiet-title").click());
  await admin.page.locator("#nf").fill("21:00");
  await admin.visitor.follow(() => admin.main("button", "quiet-save-national").click());
  await saved(admin);
  assert.equal(await admin.page.locator("#nf").inputValue(), "21:00");
  // No such place; then one, with Friday as its day of rest.
  await admin.page.locator("#pl").fill("Nowhere at all");
  await admin.visitor.follow(() => admin.main("button", "quiet-save-place").click());
  assert.match(await alert(admin).innerText(), /Nowhere at all/);
  await admin.visitor.look();
  await admin.page.locator("#pl").fill(COUNTY);
  await admin.page.locator("#pr4").check();
  await admin.visitor.follow(() => admin.main("button", "quiet-save-place").click());
  // Where several places bear the name, one of them is chosen.
  if ((await admin.page.locator("select#pl").count()) > 0) {
    await admin.visitor.follow(() => admin.main("button", "quiet-save-place").click());
  }
  await saved(admin);
  const row = admin.page.getByRole("row", { name: new RegExp(COUNTY) });
  assert.match(await row.innerText(), new RegExp(admin.say("weekday-5"), "i"));
  await admin.visitor.look("quiet-hours");
  await admin.visitor.follow(() => row.getByRole("button").click());
  await saved(admin);
  assert.equal(await row.count(), 0);
}

async function setsPolicies(admin) {
  await admin.visitor.open("/settings/uncertain");
  await admin.page.locator("#d-broadcast").selectOption("again");
  await admin.page.locator("#m-broadcast").fill("0");
  await admin.visitor.follow(() => admin.main("button", "settings-save").click());
  await alert(admin).waitFor();
  await admin.page.locator("#m-broadcast").fill("30");
  await admin.visitor.follow(() => admin.main("button", "settings-save").click());
  await saved(admin);
  assert.equal(await admin.page.locator("#m-broadcast").inputValue(), "30");
  await admin.visitor.look("uncertain-policies");
  await admin.page.locator("#d-broadcast").selectOption("ask");
  await admin.visitor.follow(() => admin.main("button", "settings-save").click());
  await admin.visitor.follow(() => admin.main("link", "uncertain-title").click());
  await admin.visitor.look("uncertain");
}

async function importsBlocks(admin) {
  await admin.visitor.open("/settings/blocks");
  const sends = async (text) => {
    await admin.page.locator("#bn").fill(`Lonestar ${admin.visitor.name}`);
    await admin.page.locator("#bf").setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await admin.visitor.follow(() => admin.main("button", "blocks-import").click());
  };
  await sends("name\nnobody\n");
  await alert(admin).waitFor();
  await sends("msisdn\n0770000001\n0770000002\nhello\n");
  assert.match(await admin.page.getByRole("status").first().innerText(), /4/, "the line that could not be read is named");
  const row = admin.page.getByRole("row", { name: new RegExp(`Lonestar ${admin.visitor.name}`) }).first();
  await admin.visitor.look("blocks");
  await admin.visitor.follow(() => row.getByRole("button").click());
  await saved(admin);
  assert.equal(await admin.page.getByRole("row", { name: new RegExp(`Lonestar ${admin.visitor.name}`) }).getByRole("button").count(), 0);
}

async function readsStates(admin) {
  await admin.visitor.open("/messages/states");
  await admin.page.getByText(admin.say("state-expired"), { exact: true }).waitFor();
  await admin.page.getByText(admin.say("held-rest-day"), { exact: true }).waitFor();
  await admin.visitor.look("states");
}
