//! Cadres, job titles, fields, groups and courses: found by code or name, made where they are missing.

use std::collections::HashMap;

use mhero_core::{
    CadreId, FieldId, GroupId, ImportId, Lang, LangMap, TitleId,
    record::{CadreRecord, Coded, JobRecord},
};
use mhero_query::{fold, key};
use mhero_store::{CadreRow, Group, Mint, Store, StoreError, TitleRow, Unit};

/// Everything that has a code and names.
#[derive(Debug)]
pub(super) struct Coins {
    language: Lang,
    cadres: HashMap<CadreId, CadreRow>,
    cadre_by_word: HashMap<String, CadreId>,
    titles: HashMap<TitleId, TitleRow>,
    title_by_code: HashMap<(String, String), TitleId>,
    title_by_word: HashMap<String, Vec<TitleId>>,
    fields: HashMap<String, FieldId>,
    groups: HashMap<String, (GroupId, bool)>,
    courses: HashMap<String, (String, LangMap)>,
}

/// A code or name as it is compared, and as the code of what has none: `community-health-worker`.
fn word(text: &str) -> String {
    key(text).replace('_', "-")
}

fn words_of(code: &str, name: &LangMap) -> Vec<String> {
    let mut words: Vec<String> = name.iter().map(|(_, name)| word(name)).chain([word(code)]).collect();
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.dedup();
    words
}

/// Names as they are from now on: those that come replace those of their language.
fn renamed(old: &LangMap, new: &LangMap) -> LangMap {
    let mut names = old.clone();
    for (language, name) in new.iter() {
        names.insert(language, name);
    }
    names
}

impl Coins {
    /// Reads all there are.
    pub(super) async fn load(store: &Store, language: Lang) -> Result<Self, StoreError> {
        let mut coins = Self {
            language,
            cadres: HashMap::new(),
            cadre_by_word: HashMap::new(),
            titles: HashMap::new(),
            title_by_code: HashMap::new(),
            title_by_word: HashMap::new(),
            fields: HashMap::new(),
            groups: HashMap::new(),
            courses: HashMap::new(),
        };
        for cadre in store.cadre_rows().await? {
            coins.hold_cadre(cadre);
        }
        for title in store.title_rows().await? {
            coins.hold_title(title);
        }
        for field in store.fields().await? {
            coins.fields.insert(field.coined.code, field.coined.id);
        }
        for group in store.groups(true).await? {
            let by_hand = group.query.is_none();
            for (_, name) in group.name.iter() {
                coins.groups.insert(fold(name), (group.id, by_hand));
            }
        }
        for course in store.courses().await? {
            coins.hold_course(&course.course, &course.names);
        }
        Ok(coins)
    }

    fn hold_cadre(&mut self, cadre: CadreRow) {
        for word in words_of(&cadre.code, &cadre.name) {
            self.cadre_by_word.entry(word).or_insert(cadre.id);
        }
        // A code counts before a name.
        self.cadre_by_word.insert(word(&cadre.code), cadre.id);
        self.cadres.insert(cadre.id, cadre);
    }

    fn hold_title(&mut self, title: TitleRow) {
        self.title_by_code.insert((title.system.clone(), title.code.clone()), title.id);
        for word in words_of(&title.code, &title.name) {
            let list = self.title_by_word.entry(word).or_default();
            if !list.contains(&title.id) {
                list.push(title.id);
            }
        }
        self.titles.insert(title.id, title);
    }

    fn hold_course(&mut self, course: &str, names: &LangMap) {
        for word in words_of(course, names) {
            self.courses.entry(word).or_insert_with(|| (course.to_owned(), names.clone()));
        }
    }

    fn name(&self, coded: &Coded, code: &str) -> LangMap {
        LangMap::one(self.language, coded.text.as_deref().unwrap_or(code))
    }

    /// The cadre that a code or words mean.
    pub(super) fn cadre(&self, coded: &Coded) -> Option<CadreId> {
        let by = |text: &Option<String>| self.cadre_by_word.get(&word(text.as_deref()?)).copied();
        by(&coded.code).or_else(|| by(&coded.text))
    }

    /// The cadre that a code or words mean; a new one where there is none. `None` for words without a letter.
    pub(super) fn make_cadre(&mut self, coded: &Coded, mint: &Mint, unit: &mut Unit) -> Option<CadreId> {
        if let Some(there) = self.cadre(coded) {
            return Some(there);
        }
        let code = coded.code.clone().unwrap_or_else(|| word(coded.text.as_deref().unwrap_or_default()));
        if word(&code).is_empty() {
            return None;
        }
        let name = self.name(coded, &code);
        let cadre = CadreRow { id: mint.id(CadreId::from_uuid), code, name, coded: coded.code.is_some() };
        unit.add_cadre(&cadre);
        let id = cadre.id;
        self.hold_cadre(cadre);
        Some(id)
    }

