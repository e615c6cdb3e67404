// What officials review: changes that workers told, pairs that may be one person, and the health of numbers.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { root, startDemo, startEmpty } from "./lib/server.mjs";

const run = promisify(execFile);

/** Every wish that is tried: French with and without scripts, English with them, both widths. */
const WISHES = ["fr", "en"].flatMap((language) =>
  [WIDE, NARROW].flatMap((width) => (language === "fr" ? [true, false] : [true]).map((scripts) => ({ language, width, scripts }))),
);
const said = ({ language, width, scripts }) => `${language} at ${width} px, scripts ${scripts ? "on" : "off"}`;

describe("the health of numbers", { timeout: 600_000 }, () => {
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

  for (const wish of WISHES) {
    test(said(wish), async () => {
      const hr = new Officer(await visitor(browser, { address: demo.address, ...wish }));
      await hr.signIn(demo);
      await hr.choose("nav-numbers");
      await hr.visitor.look("numbers");
      const cells = await hr.page.locator("main td.n").allInnerTexts();
      assert.ok(cells.length > 0, "numbers are listed");
      for (const number of cells) assert.doesNotMatch(number.replace(/\D/g, ""), /\d{10}/, "a number is masked");
      const filters = hr.page.getByRole("navigation", { name: hr.words("filter") }).getByRole("link");
      for (let place = 0; place < (await filters.count()); place += 1) {
        await hr.visitor.follow(() => filters.nth(place).click());
        assert.equal(await filters.nth(place).getAttribute("aria-current"), "page");
        await hr.visitor.look();
      }
      await hr.visitor.open("/numbers");
      await hr.visitor.follow(() => hr.main("link", "numbers-shared").click());
      await hr.visitor.look("numbers-shared");
      await hr.visitor.open("/numbers");
      await hr.visitor.follow(() => hr.main("link", "numbers-reach").click());
      await hr.visitor.look("numbers-reach");
      for (const days of [7, 30, 90]) {
        await hr.visitor.open(`/numbers/reach?days=${days}`);
        await hr.visitor.look();
      }
      await hr.visitor.close();
    });
  }
});

/** People of two registers: the second one writes the family name with another letter and the birth with another day. */
const PEOPLE = [
  "Fatu Kpanna Kpana", "Sekou Camara Kamara", "James Flomo Flomoh", "Ruth Sumo Somo", "Musu Gbowee Gbowe", "Hawa Barry Bary",
  "Joseph Johnson Jonson", "Kebbeh Conteh Conte", "Mamadou Mulbah Mulba", "Garmai Karnley Karnly", "Prince Dolo Dollo",
  "Tenneh Massaquoi Massaqoi", "Varney Sirleaf Sirlef", "Bendu Zaza Zazah",
].map((names) => names.split(" "));
const PLACES = ["Fisabo Clinic", "Zuluma Clinic", "Vozara Hospital", "Gantala Hospital"];
const HEAD = "id,given,family,sex,phone,cadre,facility,birthdate";
const HR = [HEAD, ...PEOPLE.map(([given, family], n) => `A${n},${given},${family},female,077000${1000 + n},Midwife,${PLACES[n % 4]},${1962 + n}-03-0${1 + (n % 5)}`)].join("\n");
const CHW = [HEAD, ...PEOPLE.map(([given, , family], n) => `B${n},${given},${family},female,,Midwife,${PLACES[n % 4]},${1962 + n}-03-0${4 + (n % 5)}`)].join("\n");

/** Brings a register by the command line, as an administrator does. */
async function bring(site, name, table) {
  const folder = await mkdtemp(join(tmpdir(), "mhero-register-"));
  const path = join(folder, `${name}.csv`);
  await writeFile(path, table);
  await run(process.env.MHERO_BIN ?? join(root, "target/debug/mhero"), ["import", path, "--source", name, "--data", site.data]);
  await rm(folder, { recursive: true, force: true });
}

/** Opens a page again until something is on it: pairs are looked for a moment after an import. */
async function untilThere(hr, path, selector) {
  const limit = Date.now() + 60_000;
  for (;;) {
    await hr.visitor.open(path);
    if ((await hr.page.locator(selector).count()) > 0) return;
    assert.ok(Date.now() < limit, `${selector} comes to ${path}`);
  }
}

