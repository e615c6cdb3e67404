// The exchange log and the audit as an administrator meets them, in French: every call in lines, one of them with what belongs to it, what
// failed asked again, calls that wait, an account that is narrowed, and the audit checked.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { root, startEmpty } from "./lib/server.mjs";

const run = promisify(execFile);
const program = process.env.MHERO_BIN ?? join(root, "target/debug/mhero");
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const FHIR = "application/fhir+json";

describe("the exchange log and the audit", { timeout: 600_000 }, () => {
  let site;
  let browser;
  let token;

  before(async () => {
    [site, browser] = await Promise.all([startEmpty(), launch()]);
    const { stdout } = await run(program, ["token", "create", "iHRIS", "--role", "integrator", "--data", site.data]);
    token = stdout.trim();
    const ask = (method, path, body, form = FHIR) =>
      fetch(`${site.address.replace(/\/$/, "")}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": form, traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
        body: body && JSON.stringify(body),
      });
    const worker = { resourceType: "Practitioner", id: "P1", active: true, name: [{ family: "Kollie", given: ["Martha"] }] };
    assert.ok((await ask("PUT", "/fhir/Practitioner/P1", worker)).ok);
    assert.ok((await ask("GET", "/fhir/Practitioner?phone=231770123456&_count=5")).ok);
    assert.equal((await ask("POST", "/fhir/Practitioner", { ...worker, gender: "purple" })).ok, false);
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  for (const [width, scripts] of [[WIDE, true], [NARROW, true], [NARROW, false]]) {
    test(`fr at ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
      const admin = new Officer(await visitor(browser, { address: site.address, language: "fr", width, scripts }));
      await admin.signIn(site);
      await readsTheLog(admin);
      await asksAgain(admin);
      await looksAtWhatWaits(admin);
      await narrowsAnAccount(admin);
      await checksTheAudit(admin);
      await admin.visitor.close();
    });
  }
});

/** Opens the log until what was asked a moment ago stands in it: lines are written together. */
async function readsTheLog(admin) {
  const { page, visitor } = admin;
  await admin.choose("nav-exchanges");
  for (let tries = 0; (await page.getByRole("link", { name: /POST \/fhir\/Practitioner/ }).count()) === 0; tries += 1) {
    assert.ok(tries < 200, "the log has the calls");
    await visitor.open("/exchange");
  }
  const main = await page.getByRole("main").innerText();
  assert.match(main, /iHRIS/);
  assert.match(main, /GET \/fhir\/Practitioner\?phone=…&_count=5/, "the number is not shown");
  assert.doesNotMatch(main, /231770123456/);
  await visitor.look("exchange-log");
  await page.locator("#re").selectOption("error");
  await visitor.follow(() => admin.main("button", "show").click());
  assert.equal(await page.getByRole("link", { name: /PUT \/fhir/ }).count(), 0, "what was answered is left out");
  await visitor.look();
}

async function asksAgain(admin) {
  const { page, visitor } = admin;
  await visitor.follow(() => page.getByRole("link", { name: /POST \/fhir\/Practitioner/ }).last().click());
  const main = page.getByRole("main");
  assert.match(await main.innerText(), /purple/, "what was sent is there for who may see it");
  assert.ok((await main.getByRole("listitem").count()) >= 3, "what shares a trace stands together");
  await visitor.look("exchange-one");
  await visitor.follow(() => admin.main("button", "exchange-rerun").click());
  assert.match(await page.getByRole("status").first().innerText(), /4\d\d/);
  await visitor.look();
}

async function looksAtWhatWaits(admin) {
  await admin.visitor.open("/exchange/dead");
  await admin.visitor.look("exchange-waiting");
}

async function narrowsAnAccount(admin) {
  const { page, visitor } = admin;
  await visitor.open("/exchange/clients");
  await visitor.look("exchange-accounts");
  await page.locator("summary").first().click();
  await page.locator("#ne-1").fill("10.2");
  const save = page.getByRole("main").getByRole("button").first();
  await visitor.follow(() => save.click());
  assert.match(await page.getByRole("alert").innerText(), /10\.2/);
  await visitor.look();
  await page.locator("summary").first().click();
  await page.locator("#ki-1").fill("Practitioner Location:read");
  await visitor.follow(() => save.click());
  await page.getByRole("status").first().waitFor();
  assert.match(await page.getByRole("main").innerText(), /Location:read/);
}

async function checksTheAudit(admin) {
  const { page, visitor } = admin;
  await admin.choose("nav-audit");
  assert.match(await page.getByRole("main").innerText(), /a fait redemander un échange/);
  await visitor.look("audit");
  await visitor.follow(() => admin.main("button", "audit-check").click());
  assert.match(await page.getByRole("status").first().innerText(), new RegExp(admin.say("audit-whole").slice(0, 12)));
}