    /// Takes a cadre of a code system. One that so far stood only as a word in tables becomes this one.
    pub(super) fn take_cadre(&mut self, record: &CadreRecord, mint: &Mint, unit: &mut Unit) -> Option<CadreId> {
        let code = word(&record.code);
        if code.is_empty() {
            return None;
        }
        let bearers = words_of(&record.code, &record.name);
        let bearers: Vec<CadreId> = bearers.iter().filter_map(|word| self.cadre_by_word.get(word)).copied().collect();
        let by_code = self.cadre_by_word.get(&code).copied();
        let exact = by_code.filter(|id| self.cadres.get(id).is_some_and(|cadre| word(&cadre.code) == code));
        let mut worded = bearers;
        worded.retain(|id| self.cadres.get(id).is_some_and(|cadre| !cadre.coded));
        let kept = exact.or_else(|| worded.first().copied());
        if let Some(kept) = kept {
            for gone in worded.into_iter().filter(|id| *id != kept) {
                self.replace_cadre(gone, kept, unit);
            }
        }
        let Some(old) = kept.and_then(|id| self.cadres.get(&id)).cloned() else {
            let name =
                if record.name.is_empty() { LangMap::one(self.language, &record.code) } else { record.name.clone() };
            let cadre = CadreRow { id: mint.id(CadreId::from_uuid), code: record.code.clone(), name, coded: true };
            unit.add_cadre(&cadre);
            self.hold_cadre(cadre.clone());
            return Some(cadre.id);
        };
        let cadre =
            CadreRow { id: old.id, code: record.code.clone(), name: renamed(&old.name, &record.name), coded: true };
        if cadre != old {
            unit.set_cadre(&cadre);
        }
        let id = cadre.id;
        self.hold_cadre(cadre);
        Some(id)
    }

    fn replace_cadre(&mut self, gone: CadreId, by: CadreId, unit: &mut Unit) {
        if self.cadres.remove(&gone).is_none() {
            return;
        }
        unit.replace_cadre(gone, by);
        for id in self.cadre_by_word.values_mut().filter(|id| **id == gone) {
            *id = by;
        }
        for title in self.titles.values_mut().filter(|title| title.cadre == Some(gone)) {
            title.cadre = Some(by);
        }
    }

    /// The title that a code or words mean.
    pub(super) fn title(&self, coded: &Coded) -> Option<TitleId> {
        let first = |text: &str| self.title_by_word.get(&word(text)).and_then(|list| list.first()).copied();
        match (&coded.system, &coded.code) {
            (Some(system), Some(code)) => self.title_by_code.get(&(system.clone(), code.clone())).copied(),
            (None, Some(code)) => first(code).or_else(|| first(coded.text.as_deref()?)),
            (_, None) => first(coded.text.as_deref()?),
        }
    }

    /// The title that a code or words mean; a new one where there is none. `None` for words without a letter.
    pub(super) fn make_title(&mut self, coded: &Coded, mint: &Mint, unit: &mut Unit) -> Option<TitleId> {
        if let Some(there) = self.title(coded) {
            return Some(there);
        }
        match &coded.code {
            Some(code) => {
                let name = self.name(coded, code);
                let system = coded.system.clone().unwrap_or_default();
                Some(self.put_title(&system, code, &name, None, mint, unit))
            }
            None => {
                let code = word(coded.text.as_deref()?);
                let name = self.name(coded, &code);
                (!code.is_empty()).then(|| self.put_title("", &code, &name, None, mint, unit))
            }
        }
    }

    /// Takes a title of a job code system, with its cadre.
    pub(super) fn take_job(&mut self, job: &JobRecord, mint: &Mint, unit: &mut Unit) {
        let cadre = job.cadre.as_ref().and_then(|code| {
            let coded = Coded { code: Some(code.clone()), ..Coded::default() };
            self.make_cadre(&coded, mint, unit)
        });
        let name = if job.name.is_empty() { LangMap::one(self.language, &job.code) } else { job.name.clone() };
        self.put_title(&job.system, &job.code, &name, Some(cadre), mint, unit);
    }

