//! Files that wait for a decision: sealed, for those who brought them, for a day, and with one import at a time.

use jiff::SignedDuration;
use mhero_app::{App, AppError, Caller, people::DraftState};
use mhero_core::ImportId;
use mhero_store::{Actor, Clock, Statement, Store};
use uuid::Uuid;

use crate::common::{TestApp, engines};

static CONTENT: Statement =
    Statement::both("test::brought", "SELECT content FROM import_draft_part ORDER BY number ASC NULLS LAST");
static ABOUT: Statement = Statement::both("test::brought_about", "SELECT about FROM import_draft");

const FILE: &[u8] = b"Nom,Contact\nMartha Kollie,0770000001\n";

fn official(id: u128) -> Caller {
    Caller { actor: Actor { kind: "user", id: Some(Uuid::from_u128(id)) }, ..Caller::system() }
}

async fn kept(app: &App, statement: &'static Statement) -> Vec<Vec<u8>> {
    let rows = app.store().query(statement, vec![]).await.expect("it answers");
    rows.iter().map(|row| row.get(0).expect("bytes")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_waits_sealed_for_whoever_brought_it_and_for_a_day() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let (app, ann, ben) = (&test.app, official(1), official(2));
        let large = FILE.repeat(60_000);
        let id = app.keep_brought(&ann, "Kollie.csv", "county", &large).await.expect("it is kept");
        let sealed = kept(app, &CONTENT).await;
        assert!(sealed.len() > 1, "{engine:?}: a large file is kept in parts");
        for bytes in sealed.iter().chain(&kept(app, &ABOUT).await) {
            assert!(
                !bytes.windows(6).any(|window| window == b"Kollie"),
                "{engine:?}: nothing of it can be read in the store"
            );
        }
        // Another node, and this one after a restart, see it.
        let again = Store::open(&test.location, Clock::wall()).await;
        assert!(again.expect("a second node").brought(id).await.expect("it answers").is_some());
        let draft = app.brought(&ann, id).await.expect("it is there");
        assert_eq!(
            (draft.file.as_str(), draft.source.as_str(), draft.state),
            ("Kollie.csv", "county", DraftState::Open)
        );
        assert_eq!(app.brought_bytes(&draft).await.expect("its bytes"), large);
        assert!(matches!(app.brought(&ben, id).await, Err(AppError::NotFound { .. })), "it is nobody else's");
        assert!(matches!(app.brought(&Caller::system(), id).await, Err(AppError::NotAllowed { .. })));
        // What is brought next takes its place; another's stays.
        let of_ben = app.keep_brought(&ben, "b.csv", "county", FILE).await.expect("it is kept");
        let next = app.keep_brought(&ann, "next.csv", "county", FILE).await.expect("it is kept");
        assert!(matches!(app.brought(&ann, id).await, Err(AppError::NotFound { .. })));
        assert!(app.brought(&ben, of_ben).await.is_ok());
        test.hand.advance(SignedDuration::from_hours(25));
        assert!(matches!(app.brought(&ann, next).await, Err(AppError::NotFound { .. })), "{engine:?}: a day is over");
        app.run_until_idle().await.expect("idle");
        assert!(kept(app, &CONTENT).await.is_empty() && kept(app, &ABOUT).await.is_empty(), "{engine:?}: it is gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_once_and_again_where_the_import_broke_off() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let (app, ann) = (&test.app, official(1));
        let id = app.keep_brought(&ann, "a.csv", "county", FILE).await.expect("it is kept");
        let draft = app.brought(&ann, id).await.expect("it is there");
        app.say_of_brought(&draft, vec![("column.Nom".to_owned(), "family".to_owned())]).await.expect("said");
        assert!(app.begin_brought(&draft).await.is_err(), "{engine:?}: it was changed meanwhile");
        let draft = app.brought(&ann, id).await.expect("it is there");
        assert_eq!(draft.said.len(), 1);
        let begun = app.begin_brought(&draft).await.expect("it begins");
        assert!(app.begin_brought(&draft).await.is_err(), "{engine:?}: only one node imports it");
        app.brought_goes_on(&begun, 120, Some(500)).await.expect("noted");
        let seen = app.brought(&ann, id).await.expect("it is there");
        assert_eq!(seen.state, DraftState::Importing(120, Some(500)), "{engine:?}: other nodes see how far it is");
        // The node is gone: after a minute the file can be imported again.
        test.hand.advance(SignedDuration::from_secs(90));
        let draft = app.brought(&ann, id).await.expect("it is there");
        assert_eq!(draft.state, DraftState::Open);
        let begun = app.begin_brought(&draft).await.expect("it begins again");
        let run = ImportId::from_uuid(Uuid::from_u128(7));
        app.end_brought(&begun, Some(run)).await.expect("it ends");
        let done = app.brought(&ann, id).await.expect("its run is known");
        assert_eq!(done.state, DraftState::Done(Some(run)), "{engine:?}");
        assert!(kept(app, &CONTENT).await.is_empty(), "{engine:?}: what was imported is not kept twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_files_make_room_for_the_latest() {
    for engine in engines() {
        let test = TestApp::new(engine).await;
        let first = test.app.keep_brought(&official(1), "a.csv", "county", FILE).await.expect("it is kept");
        for user in 2..=21 {
            test.hand.advance(SignedDuration::from_secs(1));
            test.app.keep_brought(&official(user), "b.csv", "county", FILE).await.expect("it is kept");
        }
        assert!(matches!(test.app.brought(&official(1), first).await, Err(AppError::NotFound { .. })), "{engine:?}");
        assert_eq!(kept(&test.app, &ABOUT).await.len(), 20, "{engine:?}");
    }
}
