//! Broadcasts: one text by language to an audience. Previewed, sent, followed person by person, taken back.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use mhero_api::rows::{BroadcastPerson, BroadcastRow};
use mhero_app::broadcasts::{BroadcastPage, Draft, Preview, Release};
use mhero_core::{BroadcastId, Lane, Lang, Right, sandbox};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    body,
    front::Asking,
    page::{Page, PageParams, Wanted},
    params::{Params, id_in},
    problem::Fault,
    shapes::{LeftOut, Named, instant, language},
    whom::Audience,
};

/// How urgent.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// A case alert or a national warning; quiet hours do not hold it.
    Alert,
    /// A message to one person or a few.
    #[default]
    Normal,
    /// A broadcast to many.
    Bulk,
}

impl Urgency {
    pub(crate) const fn lane(self) -> Lane {
        match self {
            Self::Alert => Lane::Alert,
            Self::Normal => Lane::Normal,
            Self::Bulk => Lane::Bulk,
        }
    }
}

/// A broadcast to be previewed or sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBroadcast {
    /// Its name; the beginning of the text where there is none.
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// Whom it is for.
    pub to: Audience,
    /// Texts by language (BCP 47 or ISO 639-3). People whose language has none get that of the installation's first language.
    /// `@contact.first_name` and other expressions are filled in for each person.
    #[schema(example = json!({"en": "The course begins on Monday.", "fr": "La formation commence lundi."}))]
    pub text: BTreeMap<String, String>,
    /// How urgent; `bulk` where nothing is said.
    pub lane: Option<Urgency>,
    /// When it leaves; at once where nothing is said.
    #[schema(format = DateTime)]
    pub at: Option<String>,
    /// By which channel, by its name.
    pub channel: Option<String>,
    /// The code of the programme that sends it and pays for it.
    pub programme: Option<String>,
    /// A drill: each text begins by saying so.
    #[serde(default)]
    pub drill: bool,
    /// A test: each text begins by saying so, and it counts nowhere. Always so in the sandbox.
    #[serde(default)]
    pub test: bool,
    /// For how many minutes it is worth sending; as long as its lane says where nothing is said.
    #[schema(minimum = 1)]
    pub valid_minutes: Option<i64>,
    /// Why it may leave in quiet hours; the audit log keeps it.
    #[schema(min_length = 3, max_length = 500)]
    pub quiet_override: Option<String>,
}

/// One language of a broadcast.
#[derive(Serialize, ToSchema)]
pub struct LanguageShare {
    /// The language (BCP 47).
    pub language: String,
    /// People who get this text.
    pub people: i64,
    /// SMS that the longest text anybody gets takes.
    pub segments: i64,
    /// That text.
    pub example: String,
    /// Whether it differs from person to person.
    pub personal: bool,
}

/// What a broadcast would do.
#[derive(Serialize, ToSchema)]
pub struct BroadcastPreview {
    /// The audience as a sentence, in the language asked for.
    pub meaning: String,
    /// People who match.
    pub matched: i64,
    /// People who would get it.
    pub recipients: i64,
    /// People who match and would not, by reason.
    pub left_out: Vec<LeftOut>,
    /// By language: people, SMS, text.
    pub languages: Vec<LanguageShare>,
    /// SMS in all, at most.
    pub segments: i64,
    /// What it would cost, in millionths of the currency; null where nothing has a price.
    pub cost_micros: Option<i64>,
    /// The currency (ISO 4217).
    pub currency: Option<String>,
    /// When quiet hours end that would hold it.
    #[schema(format = DateTime)]
    pub quiet_until: Option<String>,
    /// Whether there is a channel by which it can leave.
    pub has_channel: bool,
    /// Some of those who would get it.
    pub sample: Vec<Named>,
}

