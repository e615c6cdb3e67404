//! S36: an auditor opens a message. Who wrote it, who agreed, by which rule this person got it and on what state of the registries, each
//! hop with its time, and who has read it. The log of all that can only grow, and whoever touches it is found out. A health worker who
//! asks what is held about her gets it in one click, and is told under which reference it lies ready.

use std::path::Path;

use jiff::SignedDuration;
use mhero_app::{
    Caller, NewUser,
    approvals::ApprovalSettings,
    broadcasts::{Draft, Release},
    groups::KeptBy,
};
use mhero_core::{Lane, Lang, Role, UserId};
use mhero_store::Engine;
use serde_json::Value;

use super::{Browser, World, people::workers, world::PASSWORD};

const MARTHA: &str = "+231770000001";
const DIRECTOR: &str = "+231880000001";
const ENGLISH: &str = "MOH: new stock cards are at the county store from Monday.";
const FRENCH: &str = "MSP: nouvelles fiches de stock au magasin du district dès lundi.";

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_all_that_stands_behind_a_message_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_all_that_stands_behind_a_message_on_postgresql() {
    story(Engine::Postgres).await;
}

async fn user(world: &World, email: &str, name: &str, role: Role) -> UserId {
    let new = NewUser {
        email: email.into(),
        name: name.into(),
        language: Lang::ENGLISH,
        role,
        place: None,
        programme: None,
        password: Some(PASSWORD.into()),
    };
    world.app.add_user(&Caller::system(), new).await.expect("a user")
}

async fn story(engine: Engine) {
    let Some(world) = World::new(engine).await else { return };
    workers(&world, 4).await;
    let system = Caller::system();
    let author = user(&world, "hr@moh.example", "Joseph Tarr", Role::Hr).await;
    let director = user(&world, "director@moh.example", "Massa Barclay", Role::Approver).await;
    world.app.set_user_phone(&system, director, DIRECTOR).await.expect("a phone");
    user(&world, "audit@moh.example", "Fatu Gray", Role::Auditor).await;
    world.app.set_approvals(&system, &ApprovalSettings { above: Some(1), minutes: 30 }).await.expect("set");
    let group = world.app.create_group(&system, "Stores", KeptBy::Query("language = eng OR language = fra")).await;
    let group = group.expect("a group");
    let author = world.app.caller_of_user(author).await.expect("read").expect("there");
    let draft = Draft {
        name: "Stock cards".into(),
        query: "group = Stores AND phone != \"\"".into(),
        texts: vec![(Lang::ENGLISH, ENGLISH.into()), (Lang::FRENCH, FRENCH.into())],
        lane: Lane::Normal,
        release: Release::AfterUndo,
        ..Draft::empty(&[])
    };
    world.app.send(&author, &draft).await.expect("it waits");
    agreed(&world).await;
    world.pass(SignedDuration::from_secs(61));
    world.gets(MARTHA, "stock cards").await;
    delivered(&world).await;
    // Somebody changes the rule afterwards: that is said beside it.
    world.pass(SignedDuration::from_mins(1));
    world.app.set_group_query(&system, group, "language = fra").await.expect("another rule");

    let auditor = Browser::sign_in(&world, "audit@moh.example").await;
    let person = world.app.find_person(&system, "W00001").await.expect("a person");
    behind(&auditor, &person.to_string()).await;
    answered(&world, &auditor, &person.to_string()).await;
    taken(&world, &auditor, &person.to_string()).await;
    told(&world, &person.to_string()).await;
    if engine == Engine::Sqlite {
        tampered(&world, &auditor).await;
    }
}

/// The director reads the question on her phone and says yes.
async fn agreed(world: &World) {
    let question = world.gets(DIRECTOR, "Approve 1").await;
    let after = question.split("YES 1 ").nth(1).expect("how to answer");
    let code: String = after.chars().take_while(char::is_ascii_digit).collect();
    let admin = world.admin().await;
    admin.write(DIRECTOR, &format!("YES 1 {code}")).await;
    world.gets(DIRECTOR, "Broadcast 1 is approved").await;
}

async fn delivered(world: &World) {
    world
        .until("the message on the phone", async || {
            world.pass(SignedDuration::from_millis(50));
            let sent = world.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), None, 50).await;
            let sent = sent.expect("messages");
            let own = sent.iter().find(|message| message.path == MARTHA && message.text.as_deref() == Some(ENGLISH));
            own.is_some_and(|message| message.state == "delivered").then_some(())
        })
        .await;
}

