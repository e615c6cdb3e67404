//! `/broadcasts/{id}/short`: the texts of a draft as they go by SMS, where those for chats are longer.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::{
    AppError,
    broadcasts::{SHORT_CHARS_MAX, SavedDraft},
};
use mhero_core::{BroadcastId, Lang, Right};

use super::view::{ShortField, ShortPage};
use crate::{
    errors::{Fault, show as answer},
    page::Here,
    state::{Form, Signed, id},
};

/// `GET /broadcasts/{id}/short`, of a draft.
pub(super) async fn open(signed: Signed, Path(draft): Path<String>) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let draft: BroadcastId = id(&draft)?;
    let saved = signed.app.draft(&signed.caller, draft).await?;
    let known = signed.app.short_texts(&signed.caller, draft).await?;
    Ok(answer(StatusCode::OK, &page(&signed, &saved, &known, None)))
}

/// `POST /broadcasts/{id}/short`.
pub(super) async fn save(
    signed: Signed,
    Path(draft): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let draft: BroadcastId = id(&draft)?;
    let typed = form.into_iter().filter_map(|(tag, text)| Some((tag.parse::<Lang>().ok()?, text.trim().to_owned())));
    let typed: Vec<(Lang, String)> = typed.collect();
    match signed.app.set_short_texts(&signed.caller, draft, &typed).await {
        Ok(()) => signed.done("short-saved", &[], &format!("/send/{draft}")).await,
        Err(AppError::Invalid(reason)) => {
            let saved = signed.app.draft(&signed.caller, draft).await?;
            let fault = signed.page.words.reason(&reason);
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page(&signed, &saved, &typed, Some(fault))))
        }
        Err(error) => Err(error.into()),
    }
}

fn page(signed: &Signed, saved: &SavedDraft, known: &[(Lang, String)], fault: Option<String>) -> ShortPage {
    let page = signed.page("short-head", Here::Broadcasts);
    let fields = saved.draft.texts.iter().map(|(language, text)| ShortField {
        name: language.as_str().to_owned(),
        tag: language.bcp47().to_owned(),
        label: page.t1("short-label", "language", page.words.language(*language)),
        long: text.clone(),
        text: known.iter().find(|(other, _)| other == language).map(|(_, text)| text.clone()).unwrap_or_default(),
    });
    ShortPage {
        fields: fields.collect(),
        href: format!("/broadcasts/{}/short", saved.id),
        draft: format!("/send/{}", saved.id),
        letters: SHORT_CHARS_MAX,
        fault,
        page,
    }
}
