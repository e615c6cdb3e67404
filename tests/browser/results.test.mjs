// What comes out of a flow, as an officer reads it in French: results of a start, words, rows, tables, reminders; and what
// starts flows by itself, campaigns, outside calls.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { startDemo } from "./lib/server.mjs";

/** The use case whose answers are counted. */
const CASE = "flash-survey";
/** Its flow, as the list calls it. */
const FLOW = "Flash survey: gloves";

describe("results", { timeout: 600_000 }, () => {
  let demo;
  let browser;
  let flow;

  before(async () => {
    demo = await startDemo({ workers: 300, account: "admin@demo" });
    browser = await launch();
    flow = await surveyed(await officer({ language: "fr", width: WIDE }));
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const officer = async (wish) => {
    const hr = new Officer(await visitor(browser, { address: demo.address, ...wish }));
    await hr.signIn(demo);
    return hr;
  };

  for (const language of ["fr", "en"]) {
    for (const width of [WIDE, NARROW]) {
      for (const scripts of language === "fr" ? [true, false] : [true]) {
        test(`${language} at ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
          const hr = await officer({ language, width, scripts });
          await readsResults(hr, flow);
          await readsWordsAndRows(hr, flow);
          await seesWhatStartsFlows(hr, flow, `${language}${width}${scripts ? "s" : "p"}`);
          await makesACampaign(hr, `${language} ${width} ${scripts ? "s" : "p"}`);
          await hr.visitor.open("/calls");
          await hr.visitor.look("calls");
          await hr.visitor.close();
        });
      }
    }
  }

  test("a reminder goes to those who have not answered, and can wait", async () => {
    const hr = await officer({ language: "fr", width: WIDE });
    await hr.visitor.open(flow.results);
    await hr.visitor.follow(() => hr.main("button", "results-silent-write").click());
    assert.match(hr.path(), /^\/send\//);
    assert.match(await hr.page.locator('[name="q"]').first().inputValue(), /^flow_start = \d+ AND flow_reply != \d+$/);
    await hr.visitor.open(flow.results);
    await hr.page.getByLabel(hr.words("results-later-hours")).fill("48");
    await hr.visitor.follow(() => hr.main("button", "results-later").click());
    assert.ok(await hr.page.getByRole("radio", { name: hr.words("when-at") }).isChecked(), "it leaves at a time");
    await hr.visitor.look();
    await hr.visitor.close();
  });

  test("the table can be taken away for a spreadsheet", async () => {
    const hr = await officer({ language: "fr", width: WIDE });
    await hr.visitor.open(flow.results);
    for (const [key, begins] of [["results-csv", "\u{feff}Personne,Nom,Lancement"], ["results-xlsx", "PK"]]) {
      const [file] = await Promise.all([hr.page.waitForEvent("download"), hr.main("link", key).click()]);
      const text = await readFile(await file.path(), "utf8");
      assert.ok(text.startsWith(begins), `${key}: ${text.slice(0, 40)}`);
    }
    await hr.visitor.close();
  });
});

/** Adds the survey, starts it for some, and waits until somebody has answered. */
async function surveyed(hr) {
  const { page } = hr;
  await hr.visitor.open(`/flows/library/${CASE}`);
  const add = hr.main("button", "flows-library-add");
  if ((await add.count()) > 0) await hr.visitor.follow(() => add.click());
  await hr.visitor.open("/flows");
  const href = await page.getByRole("link", { name: FLOW, exact: true }).getAttribute("href");
  await hr.visitor.open(`${href}/start?people=cadre%20%3D%20midwife`);
  await hr.visitor.follow(() => page.locator('button[name="do"][value="start"]').click());
  await hr.visitor.open(`${href}/results`);
  const starts = page.locator(`main details a[href*="start="]`);
  await hr.until(starts, "the start");
  const results = await starts.first().getAttribute("href");
  await hr.visitor.open(results);
  await hr.until(hr.page.locator(`main a[href*="/texts?"]`), "an answer");
  await hr.visitor.close();
  return { href, results };
}

async function readsResults(hr, flow) {
  await hr.visitor.open(flow.results);
  await hr.main("heading", "results-way").waitFor();
  await hr.main("heading", "results-follow").waitFor();
  assert.equal(await hr.page.locator(".fun > li").count(), 6, "six steps from asked to complete");
  await hr.visitor.look("results");
}

async function readsWordsAndRows(hr, flow) {
  await hr.visitor.follow(() => hr.page.locator(`main a[href*="/texts?"]`).first().click());
  await hr.visitor.look("results-words");
  await hr.visitor.open(flow.results);
  await hr.visitor.follow(() => hr.main("link", "results-rows-link").click());
  assert.ok((await hr.page.locator("main tbody tr").count()) > 0, "one row a person");
  await hr.visitor.look("results-rows");
}

async function seesWhatStartsFlows(hr, flow, word) {
  await hr.visitor.open(`${flow.href}/triggers`);
  await hr.visitor.follow(() => hr.main("link", "trigger-new").click());
  await hr.page.getByLabel(hr.words("trigger-words"), { exact: true }).fill("stop");
  await hr.visitor.follow(() => hr.main("button", "trigger-save").click());
  await hr.page.getByRole("alert").waitFor();
  await hr.visitor.look("trigger");
  await hr.page.getByLabel(hr.words("trigger-words"), { exact: true }).fill(`avis${word}`);
  await hr.visitor.follow(() => hr.main("button", "trigger-save").click());
  await hr.page.getByRole("link", { name: `AVIS${word.toUpperCase()}`, exact: true }).waitFor();
  await hr.visitor.look("triggers");
}

async function makesACampaign(hr, name) {
  await hr.visitor.open("/campaigns/new");
  if ((await hr.page.locator("#group").count()) === 0) {
    await hr.visitor.look();
    return;
  }
  await hr.page.getByLabel(hr.words("name"), { exact: true }).fill(`Bienvenue ${name}`);
  await hr.visitor.follow(() => hr.main("button", "campaign-make").click());
  await hr.page.getByLabel(hr.words("campaign-date-label"), { exact: true }).selectOption("created_on");
  await hr.page.getByLabel(hr.words("campaign-side-label"), { exact: true }).selectOption("after");
  await hr.page.locator('textarea[name="text-fra"]').fill("Bienvenue parmi nous.");
  await hr.visitor.follow(() => hr.main("button", "campaign-event-add").click());
  assert.equal(await hr.page.locator("main tbody tr").count(), 1, "the event stands there");
  await hr.visitor.look("campaign");
  await hr.visitor.open("/campaigns");
  await hr.visitor.look("campaigns");
}
