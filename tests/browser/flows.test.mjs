// Flows as a person meets them: the library, an import with its report, the picture, a played conversation, a start.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { root, startDemo } from "./lib/server.mjs";

/** A use case of the library as a file that somebody brings. */
const FILE = join(root, "library/stock-on-hand/export.json");
/** Exports of RapidPro as ministries have them; not part of the project, and absent where only the project is. */
const EXPORTS = join(process.env.MHERO_SHARED ?? join(root, "../shared"), "fixtures/rapidpro-exports");
/** Its flow, and how it is called in the list. */
const FLOW = "Stock on hand";

describe("flows", { timeout: 600_000 }, () => {
  let demo;
  let browser;

  before(async () => {
    demo = await startDemo({ workers: 300, account: "admin@demo" });
    browser = await launch();
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
          await readsTheLibrary(hr);
          await imports(hr);
          await seesTheList(hr);
          await seesTheFlow(hr);
          await plays(hr);
          await playsAFile(hr);
          await asksWhom(hr);
          await seesRevisions(hr);
          await hr.visitor.close();
        });
      }
    }
  }

  test("a file that is no flow says so, and nothing was imported", async () => {
    const hr = await officer({ language: "fr", width: NARROW });
    await hr.visitor.open("/flows/import");
    await hr.page.getByLabel(hr.words("flows-import-file"), { exact: true }).setInputFiles({
      name: "notes.json",
      mimeType: "application/json",
      buffer: Buffer.from("[1, 2"),
    });
    await hr.visitor.follow(() => hr.main("button", "flows-import-button").click());
    await hr.page.getByRole("alert").waitFor();
    await hr.visitor.look();
    await hr.visitor.close();
  });

  test("exports of RapidPro are imported with a report and played", async (context) => {
    if (!existsSync(EXPORTS)) return context.skip("no exports of RapidPro beside the project");
    const hr = await officer({ language: "fr", width: WIDE });
    for (const file of readdirSync(EXPORTS).filter((name) => name.endsWith(".json"))) {
      await hr.visitor.open("/flows/import");
      await hr.page.getByLabel(hr.words("flows-import-file"), { exact: true }).setInputFiles(join(EXPORTS, file));
      await hr.visitor.follow(() => hr.main("button", "flows-import-button").click());
      await hr.visitor.look();
      await hr.visitor.follow(() => hr.page.locator('main li a[href^="/flows/"]').first().click());
      await hr.visitor.look();
      await hr.visitor.follow(() => hr.main("link", "flow-tab-play").click());
      await hr.visitor.look();
    }
    await hr.visitor.close();
  });

  test("playing needs no mouse", async () => {
    const hr = await officer({ language: "fr", width: WIDE });
    await opensTheFlow(hr);
    const play = hr.main("link", "flow-tab-play", 0);
    await hr.tabTo(play, "the tab of playing");
    await hr.visitor.follow(() => hr.page.keyboard.press("Enter"));
    const field = hr.page.getByLabel(hr.words("flow-play-text"));
    await hr.tabTo(field, "the answer");
    await hr.page.keyboard.type("?");
    await hr.visitor.follow(() => hr.page.keyboard.press("Enter"));
    await hr.page.locator(".did").getByText(hr.words("flow-play-heard")).first().waitFor();
    await hr.visitor.close();
  });
});

async function readsTheLibrary(hr) {
  await hr.choose("nav-flows");
  await hr.visitor.follow(() => hr.main("link", "flows-library").click());
  await hr.visitor.look("flow-library");
  await hr.visitor.follow(() => hr.page.getByRole("main").locator("li h2 a").first().click());
  await hr.visitor.look("flow-use-case");
}

async function imports(hr) {
  await hr.visitor.open("/flows/import");
  await hr.visitor.look("flow-import");
  await hr.page.getByLabel(hr.words("flows-import-file"), { exact: true }).setInputFiles(FILE);
  await hr.visitor.follow(() => hr.main("button", "flows-import-button").click());
  await hr.page.getByRole("heading", { level: 2, name: hr.words("import-kind-flow"), exact: true }).waitFor();
  assert.equal(await hr.page.locator(".mk.bad").count(), 0, "nothing was refused and no check found an error");
  await hr.visitor.look("flow-report");
}

async function seesTheList(hr) {
  await hr.visitor.open("/flows");
  await hr.page.getByRole("link", { name: FLOW, exact: true }).waitFor();
  await hr.visitor.look("flows");
}

async function opensTheFlow(hr) {
  await hr.visitor.open("/flows");
  await hr.visitor.follow(() => hr.page.getByRole("link", { name: FLOW, exact: true }).click());
}

async function seesTheFlow(hr) {
  await opensTheFlow(hr);
  const nodes = await hr.page.locator(".flow-picture .flow-node").count();
  const steps = await hr.page.locator(".flow-outline > li").count();
  assert.ok(nodes > 1 && nodes === steps, `the picture has ${nodes} steps, the words ${steps}`);
  await hr.visitor.look("flow");
}

async function plays(hr) {
  await hr.visitor.follow(() => hr.main("link", "flow-tab-play").click());
  await hr.page.locator(".flow-node.is-current").waitFor();
  const said = await hr.page.locator(".lcd .b.out").count();
  assert.ok(said > 0, "the flow says something first");
  await hr.page.getByLabel(hr.words("flow-play-text")).fill("12");
  await hr.visitor.follow(() => hr.page.locator('button[name="do"][value="text"]').click());
  await hr.page.locator(".lcd .b:not(.out)").getByText("12", { exact: true }).waitFor();
  assert.ok((await hr.page.locator(".flow-node.is-visited").count()) > 0, "the picture shows the steps taken");
  await hr.visitor.look("flow-play");
  await hr.visitor.follow(() => hr.main("button", "flow-play-expiry").click());
  await hr.page.getByText(hr.words("flow-play-ended")).waitFor();
}

async function playsAFile(hr) {
  await hr.visitor.open("/flows/play");
  await hr.page.getByLabel(hr.words("flows-import-file"), { exact: true }).setInputFiles(FILE);
  await hr.visitor.follow(() => hr.main("button", "flow-play").click());
  await hr.page.locator(".flow-node.is-current").waitFor();
  await hr.page.getByLabel(hr.words("flow-play-text")).fill("3");
  await hr.visitor.follow(() => hr.page.locator('button[name="do"][value="text"]').click());
  await hr.visitor.look();
}

async function asksWhom(hr) {
  await opensTheFlow(hr);
  await hr.visitor.follow(() => hr.main("link", "flow-start").click());
  await hr.condition("blank-cadre", /./);
  const people = await hr.reached();
  assert.ok(people > 0, "somebody would get it");
  await hr.visitor.look("flow-start");
}

async function seesRevisions(hr) {
  await opensTheFlow(hr);
  await hr.visitor.follow(() => hr.main("link", "flow-tab-revisions").click());
  await hr.page.getByText(hr.words("flow-current"), { exact: true }).waitFor();
  await hr.visitor.look();
}
