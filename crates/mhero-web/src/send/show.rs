//! The send page as it stands: what the draft means, whom it reaches, what it takes.

use jiff::{Timestamp, tz::TimeZone};
use mhero_app::{
    AppError, Facts,
    broadcasts::{Draft, LanguageShare, Preview as Outlook, Release},
    simulator,
};
use mhero_core::{BroadcastId, Lang};

use super::{
    cost,
    manner::manner,
    timing::{self, Timed},
    view::{Check, Confirm, Insert, Preview, SendPage},
};
use crate::{
    errors::Fault,
    href,
    marks::Mark,
    page::{Here, Page},
    parts::{
        Choice, Counted, Editor, LeftOut, Remedy, Sample,
        builder::{self, Filled},
        letters,
    },
    state::Signed,
};

/// Above how many people the number has to be typed.
pub(super) const CONFIRM_ABOVE: i64 = 500;
/// Stands for a text that is not written yet, so that people are counted all the same.
const UNWRITTEN: &str = "-";
/// Languages that may be added beside those of the installation.
const MORE_LANGUAGES: &[Lang] = &[Lang::ENGLISH, Lang::FRENCH, Lang::PORTUGUESE, Lang::ARABIC];

/// What a request asks of the page beside the draft.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The open blank.
    pub(super) open: Option<String>,
    /// How far the five examples are moved on.
    pub(super) five: usize,
    /// Why nothing was sent.
    pub(super) faults: Vec<String>,
    /// What was filled into the blank and why it could not be used.
    pub(super) unusable: Option<(Filled, String)>,
    /// What was typed as the number of people, and what is wrong with it.
    pub(super) confirm: (String, Option<String>),
}

/// What a draft would do, as far as it can be said already.
pub(super) struct Weighed {
    /// What the application says of it; `None` while nobody is chosen or the query cannot be read.
    pub(super) outlook: Option<Outlook>,
    /// SMS in all: people whose text is not written read the first one.
    pub(super) sms: i64,
}

/// The texts of a draft with something in the place of those that cannot be weighed: whose text is not written read the first one.
fn weighable(signed: &Signed, draft: &Draft) -> Draft {
    let mut draft = draft.clone();
    let can_be =
        |(lang, text): &(Lang, String)| !text.trim().is_empty() && signed.app.text_fault(*lang, text).is_none();
    let first = draft.texts.iter().find(|one| !one.1.trim().is_empty()).filter(|one| can_be(one));
    let first = first.map_or(UNWRITTEN, |(_, text)| text.as_str()).to_owned();
    for one in &mut draft.texts {
        if one.1.trim().is_empty() {
            one.1.clone_from(&first);
        } else if !can_be(one) {
            UNWRITTEN.clone_into(&mut one.1);
        }
    }
    draft.quiet_override = draft.quiet_override.filter(|reason| reason.chars().count() > 2);
    draft
}

fn is_written(draft: &Draft, lang: Lang) -> bool {
    draft.texts.iter().any(|(known, text)| *known == lang && !text.trim().is_empty())
}

/// Weighs a draft.
pub(super) async fn weigh(signed: &Signed, draft: &Draft, five: usize) -> Result<Weighed, Fault> {
    let none = Weighed { outlook: None, sms: 0 };
    if draft.query.trim().is_empty() {
        return Ok(none);
    }
    let outlook = match signed.app.preview(&signed.caller, &weighable(signed, draft), five).await {
        Ok(outlook) => outlook,
        Err(AppError::Query(_) | AppError::Invalid(_)) => return Ok(none),
        Err(error) => return Err(error.into()),
    };
    let first = outlook.languages.iter().find(|share| is_written(draft, share.check.language));
    let first = first.map_or(0, segments);
    let of = |share: &LanguageShare| {
        share.by_sms * if is_written(draft, share.check.language) { segments(share) } else { first }
    };
    let sms = outlook.languages.iter().map(of).sum();
    Ok(Weighed { outlook: Some(outlook), sms })
}

