//! Disease alerts: a suspected case becomes a Patient, those who must know get an SMS at once, and the reporter is asked on.
//!
//! Unlike emNutt it alerts by job and area as well, says what is wrong with a report in words that a flow can send on, and does a report
//! that comes twice under one key once.

use mhero_app::{
    AppError, Caller,
    broadcasts::{Draft, Release},
    flows::NewStart,
    people::{PeopleAsked, PersonRow},
};
use mhero_core::{FlowId, Lane, Lang, PersonId, Right, Scope};
use mhero_fhir::Code;
use mhero_store::{Queue, StoreError, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    EmNutt,
    report::{EidsrSettings, Reported, filled},
};
use crate::{
    fhir::{FhirError, Write},
    golden::OURS,
};

/// The code system of diseases.
const DISEASES: &str = "eidsrDiseases";
/// The setting under which it stands how alerts are made.
const SETTING: &str = "eidsr";
/// The profile of patients.
const PROFILE: &str = "mhero-eidsr-patient";
/// The extension that says what was reported.
const CASE: &str = "mhero-eidsr-suspected-case";
/// The namespace of cases that came under a key.
const CASES: Uuid = Uuid::from_u128(0x5b0c_7f53_1e2d_4a63_9a1c_64f0_8d2e_77a1);
/// Diseases of one call at most.
const DISEASES_MAX: usize = 1_000;
/// Audiences of an alert at most.
const TO_MAX: usize = 20;
/// Longest text of an alert, in characters.
const TEXT_MAX: usize = 1_000;

/// A report of a suspected case, as it came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SuspectedCase {
    /// `alert.ML.f.23.y`
    pub report: String,
    /// The id of the reporter, without the kind.
    pub reporter: String,
    /// The id of the case, where the caller gives one.
    pub case_id: Option<String>,
    /// What makes it the same report when it comes twice.
    pub once_key: Option<String>,
    /// Further fields by their names.
    pub fields: Vec<(String, String)>,
}

/// Nothing of whom it is about.
impl std::fmt::Debug for SuspectedCase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SuspectedCase").finish_non_exhaustive()
    }
}

/// Where somebody works.
#[derive(Default)]
struct Area {
    facility: String,
    district: String,
    county: String,
}

