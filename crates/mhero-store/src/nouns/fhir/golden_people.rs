//! People of the register with all that FHIR shows of them, read together.

use std::collections::HashMap;

use mhero_core::{Lang, LangMap, PersonId};
use uuid::Uuid;

use crate::{Row, Snapshot, StoreError, nouns::audience::Composer, params, statement::statements};

statements! {
    AFTER = "SELECT id FROM person WHERE id > $1 ORDER BY id ASC NULLS LAST LIMIT $2";
    GROUPS_AFTER = "SELECT id FROM audience_group WHERE id > $1 ORDER BY id ASC NULLS LAST LIMIT $2";
    MEMBERS = "SELECT person FROM group_member WHERE member_of = $1 ORDER BY person ASC NULLS LAST LIMIT $2";
    GROUP = "SELECT g.name, g.query, g.active, CAST((SELECT COUNT(*) FROM group_member m WHERE m.member_of = g.id) AS BIGINT) FROM audience_group g WHERE g.id = $1";
}

/// A record of a source that speaks of somebody or something.
#[derive(Clone)]
pub struct GoldenRecord {
    /// Of whom it speaks: for a joined person the one they are joined to.
    pub entity: Uuid,
    /// The name of the source.
    pub source: String,
    /// Whose values count: the lower number wins.
    pub rank: i64,
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// As received.
    pub raw: String,
    /// When it last changed, in UTC microseconds.
    pub changed_at: i64,
}

/// Never what it says.
impl std::fmt::Debug for GoldenRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GoldenRecord").field("entity", &self.entity).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A number or address of a person.
#[derive(Clone)]
pub struct GoldenNumber {
    /// In the international spelling; `None` where the text is no number.
    pub path: Option<String>,
    /// As the source wrote it.
    pub raw: String,
}

impl std::fmt::Debug for GoldenNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GoldenNumber").field("is_number", &self.path.is_some()).finish_non_exhaustive()
    }
}

/// A value of a field.
#[derive(Clone, Debug)]
pub struct GoldenValue {
    /// The key of the field.
    pub field: String,
    /// As a text.
    pub text: Option<String>,
    /// As a number.
    pub number: Option<f64>,
    /// As a moment, in UTC microseconds.
    pub instant: Option<i64>,
    /// As a place.
    pub place: Option<Uuid>,
    /// Whether no record says it: somebody said it here.
    pub is_own: bool,
}

/// Who works where, as what.
#[derive(Clone, Debug)]
pub struct GoldenPosition {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub place: Option<Uuid>,
    /// System, code and names of the job.
    pub title: Option<(String, String, LangMap)>,
    /// Code and names of the cadre.
    pub cadre: Option<(String, LangMap)>,
    /// Whether the source gives the cadre itself, rather than through the job.
    pub names_cadre: bool,
    /// Since when, in UTC microseconds.
    pub start_at: Option<i64>,
    /// Until when: the end of the last day.
    pub end_at: Option<i64>,
    /// Whether it has not ended.
    pub active: bool,
    /// The record that says so.
    pub record: GoldenRecord,
}

/// A person with all that FHIR shows.
#[derive(Clone)]
pub struct GoldenPerson {
    /// The person.
    pub id: PersonId,
    /// As whom they count, where they were joined to somebody.
    pub joined_to: Option<PersonId>,
    /// `worker`, `stranger`, `joined`, `undone`.
    pub standing: String,
    /// Whole name as shown.
    pub name: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Preferred language.
    pub language: Option<Lang>,
    /// `female`, `male`, `other`, `unknown`.
    pub sex: Option<String>,
    /// A day.
    pub birth: Option<String>,
    /// False for who has left.
    pub active: bool,
    /// Numbers, the best first.
    pub numbers: Vec<GoldenNumber>,
    /// System and value.
    pub identifiers: Vec<(String, String)>,
    /// Values by field.
    pub values: Vec<GoldenValue>,
    /// Work.
    pub positions: Vec<GoldenPosition>,
    /// The records that count, the source's first whose values count first.
    pub records: Vec<GoldenRecord>,
}

