//! Which results of a flow go where: the form of a mapping.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_core::Right;
use mhero_exchange::dhis2::{Dhis2Error, Format, KIND, Kind, Mapping, MappingShown, Scheme, When, Which};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    HREF, fault, reports,
    view::{MappingForm, MappingPage, TextField},
};
use crate::{
    errors::{Fault, Refusal, show},
    page::Here,
    parts::Choice,
    state::{Form, Signed, id},
};

/// Lengths of periods, as DHIS2 calls them.
const PERIODS: [&str; 7] = ["Daily", "Weekly", "Monthly", "BiMonthly", "Quarterly", "SixMonthly", "Yearly"];
/// Fields of one line, with the keys of their labels and hints.
const TEXTS: [(&str, &str); 9] = [
    ("data_set", "hmis-data-set"),
    ("period_result", "hmis-period-result"),
    ("when_result", "hmis-when-result"),
    ("when_category", "hmis-when-category"),
    ("unit_system", "hmis-unit-system"),
    ("attribute_combo", "hmis-attribute-combo"),
    ("program", "hmis-program"),
    ("stage", "hmis-stage"),
    ("name", "hmis-name"),
];

/// The form as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    source: String,
    flow: String,
    kind: String,
    data_set: String,
    period: String,
    which: String,
    period_result: String,
    when_result: String,
    when_category: String,
    unit_system: String,
    attribute_combo: String,
    program: String,
    stage: String,
    format: String,
    scheme: String,
    unit_scheme: String,
    lines: String,
    approval: String,
    tell: String,
    complete: String,
    active: String,
    version: String,
}

impl Typed {
    fn of(shown: &MappingShown) -> Self {
        let own = &shown.mapping;
        let yes = |is_on: bool| if is_on { "yes".to_owned() } else { String::new() };
        let text = |own: &Option<String>| own.clone().unwrap_or_default();
        Self {
            name: own.name.clone(),
            source: own.source.clone(),
            flow: own.flow.clone(),
            kind: word(&own.kind),
            data_set: own.data_set.clone(),
            period: own.period.clone(),
            which: word(&own.which),
            period_result: text(&own.period_result),
            when_result: own.when.as_ref().map(|when| when.result.clone()).unwrap_or_default(),
            when_category: own.when.as_ref().map(|when| when.category.clone()).unwrap_or_default(),
            unit_system: text(&own.unit_system),
            attribute_combo: text(&own.attribute_combo),
            program: own.program.clone(),
            stage: own.stage.clone(),
            format: word(&own.format),
            scheme: word(&own.scheme),
            unit_scheme: word(&own.unit_scheme),
            lines: own.lines(),
            approval: yes(own.approval),
            tell: yes(own.tell),
            complete: yes(own.complete),
            active: yes(own.active),
            version: shown.version.to_string(),
        }
    }

    fn mapping(&self) -> Result<Mapping, Dhis2Error> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let when =
            some(&self.when_result).map(|result| When { result, category: self.when_category.trim().to_owned() });
        let mapping = Mapping {
            name: self.name.trim().to_owned(),
            source: self.source.clone(),
            flow: self.flow.clone(),
            kind: if self.kind == "event" { Kind::Event } else { Kind::Values },
            active: !self.active.is_empty(),
            data_set: self.data_set.trim().to_owned(),
            period: self.period.clone(),
            which: if self.which == "current" { Which::Current } else { Which::Previous },
            period_result: some(&self.period_result),
            attribute_combo: some(&self.attribute_combo),
            complete: !self.complete.is_empty(),
            format: if self.format == "adx" { Format::Adx } else { Format::Json },
            program: self.program.trim().to_owned(),
            stage: self.stage.trim().to_owned(),
            scheme: if self.scheme == "code" { Scheme::Code } else { Scheme::Uid },
            unit_scheme: if self.unit_scheme == "code" { Scheme::Code } else { Scheme::Uid },
            unit_system: some(&self.unit_system),
            approval: !self.approval.is_empty(),
            tell: !self.tell.is_empty(),
            when,
            elements: Mapping::elements_of(&self.lines)?,
        };
        mapping.checked()
    }

    fn text(&self, name: &str) -> &str {
        match name {
            "data_set" => &self.data_set,
            "period_result" => &self.period_result,
            "when_result" => &self.when_result,
            "when_category" => &self.when_category,
            "unit_system" => &self.unit_system,
            "attribute_combo" => &self.attribute_combo,
            "program" => &self.program,
            "stage" => &self.stage,
            _ => &self.name,
        }
    }
}