/** Enters a correction on the page of a person. */
async function corrects(hr, name, field, value) {
  await hr.visitor.open(`/people?find=${encodeURIComponent(name)}`);
  await hr.visitor.follow(() => hr.page.locator('main tbody a[href^="/people/"]').first().click());
  await hr.page.locator("summary").filter({ hasText: hr.words("changes-correct") }).click();
  await hr.page.locator("#correct-field").selectOption(field);
  await hr.page.locator("#correct-value").fill(value);
  await hr.visitor.follow(() => hr.main("button", "changes-correct-button").click());
  await hr.page.getByRole("status").getByText(hr.words("changes-correct-said")).waitFor();
}

describe("what is reviewed", { timeout: 600_000 }, () => {
  let site;
  let browser;

  before(async () => {
    site = await startEmpty();
    await bring(site, "hr", HR);
    await bring(site, "chw", CHW);
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  const officer = async (wish) => {
    const hr = new Officer(await visitor(browser, { address: site.address, ...wish }));
    await hr.signIn(site);
    return hr;
  };

  for (const wish of WISHES) {
    test(`changes, ${said(wish)}`, async () => {
      const hr = await officer(wish);
      await corrects(hr, "Ruth Sumo", "facility", "Vozara Hospital");
      await corrects(hr, "James Flomo", "phone", "0886 123 447");
      await hr.choose("nav-changes");
      await hr.visitor.look("changes");
      const rows = hr.page.locator(".diffs > li");
      assert.equal(await rows.count(), 2);
      assert.doesNotMatch(await rows.filter({ hasText: "James Flomo" }).innerText(), /0886 123 447/, "the number is masked");
      await hr.visitor.follow(() => rows.filter({ hasText: "Ruth" }).locator('button[value^="accept:"]').click());
      await hr.page.locator(".note.ok").getByRole("button", { name: hr.words("changes-undo") }).waitFor();
      await hr.visitor.look("changes-accepted");
      assert.equal(await rows.count(), 1);
      await hr.page.locator(".note").getByRole("link", { name: hr.words("changes-file-get") }).first().waitFor();
      await hr.visitor.follow(() => hr.page.locator(".note.ok").getByRole("button").click());
      assert.equal(await rows.count(), 2, "what was just decided is taken back");
      // Both are sure, so both are chosen to begin with.
      assert.equal(await hr.page.locator(".diffs input:checked").count(), 2);
      await hr.visitor.follow(() => hr.main("button", "changes-reject-chosen").click());
      assert.equal(await rows.count(), 0);
      await hr.visitor.look();
      for (const shelf of ["sure", "eye", "conflict", "way", "done"]) {
        await hr.visitor.open(`/changes?s=${shelf}`);
        await hr.visitor.look();
      }
      await hr.visitor.open("/changes/joins");
      await hr.visitor.look();
      await hr.visitor.close();
    });
  }

  test("a correction file holds what was accepted for a file", async () => {
    const hr = await officer({ language: "fr", width: WIDE });
    await corrects(hr, "Ruth Sumo", "facility", "Zuluma Clinic");
    await hr.visitor.open("/changes");
    await hr.visitor.follow(() => hr.page.locator('.diffs button[value^="accept:"]').first().click());
    const [download] = await Promise.all([
      hr.page.waitForEvent("download"),
      hr.page.getByRole("link", { name: hr.words("changes-file-get") }).first().click(),
    ]);
    const file = await download.createReadStream();
    let csv = "";
    for await (const part of file) csv += part;
    assert.match(csv, /^id,kind,field,old,new\r\n(.|\r\n)*facility,.*,Zuluma Clinic/);
    await hr.visitor.close();
  });

  test("changes are decided by keys", async () => {
    const hr = await officer({ language: "fr", width: WIDE });
    await corrects(hr, "James Flomo", "job", "Pharmacist");
    await hr.visitor.open("/changes");
    await hr.page.keyboard.press("j");
    const box = hr.page.locator(".diffs input").first();
    assert.ok(await box.evaluate((node) => node === document.activeElement), "j goes to the first row");
    assert.ok(await box.isChecked());
    await hr.page.keyboard.press("x");
    assert.ok(!(await box.isChecked()), "x takes the choice away");
    await hr.visitor.follow(() => hr.page.keyboard.press("r"));
    assert.equal(await hr.page.locator(".diffs > li").count(), 0);
    await hr.visitor.close();
  });

  for (const wish of WISHES) {
    test(`pairs, ${said(wish)}`, async () => {
      const hr = await officer(wish);
      await untilThere(hr, "/links", "[data-pair]");
      await hr.visitor.look("duplicates");
      const names = () => hr.page.locator("[data-pair] thead th").allInnerTexts();
      const first = await names();
      await hr.visitor.follow(() => hr.main("link", "links-next").click());
      assert.notDeepEqual(await names(), first, "the next pair is another");
      await hr.visitor.open("/links");
      await hr.visitor.follow(() => hr.main("button", "links-same").click());
      await hr.page.getByRole("status").getByText(hr.words("links-said-same")).waitFor();
      // Their page says who was joined and why, and takes it back.
      await hr.visitor.open("/links/decided");
      await hr.visitor.look("duplicates-decided");
      await hr.visitor.follow(() => hr.page.locator("tbody a").first().click());
      const joined = hr.page.getByRole("complementary").locator("li form[action*='/links/']");
      await joined.first().waitFor();
      await hr.visitor.look("person-joined");
      await hr.visitor.follow(() => joined.first().getByRole("button").click());
      await hr.page.getByRole("status").getByText(hr.words("links-undone")).waitFor();
      assert.equal(await joined.count(), 0);
      await hr.visitor.close();
    });
  }

  test("pairs are decided by keys, and who is two stays two", async () => {
    const hr = await officer({ language: "fr", width: WIDE });
    await untilThere(hr, "/links", "[data-pair]");
    await hr.visitor.follow(() => hr.page.keyboard.press("n"));
    assert.match(hr.page.url(), /score=/);
    await hr.visitor.open("/links");
    await hr.visitor.follow(() => hr.page.keyboard.press("d"));
    await hr.page.getByRole("status").getByText(hr.words("links-said-different")).waitFor();
    await hr.visitor.open("/links/decided");
    await hr.visitor.follow(() => hr.page.getByRole("main").locator('button[value="same"]').first().click());
    await hr.page.getByRole("status").getByText(hr.words("links-said-same")).waitFor();
    await hr.visitor.open("/links");
    await hr.visitor.follow(() => hr.page.keyboard.press("s"));
    await hr.page.getByRole("status").getByText(hr.words("links-said-same")).waitFor();
    await hr.visitor.close();
  });
});

/** Two who work in one clinic. */
const CLINIC = [HEAD, "C1,Martha,Kollie,female,0770009001,Midwife,Fisabo Clinic,1990-03-01", "C2,Saye,Dolo,male,0770009002,Nurse,Fisabo Clinic,1991-04-02"].join("\n");

describe("what the staff of a facility say", { timeout: 600_000 }, () => {
  let site;
  let browser;
  const mhero = (...words) => run(process.env.MHERO_BIN ?? join(root, "target/debug/mhero"), [...words, "--data", site.data]);

  before(async () => {
    site = await startEmpty();
    await mhero("channel", "add", "simulator", "phones");
    await mhero("flow", "import", join(root, "library/staff-and-facility-check/export.json"));
    await bring(site, "hr", CLINIC);
    // One says that the clinic is open, the other that it is closed; nobody else works there.
    for (const [phone, words] of [["0770009001", ["FACILITY", "1"]], ["0770009002", ["FACILITY", "3"]]]) {
      for (const word of words) await mhero("simulate", "receive", phone, word);
    }
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  for (const wish of WISHES) {
    test(said(wish), async () => {
      const hr = new Officer(await visitor(browser, { address: site.address, ...wish }));
      await hr.signIn(site);
      await untilThere(hr, "/changes", '.diffs button[value^="take:"]');
      await hr.visitor.look("changes-facility");
      const row = hr.page.locator(".diffs > li").filter({ hasText: "Fisabo Clinic" });
      const answers = row.getByRole("list", { name: hr.words("changes-answers") }).getByRole("listitem");
      assert.equal(await answers.count(), 2, "both answers stand there");
      assert.match(await answers.first().innerText(), /Martha Kollie/);
      assert.equal(await row.locator("input:enabled").count(), 0, "it is not decided with others");
      await hr.visitor.follow(() => row.locator('button[value$=":Closed"]').click());
      await hr.page.locator(".note.ok").getByRole("button", { name: hr.words("changes-undo") }).waitFor();
      assert.equal(await row.count(), 0, "it is decided");
      await hr.visitor.follow(() => hr.page.locator(".note.ok").getByRole("button").click());
      await hr.visitor.follow(() => row.getByRole("link", { name: "Fisabo Clinic" }).click());
      await hr.visitor.look("facility");
      await hr.page.getByRole("complementary").locator('a[href="/changes"]').waitFor();
      await hr.visitor.close();
    });
  }
});
