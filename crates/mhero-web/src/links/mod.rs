//! Pairs of people who may be one, `/links`: side by side, one key each; and merges on a person's page, each with its undo.

mod decided;
pub(crate) mod told;
pub mod view;

use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use mhero_app::{AppError, linking::PairDecision};
use mhero_core::{PersonId, Right};
use serde::Deserialize;
use uuid::Uuid;
use view::PairPage;

use crate::{
    errors::{Fault, Refusal, show},
    href,
    page::{Here, Page},
    parts::Choice,
    state::{Form, Signed, State, id},
};

/// The page.
const HERE: &str = "/links";
/// What was decided.
const DECIDED: &str = "/links/decided";

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/links", get(open).post(decide))
        .route("/links/decided", get(decided::list).post(decided::change))
        .route("/people/{id}/links/{link}", post(undo))
}

/// Which pair: the one after this.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    score: Option<f64>,
    left: String,
    right: String,
}

impl Asked {
    fn after(&self) -> Result<Option<(f64, PersonId, PersonId)>, Fault> {
        let Some(score) = self.score.filter(|score| score.is_finite()) else { return Ok(None) };
        Ok(Some((score, id(&self.left)?, id(&self.right)?)))
    }
}

async fn open(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::ReadPeople)?;
    let after = asked.after()?;
    let page = signed.page("nav-links", Here::Links);
    let waiting = signed.app.count_link_pairs(&signed.caller).await?;
    let pairs = signed.app.link_pairs(&signed.caller, after).await?;
    let next = pairs.first().map(|first| {
        let (left, right) = (first.pair.left.to_string(), first.pair.right.to_string());
        href::with(HERE, &[("score", &first.pair.score.to_string()), ("left", &left), ("right", &right)])
    });
    let numbering = signed.app.numbering_cached().await?;
    let shown = PairPage {
        waiting,
        filters: filters(&page, waiting, false),
        pair: pairs.first().map(|pair| told::pair(&page, signed.caller.language, &numbering, pair)),
        next: next.filter(|_| waiting > 1),
        is_later: after.is_some(),
        may_decide: page.may(Right::EditPeople),
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

/// What the form of a pair sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Press {
    #[serde(rename = "do")]
    verb: String,
    left: String,
    right: String,
    version: i64,
    next: String,
}

async fn decide(signed: Signed, Form(press): Form<Press>) -> Result<Response, Fault> {
    signed.must(Right::EditPeople)?;
    let decision = match press.verb.as_str() {
        "same" => PairDecision::Same,
        "different" => PairDecision::Different,
        _ => return Err(Refusal::Unreadable.into()),
    };
    // Only a page of ours is gone to.
    let next = if press.next.starts_with("/links?") { press.next.as_str() } else { HERE };
    let (left, right): (PersonId, PersonId) = (id(&press.left)?, id(&press.right)?);
    match signed.app.decide_pair(&signed.caller, left, right, decision, press.version).await {
        Ok(Some(_)) => signed.done("links-said-same", &[], next).await,
        Ok(None) => signed.done("links-said-different", &[], next).await,
        Err(AppError::Invalid(reason)) => {
            let words = format!("{} {}", signed.page.t("links-changed"), signed.page.words.reason(&reason));
            signed.say(&words, None).await?;
            signed.done("", &[], next).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /people/{id}/links/{link}`: takes a merge back.
async fn undo(signed: Signed, Path((person, link)): Path<(String, String)>) -> Result<Response, Fault> {
    signed.must(Right::EditPeople)?;
    let (person, link): (PersonId, Uuid) = (id(&person)?, id(&link)?);
    let back = format!("/people/{person}");
    match signed.app.undo_link(&signed.caller, link).await {
        Ok(()) => signed.done("links-undone", &[], &back).await,
        Err(AppError::Invalid(_)) => signed.done("links-not-undone", &[], &back).await,
        Err(error) => Err(error.into()),
    }
}

/// Open and decided pairs.
fn filters(page: &Page, waiting: i64, is_decided: bool) -> Vec<Choice> {
    let choice = |value: &str, key: &str, people: Option<i64>, is_on: bool| Choice {
        value: value.to_owned(),
        words: page.t(key),
        people,
        is_on,
    };
    vec![choice(HERE, "links-open", Some(waiting), !is_decided), choice(DECIDED, "links-decided", None, is_decided)]
}
