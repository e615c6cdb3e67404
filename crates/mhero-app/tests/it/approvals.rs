//! Two-person release: by whom, by which phone, bound to what, and what never counts.

use jiff::SignedDuration;
use mhero_app::{
    App, AppError, Caller, NewUser,
    approvals::{ApprovalSettings, Decision},
    broadcasts::{Draft, Release},
    groups::KeptBy,
};
use mhero_core::{BroadcastId, Lane, Lang, Role, UserId};
use mhero_store::{ApprovalCode, AuditFilter};

use crate::common::{TestApp, engines};

/// The approver's phone.
const DIRECTOR: &str = "+231770000900";
const STRANGER: &str = "+231770000901";

/// Two people, a size of one, an author and an approver with a phone.
struct Office {
    t: TestApp,
    author: Caller,
    director: Caller,
}

impl Office {
    async fn new(engine: mhero_store::Engine) -> Self {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "Aissata Diallo", "fr", &["0770000002"])])
            .await;
        let system = Caller::system();
        let settings = ApprovalSettings { above: Some(1), minutes: 30 };
        t.app.set_approvals(&system, &settings).await.expect("set");
        let author = user(&t.app, "author@moh.example", Role::Hr).await;
        let director = user(&t.app, "director@moh.example", Role::Approver).await;
        t.app.set_user_phone(&system, director, DIRECTOR).await.expect("a phone");
        let author = t.app.caller_of_user(author).await.expect("read").expect("there");
        let director = t.app.caller_of_user(director).await.expect("read").expect("there");
        Self { t, author, director }
    }

    async fn send(&self, query: &str) -> BroadcastId {
        let id = self.t.app.send(&self.author, &draft(query)).await.expect("accepted");
        self.t.app.run_until_idle().await.expect("idle");
        id
    }

    async fn status(&self, id: BroadcastId) -> String {
        self.t.app.broadcast_page(&Caller::system(), id).await.expect("a page").broadcast.status
    }

    async fn code(&self, id: BroadcastId) -> (ApprovalCode, String) {
        let store = self.t.app.store();
        let approval = store.last_approval(id).await.expect("read").expect("asked");
        let code = store.approval_codes(approval.id).await.expect("read").pop().expect("a code");
        let plain = self.t.app.unseal("approval_code.sealed", code.id, &code.sealed).expect("it opens");
        (code, String::from_utf8(plain).expect("digits"))
    }

    async fn number(&self, id: BroadcastId) -> i64 {
        self.t.app.broadcast_page(&Caller::system(), id).await.expect("a page").broadcast.number
    }

    /// What the approver's phone got last.
    fn last_to(&self, phone: &str) -> String {
        let texts = self.t.fake.texts();
        texts.into_iter().rev().find(|(to, _)| to == phone).map(|(_, text)| text).unwrap_or_default()
    }

    /// Workers who got something.
    fn reached(&self) -> usize {
        self.t.fake.texts().iter().filter(|(to, _)| to.starts_with("+23177000000")).count()
    }

    async fn audited(&self, action: &str) -> usize {
        let filter = AuditFilter { action: Some(action.to_owned()), ..AuditFilter::default() };
        self.t.app.audit_log(&Caller::system(), &filter, 50).await.expect("a log").len()
    }

    async fn undo_minute(&self) {
        self.t.hand.advance(SignedDuration::from_secs(61));
        self.t.app.run_until_idle().await.expect("idle");
    }
}

async fn user(app: &App, email: &str, role: Role) -> UserId {
    let new = NewUser {
        email: email.into(),
        name: email.into(),
        language: Lang::ENGLISH,
        role,
        place: None,
        programme: None,
        password: None,
    };
    app.add_user(&Caller::system(), new).await.expect("a user")
}

fn draft(query: &str) -> Draft {
    Draft {
        name: "Measles week".into(),
        query: query.into(),
        texts: vec![(Lang::ENGLISH, "MOH: vaccinate".into()), (Lang::FRENCH, "MSP: vaccinez".into())],
        lane: Lane::Bulk,
        release: Release::AfterUndo,
        ..Draft::empty(&[])
    }
}

