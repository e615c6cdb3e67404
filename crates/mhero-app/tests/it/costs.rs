//! Cost: prices are recorded as messages leave, budgets hold broadcasts and nothing else, bills are compared with what was sent.

use jiff::{SignedDuration, civil::date};
use mhero_app::{
    App, AppError, Caller,
    broadcasts::{Draft, Release},
    costs::{Answers, BillColumns, DifferenceKind, NewBill, NewBudget, NewPrice, Payer, Period},
    flows::NewStart,
    messaging::NewChannel,
    numbers::{Operator, Operators},
};
use mhero_core::{BroadcastId, Direction, Lane, Lang, LangMap, Role, Scope};

use crate::{
    common::{Script, TestApp, engines},
    flows::{saved, stock},
};

const SEWACEL: &str = "+231770000001";
const NORTHTEL: &str = "+231886000002";

/// Two people, each at an operator.
async fn two_operators(engine: mhero_store::Engine) -> TestApp {
    let t = TestApp::new(engine).await;
    let people: [(&str, &str, &str, &[&str]); 2] =
        [("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "James Flomo", "fr", &["0886000002"])];
    t.people(&people).await;
    let named = |name: &str, prefix: &str| Operator { name: name.into(), prefixes: vec![prefix.into()] };
    let operators = Operators(vec![named("Sewacel", "+23177"), named("Northtel", "+23188")]);
    t.app.set_operators(&Caller::system(), &operators).await.expect("operators");
    t
}

fn draft(text: &str, lane: Lane) -> Draft {
    Draft {
        name: "Test".into(),
        query: "*".into(),
        texts: vec![(Lang::ENGLISH, text.into())],
        lane,
        channel: None,
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    }
}

async fn send(t: &TestApp, lane: Lane) -> BroadcastId {
    let id = t.app.send(&Caller::system(), &draft("MOH: hello", lane)).await.expect("sent");
    t.app.run_until_idle().await.expect("idle");
    id
}

async fn status(app: &App, id: BroadcastId) -> String {
    app.store().broadcast(&Scope::system(), id).await.expect("it answers").expect("it is there").status
}

fn price(t: &TestApp, operator: Option<&str>, amount: &str) -> NewPrice {
    NewPrice {
        channel: t.channel,
        operator: operator.map(Into::into),
        direction: Direction::Out,
        payer: Payer::Ministry,
        amount: amount.into(),
        from: date(2026, 5, 14),
    }
}

fn key(result: Result<(), AppError>) -> &'static str {
    match result {
        Err(AppError::Invalid(reason)) => reason.key,
        other => panic!("{other:?}"),
    }
}

/// Everything of a day, by operator: segments and cost.
async fn costs(t: &TestApp, day: jiff::civil::Date) -> Vec<(String, i64, i64)> {
    let counts = t.app.day_counts(&Caller::system(), day).await.expect("counts");
    let line =
        |line: &mhero_app::costs::DayLine| (line.operator.clone().unwrap_or_default(), line.segments, line.micros);
    counts.lines.iter().map(line).collect()
}

#[tokio::test]
async fn what_leaves_keeps_the_price_of_its_moment() {
    for engine in engines() {
        let t = two_operators(engine).await;
        let caller = Caller::system();
        assert_eq!(key(t.app.add_price(&caller, &price(&t, None, "0.02")).await), "price-no-currency");
        t.app.set_currency(&caller, "usd").await.expect("a currency");
        t.app.add_price(&caller, &price(&t, None, "0.05")).await.expect("a price");
        t.app.add_price(&caller, &price(&t, Some("Sewacel"), "0,02")).await.expect("a price");
        // Before it leaves.
        let preview = t.app.preview(&caller, &draft("MOH: hello", Lane::Bulk), 0).await.expect("a preview");
        let lines: Vec<_> = preview.estimate.lines.iter().map(|line| (line.operator.as_deref(), line.micros)).collect();
        assert_eq!(lines, [(Some("Northtel"), Some(50_000)), (Some("Sewacel"), Some(20_000))], "{engine:?}");
        assert_eq!((preview.estimate.micros, preview.estimate.unpriced), (70_000, 0));
        // As it leaves.
        send(&t, Lane::Bulk).await;
        let day = date(2026, 5, 14);
        let first = [("Northtel".to_owned(), 1, 50_000), ("Sewacel".to_owned(), 1, 20_000)];
        assert_eq!(costs(&t, day).await, first);
        // Dearer from now on: what has left stays as it was recorded.
        t.hand.advance(SignedDuration::from_secs(10));
        t.app.add_price(&caller, &price(&t, Some("Sewacel"), "0.2")).await.expect("a price");
        assert_eq!(costs(&t, day).await, first);
        send(&t, Lane::Bulk).await;
        assert_eq!(costs(&t, day).await[1], ("Sewacel".to_owned(), 2, 220_000));
        assert_eq!(t.app.prices(&caller).await.expect("prices").len(), 3);
    }
}

#[tokio::test]
async fn what_the_operator_never_took_costs_nothing() {
    for engine in engines() {
        let t = two_operators(engine).await;
        let caller = Caller::system();
        t.app.set_currency(&caller, "USD").await.expect("a currency");
        t.app.add_price(&caller, &price(&t, None, "0.05")).await.expect("a price");
        t.fake.script([Script::Refuse]);
        send(&t, Lane::Bulk).await;
        let counts = t.app.day_counts(&caller, date(2026, 5, 14)).await.expect("counts");
        assert_eq!((counts.total.messages, counts.total.not_sent, counts.total.micros), (1, 1, 50_000), "{engine:?}");
    }
}

#[tokio::test]
async fn prices_that_cannot_be_are_refused_in_words() {
    let t = two_operators(mhero_store::Engine::Sqlite).await;
    let caller = Caller::system();
    assert_eq!(key(t.app.set_currency(&caller, "dollars").await), "currency-code");
    t.app.set_currency(&caller, "GNF").await.expect("a currency");
    assert_eq!(key(t.app.add_price(&caller, &price(&t, None, "much")).await), "price-amount");
    assert_eq!(key(t.app.add_price(&caller, &price(&t, Some("Nobody"), "1")).await), "price-operator");
    let past = NewPrice { from: date(2026, 5, 13), ..price(&t, None, "1") };
    assert_eq!(key(t.app.add_price(&caller, &past).await), "price-day-passed");
    let later = NewPrice { from: date(2026, 6, 1), ..price(&t, None, "1") };
    t.app.add_price(&caller, &later).await.expect("a price");
    assert_eq!(key(t.app.add_price(&caller, &later).await), "price-twice");
    assert_eq!(key(t.app.set_currency(&caller, "USD").await), "currency-stays");
    let shown = t.app.prices(&caller).await.expect("prices");
    assert!(shown[0].is_coming && !shown[0].holds);
    t.app.drop_price(&caller, shown[0].row.id).await.expect("it does not hold yet");
    t.app.add_price(&caller, &price(&t, None, "1")).await.expect("a price");
    let shown = t.app.prices(&caller).await.expect("prices");
    assert_eq!(key(t.app.drop_price(&caller, shown[0].row.id).await), "price-holds");
}

#[tokio::test]
async fn a_budget_holds_broadcasts_and_never_alerts() {
    for engine in engines() {
        let t = two_operators(engine).await;
        let caller = Caller::system();
        t.app.set_currency(&caller, "USD").await.expect("a currency");
        t.app.add_price(&caller, &price(&t, None, "0.05")).await.expect("a price");
        let new =
            NewBudget { programme: None, period: Period::Month, amount: "0.10".into(), warn_percent: 80, stops: true };
        t.app.set_budget(&caller, None, &new).await.expect("a budget");
        assert_eq!(key(t.app.set_budget(&caller, None, &new).await), "budget-twice");
        // Two messages use it up.
        send(&t, Lane::Bulk).await;
        t.hand.advance(SignedDuration::from_mins(1));
        t.app.run_until_idle().await.expect("idle");
        let standing = t.app.budgets(&caller).await.expect("budgets").remove(0);
        assert_eq!((standing.spent, standing.percent(), standing.is_used_up()), (100_000, 100, true), "{engine:?}");
        // A broadcast waits, whether it is bulk or normal; an alert and an answer do not.
        let (bulk, normal) = (send(&t, Lane::Bulk).await, send(&t, Lane::Normal).await);
        assert_eq!((status(&t.app, bulk).await.as_str(), status(&t.app, normal).await.as_str()), ("paused", "paused"));
        let before = t.fake.count();
        send(&t, Lane::Alert).await;
        assert_eq!(t.fake.count(), before + 2, "alerts leave");
        t.hear(SEWACEL, "HELP").await;
        assert_eq!(t.fake.count(), before + 3, "answers leave");
        let held = t.app.budget_holding(&caller, bulk).await.expect("it answers").expect("it is held");
        assert_eq!(held.budget.id, standing.budget.id);
        // Nobody lets it go on by hand; lifting the stop does, with a reason.
        assert_eq!(key(t.app.resume_broadcast(&caller, bulk).await), "budget-used-up");
        assert_eq!(key(t.app.lift_budget(&caller, standing.budget.id, " ").await), "budget-reason");
        let hr = Caller {
            scope: Scope::of(uuid::Uuid::from_u128(7), true, true, mhero_core::Rights::of([Role::Hr])),
            ..caller.clone()
        };
        assert!(matches!(
            t.app.lift_budget(&hr, standing.budget.id, "cholera").await,
            Err(AppError::NotAllowed { .. })
        ));
        t.app.lift_budget(&caller, standing.budget.id, "Cholera in Nimbara").await.expect("lifted");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), before + 7, "both went on");
        assert_eq!(t.app.budget_holding(&caller, bulk).await.expect("it answers"), None);
        // Held again, and the next month lets it go.
        t.app.unlift_budget(&caller, standing.budget.id).await.expect("taken back");
        t.hand.advance(SignedDuration::from_mins(1));
        let later = send(&t, Lane::Bulk).await;
        assert_eq!(status(&t.app, later).await, "paused");
        t.hand.advance(SignedDuration::from_hours(24 * 20));
        t.app.run_until_idle().await.expect("idle");
        assert_ne!(status(&t.app, later).await, "paused", "a new month");
    }
}