impl std::fmt::Debug for GoldenPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GoldenPerson").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A group as FHIR shows it.
#[derive(Clone, Debug)]
pub struct GoldenGroup {
    /// Its name.
    pub name: String,
    /// The rule, for one that has no members by hand.
    pub query: Option<String>,
    /// False for one that is put away.
    pub active: bool,
    /// How many members it has by hand.
    pub count: i64,
    /// The first of them.
    pub members: Vec<PersonId>,
}

fn record(row: &Row, at: usize) -> Result<GoldenRecord, StoreError> {
    Ok(GoldenRecord {
        entity: row.get(at)?,
        source: row.get::<Option<String>>(at + 1)?.unwrap_or_default(),
        rank: row.get::<Option<i64>>(at + 2)?.unwrap_or(i64::MAX),
        kind: row.get::<Option<String>>(at + 3)?.unwrap_or_default(),
        ext_id: row.get::<Option<String>>(at + 4)?.unwrap_or_default(),
        raw: row.get::<Option<String>>(at + 5)?.unwrap_or_default(),
        changed_at: row.get::<Option<i64>>(at + 6)?.unwrap_or(0),
    })
}

fn position(row: &Row) -> Result<(Uuid, GoldenPosition), StoreError> {
    let title = match row.get::<Option<String>>(4)? {
        Some(code) => Some((row.get(3)?, code, crate::nouns::audience::names(row, 5)?)),
        None => None,
    };
    let cadre = match row.get::<Option<String>>(6)? {
        Some(code) => Some((code, crate::nouns::audience::names(row, 7)?)),
        None => None,
    };
    let said = GoldenPosition {
        id: row.get(1)?,
        place: row.get(2)?,
        title,
        cadre,
        names_cadre: row.get(8)?,
        start_at: row.get(9)?,
        end_at: row.get(10)?,
        active: row.get(11)?,
        record: record(row, 12)?,
    };
    Ok((row.get(0)?, said))
}