/// A broadcast as it stands.
#[derive(Serialize, ToSchema)]
pub struct Broadcast {
    /// Its id.
    pub id: String,
    /// Its number, by which officials call it.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// `approval` (a second person must agree), `undo`, `scheduled`, `recurring`, `releasing`, `sending`, `paused`, `done`,
    /// `cancelled`, `refused`, `failed`.
    pub status: String,
    /// The audience, in the query language.
    pub audience: String,
    /// Texts by language (BCP 47).
    pub text: BTreeMap<String, String>,
    /// How urgent: `alert`, `reply`, `normal`, `bulk`.
    pub lane: String,
    /// A test.
    pub test: bool,
    /// A drill.
    pub drill: bool,
    /// When it is to leave; null for at once.
    #[schema(format = DateTime)]
    pub at: Option<String>,
    /// When it was asked for.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When its audience was frozen.
    #[schema(format = DateTime)]
    pub released_at: Option<String>,
    /// When nothing of it was left to do.
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    /// People who matched at release.
    pub matched: i64,
    /// People who get it.
    pub recipients: i64,
    /// Messages by state; null in lists.
    pub counts: Option<BTreeMap<String, i64>>,
    /// People who answered; null in lists.
    pub answered: Option<i64>,
    /// People left out, by reason; null in lists.
    pub left_out: Option<Vec<LeftOut>>,
}

/// Somebody of a broadcast.
#[derive(Serialize, ToSchema)]
pub struct Recipient {
    /// The person.
    pub person: Named,
    /// The number it went to; null for who was left out.
    pub phone: Option<String>,
    /// `waiting`, `submitting`, `uncertain`, `sent`, `delivered`, `failed`, `cancelled`, `expired`, or `left_out`.
    pub state: String,
    /// Why it failed, or why they were left out.
    pub reason: Option<String>,
    /// Whether they answered.
    pub answered: bool,
}

/// Which people of a broadcast.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameters that the handler reads")]
pub(crate) struct RecipientsParams {
    /// Those whose message is in this state; `left_out` for those who get none.
    state: Option<String>,
}

/// Which of many things.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameters that handlers read")]
pub(crate) struct SpanParams {
    /// From this instant on.
    #[param(format = DateTime)]
    since: Option<String>,
    /// Until this instant.
    #[param(format = DateTime)]
    until: Option<String>,
}

fn texts(rows: Vec<(Lang, String)>) -> BTreeMap<String, String> {
    rows.into_iter().map(|(own, text)| (language(own), text)).collect()
}

impl Broadcast {
    fn of(row: BroadcastRow, text: BTreeMap<String, String>) -> Self {
        Self {
            id: row.id.to_string(),
            number: row.number,
            name: row.name,
            status: row.status,
            audience: row.query,
            text,
            lane: row.lane.to_string(),
            test: row.is_test,
            drill: row.is_drill,
            at: row.release_at.map(instant),
            created_at: instant(row.created_at),
            released_at: row.released_at.map(instant),
            ended_at: row.ended_at.map(instant),
            matched: row.matched,
            recipients: row.recipients,
            counts: None,
            answered: None,
            left_out: None,
        }
    }

    fn whole(page: BroadcastPage) -> Self {
        let counts = page.states.iter().map(|count| (count.state.to_string(), count.messages)).collect();
        let left_out = page.left_out.into_iter();
        let left_out = left_out.map(|one| LeftOut { reason: one.reason, people: one.people }).collect();
        Self {
            counts: Some(counts),
            answered: Some(page.answered),
            left_out: Some(left_out),
            ..Self::of(page.broadcast, texts(page.texts))
        }
    }
}

impl BroadcastPreview {
    fn of(preview: Preview) -> Self {
        let share = |one: mhero_app::broadcasts::LanguageShare| LanguageShare {
            language: language(one.check.language),
            people: one.people,
            segments: i64::try_from(one.check.worst.segments).unwrap_or(i64::MAX),
            example: one.check.worst_text,
            personal: one.check.is_personal,
        };
        let left_out = preview.left_out.into_iter();
        Self {
            meaning: preview.sentence,
            matched: preview.matched,
            recipients: preview.recipients,
            left_out: left_out.map(|one| LeftOut { reason: one.reason, people: one.people }).collect(),
            languages: preview.languages.into_iter().map(share).collect(),
            segments: preview.sms,
            cost_micros: preview.estimate.currency.as_ref().map(|_| preview.estimate.micros),
            currency: preview.estimate.currency,
            quiet_until: preview.quiet_until.map(|at| at.to_string()),
            has_channel: !preview.no_channel,
            sample: preview.sample.into_iter().map(|one| Named::new(one.person, one.name)).collect(),
        }
    }
}