fn segments(share: &LanguageShare) -> i64 {
    i64::try_from(share.check.worst.segments).unwrap_or(1)
}

/// The counts beside the sentence.
pub(super) fn counted(page: &Page, id: BroadcastId, query: &str, outlook: Option<&Outlook>, is_saved: bool) -> Counted {
    let Some(outlook) = outlook else {
        return Counted { matched_href: "/people".into(), ..Counted::default() };
    };
    let row = |reason: &str, n| {
        let href = people_left_out(query, reason);
        let remedy = match reason {
            "stopped" | "no-consent" => Remedy::None,
            _ => Remedy::Link { words: page.t("out-see-who"), href: href.clone() },
        };
        LeftOut { words: page.t(LeftOut::key(reason)), people: n, href, remedy }
    };
    Counted {
        matched: outlook.matched,
        matched_href: href::with("/people", &[("q", query)]),
        left_out: outlook.left_out.iter().map(|one| row(&one.reason, one.people)).collect(),
        refresh: is_saved.then(|| format!("/send/{id}/count")),
        hint: (outlook.matched == 0).then(|| page.t("people-none-drop")),
    }
}

fn people_left_out(query: &str, reason: &str) -> String {
    let more = match reason {
        "on-leave" => "on_leave = yes",
        "shares-phone" => "phone != \"\"",
        _ => "phone = \"\"",
    };
    let query = match reason {
        "on-leave" if query == "*" => more.to_owned(),
        "stopped" | "no-consent" => query.to_owned(),
        _ if query == "*" => query.to_owned(),
        _ => format!("({query}) AND {more}"),
    };
    href::with("/people", &[("q", &query)])
}

/// The whole page.
pub(super) async fn page(
    signed: &Signed,
    (id, saved): (BroadcastId, Option<Timestamp>),
    (draft, timed): (&Draft, &Timed),
    asked: Asked,
) -> Result<SendPage, Fault> {
    let facts = signed.app.facts_cached().await?;
    let page = signed.page("send-head", Here::Send);
    let ground = (&signed.app, &signed.caller, &page);
    let mut built = builder::build(ground, &draft.query, "say-send-to", asked.open.as_deref()).await?;
    if let (Some(pop), Some((filled, fault))) = (&mut built.sentence.pop, asked.unusable) {
        pop.fault = Some(fault);
        pop.typed = pop.typed.as_ref().map(|_| filled.typed.clone());
        for choice in &mut pop.choices {
            choice.is_on = filled.picks.contains(&choice.value);
        }
    }
    let weighed = weigh(signed, draft, asked.five).await?;
    let outlook = weighed.outlook.as_ref();
    let counted = counted(&page, id, &draft.query, outlook, saved.is_some());
    let zone = draft.zone.clone().unwrap_or_else(|| facts.zone.clone());
    let tz = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let first = match &timed.release {
        Some(Release::Recurring(cron)) => signed.app.first_firing(cron, &tz).ok(),
        _ => None,
    };
    let reason = draft.quiet_override.as_deref().unwrap_or_default();
    let when = timing::when(&page, &facts, timed, &zone, reason, first);
    let (channels, total) = (cost::channels(&page, outlook), cost::total(&page, outlook));
    let waits = signed.app.approval_settings().await?.above.filter(|above| counted.reached() > *above);
    let verb = verb(waits, when.is_now());
    let confirm = Confirm {
        is_asked: counted.reached() > CONFIRM_ABOVE,
        above: CONFIRM_ABOVE,
        typed: asked.confirm.0,
        fault: asked.confirm.1,
        verb: page.t1(verb, "n", counted.reached()),
    };
    Ok(SendPage {
        manner: manner(signed, &page, draft).await?,
        action: format!("/send/{id}"),
        once: id.to_string(),
        name: draft.name.clone(),
        saved,
        faults: asked.faults,
        sample: sample(outlook),
        more_sample: (saved.is_some() && counted.reached() > 5).then(|| format!("/send/{id}?five={}", asked.five + 1)),
        editors: editors(signed, &page, draft, outlook),
        inserts: inserts(signed, &page, draft, outlook).await?,
        missing: missing(&page, &facts, draft),
        unspoken: unspoken(&page, draft, outlook),
        previews: previews(&page, draft, outlook),
        checks: checks(signed, &page, (&facts, timed, waits), outlook).await?,
        is_pretend: page.ministry.is_demo || is_pretend(signed).await?,
        may_try: signed.app.has_simulator().await? && !channels.is_empty() && counted.reached() > 0,
        seconds: channels.iter().map(|channel| channel.seconds).max(),
        said: said(&page, (weighed.sms, counted.reached()), when.said.as_ref(), total.as_ref()),
        cost: total,
        sms: weighed.sms,
        sentence: built.sentence,
        counted,
        when,
        channels,
        confirm,
        page,
    })
}