impl Snapshot {
    /// The next people in the order of their ids, whatever they are.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn people_after(&mut self, after: Uuid, limit: i64) -> Result<Vec<PersonId>, StoreError> {
        self.query(&AFTER, params![after, limit]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// The next groups in the order of their ids.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn groups_after(&mut self, after: Uuid, limit: i64) -> Result<Vec<Uuid>, StoreError> {
        self.query(&GROUPS_AFTER, params![after, limit]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// A group with its first members.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn golden_group(&mut self, id: Uuid, most: i64) -> Result<Option<GoldenGroup>, StoreError> {
        let Some(row) = self.query(&GROUP, params![id]).await?.into_iter().next() else { return Ok(None) };
        let members = self.query(&MEMBERS, params![id, most]).await?;
        Ok(Some(GoldenGroup {
            name: row.get(0)?,
            query: row.get(1)?,
            active: row.get(2)?,
            count: row.get(3)?,
            members: members.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?,
        }))
    }

    /// Some people with all that FHIR shows of them, for mHero itself: whoever reads it later is asked for their scope then.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn golden_people(&mut self, people: &[PersonId]) -> Result<Vec<GoldenPerson>, StoreError> {
        let mut composer = Composer::new(0);
        let named = composer.one_of("p.id", people.iter().copied());
        let sql = format!(
            "SELECT p.id, a.person, p.standing, p.name, p.given, p.family, p.language, p.sex, p.birth, p.active FROM person p \
             LEFT JOIN person_alias a ON a.alias = p.id WHERE {named} ORDER BY p.id ASC NULLS LAST"
        );
        let rows = self.query_composed(sql, composer.params()).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            found.push(GoldenPerson {
                id: row.get(0)?,
                joined_to: row.get(1)?,
                standing: row.get(2)?,
                name: row.get(3)?,
                given: row.get(4)?,
                family: row.get(5)?,
                language: row.get(6)?,
                sex: row.get(7)?,
                birth: row.get(8)?,
                active: row.get(9)?,
                numbers: Vec::new(),
                identifiers: Vec::new(),
                values: Vec::new(),
                positions: Vec::new(),
                records: Vec::new(),
            });
        }
        self.fill(&mut found).await?;
        Ok(found)
    }

    async fn fill(&mut self, people: &mut [GoldenPerson]) -> Result<(), StoreError> {
        let at: HashMap<Uuid, usize> = people.iter().enumerate().map(|(at, one)| (one.id.uuid(), at)).collect();
        let ids: Vec<Uuid> = people.iter().map(|one| one.id.uuid()).collect();
        let composed = |text: &dyn Fn(&str) -> String, column: &str| {
            let mut composer = Composer::new(0);
            let named = composer.one_of(column, ids.iter().copied());
            (text(&named), composer.params())
        };
        let (sql, values) = composed(
            &|named| {
                format!(
                    "SELECT u.person, u.path, u.raw FROM person_urn u WHERE u.scheme = 'tel' AND {named} ORDER BY u.rank ASC NULLS LAST, u.id ASC NULLS LAST"
                )
            },
            "u.person",
        );
        for row in self.query_composed(sql, values).await? {
            let one = GoldenNumber { path: row.get(1)?, raw: row.get(2)? };
            people[at[&row.get(0)?]].numbers.push(one);
        }
        let (sql, values) = composed(
            &|named| {
                format!(
                    "SELECT DISTINCT i.person, i.system, i.value FROM person_identifier i WHERE {named} ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST"
                )
            },
            "i.person",
        );
        for row in self.query_composed(sql, values).await? {
            people[at[&row.get(0)?]].identifiers.push((row.get(1)?, row.get(2)?));
        }
        let (sql, values) = composed(
            &|named| {
                format!(
                    "SELECT v.person, f.key, v.text, v.number, v.instant, v.place, v.source_record IS NULL FROM person_value v JOIN field f ON f.id = v.field WHERE {named} ORDER BY f.key ASC NULLS LAST"
                )
            },
            "v.person",
        );
        for row in self.query_composed(sql, values).await? {
            people[at[&row.get(0)?]].values.push(GoldenValue {
                field: row.get(1)?,
                text: row.get(2)?,
                number: row.get(3)?,
                instant: row.get(4)?,
                place: row.get(5)?,
                is_own: row.get(6)?,
            });
        }
        let (sql, values) = composed(
            &|named| {
                format!(
                    "SELECT q.person, q.id, q.place, t.system, t.code, t.name, c.code, c.name, q.cadre IS NOT NULL, q.start_at, q.end_at, q.active, q.id, s.name, s.rank, r.kind, r.ext_id, r.raw, r.changed_at FROM position q LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre c ON c.id = COALESCE(q.cadre, t.cadre) LEFT JOIN source_record r ON r.id = q.source_record LEFT JOIN source s ON s.id = r.source WHERE {named} ORDER BY q.id ASC NULLS LAST"
                )
            },
            "q.person",
        );
        for row in self.query_composed(sql, values).await? {
            let (person, said) = position(&row)?;
            people[at[&person]].positions.push(said);
        }
        for one in self.golden_records(&ids, "person").await? {
            if let Some(at) = at.get(&one.entity) {
                people[*at].records.push(one);
            }
        }
        Ok(())
    }

    /// The records that count of some people or places, with those of who was joined to them, by rank.
    pub(super) async fn golden_records(&mut self, ids: &[Uuid], kind: &str) -> Result<Vec<GoldenRecord>, StoreError> {
        let mut composer = Composer::new(0);
        let kind = composer.bind(kind);
        let own = composer.one_of("r.entity", ids.iter().copied());
        let golden = composer.one_of("a.person", ids.iter().copied());
        let columns =
            "s.name, s.rank AS rank, r.kind, r.ext_id, r.raw, r.changed_at, r.first_seen_at AS since, r.id AS record";
        let counts = format!("r.entity_kind = {kind} AND r.gone_at IS NULL AND r.content IS NOT NULL");
        let sql = format!(
            "SELECT r.entity, {columns} FROM source_record r JOIN source s ON s.id = r.source WHERE {own} AND {counts} \
             UNION ALL SELECT a.person, {columns} FROM person_alias a JOIN source_record r ON r.entity = a.alias \
             JOIN source s ON s.id = r.source WHERE {golden} AND {counts} ORDER BY rank ASC NULLS LAST, since ASC NULLS LAST, record ASC NULLS LAST"
        );
        self.query_composed(sql, composer.params()).await?.iter().map(|row| record(row, 0)).collect()
    }
}
