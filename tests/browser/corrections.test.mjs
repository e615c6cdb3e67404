// Corrections as an official makes them: the form on the page of a broadcast, the draft that it opens, and the links of both pages; with
// scripts and without, in both languages, on a desk and on a small phone.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { root, startDemo } from "./lib/server.mjs";

const run = promisify(execFile);
const program = process.env.MHERO_BIN ?? join(root, "target/debug/mhero");
const TEXT = "MOH: the dose is 50 ml. Reply 1 if read.";
const TEXT_FR = "MSP: la dose est de 50 ml. Répondez 1 si lu.";

describe("corrections", { timeout: 300_000 }, () => {
  let site;
  let browser;
  let sent;

  const mhero = async (...words) => (await run(program, [...words, "--data", site.data])).stdout;
  const officer = async (wish) => {
    const one = new Officer(await visitor(browser, { address: site.address, ...wish }));
    await one.signIn(site);
    return one;
  };

  before(async () => {
    [site, browser] = await Promise.all([startDemo({ workers: 120 }), launch()]);
    sent = JSON.parse(
      await mhero("send", "--to", "*", "--text", TEXT, "--text-fr", TEXT_FR, "--name", "Dose", "--ignore-quiet-hours", "test", "--yes", "--json"),
    );
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  for (const scripts of [true, false]) {
    for (const language of ["en", "fr"]) {
      for (const width of [WIDE, NARROW]) {
        test(`a correction is begun, ${language} ${width} ${scripts ? "with" : "without"} scripts`, async () => {
          const one = await officer({ language, width, scripts });
          await one.visitor.open(`/broadcasts/${sent.broadcast}`);
          await one.page.getByText(one.words("correction-lead")).waitFor();
          await one.visitor.look(scripts ? "correction" : undefined, "section:has(#for-language)");
          await one.page.getByLabel(one.words("correction-for")).selectOption("fra");
          await one.visitor.follow(() => one.page.locator("button[value=correct]").click());
          assert.match(one.path(), /^\/send\//);
          await one.page.getByText(one.words("correction-began")).first().waitFor();
          const texts = await one.page.locator("textarea").allInnerTexts();
          const values = await Promise.all((await one.page.locator("textarea").all()).map((area) => area.inputValue()));
          assert.ok([...texts, ...values].some((text) => text.includes("50 ml")), values.join("|"));
          await one.visitor.look();
          // The broadcast leads to the draft of whoever wrote it.
          await one.visitor.open(`/broadcasts/${sent.broadcast}`);
          assert.ok((await one.page.locator('main a[href^="/send/"]').count()) > 0);
          await one.visitor.look();
          await one.visitor.close();
        });
      }
    }
  }
});
