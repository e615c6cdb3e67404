//! People in lists: a page of an audience, with what each row shows.

use std::collections::HashMap;

use mhero_core::{Lang, LangMap, PersonId, PlaceId, Scope};
use mhero_query::Predicate;
use uuid::Uuid;

use crate::{
    Row, Snapshot, StoreError,
    nouns::audience::{Composer, hex_list, names},
    params,
    statement::statements,
};

/// What stands for "never" where an order needs an instant.
const NEVER: i64 = -1;

statements! {
    SORT_KEYS = "SELECT search, COALESCE(heard_at, -1) FROM person WHERE id = $1";
    PHONES = "SELECT u.person, u.id, u.path, u.bad, u.verified_at, EXISTS (SELECT 1 FROM stop s WHERE s.scheme = u.scheme AND s.path = u.path AND s.list = '') FROM person_urn u WHERE u.scheme = 'tel' AND u.person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY u.person ASC NULLS LAST, u.rank ASC NULLS LAST, u.id ASC NULLS LAST"
        | "SELECT u.person, u.id, u.path, u.bad, u.verified_at, EXISTS (SELECT 1 FROM stop s WHERE s.scheme = u.scheme AND s.path = u.path AND s.list = '') FROM person_urn u WHERE u.scheme = 'tel' AND u.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY u.person ASC NULLS LAST, u.rank ASC NULLS LAST, u.id ASC NULLS LAST";
    /// Records of those who were joined to somebody are theirs.
    SOURCES = "SELECT x.person, s.name, r.ext_id FROM (SELECT o.id AS record, o.entity AS person FROM source_record o WHERE o.entity IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) UNION ALL SELECT o.id, a.person FROM person_alias a JOIN source_record o ON o.entity = a.alias WHERE a.person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex'))) x JOIN source_record r ON r.id = x.record JOIN source s ON s.id = r.source ORDER BY x.person ASC NULLS LAST, s.rank ASC NULLS LAST, s.name ASC NULLS LAST, r.ext_id ASC NULLS LAST"
        | "SELECT x.person, s.name, r.ext_id FROM (SELECT o.id AS record, o.entity AS person FROM source_record o WHERE o.entity IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) UNION ALL SELECT o.id, a.person FROM person_alias a JOIN source_record o ON o.entity = a.alias WHERE a.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]'))) x JOIN source_record r ON r.id = x.record JOIN source s ON s.id = r.source ORDER BY x.person ASC NULLS LAST, s.rank ASC NULLS LAST, s.name ASC NULLS LAST, r.ext_id ASC NULLS LAST";
}

/// In which order people are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PeopleOrder {
    /// By name.
    #[default]
    Name,
    /// Those heard last first, those never heard at the end.
    Heard,
}

/// Which rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeopleSlice {
    /// In this order.
    pub order: PeopleOrder,
    /// Behind this person, for reading on.
    pub after: Option<PersonId>,
    /// So many more left out, for pages by number.
    pub skip: i64,
    /// At most so many.
    pub limit: i64,
}

/// A number in a list.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedPhone {
    /// Its id.
    pub id: Uuid,
    /// E.164; `None` where the text is no number.
    pub path: Option<String>,
    /// Why it is no number, a word of `mhero_text::BadPhone`.
    pub bad: Option<String>,
    /// When somebody made sure of it.
    pub verified_at: Option<i64>,
    /// Whether it asked to stop everything.
    pub is_stopped: bool,
}

impl std::fmt::Debug for ListedPhone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListedPhone").field("id", &self.id).field("bad", &self.bad).finish_non_exhaustive()
    }
}

/// One person in a list.
#[derive(Clone, PartialEq)]
pub struct ListedPerson {
    /// The person.
    pub id: PersonId,
    /// Name as shown.
    pub name: String,
    /// Preferred language.
    pub language: Option<Lang>,
    /// The last message from them, in UTC microseconds.
    pub heard_at: Option<i64>,
    /// The last message to them, in UTC microseconds.
    pub sent_at: Option<i64>,
    /// Numbers by rank, also those that are none.
    pub phones: Vec<ListedPhone>,
    /// Cadre of the current position.
    pub cadre: Option<LangMap>,
    /// Job title of the current position.
    pub title: Option<LangMap>,
    /// Where they work now, and whether it is a facility.
    pub place: Option<(PlaceId, LangMap, bool)>,
    /// The places above that, nearest first.
    pub above: Vec<(PlaceId, LangMap)>,
    /// Names of the sources with the person's ids there.
    pub sources: Vec<(String, String)>,
}

/// Only who it is.
impl std::fmt::Debug for ListedPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListedPerson").field("id", &self.id).finish_non_exhaustive()
    }
}

