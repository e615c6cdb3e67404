//! The results at a glance.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{
    AppError,
    flows::{FlowResults, Followed, Question, ResultsOf},
};
use mhero_core::{Right, timestamp};
use uuid::Uuid;

use super::{
    Asked, address, show,
    view::{FollowShown, QuestionShown, ResultsPage},
};
use crate::{
    errors::{Fault, show as answer},
    flows::{Tab, tabs},
    href,
    page::Here,
    parts::Choice,
    state::Signed,
};

/// Answers in words that a question shows at once.
const LAST_TEXTS: i64 = 3;
/// Later than everything.
const ALWAYS: i64 = i64::MAX;

/// `GET /flows/{id}/results`.
pub(super) async fn open(
    signed: Signed,
    Path(flow): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let page = page(&signed, asked.of(&flow)?, None).await?;
    Ok(answer(StatusCode::OK, &page))
}

/// The page, perhaps with what could not be done.
pub(super) async fn page(signed: &Signed, of: ResultsOf, fault: Option<String>) -> Result<ResultsPage, Fault> {
    let results = signed.app.flow_results(&signed.caller, of).await?;
    let page = signed.page.clone().titled(signed.page.t1("results-of", "name", &results.flow.name), Here::Flows);
    let may_follow = page.may(Right::Send) && page.may(Right::ReadPeople);
    let follow = if may_follow { follow(signed, of).await? } else { Vec::new() };
    let flows = if follow.is_empty() { Vec::new() } else { startable(signed).await? };
    let mut questions = Vec::new();
    for question in &results.questions {
        questions.push(shown(signed, of, question).await?);
    }
    let links = page.may(Right::ReadPeople);
    Ok(ResultsPage {
        tabs: tabs(&page, of.flow, Tab::Results),
        lead: lead(signed, &results),
        said: show::said(&page, &results),
        starts: starts(signed, of).await?,
        steps: show::steps(&page, &results, links),
        statuses: show::statuses(&page, &results),
        questions,
        rows_href: address(of, "/people", &[]),
        csv: address(of, "/table.csv", &[]),
        xlsx: address(of, "/table.xlsx", &[]),
        follow,
        flows,
        follow_href: format!("/flows/{}/results/follow", of.flow),
        start: of.start.map(|start| start.to_string()).unwrap_or_default(),
        once: Uuid::now_v7().to_string(),
        name: results.flow.name,
        fault,
        page,
    })
}

fn lead(signed: &Signed, results: &FlowResults) -> String {
    let page = &signed.page;
    match &results.start {
        None => page.t1("results-lead-all", "revision", results.flow.revision),
        Some(start) => {
            let at = page.stamp(&timestamp(start.created_at));
            page.t3("results-lead-start", "n", start.number, "time", at, "revision", start.revision)
        }
    }
}

async fn starts(signed: &Signed, of: ResultsOf) -> Result<Vec<Choice>, Fault> {
    if !signed.caller.scope.may(Right::ReadMessages) {
        return Ok(Vec::new());
    }
    let page = &signed.page;
    let all = Choice {
        value: address(ResultsOf { start: None, ..of }, "", &[]),
        words: page.t("results-all"),
        people: None,
        is_on: of.start.is_none(),
    };
    let mut choices = vec![all];
    for start in signed.app.starts_of(&signed.caller, of.flow).await? {
        let at = page.stamp(&timestamp(start.created_at));
        choices.push(Choice {
            value: address(ResultsOf { start: Some(start.id), ..of }, "", &[]),
            words: page.t2("results-start", "n", start.number, "time", at),
            people: None,
            is_on: of.start == Some(start.id),
        });
    }
    Ok(choices)
}

async fn shown(signed: &Signed, of: ResultsOf, question: &Question) -> Result<QuestionShown, Fault> {
    let mut last = Vec::new();
    if question.is_open() && question.answers() > 0 {
        let texts = signed.app.result_texts(&signed.caller, of, &question.key, (ALWAYS, LAST_TEXTS)).await?;
        last = texts.into_iter().map(|text| text.value).collect();
    }
    Ok(QuestionShown {
        name: question.name.clone(),
        answers: question.answers(),
        bars: show::bars(&signed.page, question),
        last,
        texts_href: address(of, "/texts", &[("q", &question.key)]),
    })
}

/// Who of a start is to hear more: nobody where all starts are shown.
async fn follow(signed: &Signed, of: ResultsOf) -> Result<Vec<FollowShown>, Fault> {
    let mut shown = Vec::new();
    if of.start.is_none() {
        return Ok(shown);
    }
    let page = &signed.page;
    for which in [Followed::Silent, Followed::Replied] {
        let found = match signed.app.follow_up(&signed.caller, of, which).await {
            Ok(found) => found,
            Err(AppError::NotAllowed { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let word = which.as_str();
        shown.push(FollowShown {
            which: word,
            head: page.t1(&format!("results-{word}-head"), "n", found.people),
            people: found.people,
            href: href::with("/people", &[("q", &found.query)]),
            write: page.t1(&format!("results-{word}-write"), "n", found.people),
            may_wait: which == Followed::Silent,
        });
    }
    Ok(shown)
}

async fn startable(signed: &Signed) -> Result<Vec<Choice>, Fault> {
    if !signed.caller.scope.may(Right::ReadMessages) {
        return Ok(Vec::new());
    }
    let flows = signed.app.flows(&signed.caller, false).await?.into_iter();
    let choice = |flow: mhero_app::flows::FlowListed| Choice {
        value: flow.row.id.to_string(),
        words: flow.row.name,
        people: None,
        is_on: false,
    };
    Ok(flows.map(choice).collect())
}