#[tokio::test]
async fn what_is_claimed_between_two_sums_counts_against_a_budget() {
    for engine in engines() {
        let t = two_operators(engine).await;
        let caller = Caller::system();
        t.app.set_currency(&caller, "USD").await.expect("a currency");
        t.app.add_price(&caller, &price(&t, None, "0.05")).await.expect("a price");
        let epi = t.app.add_programme(&caller, "epi", LangMap::one(Lang::ENGLISH, "EPI")).await.expect("a programme");
        let amount = "0.15".to_owned();
        let new = NewBudget { programme: Some(epi), period: Period::Month, amount, warn_percent: 80, stops: true };
        t.app.set_budget(&caller, None, &new).await.expect("a budget");
        t.app.run_until_idle().await.expect("idle");
        // No time passes between these, so nothing is added up: of the second one half is left, though both are of one claim.
        let of_epi = |lane| Draft { programme: Some(epi), ..draft("MOH: hello", lane) };
        let mut ids = Vec::new();
        for (lane, left) in [(Lane::Bulk, 2), (Lane::Normal, 3), (Lane::Bulk, 3), (Lane::Alert, 5)] {
            ids.push(t.app.send(&caller, &of_epi(lane)).await.expect("sent"));
            t.app.run_until_idle().await.expect("idle");
            assert_eq!(t.fake.count(), left, "{engine:?}");
        }
        send(&t, Lane::Bulk).await;
        assert_eq!(t.fake.count(), 7, "another programme has no such budget");
        t.hand.advance(SignedDuration::from_mins(1));
        t.app.run_until_idle().await.expect("idle");
        let mut now = Vec::new();
        for id in &ids {
            now.push(status(&t.app, *id).await);
        }
        assert_eq!(now, ["done", "paused", "paused", "done"], "{engine:?}");
        // What was counted here is not lost, and not counted twice.
        let raised = NewBudget { amount: "0.35".into(), ..new };
        let budget = t.app.budgets(&caller).await.expect("budgets").remove(0).budget;
        t.app.set_budget(&caller, Some(budget.id), &raised).await.expect("raised");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 9, "{engine:?}");
    }
}