impl EmNutt {
    /// How alerts are made.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn eidsr_settings(&self) -> Result<EidsrSettings, FhirError> {
        let held = self.app.store().setting(SETTING).await?;
        Ok(held.and_then(|held| serde_json::from_str(&held).ok()).unwrap_or_default())
    }

    /// Sets how alerts are made.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for a text that is too long or an audience that can't be read; [`FhirError::App`] for who may not send.
    pub async fn set_eidsr(&self, caller: &Caller, settings: &EidsrSettings) -> Result<(), FhirError> {
        caller.must(Right::Send)?;
        caller.must(Right::EditAudiences)?;
        // There is one set for the country: who sees a part of it must not silence the alerts of all.
        if !caller.scope.all_places() {
            let said = "alerts are set by those alone who see the whole country";
            return Err(FhirError::Forbidden(said.to_owned()));
        }
        let wrong = |place: &str, said: String| FhirError::refused(Code::Value, place, said);
        if settings.text.chars().count() > TEXT_MAX || settings.to.len() > TO_MAX {
            return Err(wrong("text", format!("at most {TEXT_MAX} letters, and {TO_MAX} audiences")));
        }
        if !settings.ordered_fields.iter().any(|field| field == "diseaseCode") {
            return Err(wrong("orderedFields", "diseaseCode must be among them".to_owned()));
        }
        if !settings.follow_up_flow.is_empty() && settings.follow_up_flow.parse::<Uuid>().is_err() {
            return Err(wrong("followUpFlow", "the UUID of a flow".to_owned()));
        }
        for query in settings.to.iter().filter(|query| !query.contains("{{")) {
            let asked = PeopleAsked { query, ..PeopleAsked::default() };
            let none = |_: PersonRow| Ok::<(), AppError>(());
            match self.app.each_person(caller, &asked, Some(1), none).await {
                Err(AppError::Query(error)) => return Err(wrong("to", error.to_string())),
                other => other?,
            }
        }
        let mut unit = Unit::new();
        let text = serde_json::to_string(settings).unwrap_or_default();
        unit.put_setting(SETTING, &text, self.app.clock().now_micros());
        let facts = json!({ "audiences": settings.to.len(), "flow": settings.follow_up_flow });
        unit.audit(self.app.store(), &caller.entry("eidsr-set", "setting", None, facts));
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Adds diseases to those that can be reported, or names them anew. Returns the code system.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for what is no list of `{"code","name"}`.
    pub async fn add_diseases(&self, caller: &Caller, body: &Value) -> Result<Value, FhirError> {
        let wrong = || {
            let said = format!("1 to {DISEASES_MAX} of them: [{{\"code\":\"ML\",\"name\":\"Malaria\"}}]");
            FhirError::refused(Code::Structure, "", said)
        };
        let list = body.as_array().filter(|list| !list.is_empty() && list.len() <= DISEASES_MAX).ok_or_else(wrong)?;
        let mut concepts = self.diseases().await?;
        for one in list {
            let text = |name: &str| one[name].as_str().map(str::trim).filter(|text| !text.is_empty());
            let code = text("code").ok_or_else(wrong)?;
            let name = text("name").or_else(|| text("display")).unwrap_or(code);
            match concepts.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(code)) {
                Some((_, known)) => name.clone_into(known),
                None => concepts.push((code.to_owned(), name.to_owned())),
            }
        }
        let concepts: Vec<Value> =
            concepts.into_iter().map(|(code, name)| json!({ "code": code, "display": name })).collect();
        let resource = json!({
            "resourceType": "CodeSystem",
            "id": DISEASES,
            "url": format!("{OURS}/CodeSystem/{DISEASES}"),
            "name": DISEASES,
            "title": "Diseases that are reported by SMS",
            "status": "active",
            "content": "complete",
            "caseSensitive": false,
            "count": concepts.len(),
            "concept": concepts,
        });
        self.server.write(caller, &Write::Update { resource: resource.clone(), if_match: None }).await?;
        Ok(resource)
    }

    /// Takes a report. Returns the id of the patient, and whether those who must know were told.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for a report that can't be read; [`FhirError::NotFound`] for a reporter who is not registered.
    pub async fn suspected_case(&self, caller: &Caller, case: &SuspectedCase) -> Result<(String, bool), FhirError> {
        caller.must(Right::Send)?;
        let settings = self.eidsr_settings().await?;
        let wrong = |said: String| FhirError::refused(Code::Value, "report", said);
        let mut reported = Reported::read(&case.report, &settings.ordered_fields).map_err(wrong)?;
        for (name, said) in &case.fields {
            reported.put(name, said).map_err(wrong)?;
        }
        let disease = self.disease(&reported.disease).await?;
        let reporter = self.reporter(caller, &case.reporter).await?;
        let id = match case.case_id.as_ref().or(case.once_key.as_ref()) {
            Some(key) => Uuid::new_v5(&CASES, format!("{}/{key}", case.reporter).as_bytes()).to_string(),
            None => self.app.store().mint().uuid().to_string(),
        };
        let case_id = case.case_id.clone().unwrap_or_else(|| id.chars().take(8).collect());
        reported.fields.push(("caseID".to_owned(), json!({ "valueString": case_id })));
        let patient = patient(&id, &case.reporter, &disease.0, &reported);
        let known = self.app.store().fhir_resource(&Scope::system(), ("Patient", &id)).await?;
        if known.is_none() {
            self.server.write(caller, &Write::Update { resource: patient, if_match: None }).await?;
        }
        // What follows has keys of its own: whoever was cut off here reports again, and nothing is sent twice.
        let is_told = self.alert(caller, &settings, (&id, &case_id, &disease.1), &reporter).await?;
        self.ask_on(caller, &settings, &id, reporter.id).await?;
        Ok((id, is_told))
    }

    /// Changes what is known of a case, by the names of the fields.
    ///
    /// # Errors
    /// [`FhirError::NotFound`] for the case; [`FhirError::Refused`] for a value that is none.
    pub async fn update_case(&self, caller: &Caller, id: &str, fields: &[(String, String)]) -> Result<(), FhirError> {
        let version = self.server.read(caller, "Patient", id).await?;
        let mut patient: Value = serde_json::from_str(&version.body).unwrap_or_default();
        let is_case = |one: &Value| one["url"].as_str().is_some_and(|url| url.ends_with(CASE));
        let extensions = patient["extension"].as_array_mut();
        let Some(case) = extensions.and_then(|all| all.iter_mut().find(|one| is_case(one))) else {
            return Err(FhirError::NotFound(format!("suspected case {id}")));
        };
        let wrong = |said: String| FhirError::refused(Code::Value, "", said);
        let mut reported = Reported::default();
        for (name, said) in fields {
            reported.put(name, said).map_err(wrong)?;
        }
        let mut parts = case["extension"].as_array().cloned().unwrap_or_default();
        if !reported.disease.is_empty() {
            let (code, _) = self.disease(&reported.disease).await?;
            reported.fields.push(("diseaseCode".to_owned(), json!({ "valueCode": code })));
        }
        for (name, value) in &reported.fields {
            parts.retain(|one| one["url"] != *name);
            parts.push(part(name, value));
        }
        case["extension"] = json!(parts);
        if let Some(gender) = reported.gender {
            patient["gender"] = json!(gender);
        }
        self.server.write(caller, &Write::Update { resource: patient, if_match: None }).await?;
        Ok(())
    }

    /// Codes and names of the diseases.
    async fn diseases(&self) -> Result<Vec<(String, String)>, FhirError> {
        let held = self.app.store().fhir_resource(&Scope::system(), ("CodeSystem", DISEASES)).await?;
        let held: Value = held.and_then(|held| serde_json::from_str(&held.body).ok()).unwrap_or_default();
        let one = |concept: &Value| {
            let code = concept["code"].as_str()?.to_owned();
            Some((code.clone(), concept["display"].as_str().map_or(code, ToOwned::to_owned)))
        };
        Ok(held["concept"].as_array().into_iter().flatten().filter_map(one).collect())
    }

    /// Code and name of a disease as it was written. Where none are set up any is taken: no case is lost for want of a list.
    async fn disease(&self, said: &str) -> Result<(String, String), FhirError> {
        let known = self.diseases().await?;
        if known.is_empty() {
            return Ok((said.to_owned(), said.to_owned()));
        }
        let fits = |(code, name): &&(String, String)| {
            code.eq_ignore_ascii_case(said) || mhero_query::fold(name) == mhero_query::fold(said)
        };
        known.iter().find(fits).cloned().ok_or_else(|| {
            let codes: Vec<&str> = known.iter().take(40).map(|(code, _)| code.as_str()).collect();
            let shown: String = said.chars().take(40).collect();
            let words = format!("there is no disease “{shown}”; there are: {}", codes.join(", "));
            FhirError::refused(Code::Value, "report", words)
        })
    }

    /// The health worker who reports: only who is registered may.
    async fn reporter(&self, caller: &Caller, id: &str) -> Result<PersonRow, FhirError> {
        let not_found =
            || FhirError::NotFound("health worker with the id of the reporter: register them first".to_owned());
        let entity = self.app.store().fhir_entity(("Practitioner", id)).await?.or_else(|| id.parse().ok());
        let entity = entity.ok_or_else(not_found)?;
        self.person(caller, &format!("uuid = {entity}")).await?.ok_or_else(not_found)
    }

    async fn person(&self, caller: &Caller, query: &str) -> Result<Option<PersonRow>, FhirError> {
        let asked = PeopleAsked { query, ..PeopleAsked::default() };
        let mut found = None;
        let keep = |row: PersonRow| {
            found = Some(row);
            Ok::<(), AppError>(())
        };
        self.app.each_person(caller, &asked, Some(1), keep).await?;
        Ok(found)
    }

    async fn alert(
        &self,
        caller: &Caller,
        settings: &EidsrSettings,
        (patient, case_id, disease): (&str, &str, &str),
        reporter: &PersonRow,
    ) -> Result<bool, FhirError> {
        let language = self.app.facts_cached().await?.default_language();
        let area = self.area(reporter.id, language, settings).await?;
        let phone = reporter.phones.first().map(String::as_str).unwrap_or_default();
        let known = [
            ("diseaseName", disease),
            ("facility", area.facility.as_str()),
            ("district", area.district.as_str()),
            ("county", area.county.as_str()),
            ("caseID", case_id),
            ("reporterName", reporter.name.as_str()),
            ("reporterPhone", phone),
        ];
        let text = match settings.text.trim() {
            "" => {
                let args = known.map(|(name, value)| (name, value.to_owned()));
                self.app.words().say(language, "alert-suspected-case", &args)
            }
            text => filled(text, &known),
        };
        // A name in quotes stays one word of the query.
        let quoted = known.map(|(name, value)| (name, value.replace(['"', '\\'], "'")));
        let quoted = quoted.each_ref().map(|(name, value)| (*name, value.as_str()));
        let mut query: Vec<String> = Vec::new();
        for one in &settings.to {
            // Who works in no district has no district officer.
            let is_whole = known.iter().all(|(name, value)| !value.is_empty() || !one.contains(name));
            if is_whole {
                query.push(format!("({})", filled(one, &quoted)));
            }
        }
        if query.is_empty() {
            return Ok(false);
        }
        let draft = Draft {
            name: String::new(),
            query: query.join(" OR "),
            texts: vec![(language, text)],
            lane: Lane::Alert,
            channel: None,
            release: Release::Now,
            zone: None,
            quiet_override: None,
            once_key: Some(format!("eidsr/{patient}")),
            is_test: false,
            is_drill: false,
            programme: None,
            valid_minutes: None,
        };
        match self.app.send(caller, &draft).await {
            Ok(_) => Ok(true),
            // The case stands, and the caller has its id; that nobody could be alerted must be heard all the same.
            Err(error @ (AppError::Invalid(_) | AppError::Query(_))) => {
                tracing::error!(patient, %error, "a disease alert could not be sent");
                let args = [("case", case_id.to_owned())];
                let key = format!("eidsr-nobody/{patient}");
                match self.app.alert_administrators(("alert-case-unheard", &args), &key).await {
                    Ok(()) | Err(AppError::Store(StoreError::Exists { .. })) => Ok(false),
                    Err(error) => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Where somebody works: the facility, and the district and county above it.
    async fn area(&self, person: PersonId, language: Lang, settings: &EidsrSettings) -> Result<Area, FhirError> {
        let store = self.app.store();
        let positions = store.directory_positions(&[person], self.app.clock().now_micros()).await?;
        let Some(place) = positions.iter().find_map(|position| position.place) else { return Ok(Area::default()) };
        let own = store.place(place).await?.map(|place| place.name.best(language).to_owned()).unwrap_or_default();
        let above = store.places_above(&[place]).await?.remove(&place).unwrap_or_default();
        let names = above.iter().filter(|(id, _)| *id != place).map(|(_, name)| name.best(language).to_owned());
        // From the country down to the place itself.
        let way: Vec<String> = names.collect::<Vec<_>>().into_iter().rev().chain([own.clone()]).collect();
        let level = |level: usize| level.checked_sub(1).and_then(|at| way.get(at)).cloned().unwrap_or_default();
        Ok(Area { facility: own, district: level(settings.district_level), county: level(settings.county_level) })
    }

    async fn ask_on(
        &self,
        caller: &Caller,
        settings: &EidsrSettings,
        patient: &str,
        reporter: PersonId,
    ) -> Result<(), FhirError> {
        let Ok(flow) = settings.follow_up_flow.parse::<Uuid>() else { return Ok(()) };
        let start = NewStart {
            params: Some(json!({ "patientid": patient })),
            once_key: Some(format!("eidsr/{patient}")),
            ..NewStart::new(FlowId::from_uuid(flow), format!("uuid = {reporter}"))
        };
        self.app.start_flow(caller, &start).await?;
        Ok(())
    }
}

fn part(name: &str, value: &Value) -> Value {
    let mut part = json!({ "url": name });
    if let (Some(part), Some(value)) = (part.as_object_mut(), value.as_object()) {
        part.extend(value.clone());
    }
    part
}

fn patient(id: &str, reporter: &str, disease: &str, reported: &Reported) -> Value {
    let mut parts = vec![
        json!({ "url": "diseaseCode", "valueCode": disease }),
        json!({ "url": "reporterID", "valueReference": { "reference": format!("Practitioner/{reporter}") } }),
    ];
    parts.extend(reported.fields.iter().map(|(name, value)| part(name, value)));
    let mut patient = json!({
        "resourceType": "Patient",
        "id": id,
        "meta": { "profile": [format!("{OURS}/StructureDefinition/{PROFILE}")] },
        "extension": [{ "url": format!("{OURS}/StructureDefinition/{CASE}"), "extension": parts }],
        "active": true,
    });
    if let Some(gender) = reported.gender {
        patient["gender"] = json!(gender);
    }
    patient
}