/// All of it in one sentence or two: how many SMS, to how many people, when, and for how much.
fn said(page: &Page, (sms, people): (i64, i64), when: Option<&String>, cost: Option<&String>) -> String {
    let said = match when {
        Some(when) => page.t3("send-said-at", "sms", sms, "n", people, "when", when),
        None => page.t2("send-said-now", "sms", sms, "n", people),
    };
    match cost {
        Some(cost) => format!("{said} {}", page.t1("send-said-cost", "cost", cost)),
        None => said,
    }
}

/// What the button says: above the size of the installation a second person is asked.
const fn verb(waits: Option<i64>, is_now: bool) -> &'static str {
    match (waits, is_now) {
        (Some(_), _) => "send-ask",
        (None, true) => "send-go",
        (None, false) => "send-go-later",
    }
}

fn sample(outlook: Option<&Outlook>) -> Vec<Sample> {
    let people = outlook.map(|outlook| outlook.sample.as_slice()).unwrap_or_default();
    let about = |cadre: &str, facility: &str| match (cadre, facility) {
        ("", other) | (other, "") => other.to_owned(),
        (cadre, facility) => format!("{cadre}, {facility}"),
    };
    let shown = people.iter().map(|one| Sample {
        name: one.name.clone(),
        about: about(&one.cadre, &one.facility),
        href: format!("/people/{}", one.person),
    });
    shown.collect()
}

fn share(outlook: Option<&Outlook>, lang: Lang) -> Option<&LanguageShare> {
    outlook.and_then(|outlook| outlook.languages.iter().find(|share| share.check.language == lang))
}

fn editors(signed: &Signed, page: &Page, draft: &Draft, outlook: Option<&Outlook>) -> Vec<Editor> {
    let editor = |(lang, text): &(Lang, String)| {
        let share = share(outlook, *lang);
        let people = share.map_or(0, |share| share.people);
        let label = page.t2("send-text-label", "language", page.words.language(*lang), "n", people);
        let mut editor = Editor::blank(format!("text-{lang}"), label, *lang);
        let fault = signed.app.text_fault(*lang, text);
        match share {
            Some(share) if fault.is_none() && !text.trim().is_empty() => {
                letters::weigh_worst(&mut editor, text, &share.check, share.by_sms);
                if share.check.is_personal {
                    editor.aside = page.t("letters-longest");
                }
            }
            _ => letters::weigh(&mut editor, text),
        }
        if is_written(draft, *lang) {
            cost::price(page, &mut editor, *lang, outlook);
        }
        editor.fault = fault.map(|reason| page.words.reason(&reason));
        editor
    };
    draft.texts.iter().map(editor).collect()
}

