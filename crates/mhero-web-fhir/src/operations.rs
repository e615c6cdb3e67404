//! Operations on code systems and value sets, as GET with parameters in the address or POST with `Parameters`.

use axum::{
    body::Body,
    http::{Method, Response, StatusCode},
};
use mhero_exchange::fhir::{Expand, FhirError, Which};
use mhero_fhir::Code;
use serde_json::Value;

use crate::{answer, routes::Asked};

/// What was asked with an operation: name and value.
struct Given {
    pairs: Vec<(String, String)>,
    /// A value set that came with it.
    set: Option<Value>,
}

impl Given {
    fn text(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn number(&self, name: &str) -> Result<Option<usize>, FhirError> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || FhirError::refused(Code::Value, "", format!("{name}: this is a whole number from 0 on"));
        text.parse().map(Some).map_err(|_| wrong())
    }

    fn needs(&self, name: &str) -> Result<&str, FhirError> {
        match self.text(name) {
            "" => Err(FhirError::refused(Code::Required, "", format!("the operation needs the parameter {name}"))),
            text => Ok(text),
        }
    }

    /// Refuses what an operation does not know: what is not minded must not seem to be.
    fn only(&self, names: &[&str]) -> Result<(), FhirError> {
        let known = |name: &str| matches!(name, "_format" | "_pretty") || names.contains(&name);
        match self.pairs.iter().find(|(name, _)| !known(name)) {
            None => Ok(()),
            Some((name, _)) => {
                let shown: String = name.chars().take(80).collect();
                let said = format!("{shown} is not read here: this operation takes {}", names.join(", "));
                Err(FhirError::refused(Code::NotSupported, "", said))
            }
        }
    }

    fn which(&self, id: Option<&str>) -> Result<Which, FhirError> {
        match (id, &self.set) {
            (Some(id), _) => Ok(Which::Id(id.to_owned())),
            (None, Some(set)) => Ok(Which::Sent(Box::new(set.clone()))),
            (None, None) => Ok(Which::Url(self.needs("url")?.to_owned())),
        }
    }
}

impl Asked {
    /// `ValueSet/$expand` and its like; `None` where there is no such operation.
    pub(crate) async fn operation(
        &self,
        (kind, id): (&str, Option<&str>),
        name: &str,
    ) -> Option<Result<Response<Body>, FhirError>> {
        if !matches!(self.method, Method::GET | Method::HEAD | Method::POST) {
            return None;
        }
        match (kind, name) {
            ("ValueSet", "$expand" | "$validate-code") | ("CodeSystem", "$lookup" | "$validate-code") => {
                Some(self.operate((kind, id), name).await)
            }
            _ => None,
        }
    }

    async fn operate(&self, (kind, id): (&str, Option<&str>), name: &str) -> Result<Response<Body>, FhirError> {
        let given = self.given()?;
        let done = match name {
            "$expand" => {
                given.only(&["url", "filter", "offset", "count", "displayLanguage"])?;
                let asked = Expand {
                    filter: given.text("filter").to_owned(),
                    language: given.text("displayLanguage").to_owned(),
                    offset: given.number("offset")?.unwrap_or(0),
                    count: given.number("count")?,
                };
                self.server.expand(&self.caller, &given.which(id)?, &asked).await?
            }
            "$lookup" => {
                given.only(&["system", "code", "displayLanguage"])?;
                let asked = (given.needs("system")?, given.needs("code")?);
                self.server.lookup(&self.caller, asked, given.text("displayLanguage")).await?
            }
            _ => {
                given.only(&["url", "system", "code", "display"])?;
                let asked = (given.text("system"), given.needs("code")?, given.text("display"));
                self.server.validate_code(&self.caller, (kind, &given.which(id)?), asked).await?
            }
        };
        Ok(answer::tree(StatusCode::OK, &self.asking, &done))
    }

    fn given(&self) -> Result<Given, FhirError> {
        let mut given = Given { pairs: self.asking.query.clone(), set: None };
        if self.method != Method::POST || self.body.is_empty() {
            return Ok(given);
        }
        let sent = self.resource_of("Parameters")?;
        for one in sent["parameter"].as_array().into_iter().flatten() {
            let name = one["name"].as_str().unwrap_or_default();
            if name == "valueSet" && one["resource"]["resourceType"] == "ValueSet" {
                given.set = Some(one["resource"].clone());
                continue;
            }
            let value = one.as_object().and_then(|all| all.iter().find(|(key, _)| key.starts_with("value")));
            match (name, value) {
                ("coding", Some((_, coding))) => {
                    for part in ["system", "code", "display"] {
                        if let Some(text) = coding[part].as_str() {
                            given.pairs.push((part.to_owned(), text.to_owned()));
                        }
                    }
                }
                (_, Some((_, Value::String(text)))) => given.pairs.push((name.to_owned(), text.clone())),
                (_, Some((_, Value::Number(number)))) => given.pairs.push((name.to_owned(), number.to_string())),
                _ => {
                    let said = format!("the parameter “{}” has no value that is read here", shown(name));
                    return Err(FhirError::refused(Code::Value, "Parameters.parameter", said));
                }
            }
        }
        Ok(given)
    }
}

fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}