    /// Writes a title. One that so far stood only as a word in tables becomes this one. `cadre` is `None` where it is unknown
    /// what its cadre is, `Some(None)` where it has none.
    fn put_title(
        &mut self,
        system: &str,
        code: &str,
        name: &LangMap,
        cadre: Option<Option<CadreId>>,
        mint: &Mint,
        unit: &mut Unit,
    ) -> TitleId {
        let exact = self.title_by_code.get(&(system.to_owned(), code.to_owned())).copied();
        let names: Vec<String> = name.iter().map(|(_, name)| word(name)).collect();
        let bearers = names.iter().filter_map(|word| self.title_by_word.get(word)).flatten();
        let is_worded = |id: &TitleId| self.titles.get(id).is_some_and(|title| title.system.is_empty());
        let mut worded: Vec<TitleId> = bearers.copied().filter(|id| !system.is_empty() && is_worded(id)).collect();
        worded.sort_unstable();
        worded.dedup();
        let kept = exact.or_else(|| worded.first().copied());
        if let Some(kept) = kept {
            for gone in worded.into_iter().filter(|id| *id != kept) {
                unit.replace_title(gone, kept);
                self.forget_title(gone);
            }
        }
        let old = kept.and_then(|id| self.titles.get(&id)).cloned();
        let title = TitleRow {
            id: old.as_ref().map_or_else(|| mint.id(TitleId::from_uuid), |old| old.id),
            system: system.to_owned(),
            code: code.to_owned(),
            name: old.as_ref().map_or_else(|| name.clone(), |old| renamed(&old.name, name)),
            cadre: cadre.unwrap_or_else(|| old.as_ref().and_then(|old| old.cadre)),
        };
        match &old {
            None => {
                unit.add_title(&title);
            }
            Some(old) if *old != title => {
                unit.set_title(&title);
                self.forget_title(old.id);
            }
            Some(_) => return title.id,
        }
        let id = title.id;
        self.hold_title(title);
        id
    }

    fn forget_title(&mut self, id: TitleId) {
        if let Some(old) = self.titles.remove(&id) {
            self.title_by_code.remove(&(old.system, old.code));
        }
        for list in self.title_by_word.values_mut() {
            list.retain(|other| *other != id);
        }
    }

    /// The cadre of a title.
    pub(super) fn cadre_of(&self, title: TitleId) -> Option<CadreId> {
        self.titles.get(&title)?.cadre
    }

    /// The field of a key; a new one, of this type, where there is none.
    pub(super) fn field(&mut self, field: &str, kind: &str, at: i64, mint: &Mint, unit: &mut Unit) -> FieldId {
        if let Some(id) = self.fields.get(field) {
            return *id;
        }
        let id = mint.id(FieldId::from_uuid);
        let mut name = field.replace('_', " ");
        if let Some(first) = name.get(..1) {
            name = first.to_uppercase() + &name[1..];
        }
        unit.add_field(id, field, &LangMap::one(self.language, name), kind, at);
        self.fields.insert(field.to_owned(), id);
        id
    }

    /// The group of a name; a new one by hand, which the run is noted to have made, where there is none. `None` when a query keeps
    /// it.
    pub(super) fn group(
        &mut self,
        name: &str,
        (at, run): (i64, Option<ImportId>),
        mint: &Mint,
        unit: &mut Unit,
    ) -> Option<GroupId> {
        let folded = fold(name);
        if let Some((id, by_hand)) = self.groups.get(&folded) {
            return by_hand.then_some(*id);
        }
        let group = Group {
            id: mint.id(GroupId::from_uuid),
            name: LangMap::one(self.language, name.trim()),
            query: None,
            active: true,
            created_by: None,
            created_at: at,
            updated_at: at,
            version: 1,
        };
        unit.add_group(&group, &folded);
        if let Some(run) = run {
            unit.note_made_group(run, group.id);
        }
        unit.changed("group", group.id.uuid(), "created", at);
        self.groups.insert(folded, (group.id, true));
        Some(group.id)
    }

    /// Code (or name, where it has none) and names of a course. `None` for words without a letter.
    pub(super) fn course(&mut self, coded: &Coded) -> Option<(String, LangMap)> {
        let known = |text: &Option<String>| self.courses.get(&word(text.as_deref()?)).cloned();
        if let Some((course, names)) = known(&coded.code).or_else(|| known(&coded.text)) {
            let names = coded
                .text
                .as_ref()
                .filter(|_| coded.code.is_some())
                .map_or(names, |text| LangMap::one(self.language, text));
            return Some((course, names));
        }
        let course = coded.code.clone().or_else(|| coded.text.clone())?;
        if word(&course).is_empty() {
            return None;
        }
        let names = self.name(coded, &course);
        self.hold_course(&course, &names);
        Some((course, names))
    }
}
