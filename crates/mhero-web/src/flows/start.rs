//! `/flows/{id}/start`: for whom, how many, and the press that starts them.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{
    AppError,
    flows::{NewStart, StartPreview},
};
use mhero_backend::Backends;
use mhero_core::{FlowId, Lane, Lang, Right, limits::QUERY_CHARS_MAX};
use serde::Deserialize;
use uuid::Uuid;

use super::{told, view::StartPage};
use crate::{
    costs::answers::answers,
    errors::{Fault, Refusal, show as answer},
    href,
    page::Here,
    parts::{
        Choice, Counted, LeftOut, Remedy,
        builder::{self, Built, Filled, Outcome},
    },
    state::{Form, Signed, id},
};

/// Above how many people the number has to be typed.
const CONFIRM_ABOVE: i64 = 500;
/// The lanes to choose from: an answer is none that somebody starts.
const LANES: [(Lane, &str); 3] =
    [(Lane::Bulk, "flow-lane-bulk"), (Lane::Normal, "flow-lane-normal"), (Lane::Alert, "flow-lane-alert")];

/// The audience with which the page opens.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    people: String,
}

/// The form, whatever button was pressed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    q: String,
    #[serde(rename = "do")]
    verb: String,
    blank: String,
    pick: Vec<String>,
    typed: String,
    audience: String,
    lane: String,
    test: Option<String>,
    despite: Option<String>,
    once: String,
    say: String,
    text: String,
    text_2: String,
}

/// What is shown beside what was typed.
#[derive(Default)]
struct Beside {
    open: Option<String>,
    blank_fault: Option<String>,
    fault: Option<String>,
}

/// `GET /flows/{id}/start`.
pub(super) async fn open(
    signed: Signed,
    Path(flow): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let typed = Typed { q: asked.people, once: Uuid::now_v7().to_string(), ..Typed::default() };
    page(&signed, id(&flow)?, &typed, Beside::default()).await
}

/// `POST /flows/{id}/start`.
pub(super) async fn work(
    signed: Signed,
    Path(flow): Path<String>,
    Form(mut typed): Form<Typed>,
) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let flow: FlowId = id(&flow)?;
    if typed.q.chars().count() > QUERY_CHARS_MAX {
        return Err(Refusal::TooLarge.into());
    }
    typed.q = typed.q.replace("\r\n", " ").trim().to_owned();
    let who = (&signed.app, &signed.caller, &signed.page);
    if let Some(edit) = typed.verb.strip_prefix("edit:") {
        let beside = Beside { open: Some(edit.to_owned()), ..Beside::default() };
        return page(&signed, flow, &typed, beside).await;
    }
    match typed.verb.as_str() {
        "start" => return start(&signed, flow, &typed).await,
        "use" => {
            let blank = Filled { blank: typed.blank.clone(), picks: typed.pick.clone(), typed: typed.typed.clone() };
            match builder::fill(who, &typed.q, &blank).await? {
                Outcome::Query(query) => typed.q = query,
                Outcome::Open(edit) => {
                    let beside = Beside { open: Some(edit), ..Beside::default() };
                    return page(&signed, flow, &typed, beside).await;
                }
                Outcome::Fault(words) => {
                    let open = Some(typed.blank.clone());
                    let beside = Beside { open, blank_fault: Some(words), fault: None };
                    return page(&signed, flow, &typed, beside).await;
                }
            }
        }
        "drop" => typed.q = builder::without((who.0, who.1), &typed.q, &typed.blank).await?,
        "saved" if !typed.audience.is_empty() => typed.q = builder::of_group(&typed.audience),
        _ => {}
    }
    page(&signed, flow, &typed, Beside::default()).await
}

async fn start(signed: &Signed, flow: FlowId, typed: &Typed) -> Result<Response, Fault> {
    let again = |fault: String| page(signed, flow, typed, Beside { fault: Some(fault), ..Beside::default() });
    if typed.q.is_empty() {
        return again(signed.page.t("flow-start-nobody")).await;
    }
    let texts = texts_of(signed, flow).await?;
    if !texts.is_empty() && typed.text.trim().is_empty() {
        return again(signed.page.t("backend-no-text")).await;
    }
    let new = new_start(flow, typed, &texts)?;
    let preview = match signed.app.preview_start(&signed.caller, &new).await {
        Ok(preview) => preview,
        Err(error @ (AppError::Invalid(_) | AppError::Query(_))) => {
            return again(told::error(&signed.page, &error)).await;
        }
        Err(error) => return Err(error.into()),
    };
    if preview.recipients == 0 {
        return again(signed.page.t("flow-start-nobody")).await;
    }
    if !preview.errors.is_empty() && typed.despite.is_none() {
        return again(signed.page.t1(
            "flow-start-errors",
            "n",
            i64::try_from(preview.errors.len()).unwrap_or(i64::MAX),
        ))
        .await;
    }
    let said: String = typed.say.chars().filter(char::is_ascii_digit).collect();
    if preview.recipients > CONFIRM_ABOVE && said != preview.recipients.to_string() {
        return again(signed.page.t("confirm-wrong")).await;
    }
    match signed.app.start_flow(&signed.caller, &new).await {
        Ok(started) => {
            let n = crate::page::count(preview.recipients);
            let waits = signed.app.start_page(&signed.caller, started).await?.row.status == "approval";
            let key = if waits { "flow-start-waits" } else { "flow-start-done" };
            signed.done(key, &[("n", n)], &format!("/flows/{flow}")).await
        }
        Err(error @ (AppError::Invalid(_) | AppError::Query(_))) => again(told::error(&signed.page, &error)).await,
        Err(error) => Err(error.into()),
    }
}

