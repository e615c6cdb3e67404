//! The letterhead, quiet hours, numbering, and the words that phones may write.

use axum::{http::StatusCode, response::Response};
use jiff::civil::Time;
use mhero_app::{AppError, Facts, InstallationWords, QuietHours, rows::Programme};
use mhero_core::{Lang, LangMap, Right};
use mhero_text::reply::Topic;
use serde::Deserialize;

use super::{
    tabs,
    view::{Field, PhoneWord, WordsPage},
};
use crate::{
    errors::{Fault, show},
    page::Here,
    state::{Form, Signed},
};

/// Names of ministry and country are written in the languages of the console.
const NAMED_IN: &[Lang] = &[Lang::ENGLISH, Lang::FRENCH];

/// The form of facts.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    ministry_en: String,
    ministry_fr: String,
    country_en: String,
    country_fr: String,
    short_code: String,
    languages: String,
    quiet_from: String,
    quiet_until: String,
    country: String,
    countries: String,
    zone: String,
}

impl Typed {
    /// The facts as the form shows them.
    fn of(facts: &Facts) -> Self {
        let name = |names: &LangMap, lang| names.get(lang).unwrap_or_default().to_owned();
        let time = |time: Time| time.strftime("%H:%M").to_string();
        let (first, more) = facts
            .countries
            .split_first()
            .map_or_else(Default::default, |(first, more)| (first.clone(), more.join(", ")));
        let languages: Vec<&str> = facts.languages.iter().map(Lang::bcp47).collect();
        Self {
            ministry_en: name(&facts.ministry, Lang::ENGLISH),
            ministry_fr: name(&facts.ministry, Lang::FRENCH),
            country_en: name(&facts.country_name, Lang::ENGLISH),
            country_fr: name(&facts.country_name, Lang::FRENCH),
            short_code: facts.short_code.clone().unwrap_or_default(),
            languages: languages.join(", "),
            quiet_from: facts.quiet.map_or_else(|| "00:00".to_owned(), |quiet| time(quiet.from)),
            quiet_until: facts.quiet.map_or_else(|| "00:00".to_owned(), |quiet| time(quiet.until)),
            country: first,
            countries: more,
            zone: facts.zone.clone(),
        }
    }

    /// The facts that the form says, upon those that there are.
    fn facts(&self, known: &Facts) -> Result<Facts, AppError> {
        let mut facts = known.clone();
        for (names, en, fr) in [
            (&mut facts.ministry, &self.ministry_en, &self.ministry_fr),
            (&mut facts.country_name, &self.country_en, &self.country_fr),
        ] {
            // Names in other languages stay.
            let others: Vec<(Lang, String)> = names
                .iter()
                .filter(|(lang, _)| !NAMED_IN.contains(lang))
                .map(|(lang, name)| (lang, name.to_owned()))
                .collect();
            let typed = [(Lang::ENGLISH, en.trim().to_owned()), (Lang::FRENCH, fr.trim().to_owned())];
            let mut fresh = LangMap::default();
            for (lang, name) in typed.into_iter().chain(others).filter(|(_, name)| !name.is_empty()) {
                fresh.insert(lang, name);
            }
            *names = fresh;
        }
        facts.short_code = Some(self.short_code.trim().to_owned()).filter(|code| !code.is_empty());
        facts.languages = listed(&self.languages)
            .map(|tag| {
                tag.parse().map_err(|_| AppError::invalid("settings-language-unknown", [("tag", tag.to_owned())]))
            })
            .collect::<Result<_, _>>()?;
        let time = |text: &str| {
            let parsed = Time::strptime("%H:%M", text.trim()).or_else(|_| text.trim().parse());
            parsed.map_err(|_| AppError::invalid("settings-time-unreadable", [("time", text.to_owned())]))
        };
        let (from, until) = (time(&self.quiet_from)?, time(&self.quiet_until)?);
        // Days of rest are set on the page of quiet hours, and stay.
        let rest = facts.quiet.map(|quiet| quiet.rest).unwrap_or_default();
        let quiet = QuietHours { from, until, rest };
        facts.quiet = (!quiet.is_off()).then_some(quiet);
        let first = std::iter::once(self.country.trim());
        facts.countries = first.chain(listed(&self.countries)).map(str::to_uppercase).collect();
        facts.zone = self.zone.trim().to_owned();
        Ok(facts)
    }
}

