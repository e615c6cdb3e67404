// What keeps registries in order: a run that would take many people away, a run read again, fields that a registry owns, changes
// with what people wrote beside them, conflicts, changes that two accept, people who ask to join, and keys that can be off.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { Registry } from "./lib/registry.mjs";
import { root, startEmpty } from "./lib/server.mjs";

const run = promisify(execFile);
const program = process.env.MHERO_BIN ?? join(root, "target/debug/mhero");

/** The name of the registry in the console. */
const HR = "Registre RH";
const NAMES = [
  "Martha Kollie", "Saye Dolo", "Ruth Sumo", "James Flomo", "Fatu Kpana", "Sekou Camara", "Musu Gbowee", "Hawa Barry", "Joseph Johnson",
  "Kebbeh Conteh", "Mamadou Mulbah", "Garmai Karnley", "Prince Dolo", "Tenneh Massaquoi", "Varney Sirleaf", "Bendu Zaza", "Moses Kamara",
  "Korto Varney", "Lorpu Zinnah", "Esther Togba",
].map((name) => name.split(" "));
const PLACES = ["Fissebu Clinic", "Borkeza Clinic", "Zolowo Clinic"];
const phoneOf = (number) => `+2317700010${String(number).padStart(2, "0")}`;

describe("the upkeep of registries", { timeout: 600_000 }, () => {
  let site;
  let hr;
  let browser;

  /** A command as an administrator gives it; a run that asks ends with 1 and is no failure of the test. */
  const mhero = async (...words) => {
    const { stdout } = await run(program, [...words, "--data", site.data]).catch((error) => {
      if (error.code === 1 && words[0] === "sync") return error;
      throw error;
    });
    return stdout;
  };
  const whole = () => mhero("sync", HR, "--whole");
  /** What somebody writes on a phone, each text after the answer to the one before. */
  const writes = async (phone, ...texts) => {
    for (const text of texts) {
      const before = (await lines(phone)).length;
      await mhero("simulate", "receive", phone, text);
      await until(async () => (await lines(phone)).length >= before + 2, `an answer to ${text}`);
    }
  };
  const lines = async (phone) => (await mhero("simulate", "phone", phone)).split("\n").filter((line) => /^\d{4}-/.test(line));

  before(async () => {
    [site, hr, browser] = await Promise.all([startEmpty(), Registry.start(), launch()]);
    PLACES.forEach((name, place) => hr.place(`104${place + 1}`, name));
    NAMES.forEach((name, at) =>
      hr.person(`P${at + 1}`, name, {
        phone: `07700010${String(at + 1).padStart(2, "0")}`,
        place: `104${1 + (at % 3)}`,
        job: at % 2 ? "Nurse" : "Midwife",
        sex: at % 2 ? "male" : "female",
        birth: `19${70 + at}-04-0${1 + (at % 9)}`,
      }),
    );
    await mhero("channel", "add", "simulator", "phones");
    await mhero("source", "add", "fhir", HR, hr.url, "every=1d");
    await mhero("sync", HR);
    await mhero("flow", "import", join(root, "library/staff-and-facility-check/export.json"));
    await mhero("flow", "import", join(root, "library/join/export.json"));
    const adding = run(program, ["user", "add", "--role", "admin", "--password-stdin", second.email, "--data", site.data]);
    adding.child.stdin.end(second.password);
    await adding;
  });

  /** Whoever accepts what somebody else has accepted. */
  const second = { email: "second@moh.example", password: "wind in the palm trees" };

  after(async () => {
    await browser?.close();
    await hr?.stop();
    await site?.stop();
  });

  const officer = async (wish = {}, account = site) => {
    const admin = new Officer(await visitor(browser, { address: site.address, language: "fr", width: WIDE, ...wish }));
    await admin.signIn({ ...site, ...account });
    return admin;
  };
  /** The page of the registry. */
  const opensSource = async (admin) => {
    await admin.visitor.open("/settings/sources");
    await admin.visitor.follow(() => admin.page.getByRole("main").getByRole("link", { name: HR, exact: true }).click());
  };
  const people = async (admin) => {
    await admin.visitor.open("/people?find=Zinnah");
    return (await admin.page.getByRole("main").innerText()).includes("Lorpu Zinnah");
  };

  for (const { width, scripts } of [{ width: WIDE, scripts: true }, { width: NARROW, scripts: false }]) {
    test(`a run that would take many people away asks, ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
      const admin = await officer({ width, scripts });
      const gone = ["P16", "P17", "P18", "P19"].flatMap((id) => [`Practitioner/${id}`, `PractitionerRole/R-${id}`]);
      const held = gone.map((key) => hr.get(key));
      gone.forEach((key) => hr.remove(key));
      await whole();
      await admin.visitor.open("/");
      await admin.visitor.follow(() => admin.main("link", "today-decide").click());
      await admin.page.getByText(admin.words("run-asks")).waitFor();
      assert.equal(await admin.page.locator("details[open] .dots li").count(), gone.length, "who would go is listed");
      await admin.visitor.look();
      await admin.visitor.follow(() => admin.main("button", "run-keep").click());
      await admin.page.getByRole("status").getByText(admin.words("run-refused")).waitFor();
      await admin.visitor.look();
      assert.ok(await people(admin), "who was kept is there");
      // The next whole run asks again; now they may go.
      await whole();
      await opensSource(admin);
      await admin.visitor.look();
      await admin.visitor.follow(() => admin.main("link", "sources-answer").click());
      await admin.visitor.follow(() => admin.main("button", "run-let-go").click());
      await admin.page.getByRole("status").getByText(admin.words("run-confirmed")).waitFor();
      await until(async () => !(await people(admin)), "they leave the list");
      // The registry has them again: they are back, and nobody is there twice.
      held.forEach((one) => hr.put(one));
      await whole();
      assert.ok(await people(admin), "who came back is there again");
      await admin.visitor.close();
    });

    test(`a run is read again, and a registry owns a field, ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
      const admin = await officer({ width, scripts });
      await opensSource(admin);
      await admin.visitor.follow(() => admin.page.locator('main tbody th a[href^="/settings/sources/runs/"]').last().click());
      await admin.visitor.look();
      await admin.visitor.follow(() => admin.main("button", "run-replay").click());
      await admin.page.getByRole("status").getByText(admin.words("run-replayed")).waitFor();
      await admin.visitor.look();
      await opensSource(admin);
      for (const owned of [true, false]) {
        const box = admin.page.locator("#own-phone");
        await box.setChecked(owned);
        await admin.visitor.follow(() => admin.main("button", "sources-owners-save").click());
        await admin.page.getByRole("status").getByText(admin.words("sources-owners-saved")).waitFor();
        assert.equal(await box.isChecked(), owned, "what it owns is remembered");
      }
      // A field that nobody knows is told, with those that there are; one of them is owned by its key.
      await admin.page.locator("#other").fill("village");
      await admin.visitor.follow(() => admin.main("button", "sources-owners-save").click());
      assert.match(await admin.page.getByRole("alert").innerText(), /village.*reported_cadre/s);
      await opensSource(admin);
      await admin.page.locator("#other").fill("reported_cadre");
      await admin.visitor.follow(() => admin.main("button", "sources-owners-save").click());
      assert.ok(await admin.page.locator("#own-reported_cadre").isChecked(), "a field by its key");
      await admin.visitor.look();
      await admin.page.locator("#own-reported_cadre").uncheck();
      await admin.visitor.follow(() => admin.main("button", "sources-owners-save").click());
      await admin.visitor.close();
    });
  }

  test("a change shows what was written, two accept it, and one that the registry changed meanwhile is a conflict", async () => {
    const admin = await officer();
    await writes(phoneOf(1), "RECORD", "2", "Borkeza Clinic", "1", "NO", "1");
    await admin.visitor.open("/settings/sources");
    await admin.page.locator("#two").check();
    await admin.visitor.follow(() => admin.main("button", "accept-save").click());
    assert.ok(await admin.page.locator("#two").isChecked());
    await admin.visitor.look();
    const row = (officer) => officer.page.locator(".diffs > li").filter({ hasText: "Borkeza Clinic" });
    await until(async () => {
      await admin.visitor.open("/changes");
      return (await row(admin).count()) > 0;
    }, "the change of the facility");
    assert.match(await row(admin).locator(".sms").innerText(), /Borkeza Clinic/, "the words of the worker stand beside it");
    await admin.visitor.look();
    await admin.visitor.follow(() => row(admin).locator('button[value^="accept:"]').click());
    assert.match(await row(admin).innerText(), new RegExp(escaped(admin.words("changes-seconded-you"))));
    assert.equal(await row(admin).locator('button[value^="accept:"]').count(), 0, "nobody accepts twice");
    await admin.visitor.look();
    // Before the second acceptance somebody edits the very record in the registry.
    const role = hr.get("PractitionerRole/R-P1");
    hr.put({ ...role, location: [{ reference: "Location/1043" }] });
    const other = await officer({ width: NARROW, scripts: false }, second);
    await other.visitor.open("/changes");
    assert.match(await row(other).innerText(), new RegExp(escaped(other.words("changes-seconded"))));
    await other.visitor.look();
    await other.visitor.follow(() => row(other).locator('button[value^="accept:"]').click());
    await until(async () => {
      await other.visitor.open("/changes?s=conflict");
      return (await row(other).count()) > 0;
    }, "the conflict", 90_000);
    assert.match(await row(other).innerText(), /Zolowo Clinic/, "what the registry says now");
    assert.equal(hr.get("PractitionerRole/R-P1").location[0].reference, "Location/1043", "nothing was written over it");
    await other.visitor.look();
    await other.visitor.follow(() => row(other).locator('button[value^="reject:"]').click());
    await other.visitor.look();
    await other.visitor.close();
    await admin.visitor.open("/settings/sources");
    await admin.page.locator("#two").uncheck();
    await admin.visitor.follow(() => admin.main("button", "accept-save").click());
    await admin.visitor.close();
  });

  for (const { width, scripts, name, yes } of [
    { width: WIDE, scripts: true, name: "Joseph Tarr", yes: true },
    { width: NARROW, scripts: false, name: "Mary Weah", yes: false },
  ]) {
    test(`who asks to join is ${yes ? "approved" : "refused"}, ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
      const phone = yes ? "+231770009555" : "+231770009556";
      await writes(phone, `JOIN ${name} nurse 1042`, "1");
      const admin = await officer({ width, scripts });
      const row = admin.page.locator("main tbody tr").filter({ hasText: name });
      await until(async () => {
        await admin.visitor.open("/changes/joins");
        return (await row.count()) > 0;
      }, "the candidate");
      assert.match(await row.innerText(), /Borkeza Clinic/);
      assert.doesNotMatch((await row.innerText()).replace(/\D/g, ""), /770009/, "the number is masked");
      await admin.visitor.look();
      await admin.visitor.follow(() => row.locator(`button[value="${yes ? "approve" : "refuse"}"]`).click());
      await admin.page.getByRole("status").getByText(admin.words(yes ? "changes-join-approved" : "changes-join-refused")).waitFor();
      assert.equal(await row.count(), 0, "nobody decides twice");
      for (const state of ["approved", "created", "matched", "refused", "failed"]) {
        await admin.visitor.open(`/changes/joins?s=${state}`);
        await admin.visitor.look();
        if (state === "refused") assert.equal(await row.count(), yes ? 0 : 1);
      }
      await admin.visitor.close();
    });
  }

  test("keys of one letter can be switched off, and on again", async () => {
    // The same people, with a slip in the family name and another day of birth.
    const slips = [2, 3, 4, 5, 7].map((at) => {
      const [given, family] = NAMES[at];
      const sex = at % 2 ? "male" : "female";
      return `B${at},${given},${family.slice(0, -1)}h,${sex},,${PLACES[at % 3]},19${70 + at}-04-0${1 + ((at + 3) % 9)}`;
    });
    const folder = await mkdtemp(join(tmpdir(), "mhero-upkeep-"));
    await writeFile(join(folder, "chw.csv"), ["id,given,family,sex,phone,facility,birthdate", ...slips].join("\n"));
    await mhero("import", join(folder, "chw.csv"), "--source", "Registre ASC");
    await rm(folder, { recursive: true, force: true });
    const admin = await officer();
    await until(async () => {
      await admin.visitor.open("/links");
      return (await admin.page.locator("[data-pair]").count()) > 0;
    }, "a pair");
    await admin.visitor.look();
    await admin.visitor.follow(() => admin.main("button", "keys-switch-off").click());
    assert.equal(new URL(admin.page.url()).pathname, "/links");
    await admin.page.getByRole("status").getByText(admin.words("keys-now-off")).waitFor();
    assert.equal(await admin.page.locator("kbd").count(), 0, "no key is named that does nothing");
    const pair = await admin.page.locator("[data-pair] thead").innerText();
    for (const key of ["d", "s", "n"]) await admin.page.keyboard.press(key);
    await admin.visitor.look();
    assert.equal(await admin.page.locator("[data-pair] thead").innerText(), pair, "nothing was decided");
    await admin.visitor.open("/account");
    await admin.visitor.look();
    await admin.visitor.follow(() => admin.main("button", "keys-switch-on").click());
    await admin.visitor.open("/links");
    await admin.visitor.follow(() => admin.page.keyboard.press("d"));
    await admin.page.getByRole("status").getByText(admin.words("links-said-different")).waitFor();
    await admin.visitor.close();
    // Without scripts the switch is a form like any other.
    const plain = await officer({ width: NARROW, scripts: false });
    await plain.visitor.open("/account");
    await plain.visitor.follow(() => plain.main("button", "keys-switch-off").click());
    await plain.main("button", "keys-switch-on").waitFor();
    await plain.visitor.look();
    await plain.visitor.close();
  });

  for (const language of ["fr", "en"]) {
    test(`how registries stand, in ${language === "fr" ? "French" : "English"}`, async () => {
      const admin = await officer({ language });
      await admin.visitor.open("/settings/sources");
      await admin.visitor.look("sources");
      await admin.visitor.close();
    });
  }

  test("a file that waits is still there after a restart of the browser, and in another one", async () => {
    const admin = await officer({ scripts: false });
    await admin.visitor.open("/people/import");
    const table = "Matricule;Prénom;Nom;Contact\nW-1;Wede;Gaye;0770300101\n";
    const file = { name: "attente.csv", mimeType: "text/csv", buffer: Buffer.from(table) };
    await admin.page.getByLabel(admin.words("imports-file"), { exact: true }).setInputFiles(file);
    await admin.page.getByLabel(admin.words("imports-new"), { exact: true }).fill("attente");
    await admin.visitor.follow(() => admin.main("button", "imports-look").click());
    const path = new URL(admin.page.url()).pathname;
    await admin.visitor.close();
    const later = await officer();
    await later.visitor.open(path);
    await later.page.getByRole("heading", { level: 2, name: later.words("imports-would"), exact: true }).waitFor();
    const other = await officer({}, second);
    const answer = await other.page.goto(path);
    assert.equal(answer.status(), 404, "what somebody else brought is nobody's business");
    await other.visitor.close();
    await later.visitor.follow(() => later.page.locator('button[name="do"][value="confirm"]').click());
    await later.page.getByRole("heading", { level: 2, name: later.words("imports-done"), exact: true }).waitFor();
    await later.visitor.look();
    await later.visitor.close();
  });
});

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Looks again until something holds. */
async function until(holds, what, limit_ms = 30_000) {
  const limit = Date.now() + limit_ms;
  while (!(await holds())) assert.ok(Date.now() < limit, `${what} does not come`);
}
