//! Programmes for which messages are sent, `/settings/programmes`: added and renamed here.

use axum::{http::StatusCode, response::Response};
use mhero_app::AppError;
use mhero_core::{Lang, LangMap, Right};
use serde::Deserialize;

use super::{
    tabs,
    view::{ProgrammeRow, ProgrammesPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    page::Here,
    state::{Form, Signed},
    words::Arg,
};

/// What was pressed: a programme to add, or other names for one.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    #[serde(rename = "do")]
    verb: String,
    code: String,
    name_en: String,
    name_fr: String,
}

impl Pressed {
    /// The names upon those that there are: names in other languages stay.
    fn names(&self, known: &LangMap) -> LangMap {
        let typed = [(Lang::ENGLISH, self.name_en.trim()), (Lang::FRENCH, self.name_fr.trim())];
        let others = known.iter().filter(|(lang, _)| ![Lang::ENGLISH, Lang::FRENCH].contains(lang));
        let mut names = LangMap::default();
        for (lang, name) in typed.into_iter().chain(others).filter(|(_, name)| !name.is_empty()) {
            names.insert(lang, name);
        }
        names
    }
}

/// `GET /settings/programmes`.
pub(super) async fn list(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    page(&signed, StatusCode::OK, Pressed::default(), None).await
}

/// `POST /settings/programmes`.
pub(super) async fn press(signed: Signed, Form(pressed): Form<Pressed>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let (app, caller) = (&signed.app, &signed.caller);
    let (done, key) = match pressed.verb.as_str() {
        "add" => {
            let added = app.add_programme(caller, &pressed.code, pressed.names(&LangMap::default())).await;
            (added.map(|_| ()), "settings-programme-added")
        }
        "rename" => {
            let known = app.programme(&pressed.code).await?.name;
            (app.rename_programme(caller, &pressed.code, &pressed.names(&known)).await, "settings-programme-renamed")
        }
        _ => return Err(Refusal::Unreadable.into()),
    };
    match done {
        Ok(()) => {
            let code = Arg::Text(pressed.code.trim().to_lowercase());
            signed.done(key, &[("code", code)], "/settings/programmes").await
        }
        Err(AppError::Invalid(reason)) => {
            let fault = Some(signed.page.words.reason(&reason));
            page(&signed, StatusCode::UNPROCESSABLE_ENTITY, pressed, fault).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(signed: &Signed, status: StatusCode, typed: Pressed, fault: Option<String>) -> Result<Response, Fault> {
    let row = |one: mhero_app::rows::Programme| ProgrammeRow {
        name: one.name.best(signed.caller.language).to_owned(),
        english: one.name.get(Lang::ENGLISH).unwrap_or_default().to_owned(),
        french: one.name.get(Lang::FRENCH).unwrap_or_default().to_owned(),
        code: one.code,
    };
    // What was typed for another name stands in its own row again once it is put right; the form below is for new ones.
    let typed = if typed.verb == "add" { typed } else { Pressed::default() };
    let shown = ProgrammesPage {
        tabs: tabs(&signed.page, "programmes"),
        rows: signed.app.programmes().await?.into_iter().map(row).collect(),
        typed: ProgrammeRow { name: String::new(), english: typed.name_en, french: typed.name_fr, code: typed.code },
        fault,
        page: signed.page("settings-programmes", Here::Settings),
    };
    Ok(show(status, &shown))
}
