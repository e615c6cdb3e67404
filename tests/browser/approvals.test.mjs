// Two-person release as two officials see it: the size in Settings, the author's page, and the decision of the second person by a form, with
// scripts and without, in both languages, on a desk and on a small phone; and of a person with a second factor, who is asked for a fresh
// code first.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { codeOf, setsUpAPhone } from "./lib/codes.mjs";
import { Officer } from "./lib/officer.mjs";
import { root, startDemo } from "./lib/server.mjs";

const run = promisify(execFile);
const program = process.env.MHERO_BIN ?? join(root, "target/debug/mhero");
const TEXT = "MOH: Measles week 18-24 May. Vaccinate every child you see. Reply 1 if read. Free.";
const TEXT_FR = "MSP: Semaine rougeole 18-24 mai. Vaccinez tout enfant. Répondez 1 si lu. Gratuit.";

describe("approvals", { timeout: 300_000 }, () => {
  let site;
  let browser;

  const mhero = async (...words) => (await run(program, [...words, "--data", site.data])).stdout;
  /** A broadcast that waits, as somebody at the command line sends it; returns its number. */
  const asked = async (name) => {
    const sent = JSON.parse(
      await mhero("send", "--to", "*", "--text", TEXT, "--text-fr", TEXT_FR, "--name", name, "--yes", "--json"),
    );
    assert.equal(sent.status, "approval");
    return sent;
  };
  const status = async (sent) => JSON.parse(await mhero("broadcast", "show", sent.broadcast, "--json")).status;
  const officer = async (wish, account = site) => {
    const one = new Officer(await visitor(browser, { address: site.address, ...wish }));
    await one.signIn(account);
    return one;
  };
  /** Approvers with a second factor, with scripts and without, who have just typed a code. */
  const directors = [];
  const director = async (scripts) => {
    const account = { email: `director-${scripts}@moh.example`, password: "wind in the palm trees" };
    const adding = run(program, ["user", "add", "--role", "approver", "--password-stdin", account.email, "--data", site.data]);
    adding.child.stdin.end(account.password);
    await adding;
    const one = await officer({ language: "fr", width: scripts ? WIDE : NARROW, scripts }, account);
    directors.push({ one, scripts, secret: await setsUpAPhone(one) });
  };

  before(async () => {
    [site, browser] = await Promise.all([startDemo({ workers: 300, account: "admin@demo" }), launch()]);
    const admin = await officer({ language: "en", width: WIDE });
    await admin.visitor.open("/settings/approvals");
    await admin.page.getByLabel(admin.words("settings-approvals-above")).fill("100");
    await admin.visitor.follow(() => admin.main("button", "settings-save").click());
    await admin.visitor.look("approval-settings");
    await admin.visitor.open("/settings/sign-in");
    await admin.page.locator('[name="fresh"]').fill("1");
    await admin.visitor.follow(() => admin.main("button", "settings-save").click());
    await admin.visitor.close();
    for (const scripts of [true, false]) await director(scripts);
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  for (const scripts of [true, false]) {
    for (const language of ["en", "fr"]) {
      for (const width of [WIDE, NARROW]) {
        test(`a second person agrees, ${language} ${width} ${scripts ? "with" : "without"} scripts`, async () => {
          const sent = await asked("Measles week");
          const one = await officer({ language, width, scripts });
          await one.choose("nav-approvals");
          await one.visitor.look("approvals");
          await one.visitor.follow(() => one.page.locator(`a[href="/broadcasts/${sent.broadcast}/approve"]`).click());
          await one.page.getByText(TEXT).waitFor();
          await one.page.getByText(TEXT_FR).waitFor();
          await one.visitor.look("approve");
          const people = (await one.page.locator("input[name=people]").getAttribute("value")) ?? "";
          // People of the demo answer all the time, some with STOP.
          assert.ok(Math.abs(Number(people) - sent.recipients) <= 10, `${people} of ${sent.recipients}`);

          // A wrong number decides nothing, and the page says so beside it.
          const number = one.page.getByLabel(one.words("approve-type"));
          await number.fill(String(Number(people) - 1));
          const go = () => one.page.locator("button[value=approve]").click();
          await one.visitor.follow(go);
          await one.page.locator("#n-e").waitFor();
          assert.equal(await number.getAttribute("aria-invalid"), "true");
          assert.equal(await status(sent), "approval");
          await one.visitor.look();

          // As the page says it now: somebody may have written STOP meanwhile.
          await number.fill((await one.page.locator("input[name=people]").getAttribute("value")) ?? "");
          await one.visitor.follow(go);
          assert.equal(one.path(), `/broadcasts/${sent.broadcast}`);
          await one.page.getByText(one.words("approve-done")).first().waitFor();
          assert.notEqual(await status(sent), "approval");
          await one.visitor.look();
          await one.visitor.close();
        });
      }
    }
  }

  test("a second person sends it back and says why", async () => {
    const sent = await asked("Polio days");
    const one = await officer({ language: "en", width: NARROW, scripts: false });
    await one.visitor.open(`/broadcasts/${sent.broadcast}/approve`);
    const back = () => one.page.locator("button[value=back]").click();
    await one.visitor.follow(back);
    await one.page.locator("#why-e").waitFor();
    assert.equal(await status(sent), "approval");
    await one.page.getByLabel(one.words("approve-why-back")).fill("Wrong week");
    await one.visitor.follow(back);
    await one.page.getByText("Wrong week").first().waitFor();
    assert.equal(await status(sent), "cancelled");
    await one.visitor.look();
    await one.visitor.open("/trust");
    await one.visitor.look();
    await one.visitor.close();
  });

  // Last: by now their codes are older than the minute that the settings allow, or soon will be.
  test("who has a second factor is asked for a fresh code before they approve", async () => {
    for (const { one, scripts, secret } of directors) {
      const sent = await asked(`Meningitis week ${scripts}`);
      const code = one.page.locator("input[autocomplete=one-time-code]");
      await one.page.goto(`/broadcasts/${sent.broadcast}/approve`);
      await one.until(code, "the question for a code");
      assert.equal(one.path(), "/sign-in/code");
      await one.visitor.look();
      const types = async (typed) => {
        await code.fill(typed);
        await one.visitor.follow(() => one.main("button", "factor-go-on").click());
      };
      await types(codeOf(secret) === "000000" ? "111111" : "000000");
      assert.match(await one.page.getByRole("alert").innerText(), new RegExp(one.say("factor-code-wrong").slice(0, 12)));
      assert.equal(await status(sent), "approval", "nothing was decided");
      await one.visitor.look();
      await types(codeOf(secret));
      assert.equal(one.path(), `/broadcasts/${sent.broadcast}/approve`, "they are back where they wanted to go");
      const people = (await one.page.locator("input[name=people]").getAttribute("value")) ?? "";
      await one.page.getByLabel(one.words("approve-type")).fill(people);
      await one.visitor.follow(() => one.page.locator("button[value=approve]").click());
      await one.page.getByText(one.words("approve-done")).first().waitFor();
      assert.notEqual(await status(sent), "approval");
      await one.visitor.close();
    }
  });
});
