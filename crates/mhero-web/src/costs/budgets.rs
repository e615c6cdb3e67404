//! How much may be spent, `/settings/budgets`.

use axum::{extract::Query, http::StatusCode, response::Response};
use mhero_app::{
    AppError,
    costs::{BudgetStanding, NewBudget, Period},
    rows::Programme,
};
use mhero_core::{BudgetId, ProgrammeId, Right, timestamp};
use serde::Deserialize;

use super::{
    money::{amount, exact},
    view::{BudgetLine, BudgetsPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    marks::Mark,
    page::{Here, Page},
    parts::Choice,
    settings::tabs,
    state::{Form, Signed, id},
};

const HREF: &str = "/settings/budgets";
/// The share from which on a new budget warns, unless somebody says otherwise.
const WARN: &str = "80";

/// Which budget is changed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    edit: String,
}

/// The form as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    #[serde(rename = "do")]
    verb: String,
    budget: String,
    programme: String,
    period: String,
    amount: String,
    warn: String,
    stops: String,
    reason: String,
}

/// `GET /settings/budgets`.
pub(super) async fn open(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let fresh = Typed { warn: WARN.to_owned(), stops: "yes".to_owned(), ..Typed::default() };
    let typed = if asked.edit.is_empty() {
        fresh
    } else {
        let edited: BudgetId = id(&asked.edit)?;
        let known = signed.app.budgets(&signed.caller).await?.into_iter().find(|known| known.budget.id == edited);
        let row = known.ok_or(Refusal::NotFound)?.budget;
        Typed {
            budget: asked.edit,
            programme: row.programme.map(|id| id.to_string()).unwrap_or_default(),
            period: row.period,
            amount: mhero_app::costs::plain(row.micros, 0),
            warn: row.warn_percent.to_string(),
            stops: if row.stops { "yes".to_owned() } else { String::new() },
            ..Typed::default()
        }
    };
    Ok(show(StatusCode::OK, &page(&signed, &typed, None).await?))
}

/// `POST /settings/budgets`.
pub(super) async fn press(signed: Signed, Form(typed): Form<Typed>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let (app, caller) = (&signed.app, &signed.caller);
    let known = || id::<BudgetId>(&typed.budget);
    let done = match typed.verb.as_str() {
        "lift" => app.lift_budget(caller, known()?, &typed.reason).await.map(|()| "budgets-lifted"),
        "unlift" => app.unlift_budget(caller, known()?).await.map(|()| "budgets-saved"),
        "drop" => app.drop_budget(caller, known()?).await.map(|()| "budgets-dropped"),
        _ => {
            let budget = if typed.budget.is_empty() { None } else { Some(known()?) };
            let programme: Option<ProgrammeId> =
                if typed.programme.is_empty() { None } else { Some(id(&typed.programme)?) };
            let new = NewBudget {
                programme,
                period: Period::of(&typed.period).ok_or(Refusal::Unreadable)?,
                amount: typed.amount.clone(),
                // What is no number is no share, and is said so.
                warn_percent: typed.warn.trim().trim_end_matches('%').trim().parse().unwrap_or_default(),
                stops: !typed.stops.is_empty(),
            };
            app.set_budget(caller, budget, &new).await.map(|()| "budgets-saved")
        }
    };
    match done {
        Ok(said) => signed.done(said, &[], HREF).await,
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page(&signed, &typed, Some(fault)).await?))
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(signed: &Signed, typed: &Typed, fault: Option<String>) -> Result<BudgetsPage, Fault> {
    let page = signed.page("settings-budgets", Here::Settings);
    let (app, caller) = (&signed.app, &signed.caller);
    let currency = app.currency().await?.unwrap_or_default();
    let programmes = app.programmes().await?;
    let choice = |value: String, words: String, chosen: &str| {
        let is_on = value == chosen;
        Choice { value, words, people: None, is_on }
    };
    let all = choice(String::new(), page.t("budgets-all"), &typed.programme);
    let named = programmes
        .iter()
        .map(|known| choice(known.id.to_string(), known.name.best(page.words.lang()).to_owned(), &typed.programme));
    let standings = app.budgets(caller).await?;
    let is_lifting = matches!(typed.verb.as_str(), "lift" | "unlift" | "drop");
    let rows: Vec<BudgetLine> = standings
        .iter()
        .map(|standing| BudgetLine {
            is_open: standing.budget.id.to_string() == typed.budget && !is_lifting,
            ..line(&page, standing, &programmes, &currency)
        })
        .collect();
    let changing = rows.iter().find(|row| row.is_open).map(|row| row.name.clone()).unwrap_or_default();
    Ok(BudgetsPage {
        tabs: tabs(&page, "budgets"),
        programmes: std::iter::once(all).chain(named).collect(),
        periods: Period::ALL
            .iter()
            .map(|period| choice(period.word().to_owned(), page.t(period_key(*period)), &typed.period))
            .collect(),
        amount: typed.amount.clone(),
        warn: typed.warn.clone(),
        stops: !typed.stops.is_empty(),
        id: if is_lifting { String::new() } else { typed.budget.clone() },
        reason: typed.reason.clone(),
        changing,
        currency,
        rows,
        fault,
        page,
    })
}

const fn period_key(period: Period) -> &'static str {
    match period {
        Period::Month => "budgets-month",
        Period::Total => "budgets-total",
    }
}

/// The name of a budget: its programme, or all that is sent.
pub(crate) fn name(page: &Page, standing: &BudgetStanding, programmes: &[Programme]) -> String {
    let known = programmes.iter().find(|known| Some(known.id) == standing.budget.programme);
    match (known, standing.budget.programme) {
        (Some(known), _) => known.name.best(page.words.lang()).to_owned(),
        (None, Some(id)) => id.to_string(),
        (None, None) => page.t("budgets-all"),
    }
}

fn line(page: &Page, standing: &BudgetStanding, programmes: &[Programme], currency: &str) -> BudgetLine {
    let budget = &standing.budget;
    let now = page.clock.now.as_microsecond();
    let (mark, state) = match () {
        () if standing.holds_at(now) => (Mark::Alarm, "budgets-state-stopped"),
        () if standing.is_used_up() && standing.is_lifted_at(now) => (Mark::Warning, "budgets-state-lifted"),
        () if standing.is_used_up() => (Mark::Warning, "budgets-state-used-up"),
        () if standing.warns() => (Mark::Warning, "budgets-state-warns"),
        () => (Mark::Good, "budgets-state-good"),
    };
    let (spent, whole) = (amount(&page.words, standing.spent, currency), exact(&page.words, budget.micros, currency));
    let warn = page.t1("budgets-warns-at", "percent", budget.warn_percent);
    BudgetLine {
        id: budget.id.to_string(),
        name: name(page, standing, programmes),
        period: page.t(period_key(standing.period())),
        spent: page.t2("n-of-m", "n", spent, "m", whole),
        left: amount(&page.words, standing.left(), currency),
        width: standing.percent().clamp(0, 100),
        mark,
        state: page.t1(state, "percent", standing.percent()),
        end: format!("{warn} {}", page.t(if budget.stops { "budgets-stops" } else { "budgets-goes-on" })),
        may_lift: standing.holds_at(now),
        lifted: budget.lifted_until.filter(|until| now < *until).map(timestamp),
        is_open: false,
    }
}
