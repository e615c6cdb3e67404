//! Adding a channel, changing it, testing it, pausing it, and giving it a phone.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::{AppError, messaging::NewChannel};
use mhero_core::Right;

use super::{
    fields::{self, Values},
    list,
    one::{self, Beside},
    patiently,
};
use crate::{
    errors::{Fault, Refusal, show},
    state::{Form, Signed},
    words::Arg,
};

type Pairs = Vec<(String, String)>;

fn of<'f>(form: &'f Pairs, name: &str) -> &'f str {
    form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
}

/// `POST /settings/channels`.
pub(super) async fn add(signed: Signed, Form(form): Form<Pairs>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let (kind, name) = (of(&form, "kind").to_owned(), of(&form, "name").to_owned());
    let secrets = fields::secrets(&signed.app, &kind);
    let said = fields::said(&form, &secrets, true);
    let new = NewChannel { kind, name, config: said.into_iter().collect() };
    match signed.app.add_channel(&signed.caller, &new).await {
        Ok(channel) => {
            let to = format!("/settings/channels/{}", channel.id);
            signed.done("settings-channel-added", &[], &to).await
        }
        Err(AppError::Invalid(reason)) => {
            let open = new.config.into_iter().filter(|(key, _)| !secrets.contains(&key.as_str())).collect();
            let values = Values { open, secrets: Vec::new(), wrong: Some(reason) };
            let page = list::form(&signed, (&new.kind, &new.name), &values);
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/channels/{id}`: test, pause, go on.
pub(super) async fn press(
    signed: Signed,
    Path(text): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let channel = one::channel(&signed, &text).await?;
    let back = format!("/settings/channels/{}", channel.id);
    let name = [("name", Arg::Text(channel.name.clone()))];
    match of(&form, "do") {
        "pause" => {
            signed.app.switch_channel(&signed.caller, channel.id, false).await?;
            signed.done("settings-channel-paused", &name, &back).await
        }
        "resume" => {
            signed.app.switch_channel(&signed.caller, channel.id, true).await?;
            signed.done("settings-channel-resumed", &name, &back).await
        }
        "test" => {
            let (app, id) = (signed.app.clone(), channel.id);
            let tested = patiently(async move { app.test_channel(id).await }).await?;
            let beside = match tested {
                None => Beside { fault: Some(signed.page.t("channels-test-slow")), ..Beside::default() },
                Some(Ok(remarks)) => {
                    let remarks = remarks.iter().map(|remark| signed.page.words.reason(remark)).collect();
                    Beside { tested: Some(remarks), ..Beside::default() }
                }
                Some(Err(AppError::Invalid(reason))) => {
                    let fault = Some(signed.page.words.reason(&reason));
                    Beside { fault, is_test: true, ..Beside::default() }
                }
                Some(Err(error)) => return Err(error.into()),
            };
            let code = if beside.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            Ok(show(code, &one::page(&signed, &channel, beside).await?))
        }
        _ => Err(Refusal::Unreadable.into()),
    }
}

/// `POST /settings/channels/{id}/settings`.
pub(super) async fn save(signed: Signed, Path(text): Path<String>, Form(form): Form<Pairs>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let channel = one::channel(&signed, &text).await?;
    let secrets = fields::secrets(&signed.app, &channel.kind);
    let said = fields::said(&form, &secrets, false);
    match signed.app.change_channel(&signed.caller, channel.id, &said).await {
        Ok(_) => {
            let to = format!("/settings/channels/{}", channel.id);
            signed.done("channels-saved", &[], &to).await
        }
        Err(AppError::Invalid(reason)) => {
            let open = said.into_iter().filter(|(key, _)| !secrets.contains(&key.as_str())).collect();
            let typed = Values { open, secrets: Vec::new(), wrong: Some(reason) };
            let page = one::page(&signed, &channel, Beside { typed, ..Beside::default() }).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/channels/{id}/phone`: gives it the phone that shows a code, or lets its phone go.
pub(super) async fn phone(
    signed: Signed,
    Path(text): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let channel = one::channel(&signed, &text).await?;
    let back = format!("/settings/channels/{}", channel.id);
    match of(&form, "do") {
        "claim" if channel.kind == one::PHONE => {
            let code = of(&form, "code").to_owned();
            match signed.app.claim_relayer(&signed.caller, channel.id, &code).await {
                Ok(()) => signed.done("channels-phone-claimed", &[], &back).await,
                Err(AppError::Invalid(reason)) => {
                    let code = Some((code, signed.page.words.reason(&reason)));
                    let page = one::page(&signed, &channel, Beside { code, ..Beside::default() }).await?;
                    Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
                }
                Err(error) => Err(error.into()),
            }
        }
        "release" if of(&form, "sure").is_empty() => {
            let fault = Some(signed.page.t("channels-phone-release-sure-first"));
            let page = one::page(&signed, &channel, Beside { fault, ..Beside::default() }).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        "release" => {
            signed.app.release_relayer(&signed.caller, channel.id).await?;
            signed.done("channels-phone-released", &[], &back).await
        }
        _ => Err(Refusal::Unreadable.into()),
    }
}
