// Reports to DHIS2 as a district sees them, in French: what came by SMS waits for its word, goes or stays, and what DHIS2 objects to
// stands beside the SMS.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { DATA_SET, ELEMENTS, Hmis, TOKEN } from "./lib/hmis.mjs";
import { Officer } from "./lib/officer.mjs";
import { root, startEmpty } from "./lib/server.mjs";

const run = promisify(execFile);
const program = process.env.MHERO_BIN ?? join(root, "target/debug/mhero");

const BOSSOU = "Centre de santé de Bossou";
const GAMA = "Poste de santé de Gama";
/** The district whose officer decides, and what they sign in with. */
const DISTRICT = "Préfecture de Lola";
const OFFICER = { email: "lola@moh.example", password: "wind in the palm trees" };
/** Whose SMS are reported: name, phone, facility. */
const STAFF = [
  ["Mariam Camara", "+231770000101", BOSSOU],
  ["Sékou Condé", "+231770000102", GAMA],
];
const MAPPING = `name = "Chiffres du mois"
source = "hmis"
flow = "Monthly service data"
data_set = "${DATA_SET}"
period = "Monthly"
period_result = "month"
when = { result = "confirmed", category = "OK" }
approval = true
`;

describe("reports to DHIS2", { timeout: 300_000 }, () => {
  let site;
  let hmis;
  let browser;

  const mhero = async (...words) => (await run(program, [...words, "--data", site.data])).stdout;
  const texts = async (phone) => (await mhero("simulate", "phone", phone)).split("\n").filter((line) => /^\d{4}-/.test(line)).length;
  /** Writes and waits for what comes back. */
  const writes = async (phone, text) => {
    const known = await texts(phone);
    await mhero("simulate", "receive", phone, text);
    for (let tries = 0; (await texts(phone)) < known + 2; tries += 1) assert.ok(tries < 300, `an answer to ${text}`);
  };

  before(async () => {
    [site, hmis, browser] = await Promise.all([startEmpty(), Hmis.start(DISTRICT, [BOSSOU, GAMA]), launch()]);
    const folder = await mkdtemp(join(tmpdir(), "mhero-dhis2-"));
    const staff = STAFF.map(([name, phone, facility], at) => `A${at},${name},${phone},${facility},fr`);
    await writeFile(join(folder, "staff.csv"), ["id,name,phone,facility,language", ...staff].join("\n"));
    const elements = ["anc1", "deliveries", "penta3"].map(
      (result, at) => `[[elements]]\nresult = "${result}"\nelement = "${ELEMENTS[at]}"\ntype = "count"\n`,
    );
    await writeFile(join(folder, "mapping.toml"), MAPPING + elements.join(""));
    await mhero("channel", "add", "simulator", "phones");
    await mhero("source", "add", "dhis2", "hmis", hmis.url, `token=${TOKEN}`);
    await mhero("sync", "hmis");
    await mhero("import", join(folder, "staff.csv"), "--source", "rh");
    await mhero("flow", "import", join(root, "library/monthly-service-data/export.json"));
    await mhero("report", "map", join(folder, "mapping.toml"));
    const adding = run(program, ["user", "add", "--role", "district", "--place", DISTRICT, "--password-stdin", OFFICER.email, "--data", site.data]);
    adding.child.stdin.end(OFFICER.password);
    await adding;
    await rm(folder, { recursive: true, force: true });
    hmis.close(GAMA);
    for (const [, phone] of STAFF) {
      await writes(phone, "MENS cpn 34 acc 12 penta 28");
      await writes(phone, "OK");
    }
  });

  after(async () => {
    await browser?.close();
    await hmis?.stop();
    await site?.stop();
  });

  for (const [width, scripts, clinic] of [[WIDE, true, BOSSOU], [NARROW, false, GAMA]]) {
    test(`the district lets one go, ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
      const officer = new Officer(await visitor(browser, { address: site.address, language: "fr", width, scripts }));
      await officer.signIn(OFFICER);
      await officer.choose("nav-dhis2");
      const report = officer.page.getByRole("region", { name: clinic, exact: true });
      await officer.until(report, `the report of ${clinic}`);
      assert.match(await report.innerText(), /MENS cpn 34 acc 12 penta 28/, "the SMS stands beside its values");
      assert.match(await report.innerText(), /[a-zéû]+\s20\d\d/, "the month is named");
      assert.deepEqual(hmis.values(clinic), [undefined, undefined, undefined], "nothing goes before the district has said so");
      await officer.visitor.look();
      await officer.visitor.follow(() => report.locator('button[value="approve"]').click());
      await officer.page.getByRole("status").getByText(officer.words("hmis-approved")).waitFor();
      const taken = clinic === BOSSOU;
      await officer.until(report.getByText(officer.words(taken ? "hmis-state-accepted" : "hmis-state-conflict")), "DHIS2's answer");
      assert.deepEqual(hmis.values(clinic), taken ? ["34", "12", "28"] : [undefined, undefined, undefined]);
      if (!taken) assert.match(await report.locator('[lang="en"]').first().innerText(), /past expiry days/, "in the words of DHIS2");
      await officer.visitor.look();
      await officer.visitor.close();
    });
  }
});
