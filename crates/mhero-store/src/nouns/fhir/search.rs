//! Searching: the conditions of a query as SQL over the keys.

use mhero_core::Scope;
use mhero_fhir::search::{Comparison, Condition, How, Near, Query, Reference, Sort as Order, Token};
use uuid::Uuid;

use super::{
    FhirResource,
    keys::{Sort, param},
    read,
};
use crate::{Snapshot, StoreError, nouns::audience::Composer};

/// Resources of a page, and where the next one begins.
#[derive(Debug)]
pub struct Found {
    /// The matches, in order.
    pub resources: Vec<FhirResource>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Page>,
}

/// Where a page begins: after a resource, and what it was sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The values of the order, one for each level.
    pub after: Vec<String>,
    /// The last resource before it.
    pub resource: Uuid,
}

/// The order of a search as SQL: an expression for each level, text or whole number.
struct Level {
    sql: String,
    is_number: bool,
    is_descending: bool,
}

impl Snapshot {
    /// Resources of the query's kind within the scope that fulfil all its conditions, at most `limit`, from a page on.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn search_fhir(
        &mut self,
        scope: &Scope,
        query: &Query,
        page: Option<&Page>,
        (limit, now): (usize, i64),
    ) -> Result<Found, StoreError> {
        let mut searcher = Searcher { composer: Composer::new(now), now, scope };
        let mut condition = searcher.matches(query);
        let levels: Vec<Level> = query.sort.iter().map(|order| searcher.level(&query.kind, order)).collect();
        if let Some(page) = page {
            condition = format!("{condition} AND {}", searcher.after(&levels, page));
        }
        let mut order = String::new();
        let mut columns = String::new();
        for level in &levels {
            let direction = if level.is_descending { "DESC" } else { "ASC" };
            order += &format!("{} {direction} NULLS LAST, ", level.sql);
            columns += &format!(", CAST({} AS {})", level.sql, if level.is_number { "BIGINT" } else { "TEXT" });
        }
        let most = searcher.composer.bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1));
        let sql = format!(
            "SELECT r.resource, r.kind, r.id, r.version, r.updated_at, r.deleted, r.person, r.public, r.body{columns} \
             FROM fhir_resource r WHERE {condition} ORDER BY {order}r.resource ASC NULLS LAST LIMIT {most}"
        );
        let rows = self.query_composed(sql, searcher.composer.params()).await?;
        let mut resources = Vec::with_capacity(rows.len().min(limit));
        for row in rows.iter().take(limit) {
            resources.push(read(row)?);
        }
        let mut next = None;
        if let (true, Some(row)) = (rows.len() > limit, rows.get(limit.saturating_sub(1))) {
            let mut after = Vec::with_capacity(levels.len());
            for (at, level) in (9..).zip(&levels) {
                after.push(if level.is_number { row.get::<i64>(at)?.to_string() } else { row.get::<String>(at)? });
            }
            next = Some(Page { after, resource: row.get(0)? });
        }
        Ok(Found { resources, next })
    }

    /// How many a query finds within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_fhir(&mut self, scope: &Scope, query: &Query, now: i64) -> Result<i64, StoreError> {
        let mut searcher = Searcher { composer: Composer::new(now), now, scope };
        let condition = searcher.matches(query);
        let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM fhir_resource r WHERE {condition}");
        let rows = self.query_composed(sql, searcher.composer.params()).await?;
        rows.first().map_or(Ok(0), |row| row.get(0))
    }

    /// Resources of one kind by their ids, within the scope, without those that are gone: what comes along with matches.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_by_ids(
        &mut self,
        scope: &Scope,
        kind: &str,
        ids: &[String],
    ) -> Result<Vec<FhirResource>, StoreError> {
        let mut searcher = Searcher { composer: Composer::new(0), now: 0, scope };
        let kind = searcher.composer.bind(kind);
        let named = searcher.composer.one_of("r.id", ids.iter().map(String::as_str));
        let seen = searcher.seen("r");
        let sql = format!(
            "SELECT r.resource, r.kind, r.id, r.version, r.updated_at, r.deleted, r.person, r.public, r.body FROM fhir_resource r \
             WHERE r.kind = {kind} AND {named} AND NOT r.deleted AND {seen} ORDER BY r.resource ASC NULLS LAST"
        );
        self.query_composed(sql, searcher.composer.params()).await?.iter().map(read).collect()
    }

    /// Resources of one kind within the scope that refer, by a parameter, to one of some.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_referring(
        &mut self,
        scope: &Scope,
        (kind, code): (&str, &str),
        to: &[(String, String)],
        limit: usize,
    ) -> Result<Vec<FhirResource>, StoreError> {
        let mut searcher = Searcher { composer: Composer::new(0), now: 0, scope };
        let any = to.iter().map(|(kind, id)| Reference { kind: Some(kind.clone()), id: id.clone() }).collect();
        let refers = searcher.condition(kind, &Condition::Reference(code.to_owned(), any), 0);
        let seen = searcher.seen("r");
        let (kind, most) =
            (searcher.composer.bind(kind), searcher.composer.bind(i64::try_from(limit).unwrap_or(i64::MAX)));
        let sql = format!(
            "SELECT r.resource, r.kind, r.id, r.version, r.updated_at, r.deleted, r.person, r.public, r.body FROM fhir_resource r \
             WHERE r.kind = {kind} AND NOT r.deleted AND {refers} AND {seen} ORDER BY r.resource ASC NULLS LAST LIMIT {most}"
        );
        self.query_composed(sql, searcher.composer.params()).await?.iter().map(read).collect()
    }
}

