//! Sign-ins by a provider: who is let in, and every way in which a token can be wrong.

use std::sync::Arc;

use jiff::SignedDuration;
use mhero_core::{Lang, Role, UserId};
use mhero_signin::{Answered, Arrival, Factors, Pending, Provider, ProviderSettings, Refused, RoleOf};
use serde_json::{Value, json};

use crate::{
    bench::{Bench, on_both, root},
    issuer::{ISSUER, Issuer},
};

const BACK: &str = "https://mhero.moh.example/sign-in/provider/back";

fn settings() -> ProviderSettings {
    ProviderSettings {
        issuer: ISSUER.to_owned(),
        client_id: "mhero".to_owned(),
        client_secret: "s3cret/+".to_owned(),
        name: "Health ID".to_owned(),
        console: String::new(),
        scope: "email profile".to_owned(),
        roles_claim: "realm_access.roles".to_owned(),
        roles: ["mhero-hr=hr", "mhero-audit=auditor"].map(|text| RoleOf::read(text).unwrap()).to_vec(),
        domains: Vec::new(),
        creates: false,
        asks_second_factor: false,
        second_factor_acr: vec!["gold".to_owned()],
    }
}

/// A provider beside a console.
struct Door<'b> {
    bench: &'b Bench,
    issuer: Arc<Issuer>,
    provider: Provider,
}

impl<'b> Door<'b> {
    fn new(bench: &'b Bench, settings: ProviderSettings) -> Self {
        let issuer = Arc::new(Issuer::new());
        let provider = Provider::new(bench.app.clone(), settings, Arc::clone(&issuer) as Arc<_>);
        Self { bench, issuer, provider }
    }

