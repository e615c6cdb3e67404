//! Programs that are told what happens: how each stands, switched on and off, tried out.

use std::collections::HashMap;

use axum::{http::StatusCode, response::Response};
use mhero_app::AppError;
use mhero_core::{Right, timestamp};
use mhero_exchange::webhooks::{WebHook, WebHooks};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    tabs,
    view::{WebHookRow, WebHooksPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    marks::Mark,
    page::{Here, Page},
    state::{Form, Signed},
    words::Arg,
};

/// The page.
const HREF: &str = "/exchange/webhooks";
/// What the answer of a receiver is kept as; its status follows.
const ANSWERED: &str = "the receiver answered ";

/// `GET /exchange/webhooks`.
pub(super) async fn show_all(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Api)?;
    shown(&signed, None, StatusCode::OK).await
}

async fn shown(signed: &Signed, fault: Option<String>, status: StatusCode) -> Result<Response, Fault> {
    let scope = &signed.caller.scope;
    let page = signed.page("exchange-webhooks", Here::Exchanges);
    let hooks = WebHooks::new(&signed.app).list(&signed.caller).await?;
    // Whoever sees accounts at all reads whose places count.
    let accounts: HashMap<Uuid, String> = match scope.may(Right::Settings) {
        true => signed.app.tokens(&signed.caller).await?,
        false => Vec::new(),
    }
    .into_iter()
    .map(|account| (account.token.id.uuid(), account.token.name))
    .collect();
    let shown = WebHooksPage {
        tabs: tabs(&page, HREF, scope),
        rows: hooks.iter().map(|hook| row(&page, hook, &accounts)).collect(),
        may_audit: scope.may(Right::Audit),
        fault,
        page,
    };
    Ok(show(status, &shown))
}

fn row(page: &Page, hook: &WebHook, accounts: &HashMap<Uuid, String>) -> WebHookRow {
    let (mark, state) = match hook.state.as_str() {
        // Nothing is tried again where nothing waits: what it would not take was given up.
        "on" if hook.failure.is_some() && hook.waiting == 0 && hook.dead > 0 => (Mark::Warning, "hook-on-gave-up"),
        "on" if hook.failure.is_some() => (Mark::Warning, "hook-on-fails"),
        "on" => (Mark::Good, "hook-on"),
        "failed" => (Mark::Failed, "hook-failed"),
        _ => (Mark::LeftOut, "hook-off"),
    };
    let account = match hook.owner {
        None => Some(page.t("hook-of-all")),
        Some(owner) => accounts.get(&owner).cloned(),
    };
    let about = [Some(hook.host().to_owned()), account];
    let (why, why_is_foreign) = why(page, hook.failure.as_deref().unwrap_or_default());
    WebHookRow {
        id: hook.id.to_string(),
        name: hook.name.clone(),
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        events: hook.events.clone(),
        mark,
        state: page.t(state),
        why,
        why_is_foreign,
        waiting: hook.waiting,
        dead: hook.dead,
        since: timestamp(hook.created_at),
        is_on: hook.state == "on",
    }
}

/// Why the last event did not arrive, and whether that is not said in the reader's language.
fn why(page: &Page, kept: &str) -> (String, bool) {
    let known = match kept {
        "" => return (String::new(), false),
        "its token was taken back" => Some("hook-why-token"),
        "the receiver is gone" => Some("hook-why-gone"),
        "outside calls are not set up" => Some("webhook-no-calls"),
        _ if kept.ends_with("its address must begin with https://") => Some("hook-why-clear"),
        _ => None,
    };
    match (known, kept.strip_prefix(ANSWERED)) {
        (Some(key), _) => (page.t(key), false),
        (None, Some(status)) => (page.t1("exchange-why-status", "status", status.to_owned()), false),
        (None, None) => (kept.to_owned(), true),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    id: String,
    #[serde(rename = "do")]
    verb: String,
}

/// `POST /exchange/webhooks`: switches one on or off, or tries it out.
pub(super) async fn press(signed: Signed, Form(pressed): Form<Pressed>) -> Result<Response, Fault> {
    signed.must(Right::Api)?;
    let (desk, caller) = (WebHooks::new(&signed.app), &signed.caller);
    let done = match pressed.verb.as_str() {
        "on" => desk.enable(caller, &pressed.id).await.map(|hook| ("hook-is-on", hook.name)),
        "off" => desk.disable(caller, &pressed.id).await.map(|hook| ("hook-is-off", hook.name)),
        "test" => match desk.test(caller, &pressed.id, None).await {
            Ok(_) => desk.one(caller, &pressed.id).await.map(|hook| ("hook-is-tested", hook.name)),
            Err(error) => Err(error),
        },
        _ => return Err(Refusal::Unreadable.into()),
    };
    match done {
        Ok((key, name)) => signed.done(key, &[("name", Arg::Text(name))], HREF).await,
        Err(AppError::Invalid(reason)) => {
            let words = signed.page.words.reason(&reason);
            shown(&signed, Some(words), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}