struct Searcher<'a> {
    composer: Composer,
    now: i64,
    scope: &'a Scope,
}

/// The alias of the resources at a depth of chains.
fn alias(depth: usize) -> String {
    if depth == 0 { "r".to_owned() } else { format!("r{depth}") }
}

impl Searcher<'_> {
    fn matches(&mut self, query: &Query) -> String {
        let kind = self.composer.bind(query.kind.as_str());
        let mut text = format!("r.kind = {kind} AND NOT r.deleted AND {}", self.seen("r"));
        for clause in &query.clauses {
            text += " AND ";
            text += &self.condition(&query.kind, &clause.condition, 0);
        }
        text
    }

    /// That somebody with this scope may read the resource under an alias. It is asked of every link of a chain: who is not to be
    /// seen is not to be found out about either.
    fn seen(&mut self, r: &str) -> String {
        if self.scope.all_places() && self.scope.all_programmes() {
            return "TRUE".to_owned();
        }
        let principal = self.composer.bind(self.scope.principal());
        let near = match self.scope.all_places() {
            true => "TRUE".to_owned(),
            false => format!(
                "{r}.person IN (SELECT scope_position.person FROM role_grant scope_grant \
                 JOIN place_closure scope_closure ON scope_closure.ancestor = scope_grant.place \
                 JOIN position scope_position ON scope_position.place = scope_closure.descendant \
                 WHERE scope_grant.principal = {principal} AND scope_position.active)"
            ),
        };
        format!(
            "({r}.public OR {r}.author = {principal} OR ({near} AND ({r}.programme IS NULL OR {r}.programme IN \
             (SELECT g.programme FROM role_grant g WHERE g.principal = {principal} AND g.programme IS NOT NULL) OR EXISTS \
             (SELECT 1 FROM role_grant g WHERE g.principal = {principal} AND g.programme IS NULL))))"
        )
    }

    /// That a resource of a kind, under the alias of its depth, fulfils a condition.
    fn condition(&mut self, kind: &str, condition: &Condition, depth: usize) -> String {
        let r = alias(depth);
        match condition {
            Condition::Ids(ids) => self.composer.one_of(&format!("{r}.id"), ids.iter().map(String::as_str)),
            Condition::Updated(any) => {
                let (from, until) = (format!("{r}.updated_at"), format!("({r}.updated_at + 1)"));
                self.any(any, |this, one| this.compare(one, &from, &until))
            }
            Condition::TextStarts(code, any) => {
                self.among(&r, (kind, code, Sort::Main), any, |this, text| this.starts(text))
            }
            Condition::TextContains(code, any) => self.among(&r, (kind, code, Sort::Main), any, |this, text| {
                let pattern = format!("%{}%", escaped(text));
                format!("k.value LIKE {} ESCAPE '\\'", this.composer.bind(pattern.as_str()))
            }),
            Condition::TextIs(code, any) => self.among(&r, (kind, code, Sort::Main), any, |this, text| {
                // The folded text is what the index begins with.
                let folded = this.composer.bind(mhero_query::fold(text).as_str());
                format!("k.value = {folded} AND k.system = {}", this.composer.bind(text.as_str()))
            }),
            Condition::Token(code, any) => self.among(&r, (kind, code, Sort::Main), any, Self::token),
            Condition::TokenNot(code, any) => {
                format!("NOT {}", self.among(&r, (kind, code, Sort::Main), any, Self::token))
            }
            Condition::TokenText(code, any) => {
                self.among(&r, (kind, code, Sort::Words), any, |this, text| this.starts(text))
            }
            Condition::Reference(code, any) => {
                self.among(&r, (kind, code, Sort::Main), any, |this, one: &Reference| {
                    let id = format!("k.value = {}", this.composer.bind(one.id.as_str()));
                    match &one.kind {
                        Some(kind) => format!("{id} AND k.system = {}", this.composer.bind(kind.as_str())),
                        None => id,
                    }
                })
            }
            Condition::ReferenceIdentifier(code, any) => {
                self.among(&r, (kind, code, Sort::Identifier), any, Self::token)
            }
            Condition::Uri(code, any) => self.among(&r, (kind, code, Sort::Main), any, |this, uri: &String| {
                format!("k.value = {}", this.composer.bind(uri.as_str()))
            }),
            Condition::Near(code, any) => self.among(&r, (kind, code, Sort::Main), any, Self::near),
            Condition::Date(code, any) => self.among(&r, (kind, code, Sort::Main), any, |this, one| {
                let compared = this.compare(one, "k.from_at", "k.until_at");
                format!("k.value = '' AND k.system = '' AND {compared}")
            }),
            Condition::Missing(code, is_missing) => self.missing(kind, (code, *is_missing), &r),
            Condition::Chain { code, through } => {
                let ways: Vec<String> =
                    through.iter().map(|(to, fulfils)| self.leads(kind, code, (to, fulfils), depth)).collect();
                format!("({})", ways.join(" OR "))
            }
            Condition::Has { kind: from, code, fulfils } => {
                let inner = alias(depth + 1);
                let condition = self.condition(from, fulfils, depth + 1);
                let seen = self.seen(&inner);
                let (param, kind) = (self.composer.bind(param(from, code, Sort::Main)), self.composer.bind(kind));
                format!(
                    "{r}.id IN (SELECT k.value FROM fhir_key k JOIN fhir_resource {inner} ON {inner}.resource = k.resource \
                     WHERE k.param = {param} AND k.system IN ({kind}, '') AND NOT {inner}.deleted AND {seen} AND {condition})"
                )
            }
        }
    }

    /// That a reference leads to something of a kind that fulfils a condition.
    fn leads(&mut self, kind: &str, code: &str, (to, fulfils): (&str, &Condition), depth: usize) -> String {
        let (r, inner) = (alias(depth), alias(depth + 1));
        let param = self.composer.bind(param(kind, code, Sort::Main));
        let condition = self.condition(to, fulfils, depth + 1);
        let seen = self.seen(&inner);
        let to = self.composer.bind(to);
        format!(
            "{r}.resource IN (SELECT k.resource FROM fhir_key k JOIN fhir_resource {inner} ON {inner}.kind = {to} \
             AND {inner}.id = k.value WHERE k.param = {param} AND k.system IN ({to}, '') AND NOT {inner}.deleted AND {seen} AND {condition})"
        )
    }

    /// That a resource has, or lacks, any key of a parameter.
    fn missing(&mut self, kind: &str, (code, is_missing): (&str, bool), r: &str) -> String {
        // These every resource has.
        if matches!(code, "_id" | "_lastUpdated") {
            return if is_missing { "FALSE".to_owned() } else { "TRUE".to_owned() };
        }
        let sorts = [Sort::Main, Sort::Words, Sort::Identifier].map(|sort| param(kind, code, sort));
        let one = self.composer.one_of("k.param", sorts);
        let there = format!("EXISTS (SELECT 1 FROM fhir_key k WHERE k.resource = {r}.resource AND {one})");
        if is_missing { format!("NOT {there}") } else { there }
    }

    fn any<T>(&mut self, any: &[T], mut one: impl FnMut(&mut Self, &T) -> String) -> String {
        let texts: Vec<String> = any.iter().map(|value| format!("({})", one(self, value))).collect();
        format!("({})", texts.join(" OR "))
    }

    /// That a resource has a key for which one of some tests holds.
    fn among<T>(
        &mut self,
        r: &str,
        (kind, code, sort): (&str, &str, Sort),
        any: &[T],
        one: impl FnMut(&mut Self, &T) -> String,
    ) -> String {
        let param = self.composer.bind(param(kind, code, sort));
        let tests = self.any(any, one);
        format!("{r}.resource IN (SELECT k.resource FROM fhir_key k WHERE k.param = {param} AND {tests})")
    }

    fn starts(&mut self, text: &str) -> String {
        let from = format!("k.value >= {}", self.composer.bind(text));
        // All that begins so lies before the text with its last character raised by one.
        match raised(text) {
            Some(until) => format!("{from} AND k.value < {}", self.composer.bind(until.as_str())),
            None => from,
        }
    }

    /// Within a distance on the flat map around the point; a square around it first, which the index answers.
    fn near(&mut self, near: &Near) -> String {
        const MICRO: i64 = 1_000_000;
        let (latitude, longitude) = (near.latitude, near.longitude);
        let wide = near.distance.saturating_mul(MICRO) / near.narrows.max(MICRO / 100);
        let mut bind = |value: i64| self.composer.bind(value);
        let (south, north) = (bind(latitude - near.distance), bind(latitude + near.distance));
        let (west, east) = (bind(longitude - wide), bind(longitude + wide));
        let (at_north, at_east) = (bind(latitude), bind(longitude));
        let (narrows, square) = (bind(near.narrows), bind(near.distance.saturating_mul(near.distance)));
        format!(
            "k.value = '' AND k.system = '' AND k.from_at >= {south} AND k.from_at <= {north} AND k.until_at >= {west} AND k.until_at <= {east} \
             AND (k.from_at - {at_north}) * (k.from_at - {at_north}) \
             + ((k.until_at - {at_east}) * {narrows} / {MICRO}) * ((k.until_at - {at_east}) * {narrows} / {MICRO}) <= {square}"
        )
    }

    fn token(&mut self, token: &Token) -> String {
        let mut tests = Vec::new();
        if let Some(code) = &token.code {
            tests.push(format!("k.value = {}", self.composer.bind(code.as_str())));
        }
        if let Some(system) = &token.system {
            tests.push(format!("k.system = {}", self.composer.bind(system.as_str())));
        }
        if tests.is_empty() { "FALSE".to_owned() } else { tests.join(" AND ") }
    }

    /// How the span of a resource stands to the one that is asked for.
    fn compare(&mut self, one: &Comparison, from: &str, until: &str) -> String {
        let (start, end) = (one.with.from, one.with.until);
        let mut bind = |value: i64| self.composer.bind(value);
        match one.how {
            How::Equal => format!("{from} >= {} AND {until} <= {}", bind(start), bind(end)),
            How::NotEqual => format!("({from} < {} OR {until} > {})", bind(start), bind(end)),
            How::Greater => format!("{until} > {}", bind(end)),
            How::Less => format!("{from} < {}", bind(start)),
            How::GreaterOrEqual => format!("({until} > {} OR {from} >= {})", bind(end), bind(start)),
            How::LessOrEqual => format!("({from} < {} OR {until} <= {})", bind(start), bind(end)),
            How::StartsAfter => format!("{from} >= {}", bind(end)),
            How::EndsBefore => format!("{until} <= {}", bind(start)),
            How::Approximately => {
                let slack = self.now.saturating_sub(start).saturating_abs() / 10;
                let (first, last) = (start.saturating_sub(slack), end.saturating_add(slack));
                format!("{from} < {} AND {until} > {}", self.composer.bind(last), self.composer.bind(first))
            }
        }
    }

    fn level(&mut self, kind: &str, order: &Order) -> Level {
        let is_descending = order.is_descending;
        match order.code.as_str() {
            "_lastUpdated" => Level { sql: "r.updated_at".to_owned(), is_number: true, is_descending },
            "_id" => Level { sql: "r.id".to_owned(), is_number: false, is_descending },
            code => {
                let is_number = mhero_fhir::search::Parameters::r4()
                    .get(kind, code)
                    .is_some_and(|parameter| parameter.kind == mhero_fhir::search::Kind::Date);
                let param = self.composer.bind(param(kind, code, Sort::Main));
                // What stands first in the order decides; what has nothing stands at the beginning.
                let (best, column, nothing) = match (is_descending, is_number) {
                    (false, true) => ("MIN", "k.from_at", "0"),
                    (true, true) => ("MAX", "k.from_at", "0"),
                    (false, false) => ("MIN", "k.value", "''"),
                    (true, false) => ("MAX", "k.value", "''"),
                };
                let sql = format!(
                    "COALESCE((SELECT {best}({column}) FROM fhir_key k WHERE k.resource = r.resource AND k.param = {param}), {nothing})"
                );
                Level { sql, is_number, is_descending }
            }
        }
    }

    /// That a resource stands after where a page ended, level by level.
    fn after(&mut self, levels: &[Level], page: &Page) -> String {
        let last = format!("r.resource > {}", self.composer.bind(page.resource));
        levels.iter().zip(&page.after).rev().fold(last, |rest, (level, value)| {
            let bound = if level.is_number {
                self.composer.bind(value.parse::<i64>().unwrap_or(0))
            } else {
                self.composer.bind(value.as_str())
            };
            let beyond = if level.is_descending { "<" } else { ">" };
            format!("({0} {beyond} {bound} OR ({0} = {bound} AND {rest}))", level.sql)
        })
    }
}

/// A text for `LIKE`, in which nothing stands for anything else.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// The first text after all that begin so.
fn raised(text: &str) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    while let Some(last) = chars.pop() {
        let next = (u32::from(last) + 1..=0x0010_ffff).find_map(char::from_u32);
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}
