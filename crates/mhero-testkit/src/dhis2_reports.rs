//! What an emulated DHIS2 does with reports: values of data sets and events, judged as strictly as it can by what it was told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{site::Reply, target::Target};

/// The data set, and the data elements in it, that an emulated DHIS2 knows.
pub const DATA_SET: &str = "BfMAe6Itzgt";
/// Data elements that take whole numbers from 0 on.
pub const ELEMENTS: [&str; 3] = ["fbfJHSPpUQD", "cYeuwXTCPkU", "Jtf34kNZhzP"];
/// The programme that it knows, and its stage.
pub const PROGRAM: (&str, &str) = ("lxAQ7Zs9VYR", "dBwrot7S420");

/// What was reported.
#[derive(Debug, Default)]
pub(crate) struct Book {
    /// By element, unit and period.
    pub(crate) values: BTreeMap<(String, String, String), String>,
    /// By id.
    pub(crate) events: BTreeMap<String, Value>,
    /// Periods that take nothing any more.
    pub(crate) closed: BTreeSet<String>,
    /// Calls that brought values or events.
    pub(crate) calls: Vec<(String, String)>,
}

fn is_period(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, rest) = text.split_at_checked(4).unwrap_or(("", ""));
    digits(year)
        && (rest.is_empty()
            || (digits(rest) && matches!(rest.len(), 2 | 4))
            || rest.strip_prefix(['W', 'Q', 'S']).is_some_and(digits)
            || rest.strip_suffix('B').is_some_and(digits))
}

fn refused(status: u16, code: &str, words: &str) -> Reply {
    Reply::json(
        status,
        json!({"httpStatus": "Conflict", "httpStatusCode": status, "status": "ERROR", "message": words, "errorCode": code}),
    )
}

impl Book {
    /// What a strict server says against a value: what it is about, the code, the words.
    fn objection(
        &self,
        (element, unit, period): (&str, &str, &str),
        said: Option<&str>,
        units: &[Value],
    ) -> Option<(String, &'static str, String)> {
        let about = |what: &str, code, words: String| Some((what.to_owned(), code, words));
        if !ELEMENTS.contains(&element) {
            return about(element, "E7610", format!("Data element not found or not accessible: `{element}`"));
        }
        if units.iter().all(|known| known["id"] != unit) {
            return about(unit, "E7612", format!("Organisation unit not found or not accessible: `{unit}`"));
        }
        if !is_period(period) {
            return about(period, "E7611", format!("Period not valid: `{period}`"));
        }
        if self.closed.contains(period) {
            let words = format!("Current date is past expiry days for period: `{period}` and data set: `{DATA_SET}`");
            return about(period, "E7641", words);
        }
        let kind = "Value must match value type of data element: value_not_zero_or_positive_integer";
        match said {
            None => about(element, "E7618", "Data value is not specified".to_owned()),
            Some(said) if said.parse::<u32>().is_err() => about(element, "E7619", kind.to_owned()),
            Some(_) => None,
        }
    }