impl Asking {
    /// A broadcast as the application knows it.
    async fn draft(&self, new: &NewBroadcast) -> Result<Draft, Fault> {
        let own = self.app.facts_cached().await?.default_language();
        let mut texts: Vec<(Lang, String)> = Vec::with_capacity(new.text.len());
        for (code, text) in &new.text {
            let field = format!("text.{code}");
            let read: Result<Lang, _> = code.parse();
            let lang = read.map_err(|_| Fault::refused("language").field("text").value(code))?;
            if texts.iter().any(|(known, _)| *known == lang) {
                return Err(Fault::refused("language-twice").field(field).value(code));
            }
            texts.push((lang, text.clone()));
        }
        // The first serves people whose language has none.
        texts.sort_by_key(|(lang, _)| *lang != own);
        let release = match new.at.as_deref() {
            None => Release::Now,
            Some(text) => {
                let read: Result<Timestamp, _> = text.parse();
                Release::At(read.map_err(|_| Fault::bad("no-instant").field("at").value(text))?)
            }
        };
        let programme = match new.programme.as_deref() {
            None => None,
            Some(code) => {
                let found = self.app.programme(code).await;
                Some(found.map_err(|_| Fault::refused("no-programme").field("programme").value(code))?.id)
            }
        };
        Ok(Draft {
            name: new.name.clone().unwrap_or_default(),
            query: self.query_of(&new.to, "to").await?,
            texts,
            lane: new.lane.unwrap_or(Urgency::Bulk).lane(),
            channel: self.channel_called(new.channel.as_deref()).await?,
            release,
            zone: None,
            quiet_override: new.quiet_override.clone(),
            once_key: self.once_key(),
            is_test: new.test || self.is_in_sandbox(),
            is_drill: new.drill,
            programme,
            valid_minutes: new.valid_minutes,
        })
    }

    /// The channel of a name; always its own in the sandbox.
    pub(crate) async fn channel_called(&self, name: Option<&str>) -> Result<Option<mhero_core::ChannelId>, Fault> {
        if self.is_in_sandbox() {
            return Ok(Some(sandbox::channel()));
        }
        let Some(name) = name else { return Ok(None) };
        let found = self.app.channel_named(name).await;
        Ok(Some(found.map_err(|_| Fault::refused("no-channel").field("channel").value(name))?.id))
    }

    async fn broadcast(&self, id: BroadcastId) -> Result<Broadcast, Fault> {
        Ok(Broadcast::whole(self.app.broadcast_page(&self.caller, id).await?))
    }
}

/// What a broadcast would do, without doing it: how many get it, who is left out and why, SMS and cost.
#[utoipa::path(post, path = "/api/v1/broadcasts/preview", tag = "broadcasts", request_body = NewBroadcast,
    responses((status = 200, description = "What it would do", body = BroadcastPreview)))]
pub(crate) async fn preview(
    asking: Asking,
    body::Json(new): body::Json<NewBroadcast>,
) -> Result<Json<BroadcastPreview>, Fault> {
    asking.must(Right::Send)?;
    let draft = asking.draft(&new).await?;
    Ok(Json(BroadcastPreview::of(asking.app.preview(&asking.caller, &draft, 0).await?)))
}

/// Sends a broadcast. Above the size that the installation set, it waits until a second person agrees.
#[utoipa::path(post, path = "/api/v1/broadcasts", tag = "broadcasts", request_body = NewBroadcast,
    responses((status = 201, description = "It is on disk and goes its way", body = Broadcast)))]
pub(crate) async fn send(asking: Asking, body::Json(new): body::Json<NewBroadcast>) -> Result<Response, Fault> {
    asking.must(Right::Send)?;
    let draft = asking.draft(&new).await?;
    let id = asking.app.send(&asking.caller, &draft).await?;
    let location = format!("/api/v1/broadcasts/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(asking.broadcast(id).await?)).into_response())
}

/// Broadcasts within the token's scope, newest first.
#[utoipa::path(get, path = "/api/v1/broadcasts", tag = "broadcasts", params(SpanParams, PageParams),
    responses((status = 200, description = "A page of broadcasts", body = Page<Broadcast>)))]
