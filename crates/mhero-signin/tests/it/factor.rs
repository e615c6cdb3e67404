//! The second factor of a user, from the first secret to the reset.

use jiff::SignedDuration;
use mhero_app::{App, AppError};
use mhero_core::Role;
use mhero_signin::{AskedOf, FactorRule, Factors, RECOVERY_CODES, Refused};
use totp_rs::{Builder, Secret};

use crate::bench::{Bench, on_both, root};

/// The code that a phone shows, some seconds from now.
fn code(app: &App, secret: &str, seconds: i64) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let now = app.clock().now().as_second() + seconds;
    Builder::new().with_secret(secret).build().unwrap().generate(u64::try_from(now).unwrap()).to_string()
}

fn key<T: std::fmt::Debug>(result: Result<T, Refused>) -> &'static str {
    result.expect_err("it is refused").reason().expect("a reason").key
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_enrolled_its_codes_count_once_and_paper_stands_in_for_it() {
    on_both(async |bench: &Bench| {
        let (app, factors) = (&bench.app, Factors::new(bench.app.clone()));
        let user = bench.user("marie@moh.example", Role::Hr).await;
        let marie = bench.caller(user).await;
        assert_eq!(key(factors.prove(user, "000000").await), "factor-code-wrong", "nobody learns that there is none");
        assert_eq!(key(factors.confirm(&marie, "000000").await), "factor-nothing-waits");

        factors.begin(&marie, "").await.unwrap();
        let enrolment = factors.enrolment(&marie, "mHero: Health").await.unwrap().unwrap();
        assert!(!format!("{enrolment:?}").contains(&enrolment.secret));
        assert!(!factors.is_on(user).await.unwrap(), "nothing counts before it is confirmed");
        assert_eq!(key(factors.confirm(&marie, "000000").await), "factor-code-wrong");
        assert!(app.create_session("one", Some(user), "{}").await.unwrap());
        let codes = factors.confirm(&marie, &code(app, &enrolment.secret, 0)).await.unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert!(factors.is_on(user).await.unwrap() && factors.enrolment(&marie, "").await.unwrap().is_none());
        assert!(app.load_session("one").await.unwrap().is_none(), "every session has ended");
        let stored = app.store().second_factor(user).await.unwrap().unwrap().secret.unwrap();
        let plain = Secret::try_from_base32(enrolment.secret.replace(' ', "")).unwrap();
        assert!(!stored.windows(20).any(|part| part == plain.as_bytes()), "the secret is sealed");

        // The code of the confirmation was used; the next is of one step on, and then none of before counts.
        assert_eq!(key(factors.prove(user, &code(app, &enrolment.secret, 0)).await), "factor-code-wrong");
        let early = code(app, &enrolment.secret, 30);
        factors.prove(user, &format!("{} {}", &early[..3], &early[3..])).await.unwrap();
        assert_eq!(key(factors.prove(user, &early).await), "factor-code-wrong", "no code counts twice");
        bench.hand.advance(SignedDuration::from_mins(10));
        let fresh = code(app, &enrolment.secret, 0);
        let both = tokio::join!(factors.prove(user, &fresh), factors.prove(user, &fresh));
        assert_eq!([both.0.is_ok(), both.1.is_ok()].iter().filter(|ok| **ok).count(), 1, "once, at the same time too");

        factors.prove(user, &codes[3].to_uppercase().replace('-', " ")).await.unwrap();
        assert_eq!(key(factors.prove(user, &codes[3]).await), "factor-code-wrong");
        assert_eq!(factors.standing(&marie).await.unwrap().codes_left, 9);
        bench.hand.advance(SignedDuration::from_mins(10));
        let other = bench.user("other@moh.example", Role::Hr).await;
        assert_eq!(key(factors.prove(other, &codes[4]).await), "factor-code-wrong", "they are of one person");

        // Guessing is slow, and says nothing; the right code waits as well.
        for _ in 0..5 {
            assert_eq!(key(factors.prove(user, "123456").await), "factor-code-wrong");
        }
        assert_eq!(key(factors.prove(user, &code(app, &enrolment.secret, 0)).await), "factor-code-wait");
        bench.hand.advance(SignedDuration::from_mins(2));
        let renewed = factors.renew_codes(&marie, &code(app, &enrolment.secret, 0)).await.unwrap();
        bench.hand.advance(SignedDuration::from_mins(2));
        assert_eq!(key(factors.prove(user, &codes[5]).await), "factor-code-wrong", "the old ones are worth nothing");

        // Another phone: a code of the first lets it in, and the first counts until the second is confirmed.
        assert_eq!(key(factors.begin(&marie, "").await), "factor-code-wrong");
        factors.begin(&marie, &renewed[0]).await.unwrap();
        let second = factors.enrolment(&marie, "mHero").await.unwrap().unwrap();
        factors.prove(user, &code(app, &enrolment.secret, 0)).await.unwrap();
        factors.confirm(&marie, &code(app, &second.secret, 0)).await.unwrap();
        bench.hand.advance(SignedDuration::from_mins(2));
        assert_eq!(key(factors.prove(user, &code(app, &enrolment.secret, 0)).await), "factor-code-wrong");
        factors.remove(&marie, &code(app, &second.secret, 0)).await.unwrap();
        assert!(!factors.is_on(user).await.unwrap());
        assert_eq!((bench.audited("second-factor-set").await, bench.audited("second-factor-removed").await), (2, 1));
        assert_eq!(bench.audited("recovery-code-used").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rule_asks_those_who_send_and_an_administrator_resets_others() {
    on_both(async |bench: &Bench| {
        let (app, factors) = (&bench.app, Factors::new(bench.app.clone()));
        let (hr, auditor) =
            (bench.user("hr@moh.example", Role::Hr).await, bench.user("a@moh.example", Role::Auditor).await);
        let admin = bench.user("admin@moh.example", Role::Admin).await;
        let (marie, reader, boss) = (bench.caller(hr).await, bench.caller(auditor).await, bench.caller(admin).await);
        assert_eq!(factors.rule().await.unwrap(), FactorRule::default());
        assert!(!factors.is_asked_of(&marie.scope).await.unwrap());
        let rule = FactorRule { asked_of: AskedOf::Senders, fresh_minutes: Some(15) };
        assert!(matches!(factors.set_rule(&marie, rule).await, Err(AppError::NotAllowed { .. })));
        let odd = FactorRule { fresh_minutes: Some(0), ..rule };
        assert!(matches!(factors.set_rule(&boss, odd).await, Err(AppError::Invalid(_))));
        factors.set_rule(&boss, rule).await.unwrap();
        assert!(factors.is_asked_of(&marie.scope).await.unwrap() && factors.is_asked_of(&boss.scope).await.unwrap());
        assert!(!factors.is_asked_of(&reader.scope).await.unwrap());

        // A fresh code is asked of who has one to type.
        assert!(!factors.is_stale(&marie, None).await.unwrap());
        factors.begin(&marie, "").await.unwrap();
        let secret = factors.enrolment(&marie, "mHero").await.unwrap().unwrap().secret;
        factors.confirm(&marie, &code(app, &secret, 0)).await.unwrap();
        let at = app.clock().now();
        assert!(!factors.is_stale(&marie, Some(at)).await.unwrap());
        bench.hand.advance(SignedDuration::from_mins(16));
        assert!(factors.is_stale(&marie, Some(at)).await.unwrap());
        assert_eq!(key(factors.remove(&marie, &code(app, &secret, 0)).await), "factor-is-asked");

        assert!(matches!(factors.reset(&marie, auditor).await, Err(AppError::NotAllowed { .. })));
        assert!(matches!(factors.reset(&boss, admin).await, Err(AppError::Invalid(_))), "one's own takes a code");
        assert!(app.create_session("two", Some(hr), "{}").await.unwrap());
        assert_eq!(factors.owners(&boss).await.unwrap().into_iter().collect::<Vec<_>>(), [hr]);
        assert!(factors.reset(&boss, hr).await.unwrap() && !factors.reset(&root(), hr).await.unwrap());
        assert!(app.load_session("two").await.unwrap().is_none());
        assert_eq!(app.store().recovery_codes_left(hr).await.unwrap(), 0);
        assert_eq!((bench.audited("second-factor-reset").await, bench.audited("second-factor-rule").await), (1, 1));
        let everybody = FactorRule { asked_of: AskedOf::Everybody, fresh_minutes: None };
        factors.set_rule(&root(), everybody).await.unwrap();
        assert!(factors.is_asked_of(&reader.scope).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_terminal_the_password_and_each_time_a_new_code_say_who_it_is() {
    on_both(async |bench: &Bench| {
        let (app, factors) = (&bench.app, Factors::new(bench.app.clone()));
        let (email, password) = ("marie@moh.example", "a long password indeed");
        let user = bench.user(email, Role::Approver).await;
        let marie = bench.caller(user).await;
        app.set_password(&root(), user, password).await.unwrap();
        assert_eq!(key(factors.at_terminal(email, "another password", None).await), "user-sign-in-wrong");
        let caller = factors.at_terminal(email, password, None).await.unwrap();
        assert_eq!((caller.scope.principal(), bench.audited("signed-in").await), (Some(user.uuid()), 1));
        // Who must have one and has none comes in nowhere.
        let rule = FactorRule { asked_of: AskedOf::Senders, fresh_minutes: Some(15) };
        factors.set_rule(&root(), rule).await.unwrap();
        assert_eq!(key(factors.at_terminal(email, password, Some("123456")).await), "factor-not-set");
        factors.begin(&marie, "").await.unwrap();
        let secret = factors.enrolment(&marie, "mHero").await.unwrap().unwrap().secret;
        factors.confirm(&marie, &code(app, &secret, 0)).await.unwrap();
        bench.hand.advance(SignedDuration::from_mins(2));
        assert_eq!(key(factors.at_terminal(email, password, None).await), "factor-code-missing");
        assert_eq!(key(factors.at_terminal(email, password, Some("123456")).await), "factor-code-wrong");
        let now = code(app, &secret, 0);
        factors.at_terminal(email, password, Some(&now)).await.unwrap();
        assert_eq!(key(factors.at_terminal(email, password, Some(&now)).await), "factor-code-wrong", "it was used");
    })
    .await;
}