#[tokio::test]
async fn a_broadcast_whose_last_messages_use_a_budget_up_is_done() {
    for (engine, answer) in engines().into_iter().flat_map(|one| [(one, Script::Wait), (one, Script::WaitAndRefuse)]) {
        let t = two_operators(engine).await;
        let caller = Caller::system();
        t.app.set_currency(&caller, "USD").await.expect("a currency");
        t.app.add_price(&caller, &price(&t, None, "0.05")).await.expect("a price");
        let amount = "0.10".to_owned();
        let new = NewBudget { programme: None, period: Period::Total, amount, warn_percent: 80, stops: true };
        t.app.set_budget(&caller, None, &new).await.expect("a budget");
        t.app.run_until_idle().await.expect("idle");
        t.fake.script([answer]);
        let id = t.app.send(&caller, &draft("MOH: hello", Lane::Bulk)).await.expect("sent");
        let slow = async { t.app.run_until_idle().await.expect("idle") };
        let meanwhile = async {
            t.fake.waits.notified().await;
            t.hand.advance(SignedDuration::from_mins(1));
            t.app.run_until_idle().await.expect("idle");
            assert_eq!(status(&t.app, id).await, "paused", "{engine:?}: the budget is used up");
            t.fake.go_on.notify_one();
        };
        tokio::join!(slow, meanwhile);
        t.hand.advance(SignedDuration::from_mins(1));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!((status(&t.app, id).await.as_str(), t.fake.count()), ("done", 2), "{engine:?} {answer:?}");
        assert_eq!(t.app.budget_holding(&caller, id).await.expect("it answers"), None);
    }
}

