//! CodeSystem: job titles with their cadre, and cadres.

use mhero_core::{
    Lang, LangMap,
    limits::NAME_CHARS_MAX,
    record::{CadreRecord, Content, JobRecord, Problem, Reason},
};

use super::{
    CodeableConcept,
    node::{Node, Warnings},
};

/// A code system as FHIR has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CodeSystem {
    /// Its URL.
    pub url: String,
    /// Its concepts; those below others follow them.
    pub concepts: Vec<Concept>,
}

/// One code of a code system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Concept {
    /// The code.
    pub code: String,
    /// Names by language.
    pub name: LangMap,
    /// The code of the cadre that the concept, or one above it, names, whatever system it says that is of: sample data of
    /// iHRIS give the wrong one.
    pub cadre: Option<String>,
}

impl CodeSystem {
    /// Reads a resource, with what could not be read of it.
    pub fn read(resource: &serde_json::Value) -> (Self, Vec<Problem>) {
        let mut warnings = Warnings::default();
        let view = Self::from_node(&Node::root(resource), &mut warnings);
        (view, warnings.into_problems())
    }

    pub(super) fn from_node(root: &Node<'_>, warnings: &mut Warnings) -> Self {
        let lang = root.member_text("language").and_then(|code| code.parse().ok()).unwrap_or(Lang::ENGLISH);
        let mut concepts = Vec::new();
        collect(root, lang, None, &mut concepts, warnings);
        Self { url: root.member_text("url").unwrap_or_default(), concepts }
    }

    pub(super) fn content(self) -> Content {
        let named = |word: &str| self.url.trim_end_matches('/').to_ascii_lowercase().ends_with(word);
        if named("ihris-cadre") {
            let cadre = |concept: Concept| CadreRecord { code: concept.code, name: concept.name };
            return Content::Cadres(self.concepts.into_iter().map(cadre).collect());
        }
        if !named("ihris-job") && self.concepts.iter().all(|concept| concept.cadre.is_none()) {
            return Content::Kept;
        }
        let job = |concept: Concept| JobRecord {
            system: self.url.clone(),
            code: concept.code,
            name: concept.name,
            cadre: concept.cadre,
        };
        Content::Jobs(self.concepts.into_iter().map(job).collect())
    }
}

fn collect(node: &Node<'_>, lang: Lang, above: Option<&str>, concepts: &mut Vec<Concept>, warnings: &mut Warnings) {
    for item in node.items("concept") {
        let cadre = cadre(&item).or_else(|| above.map(str::to_owned));
        match item.member_text("code") {
            Some(code) => {
                let name = names(&item, lang, warnings);
                concepts.push(Concept { code, name, cadre: cadre.clone() });
            }
            None => warnings.add(item.path_of("code"), Reason::plain("import-concept-without-code")),
        }
        collect(&item, lang, cadre.as_deref(), concepts, warnings);
    }
}

fn cadre(item: &Node<'_>) -> Option<String> {
    let properties = item.items("property");
    let property = properties.iter().find(|property| property.member_text("code").as_deref() == Some("cadre"))?;
    let coding = || {
        let value = property.get("valueCoding").or_else(|| property.get("valueCodeableConcept"))?;
        CodeableConcept::from_node(&value).coding.into_iter().find_map(|coding| coding.code)
    };
    coding().or_else(|| property.member_text("valueCode")).or_else(|| property.member_text("valueString"))
}

fn names(item: &Node<'_>, lang: Lang, warnings: &mut Warnings) -> LangMap {
    let mut names = LangMap::default();
    if let Some(display) = item.member_text("display") {
        names.insert(lang, warnings.cut(&item.path_of("display"), display, NAME_CHARS_MAX));
    }
    for designation in item.items("designation") {
        let Some(value) = designation.member_text("value") else { continue };
        match designation.member_text("language").map(|code| code.parse()) {
            Some(Ok(lang)) => names.insert(lang, warnings.cut(&designation.path_of("value"), value, NAME_CHARS_MAX)),
            Some(Err(mhero_core::LangError { code })) => {
                warnings.unreadable(&designation.path_of("language"), "import-language-unknown", &code);
            }
            None => {}
        }
    }
    names
}
