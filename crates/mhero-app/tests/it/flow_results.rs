//! Results of flows: what people answered, tables without formulas, and reminders that reach exactly those who are silent.

use jiff::SignedDuration;
use mhero_app::{
    App, Caller,
    broadcasts::{Draft, Release},
    flows::{Followed, NewStart, ResultsOf},
};
use mhero_core::{FlowId, Lang, StartId};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::common::{TestApp, engines};

const MARTHA: &str = "+231770000001";
const PETER: &str = "+231770000002";

fn id(n: u128) -> String {
    Uuid::from_u128((7 << 64) | n).to_string()
}

fn say(n: u128, text: &str, next: Option<u128>) -> Json {
    json!({
        "uuid": id(n),
        "actions": [{ "uuid": id(n + 1), "type": "send_msg", "text": text }],
        "exits": [{ "uuid": id(n + 2), "destination_uuid": next.map(id) }],
    })
}

/// One question: yes or anything else.
fn gloves() -> Vec<u8> {
    let ask = json!({
        "uuid": id(20), "actions": [],
        "router": {
            "type": "switch", "operand": "@input.text", "result_name": "Gloves",
            "cases": [{ "uuid": id(24), "type": "has_any_word", "arguments": ["yes"], "category_uuid": id(25) }],
            "categories": [
                { "uuid": id(25), "name": "Yes", "exit_uuid": id(21) },
                { "uuid": id(26), "name": "Other", "exit_uuid": id(22) },
            ],
            "default_category_uuid": id(26), "wait": { "type": "msg" },
        },
        "exits": [
            { "uuid": id(21), "destination_uuid": id(30) },
            { "uuid": id(22), "destination_uuid": id(30) },
        ],
    });
    json!({
        "uuid": id(1), "name": "Gloves", "spec_version": "14.4.2", "language": "eng", "type": "messaging",
        "revision": 1, "expire_after_minutes": 720, "localization": {},
        "nodes": [say(10, "Do you have gloves?", Some(20)), ask, say(30, "Thank you.", None)],
    })
    .to_string()
    .into_bytes()
}

/// Martha, Peter and somebody without a phone are asked.
async fn asked(t: &TestApp) -> (FlowId, StartId) {
    let people = [
        ("P1", "Martha Kollie", "en", &["0770000001"][..]),
        ("P2", "Peter Tarr", "en", &["0770000002"][..]),
        ("P3", "Ruth Sumo", "en", &[][..]),
    ];
    t.people(&people).await;
    let flow = t.app.save_flow(&Caller::system(), &gloves(), "test").await.expect("a flow").id;
    let start = NewStart::new(flow, "*");
    let start = t.app.start_flow(&Caller::system(), &start).await.expect("a start");
    t.app.run_until_idle().await.expect("idle");
    (flow, start)
}

fn words(key: &str) -> String {
    key.to_owned()
}

#[tokio::test]
async fn answers_are_counted_listed_and_taken_away() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let (flow, start) = asked(&t).await;
        t.hear(MARTHA, "=HYPERLINK(\"http://evil.example\") yes").await;
        let caller = Caller::system();
        for of in [ResultsOf { flow, start: Some(start) }, ResultsOf { flow, start: None }] {
            let results = t.app.flow_results(&caller, of).await.expect("results");
            let funnel = results.funnel;
            assert_eq!((funnel.targeted, funnel.valid, funnel.started), (3, 2, 2), "{engine:?} {of:?}");
            assert_eq!((funnel.replied, funnel.complete), (1, 1), "{engine:?} {of:?}");
            assert_eq!(results.statuses, [("completed".to_owned(), 1), ("waiting".to_owned(), 1)]);
            let question = &results.questions[0];
            assert_eq!((question.key.as_str(), question.answers(), question.is_open()), ("gloves", 1, false));
            assert_eq!(question.categories, [("Yes".to_owned(), 1), ("Other".to_owned(), 0)]);
            let rows = t.app.result_rows(&caller, of, None, 10).await.expect("rows");
            assert_eq!(rows.len(), 2);
            let next = t.app.result_rows(&caller, of, Some(rows[0].run.id), 10).await.expect("the rest");
            assert_eq!(next.len(), 1);
            assert_eq!(rows.iter().filter(|row| row.result("gloves").is_some()).count(), 1);
            let texts = t.app.result_texts(&caller, of, "gloves", (i64::MAX, 10)).await.expect("texts");
            assert_eq!(texts.len(), 1);
            let table = t.app.take_results(&caller, of, "csv").await.expect("a table");
            assert_eq!(table.titles(words).len(), 10);
            let head = App::results_csv_head(&table, words);
            assert!(head.starts_with("\u{feff}results-col-person".as_bytes()));
            let (lines, more) = t.app.results_csv_page(&caller, &table, None, words).await.expect("lines");
            let lines = String::from_utf8(lines).expect("UTF-8");
            assert!(lines.contains("\"'=HYPERLINK(") && !lines.contains(",=") && !lines.contains(",\"="), "{lines}");
            assert_eq!((lines.lines().count(), more), (2, None));
            let book = t.app.results_xlsx(&caller, &table, words).await.expect("a workbook");
            assert!(book.starts_with(b"PK"));
        }
    }
}

#[tokio::test]
async fn a_reminder_reaches_only_those_who_are_silent_when_it_leaves() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let (flow, start) = asked(&t).await;
        let (caller, of) = (Caller::system(), ResultsOf { flow, start: Some(start) });
        t.hear(MARTHA, "yes").await;
        for which in [Followed::Silent, Followed::Replied] {
            let found = t.app.follow_up(&caller, of, which).await.expect("people");
            assert_eq!(found.people, 1, "{engine:?} {which:?}");
        }
        let query = t.app.follow_up(&caller, of, Followed::Silent).await.expect("people").query;
        let later = |hours: i64| Draft {
            query: query.clone(),
            texts: vec![(Lang::ENGLISH, format!("Reminder {hours}"))],
            release: Release::At(t.app.clock().now() + SignedDuration::from_hours(hours)),
            ..Draft::empty(&[Lang::ENGLISH])
        };
        for hours in [1, 2] {
            t.app.send(&caller, &later(hours)).await.expect("a broadcast");
        }
        t.hand.advance(SignedDuration::from_mins(61));
        t.app.run_until_idle().await.expect("idle");
        let reminded = |n: i64| {
            let text = format!("Reminder {n}");
            t.fake.texts().into_iter().filter(|(_, said)| *said == text).map(|(to, _)| to).collect::<Vec<_>>()
        };
        assert_eq!(reminded(1), [PETER.to_owned()], "{engine:?}");
        // Peter answers before the second one leaves, so it reaches nobody.
        t.hear(PETER, "no").await;
        t.hand.advance(SignedDuration::from_mins(60));
        t.app.run_until_idle().await.expect("idle");
        assert!(reminded(2).is_empty(), "{engine:?}");
        let thanks = t.app.start_follow_up(&caller, of, Followed::Replied, (flow, "once")).await.expect("a start");
        assert_eq!(
            t.app.start_follow_up(&caller, of, Followed::Replied, (flow, "once")).await.expect("the same"),
            thanks
        );
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.app.start_page(&caller, thanks).await.expect("a page").funnel.started, 2);
    }
}