#[tokio::test]
async fn above_the_size_nothing_leaves_until_another_person_agrees_on_the_console() {
    for engine in engines() {
        let office = Office::new(engine).await;
        let small = office.send("phone = 0770000001").await;
        assert_eq!(office.status(small).await, "undo", "{engine:?}: a small one goes as ever");
        let id = office.send("*").await;
        assert_eq!(office.status(id).await, "approval");
        office.undo_minute().await;
        assert_eq!(office.reached(), 1, "{engine:?}: only the small one left");
        let app = &office.t.app;
        let page = app.approval_page(&office.director, id).await.expect("a page");
        let people = page.preview.as_ref().expect("a preview").recipients;
        assert_eq!((people, page.is_unchanged, page.listed.may_decide), (2, true, true));
        let approve = Decision::Approve { shown: page.shown.clone(), people };
        assert!(matches!(app.decide_approval(&office.author, id, &approve).await, Err(AppError::NotAllowed { .. })));
        let admin = user(app, "admin@moh.example", Role::Admin).await;
        let admin = app.caller_of_user(admin).await.expect("read").expect("there");
        let own = app.send(&admin, &draft("*")).await.expect("accepted");
        let refused = app.decide_approval(&admin, own, &approve).await;
        assert!(matches!(&refused, Err(AppError::Invalid(reason)) if reason.key == "approval-own"), "{refused:?}");
        app.undo_broadcast(&admin, own).await.expect("taken back");
        let other = Decision::Approve { shown: "00".into(), people };
        assert!(matches!(app.decide_approval(&office.director, id, &other).await, Err(AppError::Invalid(_))));
        let other = Decision::Approve { shown: page.shown, people: 1 };
        assert!(matches!(app.decide_approval(&office.director, id, &other).await, Err(AppError::Invalid(_))));
        app.decide_approval(&office.director, id, &approve).await.expect("approved");
        assert_eq!(office.status(id).await, "undo");
        assert!(app.decide_approval(&office.director, id, &approve).await.is_err(), "once");
        office.undo_minute().await;
        assert_eq!(office.reached(), 3);
        assert_eq!(office.audited("approval-given").await, 1);
    }
}

