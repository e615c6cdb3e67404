// The first ten minutes of an HR officer: from the door to an answered answer, as a person meets it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { NARROW, WIDE, launch, visitor } from "./lib/browser.mjs";
import { Officer } from "./lib/officer.mjs";
import { startDemo } from "./lib/server.mjs";

/** Above this many people the number has to be typed. */
const CONFIRM_ABOVE = 500;

/** Texts with letters that make an SMS short: ô and ê are not in the alphabet of the cheap one. Each walk has a lot of its own. */
const TEXTS = {
  eng: (lot) => `Vaccine lot ${lot} has reached the Gantala depôt. Please write to us what your health post still lacks.`,
  fra: (lot) => `Le lot ${lot} est arrivé au dépôt de Gantala, près de la fenêtre. Écrivez-nous ce qui vous manque encore.`,
};
const CHEAP = { eng: /Gantala depot\./, fra: /dépot de Gantala, près de la fenetre\./ };
const SAID = {
  en: {
    name: (lot) => `Vaccine lot ${lot}`,
    answer: (lot) => `For lot ${lot} we lack two boxes of gloves`,
    thanks: (lot) => `Thank you. The gloves for lot ${lot} leave tomorrow with the county car.`,
  },
  fr: {
    name: (lot) => `Vaccins, lot ${lot}`,
    answer: (lot) => `Pour le lot ${lot} il nous manque deux cartons de gants`,
    thanks: (lot) => `Merci. Les gants du lot ${lot} partent demain avec la voiture du comté.`,
  },
};