#[tokio::test]
async fn a_question_goes_by_the_toll_free_sender_and_nothing_else_does() {
    for engine in engines() {
        let t = two_operators(engine).await;
        let caller = Caller::system();
        t.app.set_currency(&caller, "USD").await.expect("a currency");
        let second = NewChannel { kind: "fake".into(), name: "4040".into(), config: [].into() };
        let free = t.app.add_channel(&caller, &second).await.expect("a channel").id;
        let from = |payer, price: NewPrice| NewPrice { direction: Direction::In, payer, ..price };
        t.app.add_price(&caller, &from(Payer::Worker, price(&t, None, "0.01"))).await.expect("a price");
        let toll_free = NewPrice { channel: free, ..price(&t, Some("Sewacel"), "0.01") };
        t.app.add_price(&caller, &from(Payer::Ministry, toll_free)).await.expect("a price");
        let senders = t.app.free_senders().await.expect("senders");
        assert_eq!(senders.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["4040"], "{engine:?}");
        // A broadcast goes as ever, and says who pays for an answer.
        let preview = t.app.preview(&caller, &draft("MOH: hello", Lane::Bulk), 0).await.expect("a preview");
        assert_eq!(preview.estimate.answers, Answers { free: 0, paid: 2, unknown: 0 });
        // By the free one the answer costs nothing where it is free; elsewhere nobody has said.
        let by_free = Draft { channel: Some(free), ..draft("MOH: hello", Lane::Bulk) };
        let preview = t.app.preview(&caller, &by_free, 0).await.expect("a preview");
        assert_eq!(preview.estimate.answers, Answers { free: 1, paid: 0, unknown: 1 }, "{engine:?}");
        send(&t, Lane::Bulk).await;
        // A flow that asks something goes by the free one where that is free.
        let flow = saved(&t, &stock()).await;
        let start = NewStart::new(flow, "*");
        let asked = t.app.preview_start(&caller, &start).await.expect("a preview");
        assert_eq!(asked.answers, Answers { free: 1, paid: 1, unknown: 0 });
        t.app.start_flow(&caller, &start).await.expect("started");
        t.app.run_until_idle().await.expect("idle");
        let all = t.app.store().recent_messages(&caller.scope, (0, i64::MAX), Some(Direction::Out), 100).await;
        let all = all.expect("messages");
        let ways = |path: &str| all.iter().filter(|one| one.path == path).map(|one| one.channel).collect::<Vec<_>>();
        assert_eq!(ways(SEWACEL), [Some(free), Some(t.channel)], "{engine:?}");
        assert_eq!(ways(NORTHTEL), [Some(t.channel), Some(t.channel)]);
    }
}