/// The parts of a list that was typed with commas.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', ' ', '\n', '\r']).map(str::trim).filter(|part| !part.is_empty())
}

/// `GET /settings/words`.
pub(super) async fn open(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let typed = Typed::of(&signed.app.facts().await?);
    page(&signed, StatusCode::OK, &typed, None).await
}

/// `POST /settings/words`.
pub(super) async fn save(signed: Signed, Form(typed): Form<Typed>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let known = signed.app.facts().await?;
    let saved = match typed.facts(&known) {
        Ok(facts) => signed.app.set_facts(&signed.caller, &facts).await,
        Err(error) => Err(error),
    };
    after(&signed, saved, &typed).await
}

async fn after(signed: &Signed, saved: Result<(), AppError>, typed: &Typed) -> Result<Response, Fault> {
    match saved {
        Ok(()) => signed.done("settings-saved", &[], "/settings/words").await,
        Err(AppError::Invalid(reason)) => {
            let what = signed.page.words.reason(&reason);
            page(signed, StatusCode::UNPROCESSABLE_ENTITY, typed, Some(what)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/words/phones`: STOP, START and HELP words, and keywords by language.
pub(super) async fn save_phones(signed: Signed, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let mut words = signed.app.installation_words().await?;
    for (name, value) in &pairs {
        set(&mut words, name, value);
    }
    let saved = match add_list(&signed, &mut words, &pairs).await {
        Ok(()) => signed.app.set_installation_words(&signed.caller, &words).await,
        Err(error) => Err(error),
    };
    let typed = Typed::of(&signed.app.facts().await?);
    after(&signed, saved, &typed).await
}

/// Adds the list that was typed, with its words. It needs an audience of that name: messages to it are what people leave.
async fn add_list(signed: &Signed, words: &mut InstallationWords, pairs: &[(String, String)]) -> Result<(), AppError> {
    let typed = |name: &str| pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim());
    let list = typed("list");
    if list.is_empty() {
        return Ok(());
    }
    let folded = mhero_query::fold(list);
    let is_named = |name: &LangMap| name.iter().any(|(_, known)| mhero_query::fold(known) == folded);
    let groups = signed.app.list_groups(&signed.caller).await?;
    if !groups.iter().any(|known| is_named(&known.group.name)) {
        return Err(AppError::invalid("words-list-unknown", [("list", list.chars().take(80).collect())]));
    }
    set_topic(words, list, worded(typed("list-words")));
    Ok(())
}

/// What people call a list beside its own name; a list without words is known by its name.
fn set_topic(words: &mut InstallationWords, code: &str, list: Vec<String>) {
    match words.control.topics.iter_mut().find(|known| known.topic.eq_ignore_ascii_case(code)) {
        Some(known) => known.words = list,
        None => words.control.topics.push(Topic { topic: code.to_owned(), words: list }),
    }
}

/// Words that were typed with commas.
fn worded(value: &str) -> Vec<String> {
    value.split([',', ';', '\n', '\r']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Sets one list of words; a field that is none of ours is passed over.
fn set(words: &mut InstallationWords, name: &str, value: &str) {
    let list = worded(value);
    match name {
        "stop" => words.control.stop = list,
        "start" => words.control.start = list,
        "help" => words.control.help = list,
        _ if name.starts_with("topic.") => set_topic(words, &name["topic.".len()..], list),
        _ => {
            let Some((code, lang)) = name.strip_prefix("keyword.").and_then(|rest| rest.rsplit_once('.')) else {
                return;
            };
            let Ok(lang) = lang.parse::<Lang>() else { return };
            if let Some(keyword) = words.keywords.iter_mut().find(|known| known.keyword == code) {
                keyword.words.insert(lang, list);
            }
        }
    }
}

async fn page(signed: &Signed, status: StatusCode, typed: &Typed, fault: Option<String>) -> Result<Response, Fault> {
    let page = &signed.page;
    let shown = WordsPage {
        tabs: tabs(page, "words"),
        names: names(signed, typed),
        quiet: (typed.quiet_from.clone(), typed.quiet_until.clone()),
        country: typed.country.clone(),
        countries: typed.countries.clone(),
        zone: typed.zone.clone(),
        phones: phones(signed, &signed.app.installation_words().await?, &signed.app.programmes().await?),
        fault,
        page: signed.page("settings-words", Here::Settings),
    };
    Ok(show(status, &shown))
}

fn names(signed: &Signed, typed: &Typed) -> Vec<Field> {
    let page = &signed.page;
    let field = |id: &str, label: String, value: &str, tag: &str, hint: &str| Field {
        id: id.to_owned(),
        label,
        value: value.to_owned(),
        tag: tag.to_owned(),
        hint: if hint.is_empty() { String::new() } else { page.t(hint) },
    };
    let named = |key: &str, lang| page.t1(key, "language", page.words.language(lang));
    let (en, fr) = (Lang::ENGLISH, Lang::FRENCH);
    vec![
        field("ministry_en", named("settings-ministry", en), &typed.ministry_en, "en", ""),
        field("ministry_fr", named("settings-ministry", fr), &typed.ministry_fr, "fr", ""),
        field("country_en", named("settings-country-name", en), &typed.country_en, "en", ""),
        field("country_fr", named("settings-country-name", fr), &typed.country_fr, "fr", ""),
        field("short_code", page.t("settings-short-code"), &typed.short_code, "", ""),
        field("languages", page.t("settings-languages"), &typed.languages, "", "settings-languages-hint"),
    ]
}

fn phones(signed: &Signed, words: &InstallationWords, programmes: &[Programme]) -> Vec<PhoneWord> {
    let page = &signed.page;
    let row = |name: String, label: String, list: &[String]| PhoneWord { name, label, value: list.join(", ") };
    let mut rows = vec![
        row("stop".to_owned(), page.t("settings-word-stop"), &words.control.stop),
        row("start".to_owned(), page.t("settings-word-start"), &words.control.start),
        row("help".to_owned(), page.t("settings-word-help"), &words.control.help),
    ];
    rows.extend(lists(signed, words, programmes));
    for keyword in &words.keywords {
        for (lang, list) in &keyword.words {
            let language = page.words.language(*lang);
            rows.push(row(
                format!("keyword.{}.{}", keyword.keyword, lang.as_str()),
                page.t2("settings-word-keyword", "keyword", &keyword.keyword, "language", language),
                list,
            ));
        }
    }
    rows
}

/// Words that leave one list: of each programme, of the other lists that there are, and of a new one.
fn lists(signed: &Signed, words: &InstallationWords, programmes: &[Programme]) -> Vec<PhoneWord> {
    let page = &signed.page;
    let topics = &words.control.topics;
    let row = |name: String, label: String, value: String| PhoneWord { name, label, value };
    let of_programme = |one: &Programme| {
        let known = topics.iter().find(|topic| topic.topic.eq_ignore_ascii_case(&one.code));
        let name = one.name.best(page.words.lang());
        let label = page.t2("settings-word-programme", "name", name, "code", &one.code);
        row(format!("topic.{}", one.code), label, known.map(|topic| topic.words.join(", ")).unwrap_or_default())
    };
    let is_other = |topic: &&Topic| !programmes.iter().any(|one| one.code.eq_ignore_ascii_case(&topic.topic));
    let of_list = |topic: &Topic| {
        let label = page.t1("settings-word-list", "list", &topic.topic);
        row(format!("topic.{}", topic.topic), label, topic.words.join(", "))
    };
    let mut rows: Vec<PhoneWord> = programmes.iter().map(of_programme).collect();
    rows.extend(topics.iter().filter(is_other).map(of_list));
    rows.push(row("list".to_owned(), page.t("settings-word-new-list"), String::new()));
    rows.push(row("list-words".to_owned(), page.t("settings-word-new-list-words"), String::new()));
    rows
}
