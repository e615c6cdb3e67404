//! The walk: choose, count, write, mend, send, undo, send, follow, hear, answer.

use axum::http::StatusCode;
use jiff::SignedDuration;
use mhero_core::Role;

use super::console::{Answer, Browser, Console};

/// A text that costs three SMS for one letter.
const FRENCH: &str = "MSP: recyclage SONU, 12-14 juin, hôpital de Gantala. Serez-vous là? Répondez 1 oui, 2 non.";

async fn press(browser: &mut Browser<'_>, draft: &str, verb: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("do", verb)];
    fields.extend(more);
    browser.post(&format!("/send/{draft}"), &fields).await
}

async fn new_draft(browser: &mut Browser<'_>) -> String {
    let page = browser.get("/send").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.between("action=\"/send/", "\"")
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_blank_to_an_answer_on_the_phone() {
    let console = Console::new().await;
    let mut browser = console.browser("hr@moh.example", Role::Hr, "en").await;
    let draft = new_draft(&mut browser).await;

    // Who: the sentence, blank by blank.
    let opened = press(&mut browser, &draft, "use", &[("blank", "more"), ("pick", "new-language"), ("q", "")]).await;
    assert_eq!(opened.to, format!("/send/{draft}?edit=new-language#open"));
    browser.get(&format!("/send/{draft}?edit=new-language")).await.must_have("value=\"fra\"");
    let picks = [("blank", "new-language"), ("pick", "eng"), ("pick", "fra"), ("q", "")];
    press(&mut browser, &draft, "use", &picks).await;
    let page = browser.get(&format!("/send/{draft}")).await;
    page.must_have("language = eng OR language = fra");
    page.must_have("Send to 3 people");
    page.must_have("No phone number");
    page.must_have("Nothing has been sent.");
    let fragment = browser.get(&format!("/send/{draft}/count")).await;
    assert!(fragment.body.trim_start().starts_with("<div id=\"counted\""), "{}", fragment.body);

    // What: a costly letter, mended by one press; typography goes by itself.
    let q = ("q", "language = eng OR language = fra");
    let texts = [q, ("text-eng", "MOH: the clinic’s report is due."), ("text-fra", FRENCH), ("name", "Refresher")];
    press(&mut browser, &draft, "save", &texts).await;
    let page = browser.get(&format!("/send/{draft}")).await;
    page.must_have("Typography that costs SMS was replaced");
    page.must_have("the clinic&#39;s report");
    page.must_have("fix:text-fra");
    press(&mut browser, &draft, "fix:text-fra", &[q]).await;
    let page = browser.get(&format!("/send/{draft}")).await;
    assert!(!page.body.contains("fix:text-fra"));
    page.must_have("hopital de Gantala");

    // Send, undo, send again from a copy.
    let sent = press(&mut browser, &draft, "send", &[q, ("counted", "3")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let twice = press(&mut browser, &draft, "send", &[q, ("counted", "3")]).await;
    assert_eq!(twice.to, sent.to, "pressing twice sends once");
    browser.get(&sent.to).await.must_have("Sending starts in 60 seconds.");
    let fragment = browser.get(&format!("{}/progress?was=undo", sent.to)).await;
    fragment.must_have("Sending starts in 60 seconds.");
    assert_eq!(browser.post(&sent.to, &[("do", "undo")]).await.to, sent.to);
    browser.get(&sent.to).await.must_have("Undone. Nothing was sent.");
    let once = uuid::Uuid::now_v7().to_string();
    let copy = browser.post(&sent.to, &[("do", "duplicate"), ("once", &once)]).await;
    assert_eq!(copy.to, format!("/send/{once}"));
    let sent = press(&mut browser, &once, "send", &[]).await.to;
    console.hand.advance(SignedDuration::from_secs(61));
    console.idle().await;
    let page = browser.get(&sent).await;
    page.must_have("3 delivered");
    page.must_have("Hawa Karnley pressed Send.");
    let fragment = browser.get(&format!("{sent}/progress")).await;
    assert!(fragment.body.trim_start().starts_with("<section"), "{}", fragment.body);
    let people = browser.get(&format!("{sent}/people?state=delivered")).await;
    people.must_have("0770 ••• 003");
    assert!(!people.body.contains("0770 000 003") && !people.body.contains("231770000003"));
    browser.get("/broadcasts").await.must_have("Refresher");

    answer_the_nurse(&console, &mut browser).await;
}

async fn answer_the_nurse(console: &Console, browser: &mut Browser<'_>) {
    let phones = browser.get("/simulator?a=231770000003&b=231770000001").await;
    phones.must_have("hopital de Gantala");
    phones.must_have("Nothing on this page reaches a real phone.");
    let pair = ("others", "231770000003,231770000001");
    let typed = [("text", "oui, et le transport?"), ("once", "1"), pair];
    let back = browser.post("/simulator/231770000003", &typed).await;
    assert_eq!(back.to, "/simulator?a=231770000003&b=231770000001");
    browser.post("/simulator/231770000003", &typed).await;
    console.idle().await;
    let inbox = browser.get("/inbox").await;
    inbox.must_have("1 person waits for an answer.");
    let thread = inbox.between("<a class=\"th\" href=\"", "\"");
    let page = browser.get(&thread).await;
    page.must_have("oui, et le transport?");
    page.must_have("Refresher");
    page.must_have("0770 ••• 003");
    let empty = browser.post(&thread, &[("do", "send"), ("answer", ""), ("once", "k1")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = [("do", "send"), ("answer", "Le transport est payé."), ("once", "k2")];
    assert_eq!(browser.post(&thread, &words).await.status, StatusCode::SEE_OTHER);
    browser.post(&thread, &words).await;
    console.idle().await;
    let phone = browser.get("/simulator?a=231770000003").await.body;
    assert_eq!(phone.matches("Le transport est payé.").count(), 1, "answered once");
    let closed = browser.post(&thread, &[("do", "close"), ("label", "transport")]).await;
    assert_eq!(closed.to, "/inbox");
    browser.get(&format!("{thread}?state=closed")).await.must_have("This thread is closed. transport.");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_pages_speak_french() {
    let console = Console::new().await;
    let mut browser = console.browser("rh@moh.example", Role::Hr, "fr").await;
    let draft = new_draft(&mut browser).await;
    let fields = [("q", "language = fra"), ("text-fra", FRENCH), ("name", "Recyclage")];
    press(&mut browser, &draft, "save", &fields).await;
    let page = browser.get(&format!("/send/{draft}")).await;
    page.must_have("Envoyer à");
    page.must_have("parlent");
    page.must_have("Rien n’a été envoyé");
    let sent = press(&mut browser, &draft, "send", &[("counted", "1")]).await.to;
    assert_eq!(browser.post(&sent, &[("do", "now")]).await.to, sent);
    console.idle().await;
    browser.get(&sent).await.must_have("Hawa Karnley l’a envoyé sans attendre.");
    browser.get("/simulator").await.must_have("Mariam Camara");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_says_so_and_keeps_what_was_typed() {
    let console = Console::new().await;
    let mut browser = console.browser("hr@moh.example", Role::Hr, "en").await;
    let draft = new_draft(&mut browser).await;
    let unreadable = [("q", "plaec = Nimba"), ("text-eng", "Hello @contact.frist_name(")];
    let answer = press(&mut browser, &draft, "send", &unreadable).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.must_have("Nothing was sent.");
    answer.must_have("<mark>plaec = Nimba</mark>");
    answer.must_have("Hello @contact.frist_name(");
    // The number changed between reading and pressing.
    let moved = press(&mut browser, &draft, "send", &[("q", "*"), ("text-eng", "Hello"), ("counted", "7")]).await;
    moved.must_have("The count has changed to 3 since you read it.");
    // A time gone by.
    let late = [("q", "*"), ("text-eng", "Hello"), ("counted", "3"), ("when", "at"), ("at", "2026-05-14T08:00")];
    press(&mut browser, &draft, "send", &late).await.must_have("This time has gone by.");
    // A wrong name in a blank.
    let wrong = [("q", "*"), ("blank", "new-place"), ("typed", "Nowhere")];
    let answer = press(&mut browser, &draft, "use", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.must_have("value=\"Nowhere\"");
    // Another official sees neither the draft nor its count.
    let mut other = console.browser("other@moh.example", Role::Admin, "en").await;
    assert_eq!(other.get(&format!("/send/{draft}")).await.status, StatusCode::NOT_FOUND);
    let mut auditor = console.browser("audit@moh.example", Role::Auditor, "en").await;
    assert_eq!(auditor.get("/send").await.status, StatusCode::FORBIDDEN);
    press(&mut browser, &draft, "discard", &[]).await;
    assert_eq!(browser.get(&format!("/send/{draft}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_waits_for_its_time_or_comes_again_and_again() {
    let console = Console::new().await;
    let mut browser = console.browser("hr@moh.example", Role::Hr, "en").await;
    for (when, each, state) in [("at", "", "Scheduled"), ("each", "weekly", "Again and again")] {
        let draft = new_draft(&mut browser).await;
        let zone = ("zone", "Africa/Monrovia");
        let fields =
            [("q", "*"), ("text-eng", "Report"), ("when", when), ("at", "2026-05-18T07:30"), ("each", each), zone];
        press(&mut browser, &draft, "save", &fields).await;
        let page = browser.get(&format!("/send/{draft}")).await;
        page.must_have("value=\"2026-05-18T07:30\"");
        page.must_have("time of Monrovia");
        let sent = press(&mut browser, &draft, "send", &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        browser.get(&sent.to).await.must_have("Nothing has been sent.");
        browser.get("/broadcasts").await.must_have(state);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_to_one_pretend_phone_and_the_draft_stays() {
    let console = Console::new().await;
    let mut browser = console.browser("hr@moh.example", Role::Hr, "en").await;
    let draft = new_draft(&mut browser).await;
    let fields = [("q", "language = fra"), ("text-fra", "Bonjour @contact.first_name"), ("name", "Salut")];
    let tried = press(&mut browser, &draft, "try", &fields).await;
    assert_eq!(tried.status, StatusCode::SEE_OTHER, "{}", tried.body);
    console.idle().await;
    browser.get(&tried.to).await.must_have("Bonjour Mariam");
    browser.get(&format!("/send/{draft}")).await.must_have("Salut");
}