pub(crate) async fn list(asking: Asking, params: Params) -> Result<Json<Page<Broadcast>>, Fault> {
    let params = params.only(&["since", "until", "limit", "cursor"])?;
    let (wanted, span) = (Wanted::read(&params)?, (params.instant("since")?, params.instant("until")?));
    let found = asking.reader().broadcasts(&asking.caller, &wanted.part(span)).await?;
    let (rows, next_cursor) = wanted.cut(found, mhero_api::Listed::key);
    let items = rows.into_iter().map(|listed| Broadcast::of(listed.row, texts(listed.texts))).collect();
    Ok(Json(Page { items, next_cursor }))
}

/// One broadcast, with how far its messages got.
#[utoipa::path(get, path = "/api/v1/broadcasts/{id}", tag = "broadcasts",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The broadcast", body = Broadcast)))]
pub(crate) async fn get_one(asking: Asking, Path(id): Path<String>, params: Params) -> Result<Json<Broadcast>, Fault> {
    params.only(&[])?;
    Ok(Json(asking.broadcast(BroadcastId::from_uuid(id_in(&id)?)).await?))
}

/// The people of a broadcast with the state of each one's message.
#[utoipa::path(get, path = "/api/v1/broadcasts/{id}/people", tag = "broadcasts",
    params(("id" = String, Path, format = Uuid, description = "Its id"), RecipientsParams, PageParams),
    responses((status = 200, description = "A page of people", body = Page<Recipient>)))]
pub(crate) async fn recipients(
    asking: Asking,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json<Page<Recipient>>, Fault> {
    let params = params.only(&["state", "limit", "cursor"])?;
    let (id, wanted) = (BroadcastId::from_uuid(id_in(&id)?), Wanted::read(&params)?);
    let state = params.text("state").unwrap_or_default();
    let which = if state == "left_out" { ("", Some("")) } else { (state, None) };
    let known = mhero_core::MessageState::ALL.iter().any(|known| known.as_str() == state);
    if !known && !matches!(state, "" | "left_out") {
        let words: Vec<&str> = mhero_core::MessageState::ALL.iter().map(|known| known.as_str()).collect();
        let list = format!("{}, left_out", words.join(", "));
        return Err(Fault::bad("unknown-word").field("state").value(state).arg("known", list));
    }
    let after = wanted.after.map_or_else(Uuid::nil, |(_, id)| id);
    let found = asking.app.broadcast_people(&asking.caller, id, which, after, wanted.one_more()).await?;
    let (rows, next_cursor) = wanted.cut(found, |row| (0, row.cursor));
    let of = |row: BroadcastPerson| Recipient {
        person: Named::new(row.person, row.name),
        phone: row.path,
        state: row.state,
        reason: row.reason,
        answered: row.answered,
    };
    Ok(Json(Page { items: rows.into_iter().map(of).collect(), next_cursor }))
}

/// Takes back everything of a broadcast that has not left. One that is cancelled stays so.
#[utoipa::path(post, path = "/api/v1/broadcasts/{id}/cancel", tag = "broadcasts",
    params(("id" = String, Path, format = Uuid, description = "Its id")),
    responses((status = 200, description = "The broadcast as it stands now", body = Broadcast)))]
pub(crate) async fn cancel(asking: Asking, Path(id): Path<String>) -> Result<Json<Broadcast>, Fault> {
    asking.must(Right::Send)?;
    let id = BroadcastId::from_uuid(id_in(&id)?);
    let stands = asking.broadcast(id).await?;
    if stands.status != "cancelled" {
        let done = asking.app.cancel_broadcast(&asking.caller, id).await;
        done.map_err(|error| match error {
            mhero_app::AppError::Invalid(reason) => Fault::from(reason).conflicting(),
            error => error.into(),
        })?;
    }
    Ok(Json(asking.broadcast(id).await?))
}