/// The word by which a choice is written.
fn word(own: &impl serde::Serialize) -> String {
    serde_json::to_value(own).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// `GET /exchange/dhis2/mappings/new`.
pub(super) async fn fresh(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let yes = || "yes".to_owned();
    let typed = Typed { active: yes(), tell: yes(), period: "Monthly".to_owned(), ..Typed::default() };
    Ok(show(StatusCode::OK, &form(&signed, None, &typed, None).await?))
}

/// `POST /exchange/dhis2/mappings/new`.
pub(super) async fn add(signed: Signed, Form(typed): Form<Typed>) -> Result<Response, Fault> {
    put(&signed, None, &typed).await
}

/// `GET /exchange/dhis2/mappings/{id}`.
pub(super) async fn open(signed: Signed, Path(mapping): Path<String>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let found = found(&signed, id(&mapping)?).await?;
    Ok(show(StatusCode::OK, &form(&signed, Some(found.id), &Typed::of(&found), None).await?))
}

/// `POST /exchange/dhis2/mappings/{id}`.
pub(super) async fn change(
    signed: Signed,
    Path(mapping): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let found = found(&signed, id(&mapping)?).await?;
    // The name stands: under another one it would be a second mapping.
    put(&signed, Some(found.id), &Typed { name: found.mapping.name, ..typed }).await
}

async fn found(signed: &Signed, id: Uuid) -> Result<MappingShown, Fault> {
    let all = reports(signed).mappings(&signed.caller).await.map_err(fault)?;
    all.into_iter().find(|own| own.id == id).ok_or_else(|| Refusal::NotFound.into())
}

async fn put(signed: &Signed, id: Option<Uuid>, typed: &Typed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let done = match typed.mapping() {
        Ok(mapping) => reports(signed).put_mapping(&signed.caller, mapping, typed.version.parse().ok()).await,
        Err(error) => Err(error),
    };
    let wrong = match done {
        Ok(_) => return signed.done("hmis-mapping-saved", &[], HREF).await,
        Err(Dhis2Error::Mapping { field, value, why }) => {
            let label = signed.page.t(label(field));
            format!("{label}: “{value}” — {why}")
        }
        Err(Dhis2Error::Stale) => signed.page.t("hmis-changed-meanwhile"),
        Err(error) => return Err(fault(error)),
    };
    Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &form(signed, id, typed, Some(wrong)).await?))
}

/// The key of a field's label.
fn label(field: &str) -> &'static str {
    match field {
        "source" => "hmis-source",
        "flow" => "hmis-flow",
        "period" => "hmis-period",
        "format" => "hmis-format",
        other => TEXTS.iter().find(|(name, _)| *name == other).map_or("hmis-lines", |(_, key)| key),
    }
}

async fn form(signed: &Signed, id: Option<Uuid>, typed: &Typed, fault: Option<String>) -> Result<MappingPage, Fault> {
    let page = signed.page("hmis-mapping", Here::Dhis2);
    let choice = |value: &str, words: String, chosen: &str| Choice {
        value: value.to_owned(),
        words,
        people: None,
        is_on: value == chosen,
    };
    let keyed = |values: &[&str], prefix: &str, chosen: &str| -> Vec<Choice> {
        values.iter().map(|value| choice(value, page.t(&format!("{prefix}-{value}")), chosen)).collect()
    };
    let sources = signed.app.sources(&signed.caller).await?;
    let sources: Vec<Choice> = sources
        .iter()
        .filter(|source| source.kind == KIND)
        .map(|source| choice(&source.name, source.name.clone(), &typed.source))
        .collect();
    let flows = signed.app.flows(&signed.caller, false).await?;
    let flows = flows.iter().map(|flow| choice(&flow.row.name, flow.row.name.clone(), &typed.flow)).collect();
    let texts = TEXTS.iter().filter(|(name, _)| *name != "name").map(|(name, key)| TextField {
        name,
        label: page.t(key),
        hint: page.t(&format!("{key}-hint")),
        value: typed.text(name).to_owned(),
    });
    let form = MappingForm {
        name: typed.name.clone(),
        is_named: id.is_some(),
        flows,
        kinds: keyed(&["values", "event"], "hmis-kind", &typed.kind),
        periods: PERIODS
            .iter()
            .map(|name| choice(name, page.t(&format!("hmis-period-{name}")), &typed.period))
            .collect(),
        whiches: keyed(&["previous", "current"], "hmis-which", &typed.which),
        formats: keyed(&["json", "adx"], "hmis-format", &typed.format),
        schemes: keyed(&["uid", "code"], "hmis-scheme", &typed.scheme),
        unit_schemes: keyed(&["uid", "code"], "hmis-scheme", &typed.unit_scheme),
        texts: texts.collect(),
        lines: typed.lines.clone(),
        approval: !typed.approval.is_empty(),
        tell: !typed.tell.is_empty(),
        complete: !typed.complete.is_empty(),
        active: !typed.active.is_empty(),
        version: typed.version.clone(),
        sources,
    };
    let href = id.map_or_else(|| format!("{HREF}/mappings/new"), |id| format!("{HREF}/mappings/{id}"));
    Ok(MappingPage { href, fault, has_server: !form.sources.is_empty(), form, page })
}
