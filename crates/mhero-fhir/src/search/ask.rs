//! A whole search as it was asked.

use super::{Clause, Condition, Kind, Parameters, Refused, clause::split};

/// Conditions of one search.
const CONDITIONS_MAX: usize = 50;
/// Kinds that come along.
const INCLUDES_MAX: usize = 20;
/// What a search is sorted by: each is a join.
const SORTS_MAX: usize = 8;

/// What a search asks for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Query {
    /// The kind.
    pub kind: String,
    /// All of them hold.
    pub clauses: Vec<Clause>,
    /// The first decides first.
    pub sort: Vec<Sort>,
    /// Resources on a page, where it is said.
    pub count: Option<usize>,
    /// How exact the total is to be.
    pub total: Total,
    /// How much of each resource.
    pub summary: Summary,
    /// Only these elements; empty for all.
    pub elements: Vec<String>,
    /// What comes along because a match refers to it.
    pub includes: Vec<Include>,
    /// What comes along because it refers to a match.
    pub revincludes: Vec<Include>,
    /// Where the page begins: what the link to it carried.
    pub page: Option<String>,
}

/// One level of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The parameter.
    pub code: String,
    /// From the last to the first.
    pub is_descending: bool,
}

/// How exact the total is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Total {
    /// Counted.
    #[default]
    Accurate,
    /// Left out.
    None,
}

/// How much of each resource comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Summary {
    /// All.
    #[default]
    Whole,
    /// The elements that R4 calls the summary.
    Short,
    /// Id, meta and narrative.
    Text,
    /// All but the narrative.
    Data,
    /// None, only their number.
    Count,
}

/// `_include=PractitionerRole:practitioner:Practitioner`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The kind that refers.
    pub kind: String,
    /// By which parameter; `None` for all its references.
    pub code: Option<String>,
    /// The kind that it leads to, where only one is meant.
    pub to: Option<String>,
    /// Also from what came along.
    pub is_iterated: bool,
}

/// A search that was read, and what of it was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What was understood.
    pub query: Query,
    /// What was not.
    pub refused: Vec<Refused>,
}

impl Query {
    /// Reads the parameters of a request. `base` is the address of this server.
    ///
    /// ```
    /// # use mhero_fhir::search::{Parameters, Query};
    /// let pairs = [("name:contains", "kol"), ("_count", "20"), ("cadre", "nurse")];
    /// let asked = Query::read(Parameters::r4(), "Practitioner", pairs, "http://localhost/fhir");
    /// assert_eq!((asked.query.clauses.len(), asked.query.count), (1, Some(20)));
    /// assert!(asked.refused[0].is_unknown);
    /// ```
    pub fn read<'a>(
        parameters: &Parameters,
        kind: &str,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        base: &str,
    ) -> Asked {
        let mut asked = Asked { query: Self { kind: kind.to_owned(), ..Self::default() }, refused: Vec::new() };
        for (name, value) in pairs {
            if let Err(refused) = asked.query.take(parameters, (name, value), base) {
                asked.refused.push(refused);
            }
        }
        asked
    }

    fn take(&mut self, parameters: &Parameters, (name, value): (&str, &str), base: &str) -> Result<(), Refused> {
        let refused = |why: &str| {
            let shown: String = value.chars().take(80).collect();
            Refused { asked: format!("{name}={shown}"), is_unknown: false, why: why.to_owned() }
        };
        match name.split_once(':').unwrap_or((name, "")) {
            // How it is written is the business of who answers. fhirpy says how it wants to be told the total.
            ("_format" | "_pretty" | "_totalMethod", "") => {}
            ("_page", "") => self.page = Some(value.to_owned()),
            ("_count", "") => {
                self.count = Some(value.parse().map_err(|_| refused("_count is a whole number from 0 on"))?);
            }
            ("_total", "") => {
                self.total = match value {
                    "none" => Total::None,
                    "accurate" | "estimate" => Total::Accurate,
                    _ => return Err(refused("_total is none, estimate or accurate")),
                };
            }
            ("_summary", "") => {
                self.summary = match value {
                    "false" => Summary::Whole,
                    "true" => Summary::Short,
                    "text" => Summary::Text,
                    "data" => Summary::Data,
                    "count" => Summary::Count,
                    _ => return Err(refused("_summary is true, text, data, count or false")),
                };
            }
            ("_elements", "") => {
                let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
                self.elements.extend(names.map(|name| {
                    // `Practitioner.name` is `name`.
                    name.strip_prefix(&self.kind).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name).to_owned()
                }));
            }
            ("_sort", "") => {
                for code in split(value, ',') {
                    self.sort_by(parameters, &code).map_err(|why| refused(&why))?;
                }
            }
            ("_include" | "_revinclude", iterate @ ("" | "iterate" | "recurse")) => {
                let include = include(parameters, value, !iterate.is_empty()).ok_or_else(|| {
                    refused("it is written Kind:reference or Kind:reference:Kind, with a reference that GET /metadata lists")
                })?;
                let list = if name.starts_with("_include") { &mut self.includes } else { &mut self.revincludes };
                if list.len() >= INCLUDES_MAX {
                    return Err(refused("fewer of these are followed at once"));
                }
                list.push(include);
            }
            _ => {
                if self.clauses.len() >= CONDITIONS_MAX {
                    return Err(refused("a search has fewer conditions"));
                }
                let condition = Condition::read(parameters, &self.kind, (name, value), base)?;
                self.clauses.push(Clause { name: name.to_owned(), value: value.to_owned(), condition });
            }
        }
        Ok(())
    }

    /// Sorts by one thing more, backwards with a minus.
    fn sort_by(&mut self, parameters: &Parameters, written: &str) -> Result<(), String> {
        let (code, is_descending) = written.strip_prefix('-').map_or((written, false), |code| (code, true));
        let known = parameters.get(&self.kind, code);
        if known.is_none_or(|parameter| matches!(parameter.kind, Kind::Reference | Kind::Uri | Kind::Special)) {
            return Err(format!("{} is not sorted by “{code}”", self.kind));
        }
        if self.sort.len() >= SORTS_MAX {
            return Err(format!("a search is sorted by at most {SORTS_MAX} things"));
        }
        self.sort.push(Sort { code: code.to_owned(), is_descending });
        Ok(())
    }
}

fn include(parameters: &Parameters, written: &str, is_iterated: bool) -> Option<Include> {
    let mut words = written.split(':');
    let (kind, code, to) = (words.next()?, words.next()?, words.next());
    if words.next().is_some() || !parameters.has_kind(kind) {
        return None;
    }
    let code = match code {
        "*" => None,
        code => Some(parameters.get(kind, code).filter(|parameter| parameter.kind == Kind::Reference)?.code.clone()),
    };
    Some(Include { kind: kind.to_owned(), code, to: to.map(ToOwned::to_owned), is_iterated })
}