/// From her page to what stands behind the message, and each thing is there.
async fn behind(auditor: &Browser<'_>, person: &str) {
    let page = auditor.get(&format!("/people/{person}")).await;
    let links = page.all_between("href=\"/messages/", "\"");
    assert_eq!(links.len(), 1, "{}", page.text());
    let path = format!("/messages/{}", links[0]);
    let shown = auditor.get(&path).await;
    for words in [
        ENGLISH,
        "Joseph Tarr",
        "Massa Barclay agreed by SMS on 23 November 2026",
        "broadcast 1, “Stock cards”",
        "4 people fulfilled it then, 4 of them could be reached",
        "They no longer fulfil it",
        "Audience “Stores”",
        "changed since",
        "files",
        "Practitioner/W00001, as it stood since 23 November 2026",
        "read last on 23 November 2026",
        "Written, on disk here",
        "Attempt 1, part 1 of 1: handed to phones",
        "Taken by the operator",
        "Report of the operator: on the phone",
        "Fatu Gray opened the record",
    ] {
        shown.must_have(words);
    }
    assert!(!shown.body.contains("231770000001"), "the number is masked");
    // Who looks is seen by the next who looks.
    auditor.get(&path).await.must_have("Fatu Gray looked behind it");
    let french = auditor.get(&format!("{path}?lang=fr")).await;
    french.must_have("Ce qu’il y a derrière ce message").must_have("Pourquoi cette personne");
    auditor.get(&format!("{path}?lang=en")).await;
    auditor.get("/audit").await.must_have("looked at what stands behind a message");
}

/// What she writes, and what an official answers, has its page too; that a conversation was read is noted.
async fn answered(world: &World, auditor: &Browser<'_>, person: &str) {
    let admin = world.admin().await;
    admin.write(MARTHA, "Which cards do you mean?").await;
    let thread = world
        .until("a thread", async || {
            let inbox = admin.get("/inbox").await;
            inbox.all_between("href=\"/inbox/", "\"").into_iter().find(|id| id.len() >= 36)
        })
        .await;
    admin.get(&format!("/inbox/{thread}")).await;
    let once = uuid::Uuid::now_v7().to_string();
    admin.post(&format!("/inbox/{thread}"), &[("answer", "The green ones."), ("do", "send"), ("once", &once)]).await;
    world.gets(MARTHA, "The green ones").await;
    let page = auditor.get(&format!("/people/{person}")).await;
    let links = page.all_between("href=\"/messages/", "\"");
    let mut seen = Vec::new();
    for id in &links {
        seen.push(auditor.get(&format!("/messages/{id}")).await);
    }
    let asked = seen.iter().find(|page| page.text().contains("They wrote it.")).expect("what she wrote");
    asked.must_have("Which cards do you mean?").must_have("Hawa Karnley read the conversation");
    let answer = seen.iter().find(|page| page.text().contains("written to this person alone")).expect("the answer");
    answer.must_have("Hawa Karnley").must_have("The green ones.");
}

/// All that is held of her, in one click; the same for programs.
async fn taken(world: &World, auditor: &Browser<'_>, person: &str) {
    let file = auditor.post(&format!("/people/{person}/held"), &[("do", "file")]).await;
    assert_eq!(file.status, 200, "{}", file.text());
    for words in
        ["What we hold about Worker00001 Kollie", "SA-1", ENGLISH, "Which cards do you mean?", "W00001", MARTHA]
    {
        file.must_have(words);
    }
    let whole = auditor.post(&format!("/people/{person}/held"), &[("do", "json")]).await;
    let whole: Value = serde_json::from_str(&whole.body).expect("JSON");
    assert_eq!((&whole["reference"], &whole["whole"]), (&"SA-2".into(), &true.into()));
    let texts = whole["messages"].as_array().expect("messages");
    assert!(texts.len() >= 3 && texts.iter().all(|one| one["number"] == MARTHA), "{texts:?}");
    assert_eq!(whole["records"][0]["id"], "W00001");
    assert!(whole["record_changes"].as_array().is_some_and(|all| !all.is_empty()), "{}", whole["record_changes"]);
    let audit = whole["audit"].to_string();
    assert!(audit.contains("person-opened") && audit.contains("person-held-taken"), "{audit}");
    auditor.get("/audit").await.must_have("took a file of all that is held of somebody");
    // Who keeps no records takes none.
    let director = Browser::sign_in(world, "director@moh.example").await;
    assert_eq!(director.post(&format!("/people/{person}/held"), &[("do", "file")]).await.status, 403);
}

async fn told(world: &World, person: &str) {
    let admin = world.admin().await;
    admin.press(&format!("/people/{person}/held"), &[("do", "tell")]).await.must_have("They were told by SMS.");
    let text = world.gets(MARTHA, "what we hold about you").await;
    assert!(text.contains("ref SA-2"), "{text}");
    assert_eq!(mhero_text::measure(&text).segments, 1, "{text}");
}

/// Somebody with the database in their hands changes who did something: the check says which entry.
async fn tampered(world: &World, auditor: &Browser<'_>) {
    world.app.seal_audit().await.expect("sealed");
    auditor.press("/audit/check", &[]).await.must_have("The audit log is whole");
    let changed = change_a_row(&world.database_file());
    assert_eq!(changed, 1);
    let found = world.app.check_audit(&Caller::system()).await.expect("checked").expect("it is found");
    assert_eq!(found.what, "entry-changed");
    auditor.press("/audit/check", &[]).await.must_have("does not hold together at entry");
}

fn change_a_row(file: &Path) -> usize {
    let connection = rusqlite::Connection::open(file).expect("the file");
    connection.busy_timeout(std::time::Duration::from_secs(60)).expect("it waits");
    let sql = "UPDATE audit SET action = 'signed-in' WHERE entry = (SELECT MIN(entry) FROM audit WHERE action = 'person-held-taken')";
    connection.execute(sql, []).expect("changed")
}
