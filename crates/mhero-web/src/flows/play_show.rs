//! A played conversation as its page shows it.

use mhero_app::flows::{Play, PlayLine, PlayNext};
use mhero_core::{FlowId, Lang};
use mhero_flow::effects::Request;

use super::{
    Tab, drawing,
    play::Asked,
    tabs,
    view::{Asks, Fact, Person, PlayPage, PlayedLine, Tabs},
};
use crate::{
    errors::Fault,
    href,
    page::{Band, Here, Page},
    parts::Choice,
    state::Signed,
};

/// Results shown.
const RESULTS: usize = 60;
/// Facts of the person shown.
const FACTS: usize = 60;

/// What is played.
#[derive(Clone, Copy)]
pub(super) enum Where {
    /// A stored flow.
    Stored(FlowId),
    /// A file.
    File,
}

/// The page.
pub(super) async fn page(
    signed: &Signed,
    place: Where,
    asked: &Asked,
    played: &Play,
    is_on: bool,
) -> Result<PlayPage, Fault> {
    let name = match place {
        Where::Stored(flow) => signed.app.find_flow(&signed.caller, &flow.to_string()).await?.name,
        Where::File => played.flow.name.to_string(),
    };
    let mut page = signed.page.clone().titled(signed.page.t1("flow-play-title", "name", &name), Here::Flows);
    page.band = Some(Band::Unreal { word: page.t("band-simulator"), sentence: page.t("band-simulator-sentence") });
    let stored = match place {
        // The picture is that of the flow in which the person is, which may be another.
        Where::Stored(_) => Some(format!("/flows/{}", played.flow.uuid)),
        Where::File => None,
    };
    let steps = drawing::Place { href: stored, from: 1 };
    let (drawing, _) = drawing::of(&page, &played.flow, &played.highlights, &steps);
    let (action, again, tabs) = match place {
        Where::Stored(flow) => {
            let action = format!("/flows/{flow}/play");
            let again = href::with(
                &action,
                &[
                    ("name", &asked.name),
                    ("language", &asked.language),
                    ("groups", &asked.groups),
                    ("fields", &asked.fields),
                ],
            );
            (action, again, tabs(&page, flow, Tab::Play))
        }
        Where::File => ("/flows/play/on".to_owned(), "/flows/play".to_owned(), Tabs::default()),
    };
    let person = match place {
        Where::Stored(_) => Some(person(signed, asked).await?),
        Where::File => None,
    };
    let language = played.contact().language;
    let told = lines(&page, played.lines());
    Ok(PlayPage {
        state: signed.app.seal_play(&signed.caller, &played.state)?,
        tabs,
        name,
        action,
        again,
        time: page.hour(&page.clock.now),
        tag: language.map(|language| language.bcp47().to_owned()).unwrap_or_default(),
        newest: told.iter().rposition(|line| line.phone().is_some()).map_or(0, |at| at + 1),
        lines: told,
        asks: asks(played),
        drawn: played.flow.name.to_string(),
        facts: facts(&page, played),
        results: results(played),
        person,
        is_on,
        drawing,
        page,
    })
}

/// The pretend person to begin with.
pub(super) async fn person(signed: &Signed, asked: &Asked) -> Result<Person, Fault> {
    let known = signed.app.facts_cached().await?.languages.clone();
    let choice = |lang: &Lang| Choice {
        value: lang.as_str().to_owned(),
        words: signed.page.words.language(*lang),
        people: None,
        is_on: asked.language == lang.as_str(),
    };
    Ok(Person {
        name: asked.name.clone(),
        languages: known.iter().map(choice).collect(),
        groups: asked.groups.clone(),
        fields: asked.fields.clone(),
    })
}

fn lines(page: &Page, lines: &[PlayLine]) -> Vec<PlayedLine> {
    let line = |line: &PlayLine| match line {
        PlayLine::Said { text, attachments, .. } => {
            let whole: Vec<&str> =
                std::iter::once(text.as_str()).chain(attachments.iter().map(String::as_str)).collect();
            PlayedLine::Phone { is_from_us: true, text: whole.join("\n").trim().to_owned() }
        }
        PlayLine::Heard { text } => PlayedLine::Phone { is_from_us: false, text: text.clone() },
        PlayLine::Did { what, name, value, trouble } => PlayedLine::Did {
            words: page.t2(&format!("flow-did-{what}"), "name", name, "value", value),
            is_trouble: *trouble,
        },
    };
    lines.iter().map(line).collect()
}

fn asks(played: &Play) -> Asks {
    match &played.next {
        PlayNext::Text { times_out } => {
            let last = played.lines().iter().rev().find_map(|line| match line {
                PlayLine::Said { replies, .. } => Some(replies.clone()),
                _ => None,
            });
            Asks::Text { times_out: *times_out, replies: last.unwrap_or_default() }
        }
        PlayNext::Ended { failed } => Asks::Nothing { failed: *failed },
        PlayNext::Answer(request) => asked_outside(request),
    }
}

fn asked_outside(request: &Request) -> Asks {
    let answer = |what: String, body: &str, likely: &str| Asks::Answer {
        what,
        body: body.to_owned(),
        likely: likely.to_owned(),
    };
    match request {
        Request::Http { calls, .. } => {
            let what: Vec<String> = calls.iter().map(|call| format!("{} {}", call.method, call.url)).collect();
            answer(what.join("\n"), calls.first().map_or("", |call| &call.body), "{}")
        }
        Request::Llm { llm, instructions, input } => answer(format!("{}: {instructions}", llm.name), input, "OK"),
        Request::Airtime { recipient, amounts, .. } => {
            let amounts: Vec<String> =
                amounts.iter().map(|amount| format!("{} {}", amount.amount, amount.currency)).collect();
            answer(format!("{} → {recipient}", amounts.join(", ")), "", "OK")
        }
        Request::Email { to, subject, body } => answer(format!("{} ← {subject}", to.join(", ")), body, "OK"),
    }
}

fn facts(page: &Page, played: &Play) -> Vec<Fact> {
    let contact = played.contact();
    let fact = |name: String, value: String| Fact { name, value, aside: String::new() };
    let mut all = Vec::new();
    if !contact.name.is_empty() {
        all.push(fact(page.t("name"), contact.name.to_string()));
    }
    if let Some(language) = contact.language {
        all.push(fact(page.t("language"), page.words.language(language)));
    }
    if !contact.groups.is_empty() {
        let names: Vec<&str> = contact.groups.iter().map(|group| &*group.name).collect();
        all.push(fact(page.t("flow-play-groups"), names.join(", ")));
    }
    all.extend(contact.fields.iter().map(|(key, value)| fact(key.to_string(), value.text.to_string())));
    all.truncate(FACTS);
    all
}

fn results(played: &Play) -> Vec<Fact> {
    let fact = |result: &mhero_flow::session::RunResult| Fact {
        name: result.name.to_string(),
        value: result.value.to_string(),
        aside: if result.category == result.value { String::new() } else { result.category.to_string() },
    };
    played.results.iter().take(RESULTS).map(fact).collect()
}