    /// `POST /api/dataValueSets`. The strategy must be said; servers up to 2.38 answer with a summary alone.
    pub(crate) fn take_values(&mut self, asked: &Target, body: &[u8], (units, minor): (&[Value], u32)) -> Reply {
        self.calls.push(("dataValueSets".to_owned(), String::from_utf8_lossy(body).into_owned()));
        if asked.param("importStrategy") != Some("CREATE_AND_UPDATE") {
            return refused(400, "E7601", "importStrategy is not what this emulator takes");
        }
        let Ok(set) = serde_json::from_slice::<Value>(body) else { return refused(400, "E1003", "No JSON") };
        if set["dataSet"] != DATA_SET {
            return refused(409, "E7600", &format!("Data set not found or not accessible: `{}`", set["dataSet"]));
        }
        let (mut imported, mut updated, mut ignored, mut conflicts) = (0, 0, 0, Vec::new());
        let values = set["dataValues"].as_array().cloned().unwrap_or_default();
        for (at, value) in values.iter().enumerate() {
            let own = |key: &str| value[key].as_str().or(set[key].as_str()).unwrap_or_default().to_owned();
            let (element, unit, period) = (own("dataElement"), own("orgUnit"), own("period"));
            let said = value["value"].as_str();
            let wrong = self.objection((&element, &unit, &period), said, units);
            if let Some((object, code, words)) = wrong {
                ignored += 1;
                conflicts.push(json!({
                    "object": object, "objects": {"dataElement": element}, "value": words, "errorCode": code,
                    "property": "value", "indexes": [at],
                }));
                continue;
            }
            let said = said.unwrap_or_default().to_owned();
            match self.values.insert((element, unit, period), said.clone()) {
                None => imported += 1,
                Some(before) if before == said => ignored += 1,
                Some(_) => updated += 1,
            }
        }
        let status = if conflicts.is_empty() { "SUCCESS" } else { "WARNING" };
        let rejected: Vec<Value> = conflicts.iter().map(|own| own["indexes"][0].clone()).collect();
        let summary = json!({
            "responseType": "ImportSummary", "status": status, "description": "Import process completed successfully",
            "importCount": {"imported": imported, "updated": updated, "ignored": ignored, "deleted": 0},
            "conflicts": conflicts, "rejectedIndexes": rejected, "dataSetComplete": "false",
        });
        if minor <= 38 {
            return Reply::json(200, summary);
        }
        let (http, word, kind) = if status == "SUCCESS" { (200, "OK", "OK") } else { (409, "Conflict", "WARNING") };
        let message = if http == 200 {
            "Import was successful."
        } else {
            "One more conflicts encountered, please check import summary."
        };
        Reply::json(
            http,
            json!({"httpStatus": word, "httpStatusCode": http, "status": kind, "message": message, "response": summary}),
        )
    }

    /// `POST /api/tracker`, at once.
    pub(crate) fn take_events(&mut self, asked: &Target, body: &[u8], units: &[Value]) -> Reply {
        self.calls.push(("tracker".to_owned(), String::from_utf8_lossy(body).into_owned()));
        if asked.param("async") != Some("false") || asked.param("importStrategy") != Some("CREATE_AND_UPDATE") {
            return refused(400, "E4000", "async and importStrategy are not what this emulator takes");
        }
        let Ok(sent) = serde_json::from_slice::<Value>(body) else { return refused(400, "E1003", "No JSON") };
        let (mut created, mut updated, mut reports) = (0, 0, Vec::new());
        for event in sent["events"].as_array().into_iter().flatten() {
            let text = |key: &str| event[key].as_str().unwrap_or_default();
            let wrong = match () {
                () if units.iter().all(|known| known["id"] != text("orgUnit")) => {
                    Some(("E1011", "Organisation unit not found"))
                }
                () if text("program") != PROGRAM.0 => Some(("E1010", "Program not found")),
                () if text("programStage") != PROGRAM.1 => Some(("E1013", "Program stage not found")),
                () if text("occurredAt").is_empty() => Some(("E1031", "occurredAt is missing")),
                () if text("event").len() != 11 => Some(("E1048", "Invalid UID")),
                () => None,
            };
            match wrong {
                Some((code, words)) => reports
                    .push(json!({"message": words, "errorCode": code, "trackerType": "EVENT", "uid": event["event"]})),
                None => match self.events.insert(text("event").to_owned(), event.clone()) {
                    None => created += 1,
                    Some(_) => updated += 1,
                },
            }
        }
        let (http, status) = if reports.is_empty() { (200, "OK") } else { (409, "ERROR") };
        let ignored = reports.len();
        Reply::json(
            http,
            json!({
                "status": status, "validationReport": {"errorReports": reports, "warningReports": []},
                "stats": {"created": created, "updated": updated, "deleted": 0, "ignored": ignored, "total": created + updated + ignored},
            }),
        )
    }
}
