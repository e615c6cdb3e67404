// Registries as an administrator meets them: a file with errors looked through, imported, mended and undone; a registry that does
// not answer, and what the test says.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readFile } from "node:fs/promises";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { startEmpty } from "./lib/server.mjs";

/** A list as counties send it: five good rows, an id that comes twice, a row of nobody, a day that is none. */
const list = (lot) =>
  [
    "Matricule;Prénom;Nom;Contact;Cadre;Date de naissance;Tel 2",
    `${lot}-1;Mary;Kollie;0770100${lot}1;Midwife;1988-04-02;`,
    `${lot}-2;Joseph;Tarr;0770100${lot}2;Nurse;1979-11-23;`,
    `${lot}-3;Ruth;Sumo;0770100${lot}3;Nurse;1990-02-30;`,
    `${lot}-4;James;Flomo;0886100${lot}4;Nurse;1985-01-15;0770200${lot}4`,
    `${lot}-4;James;Flomo;0886100${lot}5;Nurse;1985-01-15;`,
    ";;;;Nurse;1985-01-15;",
  ].join("\n");

describe("registries", { timeout: 900_000 }, () => {
  let server;
  let browser;
  let lot = 10;

  before(async () => {
    server = await startEmpty();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const officer = async (wish) => {
    const admin = new Officer(await visitor(browser, { address: server.address, ...wish }));
    await admin.signIn(server);
    return admin;
  };

  for (const language of ["fr", "en"]) {
    for (const width of [WIDE, NARROW]) {
      // French has every mix; English is read wide with scripts and narrow without, which is enough to see its words.
      for (const scripts of language === "fr" ? [true, false] : [width === WIDE]) {
        test(`${language} at ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
          lot += 1;
          const admin = await officer({ language, width, scripts });
          await looksThrough(admin, lot);
          await imports(admin);
          await bringsItAgain(admin, lot);
          await undoes(admin, lot);
          await addsAWrongRegistry(admin, lot);
          await seesHome(admin, lot);
          await admin.visitor.close();
        });
      }
    }
  }

  test("a file that is no table says so, and nothing was imported", async () => {
    const admin = await officer({ language: "fr", width: NARROW });
    await brings(admin, "notes.pdf", Buffer.from("%PDF-1.7 nothing"), "notes");
    await admin.page.getByRole("alert").waitFor();
    await admin.visitor.look();
    await admin.visitor.close();
  });
});

async function brings(admin, name, buffer, source) {
  await admin.visitor.open("/people/import");
  await admin.page.getByLabel(admin.words("imports-file"), { exact: true }).setInputFiles({ name, mimeType: "text/csv", buffer });
  await admin.page.getByLabel(admin.words("imports-new"), { exact: true }).fill(source);
  await admin.visitor.follow(() => admin.main("button", "imports-look").click());
}

async function count(admin, key) {
  const row = admin.page.locator(".sum tr").filter({ has: admin.page.getByText(admin.words(key), { exact: true }) });
  return Number((await row.locator("td").innerText()).replace(/\D.*$/s, ""));
}

async function looksThrough(admin, lot) {
  await admin.visitor.open("/people/import");
  await admin.visitor.look();
  await brings(admin, `county ${lot}.csv`, Buffer.from(list(lot)), `county ${lot}`);
  await admin.page.getByRole("heading", { level: 2, name: admin.words("imports-would"), exact: true }).waitFor();
  assert.equal(await count(admin, "verdict-rejected"), 1, "the row of nobody");
  assert.equal(await count(admin, "verdict-duplicate"), 1, "the id that came twice");
  assert.ok((await admin.page.getByText(/0770100/).count()) === 0, "numbers are masked");
  await admin.visitor.look("import-look");
  // What a column means can be said otherwise.
  await admin.page.getByLabel("Tel 2", { exact: true }).selectOption("ignore");
  await admin.visitor.follow(() => admin.main("button", "imports-look-again").click());
  assert.equal(await admin.page.getByLabel("Tel 2", { exact: true }).inputValue(), "ignore");
  const [download] = await Promise.all([
    admin.page.waitForEvent("download"),
    admin.main("link", "imports-mend-csv").click(),
  ]);
  const table = await readFile(await download.path(), "utf8");
  assert.match(table, /mHero: /, "the file has a column of reasons");
  const people = await peopleOf(admin);
  assert.equal(people.includes("Flomo"), false, "nothing is written before it is confirmed");
}

async function peopleOf(admin) {
  const here = admin.page.url();
  await admin.visitor.open("/people");
  const text = await admin.page.getByRole("main").innerText();
  await admin.visitor.open(new URL(here).pathname);
  return text.includes("Flomo") ? text : "";
}

async function imports(admin) {
  await admin.visitor.follow(() => admin.page.locator('button[name="do"][value="confirm"]').click());
  await admin.page.getByRole("heading", { level: 2, name: admin.words("imports-done"), exact: true }).waitFor();
  await admin.visitor.look();
}

async function bringsItAgain(admin, lot) {
  const run = await admin.page.locator('a[href^="/settings/sources/runs/"]').first().getAttribute("href");
  await brings(admin, `county ${lot}.csv`, Buffer.from(list(lot)), `county ${lot}`);
  assert.equal(await count(admin, "verdict-new"), 0, "a repeated import makes nobody new");
  assert.equal(await admin.page.getByLabel("Tel 2", { exact: true }).inputValue(), "ignore", "the meaning is remembered");
  await admin.visitor.look();
  await admin.visitor.follow(() => admin.main("button", "imports-discard").click());
  await admin.visitor.open(run);
  await admin.visitor.look();
}

async function undoes(admin) {
  await admin.visitor.follow(() => admin.main("button", "run-undo").click());
  await admin.visitor.look();
  await admin.visitor.follow(() => admin.main("button", "run-undo-yes").click());
  await admin.page.getByRole("status").waitFor();
  assert.equal(await peopleOf(admin), "", "nobody of the file is left among those in service");
}

async function addsAWrongRegistry(admin, lot) {
  await admin.visitor.open("/settings/sources");
  await admin.visitor.look();
  await admin.visitor.follow(() => admin.main("link", "sources-add").click());
  await admin.visitor.look();
  await admin.visitor.follow(() => admin.page.locator('a[href$="kind=fhir"]').click());
  await admin.page.getByLabel(admin.words("name"), { exact: true }).fill(`hr ${lot}`);
  await admin.page.getByLabel(admin.words("sources-url"), { exact: true }).fill("http://127.0.0.1:1/fhir");
  await admin.page.getByLabel(admin.words("setting-username"), { exact: true }).fill("mhero");
  await admin.page.getByLabel(admin.words("setting-password"), { exact: true }).fill("kept away");
  await admin.visitor.look();
  await admin.visitor.follow(() => admin.main("button", "sources-add").click());
  await admin.visitor.follow(() => admin.main("button", "sources-test").click());
  const said = admin.page.getByRole("alert");
  assert.match(await said.innerText(), admin.words("registry-refused"), "it says in words what is wrong");
  assert.equal((await admin.page.content()).includes("kept away"), false, "a secret is never shown again");
  await admin.visitor.look();
}

async function seesHome(admin, lot) {
  await admin.visitor.open("/");
  await admin.page.getByRole("heading", { level: 2, name: admin.words("today-registries"), exact: true }).waitFor();
  await admin.page.getByRole("link", { name: `hr ${lot}`, exact: true }).waitFor();
  await admin.visitor.look();
}
