//! Adding a source, changing it, testing it, running it, removing it.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::{people::NewSource, sync::SourceChange};
use mhero_core::{Right, SourceId};

use super::{
    fields,
    list::{self, FILES},
    one::{self, Beside},
    patiently, told,
    view::Typed,
};
use crate::{
    errors::{Fault, Refusal, show},
    state::{Form, Signed, id},
};

type Pairs = Vec<(String, String)>;

fn of<'f>(form: &'f Pairs, name: &str) -> &'f str {
    form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
}

fn url_of(form: &Pairs) -> Option<String> {
    Some(of(form, "url").to_owned()).filter(|url| !url.is_empty() && url.len() <= fields::VALUE_BYTES_MAX)
}

/// `POST /settings/sources`.
pub(super) async fn add(signed: Signed, Form(form): Form<Pairs>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let kind = of(&form, "kind").to_owned();
    let secrets = fields::secrets(&signed.app, &kind);
    let config = fields::said(&form, &secrets, true);
    let new = NewSource {
        name: of(&form, "name").to_owned(),
        url: url_of(&form).filter(|_| kind != FILES),
        rank: of(&form, "rank").parse().ok(),
        config,
        kind,
    };
    match signed.app.add_source(&signed.caller, &new).await {
        Ok(source) => signed.done("sources-added", &[], &format!("/settings/sources/{}", source.id)).await,
        Err(error) => {
            let fault = told::fault(&signed.page, error)?;
            let config = new.config.into_iter().filter(|(key, _)| !secrets.contains(&key.as_str())).collect();
            let typed = Typed { kind: new.kind, name: new.name, url: new.url.unwrap_or_default(), config };
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &list::form(&signed, typed, Some(fault))))
        }
    }
}

/// `POST /settings/sources/{id}`: test, run, remove.
pub(super) async fn press(
    signed: Signed,
    Path(source): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let source: SourceId = id(&source)?;
    let status = one::status(&signed, source).await?;
    let name = status.source.name.clone();
    let back = format!("/settings/sources/{source}");
    match of(&form, "do") {
        "test" => {
            let (app, caller) = (signed.app.clone(), signed.caller.clone());
            let tested = patiently(async move { Ok(app.test_source(&caller, &name).await) }).await?;
            let beside = match tested {
                None => Beside { fault: Some(signed.page.t("sources-test-slow")), ..Beside::default() },
                Some(Ok(remarks)) => {
                    let remarks = remarks.iter().map(|remark| signed.page.words.reason(remark)).collect();
                    Beside { tested: Some(remarks), ..Beside::default() }
                }
                Some(Err(error)) => {
                    Beside { fault: Some(told::fault(&signed.page, error)?), is_test: true, ..Beside::default() }
                }
            };
            let code = if beside.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            Ok(show(code, &one::page(&signed, status, beside).await?))
        }
        "run" => {
            signed.app.queue_sync(&signed.caller, source).await?;
            signed.done("sources-queued", &[], &back).await
        }
        "remove" if of(&form, "sure").is_empty() => {
            let fault = Some(signed.page.t("sources-remove-sure-first"));
            let page = one::page(&signed, status, Beside { fault, ..Beside::default() }).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        "remove" => {
            let vanished = signed.app.remove_source(&signed.caller, &name).await?;
            let key = if vanished { "sources-removed" } else { "sources-retired" };
            signed.done(key, &[], "/settings/sources").await
        }
        _ => Err(Refusal::Unreadable.into()),
    }
}

/// `POST /settings/sources/{id}/settings`.
pub(super) async fn save(
    signed: Signed,
    Path(source): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let source: SourceId = id(&source)?;
    let status = one::status(&signed, source).await?;
    let secrets = fields::secrets(&signed.app, &status.source.kind);
    let config = fields::said(&form, &secrets, false);
    let change = SourceChange { url: url_of(&form), rank: of(&form, "rank").parse().ok(), config };
    match signed.app.set_source(&signed.caller, &status.source.name, &change).await {
        Ok(_) => signed.done("sources-saved", &[], &format!("/settings/sources/{source}")).await,
        Err(error) => {
            let fault = Some(told::fault(&signed.page, error)?);
            let typed = change.config.into_iter().filter(|(key, _)| !secrets.contains(&key.as_str())).collect();
            let beside = Beside { fault, typed, url: change.url, ..Beside::default() };
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &one::page(&signed, status, beside).await?))
        }
    }
}

/// `POST /settings/sources/{id}/owners`: the fields that this source owns; the order of others stays.
pub(super) async fn own(
    signed: Signed,
    Path(source): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let source: SourceId = id(&source)?;
    let status = one::status(&signed, source).await?;
    let name = status.source.name.clone();
    let owned = signed.app.ownership(&signed.caller).await?;
    let mut wanted: Vec<String> =
        form.iter().filter(|(field, _)| field == "own").map(|(_, value)| value.clone()).collect();
    wanted.extend(Some(of(&form, "other").to_owned()).filter(|other| !other.is_empty()));
    let mut changes = Vec::new();
    let mut all: Vec<String> = owned.iter().map(|owned| owned.field.clone()).collect();
    all.extend(wanted.iter().filter(|field| !owned.iter().any(|owned| owned.field == **field)).cloned());
    for field in all {
        let there = owned.iter().find(|owned| owned.field == field).map(|owned| owned.sources.clone());
        let there = there.unwrap_or_default();
        let is_wanted = wanted.contains(&field);
        if there.contains(&name) != is_wanted {
            let others = there.into_iter().filter(|other| *other != name);
            let sources: Vec<String> = is_wanted.then(|| name.clone()).into_iter().chain(others).collect();
            changes.push((field, sources));
        }
    }
    let (app, caller) = (signed.app.clone(), signed.caller.clone());
    let done = patiently(async move {
        for (field, sources) in changes {
            if let Err(error) = app.set_owners(&caller, &field, &sources).await {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    });
    match done.await? {
        Some(Err(error)) => {
            let fault = Some(told::fault(&signed.page, error)?);
            let page = one::page(&signed, status, Beside { fault, ..Beside::default() }).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Some(Ok(())) => signed.done("sources-owners-saved", &[], &format!("/settings/sources/{source}")).await,
        None => signed.done("sources-going-on", &[], &format!("/settings/sources/{source}")).await,
    }
}
