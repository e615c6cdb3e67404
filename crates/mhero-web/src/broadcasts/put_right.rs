//! What is ahead of a broadcast, and its correction.

use axum::response::Response;
use mhero_app::{
    AppError,
    broadcasts::{BroadcastPage as Found, Correction},
};
use mhero_core::{BroadcastId, Lang, Right};

use super::{
    routes::Pressed,
    view::{CorrectionForm, CorrectionLine},
};
use crate::{
    errors::Fault,
    page::Page,
    parts::Choice,
    state::{Signed, id},
    words::Arg,
};

/// How many SMS are left and until when; what became of those by chats.
pub(super) async fn ahead(signed: &Signed, broadcast: BroadcastId) -> Result<Vec<String>, AppError> {
    let page = &signed.page;
    let mut said = Vec::new();
    if let Some(forecast) = signed.app.broadcast_forecast(&signed.caller, broadcast).await? {
        let mut args = vec![("segments", Arg::Count(forecast.segments))];
        let key = match forecast.ends_at {
            None => "forecast-unknown",
            Some(_) if forecast.others > 0 => "forecast-ends-shared",
            Some(_) => "forecast-ends",
        };
        if let Some(at) = forecast.ends_at {
            args.push(("time", Arg::Text(page.stamp(&at))));
            args.push(("others", Arg::Count(forecast.others)));
        }
        said.push(page.words.with(key, &args));
    }
    let chats = signed.app.chats_of_broadcast(&signed.caller, broadcast).await?;
    let counted = [
        ("broadcast-chats-arrived", chats.arrived),
        ("broadcast-chats-open", chats.open),
        ("broadcast-chats-overtaken", chats.overtaken),
        ("broadcast-chats-late", chats.late),
    ];
    said.extend(counted.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| page.t1(key, "n", n)));
    Ok(said)
}

/// Asks for a correction of what has left, wholly or in part.
pub(super) fn form(page: &Page, found: &Found, waiting: i64) -> Option<CorrectionForm> {
    if !page.may(Right::Send) || found.broadcast.released_at.is_none() {
        return None;
    }
    let mut languages = Vec::new();
    if found.texts.len() > 1 {
        let all = page.t("correction-for-all");
        languages.push(Choice { value: String::new(), words: all, people: None, is_on: true });
        languages.extend(found.texts.iter().map(|(language, _)| Choice {
            value: language.as_str().to_owned(),
            words: page.words.language(*language),
            people: None,
            is_on: false,
        }));
    }
    let is_open = waiting > 0 && matches!(found.broadcast.status.as_str(), "releasing" | "sending" | "paused");
    Some(CorrectionForm { languages, is_open })
}

/// What it corrects, what corrects it.
pub(super) async fn links(signed: &Signed, broadcast: BroadcastId) -> Result<Vec<CorrectionLine>, AppError> {
    let (corrects, corrections) = signed.app.correction_links(&signed.caller, broadcast).await?;
    let page = &signed.page;
    let line = |key: &str, name: &str, href| CorrectionLine { words: page.t1(key, "name", name), href };
    let mut lines: Vec<CorrectionLine> =
        corrects.iter().map(|link| line("correction-of", &link.name, format!("/broadcasts/{}", link.id))).collect();
    lines.extend(corrections.iter().map(|link| match link.is_draft {
        true => line("correction-draft", &link.name, format!("/send/{}", link.id)),
        false => line("correction-by", &link.name, format!("/broadcasts/{}", link.id)),
    }));
    Ok(lines)
}

/// Makes the draft of a correction and opens it.
pub(super) async fn begin(signed: &Signed, broadcast: BroadcastId, pressed: &Pressed) -> Result<Response, Fault> {
    let draft: BroadcastId = id(&pressed.once)?;
    let language: Option<Lang> = pressed.language.parse().ok();
    let correction = Correction { language, stops_rest: pressed.stop.is_some() };
    signed.app.draft_correction(&signed.caller, broadcast, correction, draft).await?;
    signed.done("correction-began", &[], &format!("/send/{draft}")).await
}
