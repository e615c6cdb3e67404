// Channels as an administrator meets them: a kind chosen, its settings filled in, what the test says in words, settings changed with the
// secret kept, a pause; and a phone with the Android app, claimed by the code that it shows.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { startEmpty } from "./lib/server.mjs";

const TEMPLATE = `name = "A gateway of our own"
[settings]
api_key = "the key of the account"

[request]
method = "POST"
url = "https://api.example.org/send"
type = "application/json"
headers = { Authorization = "Bearer {{api_key}}" }
body = '{"to": {{to}}, "text": {{text}}}'

[response]
contains = "OK"
`;

describe("channels", { timeout: 900_000 }, () => {
  let server;
  let browser;
  let lot = 0;

  before(async () => {
    server = await startEmpty();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const language of ["fr", "en"]) {
    for (const width of [WIDE, NARROW]) {
      for (const scripts of language === "fr" ? [true, false] : [width === WIDE]) {
        test(`${language} at ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
          lot += 1;
          const admin = new Officer(await visitor(browser, { address: server.address, language, width, scripts }));
          await admin.signIn(server);
          await addsAnOperator(admin, lot);
          await isToldWhatIsWrong(admin);
          await changesItsSettings(admin);
          await pausesIt(admin);
          await addsAGateway(admin, lot);
          await addsATemplate(admin, lot);
          await addsACode(admin, lot);
          await addsMail(admin, lot);
          await claimsAPhone(admin, lot, server.address);
          await seesThemAll(admin, lot);
          await setsRoutes(admin, lot);
          await admin.visitor.close();
        });
      }
    }
  }
});

/** A field by the key of its label. */
const field = (admin, key) => admin.page.locator(`[id="set.${key}"]`);

async function chooses(admin, kind) {
  await admin.visitor.open("/settings/channels");
  await admin.visitor.follow(() => admin.main("link", "settings-add-channel").click());
  await admin.visitor.look();
  await admin.visitor.follow(() => admin.page.locator(`a[href$="kind=${kind}"]`).click());
}

async function adds(admin, name) {
  await admin.page.getByLabel(admin.words("name"), { exact: true }).fill(name);
  await admin.visitor.follow(() => admin.main("button", "settings-add-channel").click());
}

async function addsAnOperator(admin, lot) {
  await chooses(admin, "smpp");
  await field(admin, "host").fill("smsc example org");
  await field(admin, "system_id").fill("moh");
  await field(admin, "password").fill("kept away");
  await field(admin, "window").fill("many");
  await admin.visitor.look();
  await adds(admin, `orange ${lot}`);
  // What was typed stays, but for the secret; the first thing that is wrong is said.
  assert.equal(await field(admin, "system_id").inputValue(), "moh");
  assert.equal(await field(admin, "password").inputValue(), "");
  await admin.page.getByRole("alert").waitFor();
  await field(admin, "host").fill("127.0.0.1");
  await field(admin, "port").fill("1");
  await field(admin, "password").fill("kept away");
  await adds(admin, `orange ${lot}`);
  // A setting of its own that is wrong is said beside it.
  assert.equal(await field(admin, "window").getAttribute("aria-invalid"), "true");
  await admin.visitor.look();
  await field(admin, "window").fill("20");
  await field(admin, "password").fill("kept away");
  await adds(admin, `orange ${lot}`);
  await admin.page.getByRole("heading", { level: 1, name: `orange ${lot}`, exact: true }).waitFor();
}

async function isToldWhatIsWrong(admin) {
  await admin.visitor.follow(() => admin.main("button", "channels-test").click());
  const said = await admin.page.getByRole("alert").innerText();
  assert.match(said, admin.words("smpp-refused"), "it says in words what is wrong");
  assert.match(said, new RegExp(admin.say("channels-test-failed").slice(0, 20)), "and that nothing was sent");
  assert.equal((await admin.page.content()).includes("kept away"), false, "a secret is never shown again");
  await admin.visitor.look();
}

async function changesItsSettings(admin) {
  await field(admin, "window").fill("40");
  await field(admin, "rate").evaluate((node) => (node.closest("details").open = true)).catch(() => {});
  await admin.visitor.follow(() => admin.main("button", "channels-save").click());
  await admin.page.getByRole("status").waitFor();
  assert.equal(await field(admin, "window").inputValue(), "40");
  assert.equal(await field(admin, "system_id").inputValue(), "moh");
}

async function pausesIt(admin) {
  await admin.visitor.follow(() => admin.main("button", "settings-pause").click());
  await admin.main("button", "settings-resume").waitFor();
  await admin.visitor.look();
  await admin.visitor.follow(() => admin.main("button", "settings-resume").click());
}

async function addsAGateway(admin, lot) {
  await chooses(admin, "kannel");
  await field(admin, "url").fill("http://127.0.0.1:13013");
  await field(admin, "username").fill("mhero");
  await field(admin, "password").fill("kept away");
  await field(admin, "callback").fill("https://mhero.moh.example");
  await adds(admin, `kannel ${lot}`);
  await admin.page.locator("details summary", { hasText: admin.say("channels-addresses-show") }).click();
  assert.match(await admin.page.locator("pre.body").first().innerText(), /^https:\/\/mhero\.moh\.example\/c\/kn\//);
  await admin.visitor.look();
}

/** A gateway in a file: nonsense is told with its line, and what the file wants beside it is asked for. */
async function addsATemplate(admin, lot) {
  await chooses(admin, "template");
  await field(admin, "template").fill("nonsense");
  await adds(admin, `file ${lot}`);
  assert.match(await admin.page.getByRole("alert").first().innerText(), /1/, "the line is named");
  await field(admin, "template").fill(TEMPLATE);
  await adds(admin, `file ${lot}`);
  await admin.page.getByLabel("the key of the account").fill("kept away");
  await admin.visitor.look();
  await adds(admin, `file ${lot}`);
  await admin.page.getByRole("heading", { level: 1, name: `file ${lot}`, exact: true }).waitFor();
  await admin.visitor.look();
}

/** A code that phones dial: what is wrong is said beside its setting, the test says that no flow begins with its word. */
async function addsACode(admin, lot) {
  await chooses(admin, "ussd");
  await field(admin, "word").fill("menu");
  await field(admin, "answer_within").fill("90");
  await admin.visitor.look();
  await adds(admin, `code ${lot}`);
  await admin.page.getByRole("alert").waitFor();
  await field(admin, "answer_within").fill("6");
  await field(admin, "callback").fill("https://mhero.moh.example");
  await adds(admin, `code ${lot}`);
  await admin.page.getByRole("heading", { level: 1, name: `code ${lot}`, exact: true }).waitFor();
  await admin.visitor.follow(() => admin.main("button", "channels-test").click());
  assert.match(await admin.page.getByRole("alert").innerText(), /menu/, "it says that no flow begins with the word");
  await admin.page.locator("details summary", { hasText: admin.say("channels-addresses-show") }).click();
  assert.match(await admin.page.locator("pre.body").first().innerText(), /^https:\/\/mhero\.moh\.example\/c\/ussd\//);
  await admin.visitor.look("channel-ussd");
}

/** Mail for officials: no password in clear, and a server that is not there is named. */
async function addsMail(admin, lot) {
  await chooses(admin, "email");
  await field(admin, "host").fill("mail.moh.example");
  await field(admin, "from").fill("mhero@moh.example");
  await field(admin, "security").selectOption("none").catch(() => admin.page.locator('input[name="set.security"][value="none"]').check());
  await field(admin, "username").fill("mhero");
  await field(admin, "password").fill("kept away");
  await admin.visitor.look();
  await adds(admin, `mail ${lot}`);
  await admin.page.getByRole("alert").waitFor();
  await field(admin, "host").fill("127.0.0.1");
  await field(admin, "password").fill("kept away");
  await field(admin, "port").evaluate((node) => (node.closest("details").open = true)).catch(() => {});
  await field(admin, "port").fill("9");
  await adds(admin, `mail ${lot}`);
  await admin.page.getByRole("heading", { level: 1, name: `mail ${lot}`, exact: true }).waitFor();
  await admin.visitor.follow(() => admin.main("button", "channels-test").click());
  assert.match(await admin.page.getByRole("alert").innerText(), /127\.0\.0\.1/);
  await admin.visitor.look("channel-email");
}

async function claimsAPhone(admin, lot, address) {
  await chooses(admin, "android");
  await adds(admin, `phone ${lot}`);
  await admin.visitor.look(admin.visitor.language === "en" ? "channels-phone" : undefined);
  const claims = async (code) => {
    await admin.page.getByLabel(admin.words("channels-phone-code"), { exact: true }).fill(code);
    await admin.visitor.follow(() => admin.main("button", "channels-phone-claim").click());
  };
  await claims("AAAAAAAAA");
  assert.match(await admin.page.getByRole("alert").innerText(), admin.words("relayer-code") instanceof RegExp ? admin.words("relayer-code") : new RegExp(admin.say("relayer-code").slice(0, 15)));
  await admin.visitor.look();
  const phone = await registers(address);
  await claims(phone.relayer_claim_code.toLowerCase());
  await admin.page.getByRole("status").waitFor();
  await asks(address, phone);
  await admin.visitor.follow(() => admin.page.reload());
  await admin.page.getByText(/57/).first().waitFor();
  await admin.visitor.look();
}

/** A phone with the app comes in, as the app does. */
async function registers(address) {
  const cmds = [
    { cmd: "fcm", fcm_id: "f1", uuid: "u1", p_id: 1 },
    { cmd: "status", cc: "LR", dev: "SM-A045F", p_id: 2 },
  ];
  const body = JSON.stringify({ cmds });
  const answer = await fetch(`${address}/relayers/relayer/register/`, { method: "POST", body });
  assert.equal(answer.status, 200);
  return (await answer.json()).cmds[0];
}

async function asks(address, { relayer_id, relayer_secret }) {
  const status = { cmd: "status", p_id: 4, p_src: "BAT", p_lvl: 57, p_sts: "DIS", net: "WIFI", dev: "SM-A045F", app_version: "1.9.14" };
  const body = JSON.stringify({ cmds: [{ cmd: "fcm", fcm_id: "f1", uuid: "u1", p_id: 3 }, status] });
  const ts = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", `${relayer_secret}${ts}`).update(body).digest("base64url");
  const answer = await fetch(`${address}/relayers/relayer/sync/${relayer_id}/?ts=${ts}&signature=${signature}`, { method: "POST", body });
  assert.equal(answer.status, 200, "a phone that was claimed is answered");
  assert.deepEqual((await answer.json()).cmds, [{ cmd: "claim", org_id: 1 }]);
}

async function seesThemAll(admin, lot) {
  await admin.visitor.open("/settings/channels");
  for (const name of ["orange", "kannel", "code", "mail", "phone"]) {
    await admin.page.getByRole("link", { name: `${name} ${lot}`, exact: true }).waitFor();
  }
  await admin.visitor.look("channels");
}

/** Without operators there is one route, for everybody else: it may not lead to itself, and then it stays as it was set. */
async function setsRoutes(admin, lot) {
  await admin.visitor.follow(() => admin.main("link", "routes-link").click());
  await admin.visitor.look();
  const first = admin.page.locator('select[name="channel-0"]');
  const next = admin.page.locator('select[name="next-0"]');
  const saves = () => admin.visitor.follow(() => admin.main("button", "settings-save").click());
  await first.selectOption({ label: `orange ${lot}` });
  await next.selectOption({ label: `orange ${lot}` });
  await saves();
  assert.match(await admin.page.getByRole("alert").innerText(), new RegExp(`orange ${lot}`));
  await next.selectOption({ label: `kannel ${lot}` });
  await admin.page.locator('input[name="minutes-0"]').fill("20");
  await saves();
  await admin.page.getByRole("status").waitFor();
  assert.equal(await next.locator("option:checked").innerText(), `kannel ${lot}`);
  assert.equal(await admin.page.locator('input[name="minutes-0"]').inputValue(), "20");
  await admin.visitor.look("channels-routes");
}