impl ListedPerson {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            language: row.get(2)?,
            heard_at: row.get(3)?,
            sent_at: row.get(4)?,
            phones: Vec::new(),
            cadre: None,
            title: None,
            place: None,
            above: Vec::new(),
            sources: Vec::new(),
        })
    }

    /// Takes the next of the positions, which come best first, for what is not known yet.
    fn take_position(&mut self, row: &Row) -> Result<(), StoreError> {
        if self.place.is_none()
            && let Some(place) = row.get(1)?
            && row.get::<Option<String>>(2)?.is_some()
        {
            self.place = Some((place, names(row, 2)?, row.get(3)?));
        }
        for (known, column) in [(&mut self.cadre, 4), (&mut self.title, 5)] {
            if known.is_none() && row.get::<Option<String>>(column)?.is_some() {
                *known = Some(names(row, column)?);
            }
        }
        Ok(())
    }
}

impl Snapshot {
    /// People whom a predicate means within the scope, with what a list shows of them. `now`, in UTC microseconds, decides
    /// which positions are current.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn people(
        &mut self,
        scope: &Scope,
        predicate: &Predicate,
        now: i64,
        slice: PeopleSlice,
    ) -> Result<Vec<ListedPerson>, StoreError> {
        let mut composer = Composer::new(now);
        let mut condition = composer.audience(scope, predicate);
        if let Some(after) = slice.after {
            let Some(keys) = self.query(&SORT_KEYS, params![after]).await?.into_iter().next() else {
                return Ok(Vec::new());
            };
            let id = composer.bind(after);
            let behind = match slice.order {
                PeopleOrder::Name => format!("(p.search, p.id) > ({}, {id})", composer.bind(keys.get::<String>(0)?)),
                PeopleOrder::Heard => {
                    let heard = composer.bind(keys.get::<i64>(1)?);
                    format!("(COALESCE(p.heard_at, {NEVER}), p.id) < ({heard}, {id})")
                }
            };
            condition = format!("{behind} AND {condition}");
        }
        let order = match slice.order {
            PeopleOrder::Name => "p.search ASC NULLS LAST, p.id ASC NULLS LAST",
            PeopleOrder::Heard => "COALESCE(p.heard_at, -1) DESC NULLS LAST, p.id DESC NULLS LAST",
        };
        let (limit, skip) = (composer.bind(slice.limit), composer.bind(slice.skip));
        let sql = format!(
            "SELECT p.id, p.name, p.language, p.heard_at, p.sent_at FROM person p WHERE {condition} \
             ORDER BY {order} LIMIT {limit} OFFSET {skip}"
        );
        let rows = self.query_composed(sql, composer.params()).await?;
        let people = rows.iter().map(ListedPerson::read).collect::<Result<Vec<_>, _>>()?;
        self.fill_in(people, now).await
    }

    /// Looks up phones, work and sources of listed people.
    async fn fill_in(&mut self, mut people: Vec<ListedPerson>, now: i64) -> Result<Vec<ListedPerson>, StoreError> {
        if people.is_empty() {
            return Ok(people);
        }
        let at: HashMap<PersonId, usize> = people.iter().enumerate().map(|(at, person)| (person.id, at)).collect();
        let list = hex_list(people.iter().map(|person| person.id.uuid()));
        let index = |row: &Row| Ok::<_, StoreError>(at.get(&row.get(0)?).copied());
        for row in self.query(&PHONES, params![&list]).await? {
            let Some(at) = index(&row)? else { continue };
            let path: Option<String> = row.get(2)?;
            // Two registries that hold the same number give it once.
            if path.is_some() && people[at].phones.iter().any(|phone| phone.path == path) {
                continue;
            }
            people[at].phones.push(ListedPhone {
                id: row.get(1)?,
                path,
                bad: row.get(3)?,
                verified_at: row.get(4)?,
                is_stopped: row.get(5)?,
            });
        }
        for row in self.current_positions(&list, now).await? {
            let Some(at) = index(&row)? else { continue };
            people[at].take_position(&row)?;
        }
        for row in self.query(&SOURCES, params![&list]).await? {
            let Some(at) = index(&row)? else { continue };
            people[at].sources.push((row.get(1)?, row.get(2)?));
        }
        self.fill_in_places(&mut people).await?;
        Ok(people)
    }

    async fn fill_in_places(&mut self, people: &mut [ListedPerson]) -> Result<(), StoreError> {
        let mut places: Vec<PlaceId> = people.iter().filter_map(|p| p.place.as_ref()).map(|(id, ..)| *id).collect();
        places.sort_unstable();
        places.dedup();
        let above = self.places_above(&places).await?;
        for person in people {
            if let Some((place, ..)) = &person.place {
                person.above = above.get(place).cloned().unwrap_or_default();
            }
        }
        Ok(())
    }
}