const BILL: &str = "Message ID,To,Date,SMS,Price,Status\n";

async fn bring(t: &TestApp, lines: &str) -> Result<mhero_core::BillId, AppError> {
    let new = NewBill {
        channel: t.channel,
        name: "may.csv".into(),
        bytes: format!("{BILL}{lines}").into_bytes(),
        columns: BillColumns::default(),
    };
    t.app.bring_bill(&Caller::system(), new).await
}

#[tokio::test]
async fn a_bill_is_compared_and_its_differences_explained() {
    for engine in engines() {
        let t = two_operators(engine).await;
        let caller = Caller::system();
        t.app.set_currency(&caller, "USD").await.expect("a currency");
        t.app.add_price(&caller, &price(&t, None, "0.05")).await.expect("a price");
        // The answer to one of the two is lost.
        t.fake.script([Script::Unknown]);
        send(&t, Lane::Bulk).await;
        let agrees =
            format!(",{SEWACEL},2026-05-14 09:01,1,0.05,DELIVRD\n,{NORTHTEL},2026-05-14 09:01,1,0.06,DELIVRD\n");
        let lines = format!("{agrees}zz,+231775555555,2026-05-14 09:02,1,0.05,DELIVRD\n");
        let id = bring(&t, &lines).await.expect("it is compared");
        let page = t.app.bill_page(&caller, id, (None, 0, 50)).await.expect("a page");
        let counts: Vec<_> = page.counts.iter().map(|(kind, count)| (*kind, *count)).collect();
        let expected =
            [(DifferenceKind::DeliveredUncertain, 1), (DifferenceKind::NotSent, 1), (DifferenceKind::OtherPrice, 1)];
        assert_eq!(counts, expected, "{engine:?}");
        assert_eq!((page.bill.row.segments, page.bill.row.our_segments), (3, 2));
        let only = t.app.bill_page(&caller, id, (Some(DifferenceKind::NotSent), 0, 50)).await.expect("a page");
        assert_eq!((only.rows.len(), only.rows[0].row.line), (1, Some(4)));
        assert!(only.rows[0].row.path.is_some());
        // Somebody of a district may not see whose numbers they are.
        let rights = mhero_core::Rights::of([Role::Auditor]);
        let narrow = Caller { scope: Scope::of(uuid::Uuid::from_u128(7), false, true, rights), ..caller.clone() };
        let hidden = t.app.bill_page(&narrow, id, (None, 0, 50)).await.expect("a page");
        assert!(hidden.rows.iter().all(|seen| seen.row.path.is_none() && seen.person.is_none()));
        let csv = t.app.bill_csv(&caller, id, str::to_owned).await.expect("a file");
        assert_eq!(String::from_utf8_lossy(&csv).lines().count(), 4);
        // What was sent and is not on the bill.
        let id = bring(&t, &format!(",{SEWACEL},14/05/2026,1,0.05,DELIVRD\n")).await.expect("it is compared");
        let page = t.app.bill_page(&caller, id, (None, 0, 50)).await.expect("a page");
        assert!(page.counts.iter().all(|(kind, _)| *kind != DifferenceKind::NotSent));
        t.app.drop_bill(&caller, id).await.expect("gone");
        assert!(t.app.bill_page(&caller, id, (None, 0, 50)).await.is_err());
        assert_eq!(t.app.bills(&caller).await.expect("bills").len(), 1);
        // Numbers that are nobody's of ours are forgotten after a time.
        t.hand.advance(SignedDuration::from_hours(24 * 91));
        t.app.run_until_idle().await.expect("idle");
        let bill = t.app.bills(&caller).await.expect("bills").remove(0).row.id;
        let later = t.app.bill_page(&caller, bill, (Some(DifferenceKind::NotSent), 0, 50)).await.expect("a page");
        assert_eq!(later.rows[0].row.path, None);
    }
}