    /// Claims of today about somebody, for a sign-in.
    fn claims(&self, pending: &Pending, more: &Value) -> Value {
        let now = self.bench.app.clock().now().as_second();
        let nonce = serde_json::to_value(pending).unwrap()["nonce"].clone();
        let mut claims = json!({
            "iss": ISSUER, "aud": "mhero", "sub": "7", "nonce": nonce, "iat": now, "exp": now + 300,
            "email": "marie@moh.example", "email_verified": true,
        });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    async fn begin(&self) -> Pending {
        self.provider.begin(BACK, "/people", Lang::FRENCH).await.unwrap().1
    }

    /// A whole sign-in with a token that says more, or otherwise.
    async fn come(&self, more: Value) -> Result<Arrival, Refused> {
        let pending = self.begin().await;
        let claims = self.claims(&pending, &more);
        self.issuer.tell(|said| said.claims = claims);
        let code = pending.state.clone();
        self.provider.finish(Some(pending), &Answered { code, ..Answered::default() }).await
    }

    async fn refused(&self, more: Value) -> &'static str {
        self.come(more).await.expect_err("it is refused").reason().expect("a reason").key
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_matched_by_a_verified_address_once_and_by_the_subject_ever_after() {
    on_both(async |bench: &Bench| {
        let door = Door::new(bench, settings());
        let marie = bench.user("marie@moh.example", Role::Hr).await;
        let (to, pending) = door.provider.begin(BACK, "/people", Lang::FRENCH).await.unwrap();
        assert!(to.starts_with("https://login.moh.example/auth?of=health&response_type=code&client_id=mhero&"), "{to}");
        for part in ["code_challenge_method=S256", "scope=openid+email+profile", "ui_locales=fr", "nonce=", "state="] {
            assert!(to.contains(part), "{part}: {to}");
        }
        assert!(!format!("{pending:?}").contains(&pending.state));
        assert_eq!(door.refused(json!({ "email_verified": false })).await, "provider-unverified");
        assert_eq!(door.refused(json!({ "email_verified": Value::Null })).await, "provider-unverified");
        assert_eq!(door.refused(json!({ "email": "stranger@moh.example" })).await, "provider-no-account");

        let arrival = door.come(json!({ "email": "Marie@MOH.example" })).await.unwrap();
        assert_eq!((arrival.user, arrival.has_second_factor), (marie, false));
        let form = door.issuer.said.lock().unwrap().calls.iter().rev().find_map(|call| call.form.clone()).unwrap();
        assert!(form.contains("grant_type=authorization_code") && form.contains("code_verifier="), "{form}");
        let secret = door.issuer.said.lock().unwrap().calls.iter().rev().find_map(|call| call.authorization.clone());
        // "mhero:s3cret%2F%2B"
        assert_eq!(secret.as_deref(), Some("Basic bWhlcm86czNjcmV0JTJGJTJC"));
        // The address may change there, and be of nobody: the subject stays.
        assert_eq!(door.come(json!({ "email": "m@elsewhere.example" })).await.unwrap().user, marie);
        assert_eq!(door.come(json!({ "email_verified": false })).await.unwrap().user, marie);
        // Who got the address of somebody else there is somebody else.
        assert_eq!(door.refused(json!({ "sub": "8" })).await, "provider-other-identity");
        let factors = Factors::new(bench.app.clone());
        assert_eq!(factors.identities(&root(), marie).await.unwrap()[0].subject, "7");
        factors.unlink(&root(), marie).await.unwrap();
        assert_eq!(door.come(json!({ "sub": "8" })).await.unwrap().user, marie);

        // What more than a password is.
        for (more, wanted) in [
            (json!({ "amr": ["pwd", "mfa"] }), true),
            (json!({ "acr": "gold" }), true),
            (json!({ "acr": "silver", "amr": ["pwd"] }), false),
        ] {
            let more: Value =
                [more, json!({ "sub": "8" })].iter().flat_map(|v| v.as_object().unwrap().clone()).collect();
            assert_eq!(door.come(more.clone()).await.unwrap().has_second_factor, wanted, "{more}");
        }
        // Claims that stand at userinfo only, as many providers have it.
        let none = json!({ "sub": "8", "email": Value::Null, "email_verified": Value::Null });
        factors.unlink(&root(), marie).await.unwrap();
        let other = json!({ "sub": "9", "email": "marie@moh.example", "email_verified": true });
        door.issuer.tell(|said| said.userinfo = other);
        assert_eq!(door.refused(none.clone()).await, "provider-not-believed");
        let own = json!({ "sub": "8", "email": "marie@moh.example", "email_verified": true });
        door.issuer.tell(|said| said.userinfo = own);
        let claims = json!({ "sub": "8" });
        let pending = door.begin().await;
        let mut claims = door.claims(&pending, &claims);
        claims.as_object_mut().unwrap().retain(|name, _| !name.starts_with("email"));
        door.issuer.tell(|said| said.claims = claims);
        let code = pending.state.clone();
        let arrival = door.provider.finish(Some(pending), &Answered { code, ..Answered::default() }).await.unwrap();
        assert_eq!(arrival.user, marie);

        bench.user("other@moh.example", Role::Admin).await;
        bench.app.set_user_active(&root(), marie, false).await.unwrap();
        assert_eq!(door.refused(json!({ "sub": "8" })).await, "provider-shut-out");
        assert!(bench.audited("provider-refused").await >= 5 && bench.audited("identity-linked").await == 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_forged_old_or_for_others_is_believed() {
    on_both(async |bench: &Bench| {
        let door = Door::new(bench, settings());
        bench.user("marie@moh.example", Role::Hr).await;
        let now = bench.app.clock().now().as_second();
        for wrong in [
            json!({ "nonce": "of another" }),
            json!({ "nonce": Value::Null }),
            json!({ "aud": "another" }),
            json!({ "aud": ["mhero", "another"] }),
            json!({ "azp": "another" }),
            json!({ "iss": "https://login.moh.example.evil.example" }),
            json!({ "exp": now - 120 }),
            json!({ "exp": Value::Null }),
            json!({ "nbf": now + 600 }),
            json!({ "sub": "" }),
            json!({ "sub": "x".repeat(300) }),
        ] {
            assert_eq!(door.refused(wrong.clone()).await, "provider-not-believed", "{wrong}");
        }
        for alg in ["none", "HS256", "RS256"] {
            door.issuer.tell(|said| said.alg = alg);
            assert_eq!(door.refused(json!({})).await, "provider-not-believed", "{alg}");
        }
        door.issuer.tell(|said| said.alg = "ES256");
        // A state that nobody here began, one that is too old, an answer of another issuer, a refusal there.
        let key = |refused: Result<Arrival, Refused>| refused.expect_err("it is refused").reason().unwrap().key;
        let answered = |code: &str| Answered { code: code.to_owned(), ..Answered::default() };
        assert_eq!(key(door.provider.finish(None, &answered("code")).await), "provider-stale");
        let old = door.begin().await;
        bench.hand.advance(SignedDuration::from_mins(11));
        assert_eq!(key(door.provider.finish(Some(old), &answered("code")).await), "provider-stale");
        let other = Answered { iss: Some("https://evil.example".to_owned()), ..answered("code") };
        assert_eq!(key(door.provider.finish(Some(door.begin().await), &other).await), "provider-not-believed");
        let no = Answered { error: Some("access_denied<script>".to_owned()), ..Answered::default() };
        let refused = door.provider.finish(Some(door.begin().await), &no).await.unwrap_err();
        assert!(matches!(&refused, Refused::Denied { code } if code == "access_deniedscript"), "{refused:?}");
        // A code counts once, there too.
        let pending = door.begin().await;
        let claims = door.claims(&pending, &json!({}));
        door.issuer.tell(|said| said.claims = claims);
        assert!(door.provider.finish(Some(pending.clone()), &answered("code")).await.is_ok());
        assert_eq!(key(door.provider.finish(Some(pending), &answered("code")).await), "provider-not-believed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_change_the_provider_goes_down_and_people_are_created_where_that_is_wanted() {
    on_both(async |bench: &Bench| {
        let door = Door::new(bench, settings());
        let marie = bench.user("marie@moh.example", Role::Hr).await;
        door.issuer.tell(|said| said.is_up = false);
        let down = door.provider.begin(BACK, "", Lang::ENGLISH).await.map(|_| ()).unwrap_err();
        assert_eq!(down.reason().unwrap().key, "provider-down");
        // Nobody has it asked again and again by pressing the button.
        door.issuer.tell(|said| said.is_up = true);
        let again =
            tokio::join!(door.provider.begin(BACK, "", Lang::ENGLISH), door.provider.begin(BACK, "", Lang::FRENCH));
        assert!(again.0.is_err() && again.1.is_err());
        assert_eq!(door.issuer.asked(), 0);
        bench.hand.advance(SignedDuration::from_secs(6));
        assert_eq!(door.come(json!({})).await.unwrap().user, marie);
        door.issuer.rotate("two");
        assert_eq!(door.refused(json!({})).await, "provider-not-believed", "keys are not read at every token");
        bench.hand.advance(SignedDuration::from_secs(11));
        assert_eq!(door.come(json!({})).await.unwrap().user, marie);
        let farewell = door.provider.farewell("token", "https://mhero.moh.example/sign-in").await.unwrap();
        assert!(farewell.starts_with("https://login.moh.example/end?id_token_hint=token&client_id=mhero&post_logout"));

        let odd = Door::new(bench, settings());
        for more in [json!({ "issuer": "https://other.example" }), json!({ "token_endpoint": "http://127.0.0.1/x" })] {
            odd.issuer.tell(|said| said.more = more.clone());
            let down = odd.provider.begin(BACK, "", Lang::ENGLISH).await.map(|_| ()).unwrap_err();
            assert_eq!(down.reason().unwrap().key, "provider-down", "{more}");
            bench.hand.advance(SignedDuration::from_secs(6));
        }

        let domains = vec!["moh.example".to_owned()];
        let door = Door::new(bench, ProviderSettings { domains, creates: true, ..settings() });
        door.issuer.tell(|said| said.userinfo = json!({ "sub": "20" }));
        assert_eq!(door.refused(json!({ "sub": "20", "email": "a@evil.example" })).await, "provider-other-domain");
        assert_eq!(door.refused(json!({ "sub": "20", "email": "new@moh.example" })).await, "provider-no-account");
        let roles = json!({ "roles": ["mhero-hr", "mhero-audit", "other"] });
        let more = json!({ "sub": "20", "email": "new@moh.example", "name": "Ama Weah", "realm_access": roles });
        let user: UserId = door.come(more.clone()).await.unwrap().user;
        let found = bench.app.user(&root(), user).await.unwrap();
        assert_eq!((found.user.name.as_str(), found.user.language), ("Ama Weah", Lang::FRENCH));
        assert_eq!(found.grants.iter().map(|grant| grant.role).collect::<Vec<_>>(), [Role::Hr, Role::Auditor]);
        assert_eq!(door.come(more).await.unwrap().user, user);
    })
    .await;
}