describe("the first ten minutes", { timeout: 900_000 }, () => {
  let demo;
  let browser;
  let lot = 11;

  before(async () => {
    demo = await startDemo({ workers: 900 });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const officer = async (wish) => new Officer(await visitor(browser, { address: demo.address, ...wish }));

  for (const language of ["en", "fr"]) {
    for (const width of [WIDE, NARROW]) {
      for (const scripts of [true, false]) {
        test(`${language} at ${width} px, scripts ${scripts ? "on" : "off"}`, async () => {
          const hr = await officer({ language, width, scripts });
          lot += 1;
          await comesIn(hr, demo);
          await findsSomebody(hr);
          const five = await saysWho(hr);
          await saysWhat(hr, lot);
          await sends(hr);
          const who = await answersFromThePhone(hr, five, lot);
          await answersTheAnswer(hr, who, lot);
          await seesTheDay(hr);
          await hr.visitor.close();
        });
      }
    }
  }

  test("undo takes a message back whole", async () => {
    const hr = await officer({ language: "fr", width: WIDE });
    await hr.signIn(demo);
    await hr.visitor.open("/send?q=cadre%20%3D%20midwife");
    await hr.text("fra").fill("Message repris avant de partir.");
    await hr.visitor.follow(() => sendButton(hr).click());
    await hr.visitor.follow(() => hr.main("button", "broadcast-undo").click());
    await hr.page.getByText(hr.words("broadcast-lead-undone")).first().waitFor();
    assert.equal(await hr.main("button", "broadcast-undo").count(), 0);
    await hr.visitor.look();
    await hr.visitor.close();
  });

  test("above 500 people the number has to be typed", async () => {
    const hr = await officer({ language: "en", width: NARROW, scripts: false });
    await hr.signIn(demo);
    await hr.visitor.open("/send?people=*");
    const people = await hr.reached();
    assert.ok(people > CONFIRM_ABOVE, `the country is large enough for this test: ${people}`);
    await hr.text("eng").fill("Is this still your number?");
    await hr.visitor.follow(() => sendButton(hr).click());
    await hr.page.getByText(hr.words("confirm-wrong")).waitFor();
    assert.match(hr.path(), /^\/send\//);
    await hr.visitor.look();
    const say = hr.page.getByLabel(hr.words("confirm-type"));
    await say.fill(String(people - 1));
    await hr.visitor.follow(() => sendButton(hr).click());
    assert.match(hr.path(), /^\/send\//, "a wrong number sends nothing");
    await say.fill(String(people));
    await hr.visitor.follow(() => sendButton(hr).click());
    assert.match(hr.path(), /^\/broadcasts\//);
    await hr.visitor.follow(() => hr.main("button", "broadcast-undo").click());
    await hr.visitor.close();
  });

  test("signing in and sending need no mouse", async () => {
    const hr = await officer({ language: "en", width: WIDE });
    const { page, visitor: person } = hr;
    await person.open("/sign-in");
    await hr.tabTo(page.getByLabel(hr.words("sign-in-id")), "the login");
    await page.keyboard.type(demo.email);
    await hr.tabTo(page.getByLabel(hr.words("sign-in-password")), "the password");
    await page.keyboard.type(demo.password);
    await person.follow(() => page.keyboard.press("Enter"));
    assert.equal(hr.path(), "/");
    const send = page.getByRole("navigation").getByRole("link", { name: hr.words("nav-send"), exact: true });
    await hr.tabTo(send, "Send");
    await person.follow(() => page.keyboard.press("Enter"));
    await keyboardCondition(hr, "blank-cadre", /^Midwife/);
    await hr.tabTo(hr.text("eng"), "the text");
    await page.keyboard.type("Written without a mouse.");
    await hr.tabTo(sendButton(hr), "the button that sends");
    await person.follow(() => page.keyboard.press("Enter"));
    assert.match(hr.path(), /^\/broadcasts\//);
    await hr.tabTo(hr.main("button", "broadcast-undo"), "undo");
    await person.follow(() => page.keyboard.press("Enter"));
    await page.getByText(hr.words("broadcast-lead-undone")).first().waitFor();
    await person.close();
  });
});

/** The button that sends: its words hold the number of people. */
function sendButton(hr) {
  return hr.page.getByRole("main").locator('button.grave[name="do"][value="send"]');
}

async function keyboardCondition(hr, kindKey, value) {
  const { page, visitor: person } = hr;
  await hr.tabTo(page.locator(".blank.add"), "the blank");
  await person.follow(() => page.keyboard.press("Enter"));
  // A group of radio buttons is one stop: the arrows move inside it.
  const kind = page.getByRole("radio", { name: hr.words(kindKey), exact: true });
  await hr.tabTo(page.getByRole("radio", { name: hr.words("blank-cadre"), exact: true }), "the kinds of conditions");
  await page.keyboard.press("Space");
  assert.ok(await kind.isChecked());
  await hr.tabTo(hr.main("button", "blank-use"), "the button that uses it");
  await person.follow(() => page.keyboard.press("Enter"));
  const box = page.getByRole("checkbox", { name: value }).first();
  await hr.tabTo(box, "a value");
  await page.keyboard.press("Space");
  assert.ok(await box.isChecked());
  await hr.tabTo(hr.main("button", "blank-use"), "the button that uses it");
  await person.follow(() => page.keyboard.press("Enter"));
}

/** Minute 0: the door, and what waits. */
async function comesIn(hr, demo) {
  await hr.signIn(demo);
  await hr.page.getByText(hr.words("band-demo")).waitFor();
  await hr.visitor.look();
}

/** Minute 1: a name, a list, a person. */
async function findsSomebody(hr) {
  const { page, visitor: person } = hr;
  await hr.choose("nav-people");
  await person.look("people");
  await page.getByRole("searchbox", { name: hr.words("find") }).fill("Kollie");
  await person.follow(() => page.getByRole("search").getByRole("button").click());
  await person.look();
  const rows = page.getByRole("row").filter({ hasText: "Kollie" });
  const found = rows.getByRole("rowheader").getByRole("link", { name: /Kollie/ }).first();
  const name = await found.innerText();
  await person.follow(() => found.click());
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), name);
  await page.getByRole("complementary").getByRole("heading", { name: hr.words("person-reach") }).waitFor();
  await person.look("person");
}

/** Minute 3: midwives in one county; how many, who for example, who not and why. Gives the name of one of them. */
async function saysWho(hr) {
  const { page, visitor: person } = hr;
  await hr.choose("nav-send");
  await person.look();
  await hr.condition("blank-cadre", hr.visitor.language === "fr" ? /^Sage-femme/ : /^Midwife/);
  const everywhere = await hr.reached();
  await hr.condition("blank-place", /^Nimbara/);
  const here = await hr.reached();
  assert.ok(here > 1 && here < everywhere, `${here} of ${everywhere} midwives work in one county`);
  const counted = page.locator("#counted");
  await counted.getByRole("rowheader", { name: hr.words("count-match") }).waitFor();
  const matched = Number(await counted.getByRole("row").nth(0).getByRole("cell").innerText().then(digits));
  const out = Number(await counted.getByRole("row").nth(1).getByRole("cell").innerText().then(digits));
  assert.equal(matched, here + out, "who matches either gets it or is left out");
  assert.ok(out > 0, "somebody is left out in this county");
  const reasons = await counted.getByRole("row").allInnerTexts();
  assert.ok(reasons.some((text) => text.includes(hr.say("out-no-number")) || text.includes(hr.say("out-bad-number"))));
  await person.look("who");
  return (await page.locator(".five a").allInnerTexts()).map((name) => name.trim());
}

const digits = (text) => text.replace(/\D/g, "");

/** Minute 5: a text in each language, and the letter that makes it dear goes with one click. */
async function saysWhat(hr, lot) {
  const { page, visitor: person } = hr;
  await page.getByLabel(hr.words("send-name")).fill(SAID[person.language].name(lot));
  for (const language of ["eng", "fra"]) await hr.text(language).fill(TEXTS[language](lot));
  await person.follow(() => hr.main("button", "preview-again").click());
  const fixes = page.locator('button[value^="fix:"]');
  assert.ok((await fixes.count()) > 0, "a dear letter is offered a cheap one");
  await person.look("text", "#what");
  while ((await fixes.count()) > 0) await person.follow(() => fixes.first().click());
  const written = await page.locator("textarea[name^=text-]").evaluateAll((boxes) => boxes.map(({ name, value }) => [name, value]));
  assert.ok(written.some(([name, value]) => CHEAP[name.slice(5)].test(value)), JSON.stringify(written));
  await person.look();
}

/** Minute 6: it leaves, with a minute to think, which this officer does not need. */
async function sends(hr) {
  const { page, visitor: person } = hr;
  await person.follow(() => sendButton(hr).click());
  assert.match(hr.path(), /^\/broadcasts\//);
  await hr.main("button", "broadcast-undo").waitFor();
  await person.look();
  await person.follow(() => hr.main("button", "broadcast-now").click());
  await hr.until(page.getByText(hr.words("broadcast-lead-done")), "the end of the sending");
  const delivered = page.locator("#progress").getByRole("row").filter({ hasText: hr.say("state-delivered") });
  // All has left; phones confirm it a moment later.
  await hr.until(delivered.locator("td.num").first().filter({ hasText: /[1-9]/ }), "the word of the phones");
  await person.look("broadcast");
}

/** A phone that has the text. As in the field, one of five may be off just now. */
async function phoneWithTheText(hr, five, lot) {
  const { page, visitor: person } = hr;
  for (const who of five) {
    await hr.choose("nav-simulator");
    await page.getByRole("main").getByLabel(hr.words("sim-other")).fill(who);
    await person.follow(() => hr.main("button", "sim-take").click());
    const phone = page.locator("section").filter({ has: page.getByRole("heading", { name: who }) }).first();
    const text = phone.locator(".sms").filter({ hasText: new RegExp(`lot ${lot} .*Gantala`) });
    for (let looks = 0; looks < 10; looks += 1) {
      if ((await text.count()) > 0) return { who, phone };
      await person.follow(() => page.reload());
    }
  }
  throw new Error(`none of ${five.join(", ")} has the text`);
}

/** Minute 7: on the other side. Returns whose phone it was. */
async function answersFromThePhone(hr, five, lot) {
  const { page, visitor: person } = hr;
  const answer = SAID[person.language].answer(lot);
  const { who, phone } = await phoneWithTheText(hr, five, lot);
  await phone.getByRole("textbox").fill(answer);
  await person.follow(() => phone.getByRole("button", { name: hr.words("sim-send"), exact: true }).click());
  await page.getByText(answer).first().waitFor();
  await person.look("simulator", person.width === NARROW ? "figure.phone" : "body");
  return who;
}

/** Minute 8: the answer is a conversation; it is answered, and the phone has that too. */
async function answersTheAnswer(hr, who, lot) {
  const { page, visitor: person } = hr;
  const [answer, thanks] = [SAID[person.language].answer(lot), SAID[person.language].thanks(lot)];
  await hr.choose("nav-inbox");
  const thread = page.locator("a.th").filter({ hasText: answer });
  await hr.until(thread, "the answer in the inbox");
  await person.look();
  await person.follow(() => thread.first().click());
  await page.getByRole("heading", { name: who }).waitFor();
  await page.locator("#talk").getByText(answer).first().waitFor();
  await page.locator("form.reply textarea").fill(thanks);
  await person.follow(() => page.locator('form.reply button[value="send"]').click());
  await page.locator("#talk").getByText(thanks).first().waitFor();
  await person.look("inbox", person.width === NARROW ? "#talk" : "body");
  await hr.choose("nav-simulator");
  await page.getByRole("main").getByLabel(hr.words("sim-other")).fill(who);
  await person.follow(() => hr.main("button", "sim-take").click());
  await hr.until(page.locator(".lcd .sms").filter({ hasText: thanks }), "what was written back, on the phone");
}

/** Minute 10: the first page again, which now has something to show. */
async function seesTheDay(hr) {
  await hr.choose("nav-today");
  await hr.visitor.look("today");
}