/// The languages of the text of a start that sends one through a back end; none for any other flow.
async fn texts_of(signed: &Signed, flow: FlowId) -> Result<Vec<Lang>, Fault> {
    if !Backends::new(signed.app.clone()).sends_texts(flow).await? {
        return Ok(Vec::new());
    }
    let facts = signed.app.facts_cached().await?;
    let mut languages = vec![facts.default_language()];
    languages.extend(facts.languages.iter().copied().find(|language| *language != languages[0]));
    Ok(languages)
}

fn new_start(flow: FlowId, typed: &Typed, texts: &[Lang]) -> Result<NewStart, Fault> {
    let once: Uuid = id(&typed.once)?;
    Ok(NewStart {
        flow,
        query: typed.q.clone(),
        params: (!texts.is_empty()).then(|| {
            let said: Vec<_> = texts.iter().copied().zip([typed.text.clone(), typed.text_2.clone()]).collect();
            mhero_backend::text_params(&said)
        }),
        lane: typed.lane.parse().ok().filter(|lane| *lane != Lane::Reply).unwrap_or(Lane::Bulk),
        channel: None,
        programme: None,
        cause: "start",
        once_key: Some(format!("console/{once}")),
        is_test: typed.test.is_some(),
        is_drill: false,
    })
}

async fn page(signed: &Signed, flow: FlowId, typed: &Typed, beside: Beside) -> Result<Response, Fault> {
    let row = signed.app.find_flow(&signed.caller, &flow.to_string()).await?;
    let who = (&signed.app, &signed.caller, &signed.page);
    let Built { mut sentence, checked } =
        builder::build(who, &typed.q, "flow-start-say", beside.open.as_deref()).await?;
    let mut fault = beside.fault;
    let is_refused = fault.is_some() || beside.blank_fault.is_some() || sentence.fault.is_some();
    if let Some(pop) = &mut sentence.pop
        && beside.blank_fault.is_some()
    {
        (pop.fault, pop.typed) = (beside.blank_fault, Some(typed.typed.clone()));
    }
    let texts = texts_of(signed, flow).await?;
    let preview = match checked {
        Some(_) => match signed.app.preview_start(&signed.caller, &new_start(flow, typed, &texts)?).await {
            Ok(preview) => preview,
            Err(error @ AppError::Invalid(_)) => {
                fault = fault.or_else(|| Some(told::error(&signed.page, &error)));
                StartPreview::default()
            }
            Err(error) => return Err(error.into()),
        },
        None => StartPreview::default(),
    };
    let lane = typed.lane.parse().unwrap_or(Lane::Bulk);
    let page = signed.page.clone().titled(signed.page.t1("flow-start-head", "name", &row.name), Here::Flows);
    let errors = told::findings(&page, flow, &preview.errors, &[]);
    let view = StartPage {
        name: row.name,
        flow: format!("/flows/{flow}"),
        href: format!("/flows/{flow}/start"),
        sentence,
        counted: counted(signed, &preview, &typed.q),
        on_leave: (preview.on_leave > 0).then(|| page.t1("flow-start-on-leave", "n", preview.on_leave)),
        answers: answers(&page, preview.answers).filter(|_| preview.recipients > 0),
        in_a_flow: (preview.in_a_flow > 0).then(|| page.t1("flow-start-in-a-flow", "n", preview.in_a_flow)),
        lanes: lanes(signed, lane),
        fault,
        is_asked: preview.recipients > CONFIRM_ABOVE,
        say: typed.say.clone(),
        above: CONFIRM_ABOVE,
        once: typed.once.clone(),
        is_test: typed.test.is_some(),
        texts: texts
            .iter()
            .zip([("text", &typed.text), ("text_2", &typed.text_2)])
            .map(|(language, (field, said))| (field, page.words.language(*language), said.clone()))
            .collect(),
        text_max: mhero_backend::TEXT_CHARS_MAX,
        errors,
        is_despite: typed.despite.is_some(),
        page,
    };
    Ok(answer(if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &view))
}

fn lanes(signed: &Signed, chosen: Lane) -> Vec<Choice> {
    let choice = |(lane, key): &(Lane, &str)| Choice {
        value: lane.as_str().to_owned(),
        words: signed.page.t(key),
        people: None,
        is_on: *lane == chosen,
    };
    LANES.iter().map(choice).collect()
}

fn counted(signed: &Signed, preview: &StartPreview, query: &str) -> Counted {
    let here = href::with("/people", &[("q", query)]);
    let row = |(reason, people): &(String, i64)| LeftOut {
        words: signed.page.t(LeftOut::key(reason)),
        people: *people,
        href: here.clone(),
        remedy: Remedy::None,
    };
    Counted {
        matched: preview.recipients + preview.excluded.iter().map(|(_, people)| people).sum::<i64>(),
        matched_href: here.clone(),
        left_out: preview.excluded.iter().map(row).collect(),
        ..Counted::default()
    }
}
