//! Two phones side by side, and what mHero did.

use mhero_app::{
    AppError,
    rows::MessageRow,
    simulator::{Holder, PhoneMode},
};
use mhero_core::{Direction, MessageState, timestamp};
use uuid::Uuid;

use super::view::{Did, Phone, PhoneLine, SimulatorPage};
use crate::{
    errors::Fault,
    page::{Band, Here, Page},
    parts::Choice,
    state::Signed,
};

/// Texts that a phone shows.
const TEXTS: i64 = 30;
/// Phones of the list of those seen lately.
const SEEN: i64 = 8;
/// Lines of what mHero did.
const EVENTS: usize = 12;

/// The phones that an address asks for: digits, as they stand there.
pub(super) fn asked(phones: [Option<&str>; 2]) -> Vec<String> {
    let path = |digits: &str| {
        let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
        (!digits.is_empty()).then(|| format!("+{digits}"))
    };
    phones.into_iter().flatten().filter_map(path).collect()
}

/// The address of two phones.
pub(super) fn address(phones: &[String]) -> String {
    let digits = |phone: &String| phone.trim_start_matches('+').to_owned();
    match phones {
        [one] => format!("/simulator?a={}", digits(one)),
        [one, two, ..] => format!("/simulator?a={}&b={}", digits(one), digits(two)),
        [] => "/simulator".to_owned(),
    }
}

/// Two phones to begin with: those that did something last, else those of two people, of two languages where there are.
pub(super) async fn two(signed: &Signed, wanted: Vec<String>) -> Result<Vec<String>, Fault> {
    let mut phones = wanted;
    if phones.len() < 2 {
        for seen in signed.app.simulated_phones(&signed.caller, None, 2).await? {
            add(&mut phones, seen.path);
        }
    }
    for language in signed.app.facts_cached().await?.languages.clone() {
        if phones.len() < 2 {
            let people = signed.app.phones_of(&signed.caller, &format!("language = {language}"), 1).await?;
            people.into_iter().for_each(|holder| add(&mut phones, holder.path));
        }
    }
    if phones.len() < 2 {
        let people = signed.app.phones_of(&signed.caller, "*", 2).await?;
        people.into_iter().for_each(|holder| add(&mut phones, holder.path));
    }
    phones.truncate(2);
    Ok(phones)
}

fn add(phones: &mut Vec<String>, path: String) {
    if !phones.contains(&path) {
        phones.push(path);
    }
}

/// The whole page.
pub(super) async fn page(signed: &Signed, phones: Vec<String>, fault: Option<String>) -> Result<SimulatorPage, Fault> {
    let mut page = signed.page("sim-head", Here::Simulator);
    page.band = Some(Band::Unreal { word: page.t("band-simulator"), sentence: page.t("band-simulator-sentence") });
    let (mut shown, mut events, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for path in phones {
        let phone = match signed.app.simulated_phone(&signed.caller, &path, TEXTS).await {
            Ok(phone) => phone,
            // Somebody else's places, or no number: it is not shown.
            Err(AppError::NotFound { .. } | AppError::Invalid(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        let holder = signed.app.phone_holder(&signed.caller, &path).await?;
        let number = signed.app.numbering_cached().await?.national(&path);
        if let Some(holder) = &holder {
            let messages = signed.app.told_of(&signed.caller, holder.person).await?;
            events.extend(messages.iter().flat_map(|message| did(&page, &holder.name, message)));
        }
        let lines = phone.texts.iter();
        let lines = lines.map(|text| PhoneLine { is_from_us: text.is_to_phone, text: text.text.clone() }).collect();
        shown.push(phone_of(&page, &path, number, holder.as_ref(), lines, phone.mode));
        kept.push(path);
    }
    events.sort_by_key(|event: &Did| std::cmp::Reverse(event.at));
    events.truncate(EVENTS);
    Ok(SimulatorPage {
        others: kept.iter().map(|path| path.trim_start_matches('+')).collect::<Vec<_>>().join(","),
        refresh: address(&kept),
        seen: seen(signed, &kept).await?,
        phones: shown,
        once: Uuid::now_v7().to_string(),
        fault,
        faults: Vec::new(),
        events,
        page,
    })
}

fn phone_of(
    page: &Page,
    path: &str,
    number: String,
    holder: Option<&Holder>,
    lines: Vec<PhoneLine>,
    mode: PhoneMode,
) -> Phone {
    let name = holder.map_or_else(|| number.clone(), |holder| holder.name.clone());
    let language = holder.and_then(|holder| holder.language);
    let said = language.map(|language| page.words.language(language));
    let about = [holder.map(|holder| holder.work.clone()), said].into_iter().flatten().filter(|word| !word.is_empty());
    let behaviour = |mode_of: &PhoneMode| Choice {
        value: mode_of.as_str().to_owned(),
        words: page.t(match mode_of {
            PhoneMode::ByHand => "sim-by-hand",
            PhoneMode::ByItself => "sim-by-itself",
            PhoneMode::Silent => "sim-silent",
        }),
        people: None,
        is_on: *mode_of == mode,
    };
    Phone {
        key: path.trim_start_matches('+').to_owned(),
        first: name.split_whitespace().next().unwrap_or(&name).to_owned(),
        href: holder.map(|holder| format!("/people/{}", holder.person)),
        about: about.collect::<Vec<_>>().join(", "),
        number,
        time: page.hour(&page.clock.now),
        tag: language.map(|language| language.bcp47().to_owned()).unwrap_or_default(),
        lines,
        behaviours: PhoneMode::ALL.iter().map(behaviour).collect(),
        name,
    }
}

/// Phones that did something lately, each taking the place of the first.
async fn seen(signed: &Signed, shown: &[String]) -> Result<Vec<Choice>, Fault> {
    let mut found = Vec::new();
    for phone in signed.app.simulated_phones(&signed.caller, None, SEEN).await? {
        if shown.contains(&phone.path) {
            continue;
        }
        let holder = signed.app.phone_holder(&signed.caller, &phone.path).await?;
        let number = signed.app.numbering_cached().await?.national(&phone.path);
        let mut both = vec![phone.path.clone()];
        both.extend(shown.first().cloned());
        let words = holder.map_or(number, |holder| holder.name);
        found.push(Choice { value: address(&both), words, people: None, is_on: false });
    }
    Ok(found)
}

/// What mHero did with one message, newest first.
fn did(page: &Page, who: &str, message: &MessageRow) -> Vec<Did> {
    let one = |at: i64, key: &str| Did { at: timestamp(at), words: page.t1(key, "who", who), aside: String::new() };
    if message.direction == Direction::In {
        return vec![one(message.created_at, "sim-received")];
    }
    let is_there = message.state == MessageState::Delivered.as_str();
    let mut found: Vec<Did> =
        message.done_at.filter(|_| is_there).map(|at| one(at, "sim-delivered")).into_iter().collect();
    found.extend(message.sent_at.map(|at| one(at, "sim-handed")));
    if message.sent_at.is_none() {
        found
            .push(Did { aside: page.t(&format!("state-{}", message.state)), ..one(message.created_at, "sim-written") });
    }
    found
}