#[tokio::test]
async fn the_code_of_the_approvers_own_phone_releases_once_and_nothing_else_does() {
    for engine in engines() {
        let office = Office::new(engine).await;
        let id = office.send("*").await;
        let (number, (_, code)) = (office.number(id).await, office.code(id).await);
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-ask eng", "{engine:?}");
        office.t.hear(STRANGER, &format!("YES {number} {code}")).await;
        assert_eq!(office.last_to(STRANGER), "approval-sms-not-allowed eng");
        assert_eq!(office.audited("approval-not-allowed").await, 1);
        office.t.hear(DIRECTOR, &format!("yes {number}")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-code eng");
        office.t.hear(DIRECTOR, "yes").await;
        assert_eq!(office.status(id).await, "approval");
        office.t.hear(DIRECTOR, &format!("Oui {number} {code}")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-approved eng");
        assert_eq!(office.status(id).await, "undo");
        office.t.hear(DIRECTOR, &format!("YES {number} {code} again")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-over eng");
        office.undo_minute().await;
        assert_eq!(office.reached(), 2);
        let all = office.t.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), None, 100).await;
        let kept: Vec<String> = all.expect("messages").into_iter().filter_map(|message| message.text).collect();
        assert!(kept.iter().all(|text| !text.contains(&code)), "the code is kept nowhere: {kept:?}");
        assert!(kept.iter().any(|text| text.contains("****")), "{kept:?}");
    }
}

#[tokio::test]
async fn five_wrong_codes_lock_and_an_old_code_does_not_count() {
    for engine in engines() {
        let office = Office::new(engine).await;
        let id = office.send("*").await;
        let (number, (_, code)) = (office.number(id).await, office.code(id).await);
        let wrong = if code == "0000" { "1111" } else { "0000" };
        for _ in 0..4 {
            office.t.hand.advance(SignedDuration::from_secs(10));
            office.t.hear(DIRECTOR, &format!("APPROVE {wrong}")).await;
            assert_eq!(office.last_to(DIRECTOR), "approval-sms-wrong eng", "{engine:?}");
        }
        office.t.hand.advance(SignedDuration::from_secs(10));
        office.t.hear(DIRECTOR, &format!("YES {number} {wrong}")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-locked eng");
        office.t.hear(DIRECTOR, &format!("YES {number} {code}")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-locked eng");
        assert_eq!((office.status(id).await.as_str(), office.audited("approval-wrong-code").await), ("approval", 5));
        office.t.app.ask_approval_again(&office.author, id).await.expect("asked");
        let (_, fresh) = office.code(id).await;
        office.t.hand.advance(SignedDuration::from_mins(31));
        office.t.hear(DIRECTOR, &format!("APPROUVER {number} {fresh}")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-expired eng");
        assert_eq!(office.status(id).await, "approval");
        office.t.app.ask_approval_again(&office.author, id).await.expect("asked");
        let (_, fresh) = office.code(id).await;
        office.t.hand.advance(SignedDuration::from_hours(2) - SignedDuration::from_mins(100));
        office.t.hear(DIRECTOR, &format!("APPROUVER {fresh}")).await;
        assert_eq!(office.status(id).await, "undo");
    }
}

#[tokio::test]
async fn a_no_by_sms_and_a_reason_on_the_console_send_it_back() {
    for engine in engines() {
        let office = Office::new(engine).await;
        let id = office.send("*").await;
        let number = office.number(id).await;
        office.t.hear(DIRECTOR, &format!("REFUSER {number}")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-refused eng", "{engine:?}");
        assert_eq!(office.status(id).await, "cancelled");
        let id = office.send("*").await;
        let app = &office.t.app;
        let silent = app.decide_approval(&office.director, id, &Decision::SendBack(" ".into())).await;
        assert!(matches!(silent, Err(AppError::Invalid(_))));
        let back = Decision::SendBack("Wrong week".into());
        app.decide_approval(&office.director, id, &back).await.expect("sent back");
        let listed = app.approval_of(&office.author, id).await.expect("read").expect("asked");
        assert_eq!((listed.approval.state.as_str(), listed.approval.reason.as_str()), ("refused", "Wrong week"));
        office.undo_minute().await;
        assert_eq!(office.reached(), 0);
    }
}

#[tokio::test]
async fn whatever_is_changed_after_it_was_asked_voids_the_answer() {
    for engine in engines() {
        let office = Office::new(engine).await;
        let app = &office.t.app;
        let id = office.send("*").await;
        let (number, (_, code)) = (office.number(id).await, office.code(id).await);
        app.undo_broadcast(&office.author, id).await.expect("taken back to change its text");
        office.t.hear(DIRECTOR, &format!("YES {number} {code}")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-over eng", "{engine:?}");
        let rule = KeptBy::Query("phone = 0770000001 OR phone = 0770000002");
        let group = app.create_group(&Caller::system(), "Ward", rule).await.expect("a group");
        let id = office.send("group = \"Ward\"").await;
        let (number, (_, code)) = (office.number(id).await, office.code(id).await);
        app.set_group_query(&Caller::system(), group, "phone != \"\"").await.expect("another rule");
        office.t.hear(DIRECTOR, &format!("YES {number} {code}")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-changed eng");
        assert_eq!(office.status(id).await, "cancelled");
        office.undo_minute().await;
        assert_eq!(office.reached(), 0);
    }
}

#[tokio::test]
async fn a_start_above_the_size_waits_for_a_second_person_too() {
    for engine in engines() {
        let office = Office::new(engine).await;
        let app = &office.t.app;
        let flow = crate::flows::saved(&office.t, &crate::flows::stock()).await;
        let start = |query: &str| mhero_app::flows::NewStart::new(flow, query);
        // A small one begins at once, a large one waits.
        let small = app.start_flow(&office.author, &start("phone = 0770000001")).await.expect("started");
        let large = app.start_flow(&office.author, &start("*")).await.expect("it waits");
        app.run_until_idle().await.expect("idle");
        assert_eq!(office.reached(), 1, "{engine:?}");
        let status = async |id| app.start_page(&Caller::system(), id).await.expect("a page").row.status;
        assert_eq!((status(small).await.as_str(), status(large).await.as_str()), ("started", "approval"));
        // The director's phone is asked, with a code bound to the flow and its audience.
        let id = BroadcastId::from_uuid(large.uuid());
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-ask eng");
        let page = app.approval_page(&office.director, id).await.expect("a page");
        let people = page.preview.as_ref().expect("a preview").recipients;
        assert_eq!((people, page.flow, page.is_unchanged), (2, Some(flow), true));
        let approve = Decision::Approve { shown: page.shown, people };
        assert!(app.decide_approval(&office.author, id, &approve).await.is_err(), "never one's own");
        let number = page.listed.broadcast.number;
        assert_eq!(app.find_approval(&number.to_string()).await.expect("found"), id);
        let (_, code) = office.code(id).await;
        office.t.hear(STRANGER, &format!("YES {number} {code}")).await;
        assert_eq!(status(large).await, "approval", "{engine:?}");
        office.t.hear(DIRECTOR, &format!("YES {number} {code}")).await;
        assert_eq!(office.last_to(DIRECTOR), "approval-sms-approved eng");
        assert_eq!(status(large).await, "started");
        assert_eq!(office.reached(), 3, "{engine:?}: one was asked already");
        // A second one is sent back; a third its author stops, and its code counts no more.
        let second = app.start_flow(&office.author, &start("sex != f")).await.expect("it waits");
        let second_id = BroadcastId::from_uuid(second.uuid());
        let back = Decision::SendBack("Wrong week".into());
        app.decide_approval(&office.director, second_id, &back).await.expect("sent back");
        let third = app.start_flow(&office.author, &start("*")).await.expect("it waits");
        app.stop_start(&office.author, third).await.expect("stopped");
        let (_, code) = office.code(BroadcastId::from_uuid(third.uuid())).await;
        let third_number =
            app.store().last_approval(BroadcastId::from_uuid(third.uuid())).await.expect("read").expect("asked").number;
        office.t.hear(DIRECTOR, &format!("YES {third_number} {code}")).await;
        assert_eq!((status(second).await.as_str(), status(third).await.as_str()), ("cancelled", "cancelled"));
        assert_eq!(office.reached(), 3);
    }
}

#[tokio::test]
async fn what_its_author_takes_back_says_everything_that_it_said() {
    for engine in engines() {
        let office = Office::new(engine).await;
        let app = &office.t.app;
        let at = app.clock().now() + SignedDuration::from_hours(24);
        let planned = Draft {
            release: Release::At(at),
            is_drill: true,
            valid_minutes: Some(360),
            quiet_override: Some("Outbreak drill".into()),
            ..draft("*")
        };
        let id = app.send(&office.author, &planned).await.expect("accepted");
        assert_eq!(office.status(id).await, "approval", "{engine:?}");
        let new = BroadcastId::from_uuid(uuid::Uuid::now_v7());
        app.take_back_as_draft(&office.author, id, new).await.expect("taken back");
        assert_eq!(office.status(id).await, "cancelled");
        let kept = app.draft(&office.author, new).await.expect("a draft").draft;
        assert!(kept.is_drill, "{engine:?}: a drill never becomes real by itself");
        assert_eq!((&kept.release, kept.valid_minutes), (&Release::At(at), Some(360)), "{engine:?}");
        assert_eq!((&kept.texts, &kept.quiet_override), (&planned.texts, &planned.quiet_override));
    }
}