async fn inserts(signed: &Signed, page: &Page, draft: &Draft, outlook: Option<&Outlook>) -> Result<Vec<Insert>, Fault> {
    if outlook.is_none_or(|outlook| outlook.recipients == 0) {
        return Ok(Vec::new());
    }
    let longest = signed.app.longest_values(&signed.caller, &draft.query).await?;
    let insert = |expression: &str, key: &str, letters: usize| Insert {
        expression: expression.to_owned(),
        words: page.t(key),
        letters: i64::try_from(letters).unwrap_or(i64::MAX),
    };
    Ok(vec![
        insert("@contact.first_name", "insert-first-name", longest.first_name),
        insert("@contact.name", "insert-name", longest.name),
        insert("@fields.facility", "insert-facility", longest.facility),
    ])
}

fn missing(page: &Page, facts: &Facts, draft: &Draft) -> Vec<Choice> {
    let mut offered = facts.languages.clone();
    offered.extend(MORE_LANGUAGES);
    offered.dedup();
    let mut found: Vec<Choice> = Vec::new();
    for lang in offered {
        let value = lang.to_string();
        if !draft.texts.iter().any(|(known, _)| *known == lang) && !found.iter().any(|choice| choice.value == value) {
            found.push(Choice { value, words: page.words.language(lang), people: None, is_on: false });
        }
    }
    found
}

/// People whose language has no text while another has one.
fn unspoken(page: &Page, draft: &Draft, outlook: Option<&Outlook>) -> Option<String> {
    draft.texts.iter().find(|(_, text)| !text.trim().is_empty())?;
    let silent = outlook?.languages.iter().filter(|share| share.people > 0 && !is_written(draft, share.check.language));
    let said: Vec<String> = silent
        .map(|share| {
            let language = page.words.language(share.check.language);
            page.t2("send-unspoken", "n", share.people, "language", language)
        })
        .collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn previews(page: &Page, draft: &Draft, outlook: Option<&Outlook>) -> Vec<Preview> {
    let time = page.hour(&page.clock.now);
    let shown = draft.texts.iter().filter(|(_, text)| !text.trim().is_empty()).map(|(lang, text)| {
        let check = share(outlook, *lang).map(|share| &share.check);
        let is_personal = check.is_some_and(|check| check.is_personal);
        Preview {
            tag: lang.bcp47().to_owned(),
            language: page.words.language(*lang),
            time: time.clone(),
            text: check.filter(|check| check.worst_text != UNWRITTEN).map_or(text, |check| &check.worst_text).clone(),
            about: if is_personal { page.t("preview-longest") } else { page.words.language(*lang) },
        }
    });
    shown.collect()
}

/// Whether the default channel is the simulator.
async fn is_pretend(signed: &Signed) -> Result<bool, Fault> {
    let channels = signed.app.channels().await?;
    Ok(channels.iter().find(|channel| channel.active).is_some_and(|channel| channel.kind == simulator::KIND))
}

async fn checks(
    signed: &Signed,
    page: &Page,
    (facts, timed, waits): (&Facts, &Timed, Option<i64>),
    outlook: Option<&Outlook>,
) -> Result<Vec<Check>, Fault> {
    let check = |mark, words: String| Check { mark, words, link: None };
    let mut found = Vec::new();
    let until = match &timed.release {
        Some(Release::At(at)) => facts.quiet_until(*at),
        _ => outlook.and_then(|outlook| outlook.quiet_until),
    };
    found.push(match until {
        Some(until) => check(Mark::Clock, page.t1("send-quiet-wait", "time", page.stamp(&until))),
        None => check(Mark::Good, page.t("send-quiet-now")),
    });
    found.extend(waits.map(|above| check(Mark::Clock, page.t1("send-waits", "n", above))));
    found.push(check(Mark::Good, page.t("send-stop-words")));
    found.push(check(Mark::Good, page.t("trust-in-text")));
    let channels = signed.app.channels().await?;
    let active = channels.iter().find(|channel| channel.active);
    match active {
        None => found.push(check(Mark::Warning, page.t("send-no-channel"))),
        Some(channel) if channel.kind == simulator::KIND => {
            found.push(check(Mark::Good, page.t("send-simulator-only")));
        }
        Some(_) => {}
    }
    found.extend(cost::checks(signed, page, outlook).await?);
    Ok(found)
}
