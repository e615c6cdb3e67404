//! Users, roles and the door.

use std::net::IpAddr;

use jiff::SignedDuration;
use mhero_app::{AppError, SignInError};
use mhero_core::{Lang, LangMap, PlaceId, Right, Role, UserId};
use mhero_store::AuditFilter;
use uuid::Uuid;

use crate::{Bench, PASSWORD, key, new_user, on_both, root};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

#[tokio::test(flavor = "multi_thread")]
async fn a_user_signs_in_whatever_the_case_of_the_address() {
    on_both(async |bench: &Bench| {
        let id = bench.user("Marie@MOH.example", Role::Hr).await;
        let signed_in = bench.app.sign_in(" marie@moh.EXAMPLE", PASSWORD, HERE).await.expect("the password fits");
        assert_eq!(signed_in, id);
        let user = bench.app.user(&root(), id).await.expect("it is there");
        assert_eq!((user.user.signed_in_at, user.grants.len()), (Some(bench.app.clock().now()), 1));
        let caller = bench.app.caller_of_user(id).await.expect("it answers").expect("an active user");
        assert!(caller.scope.all_places() && caller.scope.may(Right::Send) && !caller.scope.may(Right::Settings));
        assert_eq!(caller.language, Lang::FRENCH);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_by_its_key_and_stores_nothing() {
    on_both(async |bench: &Bench| {
        let add = async |change: &dyn Fn(&mut mhero_app::NewUser)| {
            let mut new = new_user("x@moh.example", Role::Hr);
            change(&mut new);
            bench.app.add_user(&root(), new).await
        };
        assert_eq!(key(add(&|new| new.email = "no address".into()).await), "user-no-email");
        assert_eq!(key(add(&|new| new.name = "  ".into()).await), "user-no-name");
        assert_eq!(key(add(&|new| new.password = Some("short".into())).await), "user-password-short");
        assert_eq!(key(add(&|new| new.role = Role::District).await), "user-role-needs-place");
        let nowhere = PlaceId::from_uuid(Uuid::from_u128(1));
        assert!(matches!(add(&|new| new.place = Some(nowhere)).await, Err(AppError::NotFound { what: "place", .. })));
        assert!(bench.app.users(&root()).await.expect("it answers").is_empty());
        bench.user("x@moh.example", Role::Hr).await;
        assert_eq!(key(add(&|new| new.email = "X@moh.example".into()).await), "user-email-taken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_change_settings_manages_users() {
    on_both(async |bench: &Bench| {
        let hr = bench.user("hr@moh.example", Role::Hr).await;
        let other = bench.user("other@moh.example", Role::Hr).await;
        let caller = bench.app.caller_of_user(hr).await.expect("it answers").expect("a user");
        let app = &bench.app;
        let refused = [
            app.add_user(&caller, new_user("y@moh.example", Role::Admin)).await.is_err(),
            app.users(&caller).await.is_err(),
            app.user(&caller, other).await.is_err(),
            app.set_user_active(&caller, other, false).await.is_err(),
            app.set_password(&caller, other, PASSWORD).await.is_err(),
            app.set_user(&caller, other, "X", Lang::ENGLISH).await.is_err(),
            app.add_grant(&caller, hr, Role::Admin, None, None).await.is_err(),
            app.sign_out_everywhere(&caller, other).await.is_err(),
            app.add_programme(&caller, "epi", LangMap::one(Lang::ENGLISH, "EPI")).await.is_err(),
            app.rename_programme(&caller, "epi", &LangMap::one(Lang::ENGLISH, "EPI")).await.is_err(),
        ];
        assert_eq!(refused, [true; 10]);
        app.set_user(&caller, hr, "Marie K.", Lang::ENGLISH).await.expect("it is their own name");
        assert_eq!(app.user(&caller, hr).await.expect("it is their own").user.name, "Marie K.");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_tries_shut_the_door_for_address_and_time_opens_it() {
    on_both(async |bench: &Bench| {
        bench.user("marie@moh.example", Role::Hr).await;
        for _ in 0..5 {
            let refused = bench.app.sign_in("marie@moh.example", "a wrong password", HERE).await;
            assert!(matches!(refused, Err(SignInError::Wrong)), "{refused:?}");
        }
        let refused = bench.app.sign_in("marie@moh.example", PASSWORD, HERE).await;
        assert!(matches!(&refused, Err(SignInError::TooManyTries { wait }) if wait.as_secs() == 12), "{refused:?}");
        assert_eq!(refused.err().and_then(|e| e.reason()).map(|reason| reason.key), Some("user-sign-in-wait"));
        bench.hand.advance(SignedDuration::from_secs(13));
        bench.app.sign_in("marie@moh.example", PASSWORD, HERE).await.expect("the wait is over");
        let filter = AuditFilter { action: Some("sign-in-refused".into()), ..AuditFilter::default() };
        let log = bench.app.audit_log(&root(), &filter, 10).await.expect("it answers");
        assert_eq!(log.len(), 5);
        assert!(log.iter().all(|entry| !entry.facts.contains("marie") && !entry.facts.contains("10.0.0.1")));
        assert!(log[0].facts.contains("\"shut\":true"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_an_address_keeps_its_owner_out_of_no_network_of_theirs() {
    on_both(async |bench: &Bench| {
        bench.user("marie@moh.example", Role::Hr).await;
        bench.app.sign_in("marie@moh.example", PASSWORD, HERE).await.expect("the first time");
        let from = |n: u8| IpAddr::from([192, 0, 2, n]);
        for n in 0..20 {
            let _ = bench.app.sign_in("marie@moh.example", "a wrong password", from(n)).await;
        }
        // From many networks nobody guesses faster than from one.
        let refused = bench.app.sign_in("marie@moh.example", PASSWORD, from(99)).await;
        assert!(matches!(refused, Err(SignInError::TooManyTries { .. })), "{refused:?}");
        let filter = AuditFilter { action: Some("sign-in-refused".into()), ..AuditFilter::default() };
        assert_eq!(bench.app.audit_log(&root(), &filter, 100).await.expect("it answers").len(), 5);
        bench.app.sign_in("marie@moh.example", PASSWORD, HERE).await.expect("her own network is open");
        for _ in 0..5 {
            let _ = bench.app.sign_in("marie@moh.example", "a wrong password", HERE).await;
        }
        let refused = bench.app.sign_in("marie@moh.example", PASSWORD, HERE).await;
        assert!(matches!(refused, Err(SignInError::TooManyTries { .. })), "but not without end: {refused:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_inactive_and_console_less_users_stay_out() {
    on_both(async |bench: &Bench| {
        bench.user("admin@moh.example", Role::Admin).await;
        let inactive = bench.user("gone@moh.example", Role::Hr).await;
        bench.app.set_user_active(&root(), inactive, false).await.expect("an admin is left");
        bench.user("api@moh.example", Role::Integrator).await;
        let mut without = new_user("later@moh.example", Role::Hr);
        without.password = None;
        bench.app.add_user(&root(), without).await.expect("the user is new");
        for email in ["nobody@moh.example", "gone@moh.example", "later@moh.example", "no address"] {
            let refused = bench.app.sign_in(email, PASSWORD, HERE).await;
            assert!(matches!(refused, Err(SignInError::Wrong)), "{email}: {refused:?}");
        }
        let refused = bench.app.sign_in("api@moh.example", PASSWORD, HERE).await;
        assert!(matches!(refused, Err(SignInError::NotForConsole)), "{refused:?}");
        assert!(bench.app.caller_of_user(inactive).await.expect("it answers").is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_change_by_knowing_the_old_one_and_end_the_sessions() {
    on_both(async |bench: &Bench| {
        let id = bench.user("marie@moh.example", Role::Hr).await;
        let caller = bench.app.caller_of_user(id).await.expect("it answers").expect("a user");
        bench.app.create_session("cookie", Some(id), "{}").await.expect("it is stored");
        let change = async |present: &str, new: &str| bench.app.change_password(&caller, present, new).await;
        assert_eq!(key(change("not the old one", "another sentence").await), "user-password-wrong");
        assert_eq!(key(change(PASSWORD, "short").await), "user-password-short");
        assert!(bench.app.load_session("cookie").await.expect("it answers").is_some());
        change(PASSWORD, "another sentence").await.expect("the old one fits");
        assert!(bench.app.load_session("cookie").await.expect("it answers").is_none());
        assert!(bench.app.sign_in("marie@moh.example", PASSWORD, HERE).await.is_err());
        bench.app.sign_in("marie@moh.example", "another sentence", HERE).await.expect("the new one fits");
        bench.app.set_password(&root(), id, "given by an admin").await.expect("it is long enough");
        bench.app.sign_in("marie@moh.example", "given by an admin", HERE).await.expect("it fits");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_add_up_and_a_role_taken_away_counts_at_once() {
    on_both(async |bench: &Bench| {
        let id = bench.user("marie@moh.example", Role::Hr).await;
        let programme = bench.app.add_programme(&root(), "EPI", LangMap::one(Lang::ENGLISH, "Immunisation")).await;
        let programme = programme.expect("it is new");
        assert_eq!(bench.app.programme("epi").await.expect("it is there").id, programme);
        let mut names = LangMap::one(Lang::ENGLISH, " Vaccines ");
        names.insert(Lang::FRENCH, "Vaccination");
        bench.app.rename_programme(&root(), "epi", &names).await.expect("it is there");
        let renamed = bench.app.programme("epi").await.expect("it is there");
        assert_eq!((renamed.id, renamed.name.best(Lang::FRENCH)), (programme, "Vaccination"));
        assert_eq!(renamed.name.best(Lang::ENGLISH), "Vaccines");
        let nameless = bench.app.rename_programme(&root(), "epi", &LangMap::one(Lang::ENGLISH, " ")).await;
        assert_eq!(key(nameless), "user-programme-name");
        let auditor = bench.app.add_grant(&root(), id, Role::Auditor, None, None).await.expect("it is given");
        bench.app.add_grant(&root(), id, Role::Programme, None, Some(programme)).await.expect("it is given");
        let again = bench.app.add_grant(&root(), id, Role::Auditor, None, None).await.expect("it is there");
        assert_eq!(again, auditor);
        let scope = bench.app.scope_of(id.uuid()).await.expect("it answers");
        assert!(scope.may(Right::Audit) && scope.may(Right::Flows) && scope.may(Right::EditPeople));
        bench.app.remove_grant(&root(), auditor).await.expect("it is taken");
        assert!(!bench.app.scope_of(id.uuid()).await.expect("it answers").may(Right::Audit));
        assert!(matches!(bench.app.remove_grant(&root(), auditor).await, Err(AppError::NotFound { .. })));
        let nobody = UserId::from_uuid(Uuid::from_u128(1));
        assert!(matches!(
            bench.app.add_grant(&root(), nobody, Role::Hr, None, None).await,
            Err(AppError::NotFound { what: "user", .. })
        ));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_who_shut_each_other_out_at_once_leave_one() {
    for round in 0..4 {
        on_both(async |bench: &Bench| {
            let there = bench.second().await;
            let one = bench.user("one@moh.example", Role::Admin).await;
            let two = bench.user("two@moh.example", Role::Admin).await;
            let (me, other) = (root(), root());
            let results: [_; 2] = if round % 2 == 0 {
                tokio::join!(bench.app.set_user_active(&me, one, false), there.set_user_active(&other, two, false))
            } else {
                let grant = bench.app.user(&me, two).await.expect("it is there").grants[0].id;
                tokio::join!(bench.app.set_user_active(&me, one, false), there.remove_grant(&other, grant))
            }
            .into();
            assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
            assert_eq!(key(results.into_iter().find(Result::is_err).expect("one was refused")), "user-last-admin");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_use_case_twice_at_once_happens_once() {
    on_both(async |bench: &Bench| {
        let there = bench.second().await;
        let (me, other) = (root(), root());
        let (one, two) = tokio::join!(
            bench.app.add_user(&me, new_user("a@moh.example", Role::Admin)),
            there.add_user(&other, new_user("A@moh.example", Role::Admin))
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let id = one.or(two).expect("one was added");
        let (one, two) = tokio::join!(
            bench.app.add_grant(&me, id, Role::Auditor, None, None),
            there.add_grant(&other, id, Role::Auditor, None, None)
        );
        assert_eq!(one.expect("it is given"), two.expect("it is there"));
        assert_eq!(bench.app.user(&me, id).await.expect("it is there").grants.len(), 2);
        let (one, two) = tokio::join!(
            bench.app.set_password(&me, id, "the first password"),
            there.set_password(&other, id, "the second password")
        );
        assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
        let (one, two) = tokio::join!(
            bench.app.add_programme(&me, "epi", LangMap::one(Lang::ENGLISH, "EPI")),
            there.add_programme(&other, "EPI", LangMap::one(Lang::ENGLISH, "EPI"))
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    })
    .await;
}
