//! What stands behind a message, in sentences.

use mhero_core::{Direction, MessageState, timestamp};
use mhero_disclosure::{Agreed, Author, Behind, Cause, RecordThen, Rule, SubmissionShown};

use super::{view::MessagePage, when};
use crate::{
    costs::bill,
    errors::Fault,
    marks::Mark,
    page::{Here, Page},
    parts::{Hop, lines},
    people::view::Fact,
    state::Signed,
    words::Arg,
};

/// Letters of an id that are shown.
const ID_CHARS: usize = 8;

fn fact(page: &Page, key: &str, value: String) -> Fact {
    Fact { name: page.t(key), value, href: None, owner: String::new() }
}

/// The whole page.
pub(super) async fn page(signed: &Signed, behind: &Behind) -> Result<MessagePage, Fault> {
    let (page, message) = (&signed.page, &behind.message);
    let is_out = message.direction == Direction::Out;
    let state: Option<MessageState> = message.state.parse().ok().filter(|_| is_out);
    let numbering = signed.app.numbering_cached().await?;
    let name = match message.person_name.is_empty() {
        true => numbering.masked(&message.path),
        false => message.person_name.clone(),
    };
    let notes = [(message.is_test, "behind-test"), (behind.is_drill, "behind-drill")];
    let notes: Vec<String> = notes.iter().filter(|(is_so, _)| *is_so).map(|(_, key)| page.t(key)).collect();
    Ok(MessagePage {
        person: (name.clone(), format!("/people/{}", message.person)),
        phone: numbering.masked(&message.path),
        is_out,
        text: message.text.clone().unwrap_or_else(|| page.t("talk-erased")),
        tag: message.language.map(|lang| lang.bcp47().to_owned()).unwrap_or_default(),
        at: timestamp(message.created_at),
        mark: state.map(|state| (Mark::of(state), page.t(&format!("state-{state}")))),
        note: notes.join(" · "),
        who: who(page, behind, &name).into_iter().chain(bills(signed, behind).await?).collect(),
        why: why(page, behind),
        registries: behind.records.iter().map(|record| registry(page, record)).collect(),
        hops: hops(signed, behind).await?,
        views: behind.views.as_ref().map(|views| views.iter().map(|view| read(page, view)).collect()),
        page: page.clone().titled(page.t("behind-title"), Here::Inbox),
    })
}

fn who(page: &Page, behind: &Behind, person: &str) -> Vec<Fact> {
    let written = match &behind.author {
        Author::Official(name) => name.clone(),
        Author::Program(name) => page.t1("behind-by-program", "name", name),
        Author::Person => person.to_owned(),
        Author::System => page.t("behind-by-system"),
    };
    let mut facts = vec![fact(page, "behind-written", written)];
    let mut belongs = fact(page, "behind-belongs", String::new());
    (belongs.value, belongs.href) = cause(page, &behind.cause);
    facts.push(belongs);
    if let Some(before) = behind.reply_to {
        let mut replies = fact(page, "behind-replies", page.t("behind-replies-to"));
        replies.href = Some(format!("/messages/{before}"));
        facts.push(replies);
    }
    match &behind.agreed {
        Some(agreed) => facts.push(fact(page, "behind-agreed", said(page, agreed))),
        None if behind.rule.is_some() => facts.push(fact(page, "behind-agreed", page.t("behind-agreed-none"))),
        None => {}
    }
    facts
}

/// What operators' bills say otherwise about it.
async fn bills(signed: &Signed, behind: &Behind) -> Result<Vec<Fact>, Fault> {
    let handed = || behind.hops.iter().map(|hop| hop.submitted_at);
    let Some(span) = handed().min().zip(handed().max()) else { return Ok(Vec::new()) };
    let said = |(words, href): (String, String)| {
        let mut fact = fact(&signed.page, "behind-bill", words);
        fact.href = Some(href);
        fact
    };
    Ok(bill::about(signed, behind.message.id, span).await?.into_iter().map(said).collect())
}

fn cause(page: &Page, cause: &Cause) -> (String, Option<String>) {
    match cause {
        Cause::Broadcast(id, Some((number, name))) => {
            let words = page.t2("behind-broadcast", "number", number.to_string(), "name", name);
            (words, Some(format!("/broadcasts/{id}")))
        }
        Cause::Broadcast(_, None) => (page.t("behind-elsewhere"), None),
        Cause::Flow(id, name, revision, start) => {
            let args = [
                ("name", Arg::Text(name.clone())),
                ("revision", Arg::Text(revision.to_string())),
                ("number", Arg::Text(start.map(|number| number.to_string()).unwrap_or_default())),
            ];
            let key = if start.is_some() { "behind-flow-start" } else { "behind-flow" };
            (page.words.with(key, &args), Some(format!("/flows/{id}")))
        }
        Cause::Thread(Some(thread)) => (page.t("behind-thread"), Some(format!("/inbox/{thread}"))),
        Cause::Thread(None) => (page.t("behind-thread"), None),
        Cause::Itself => (page.t("behind-itself"), None),
        Cause::Theirs => (page.t("behind-theirs"), None),
    }
}

fn said(page: &Page, agreed: &Agreed) -> String {
    let who = agreed.who.clone().unwrap_or_else(|| page.t("audit-somebody"));
    let at = agreed.at.map(|at| when(page, at)).unwrap_or_default();
    let key = match (agreed.state.as_str(), agreed.by_sms) {
        ("approved", true) => "behind-agreed-sms",
        ("approved", false) => "behind-agreed-approved",
        ("refused", _) => "behind-agreed-refused",
        ("waiting", _) => return page.t("behind-agreed-waiting"),
        _ => return page.t("behind-agreed-void"),
    };
    page.t2(key, "who", who, "at", at)
}

fn why(page: &Page, behind: &Behind) -> Vec<Fact> {
    let Some(rule) = &behind.rule else {
        let key = match (behind.message.direction, &behind.cause) {
            (Direction::In, _) => "behind-why-theirs",
            (_, Cause::Broadcast(..)) => "behind-elsewhere",
            (_, Cause::Flow(..)) => "behind-why-flow",
            (_, Cause::Thread(_)) => "behind-why-one",
            (_, Cause::Itself | Cause::Theirs) => "behind-why-itself",
        };
        return vec![fact(page, "behind-rule", page.t(key))];
    };
    let mut facts = vec![of_rule(page, rule)];
    if rule.sentence != rule.query {
        facts.push(fact(page, "behind-rule-written", rule.query.clone()));
    }
    for group in &rule.groups {
        let sentence = group.sentence.clone().unwrap_or_else(|| page.t("behind-group-list"));
        let owner = if group.is_changed { page.t("behind-group-changed") } else { String::new() };
        facts.push(Fact {
            name: page.t1("behind-group", "name", &group.name),
            value: sentence,
            href: Some(format!("/audiences/{}", group.id)),
            owner,
        });
    }
    facts.push(fact(page, "behind-decided", when(page, behind.decided_at)));
    facts
}

fn of_rule(page: &Page, rule: &Rule) -> Fact {
    let mut fact = fact(page, "behind-rule", rule.sentence.clone());
    let (people, reached) = rule.people;
    let counts = [("people", Arg::Count(people)), ("reached", Arg::Count(reached))];
    fact.owner = page.words.with("behind-rule-people", &counts);
    if let Some(matches) = rule.matches_now {
        let key = if matches { "behind-matches" } else { "behind-matches-not" };
        fact.owner = format!("{} {}", fact.owner, page.t(key));
    }
    fact
}

fn registry(page: &Page, record: &RecordThen) -> Fact {
    let at = when(page, record.changed_at);
    let name = format!("{}/{}", record.kind, record.ext_id);
    let value = page.t2("behind-record", "id", name, "at", at);
    let (mut owner, mut href) = (page.t("behind-run-none"), None);
    if let (Some(run), Some(at)) = (record.run, record.run_at) {
        let short: String =
            run.to_string().chars().rev().take(ID_CHARS).collect::<Vec<_>>().into_iter().rev().collect();
        owner = page.t2("behind-run", "at", when(page, at), "run", short);
        href = page.may(mhero_core::Right::Settings).then(|| format!("/settings/sources/runs/{run}"));
    }
    Fact { name: record.source.clone(), value, href, owner }
}

async fn hops(signed: &Signed, behind: &Behind) -> Result<Vec<Hop>, Fault> {
    let (page, message) = (&signed.page, &behind.message);
    let state: Option<MessageState> = message.state.parse().ok().filter(|_| message.direction == Direction::Out);
    let notes = signed.app.message_notes(std::slice::from_ref(message)).await?;
    let mut hops = lines::hops(page, message, state, notes.get(&message.id));
    for one in &behind.hops {
        hops.extend(handed(page, one));
    }
    // What happened at one instant stays in the order in which it is told.
    hops.sort_by_key(|hop| hop.at);
    Ok(hops)
}

fn handed(page: &Page, one: &SubmissionShown) -> Vec<Hop> {
    let args = [
        ("attempt", Arg::Text(one.attempt.to_string())),
        ("part", Arg::Text(one.part.to_string())),
        ("parts", Arg::Text(one.parts.to_string())),
        ("channel", Arg::Text(one.channel.clone())),
    ];
    let mut hops = vec![Hop { at: timestamp(one.submitted_at), words: page.words.with("behind-hop-handed", &args) }];
    let state = page.t(&format!("behind-part-{}", one.state.replace('_', "-")));
    let called = one.carrier_id.as_ref().map(|id| page.t1("behind-hop-called", "id", id));
    let failure = one.failure.clone().filter(|failure| !failure.is_empty());
    let taken = match one.reported_at {
        // How it was answered is told by the state only as long as no report came.
        Some(_) => page.t("behind-part-accepted"),
        None => state.clone(),
    };
    if let Some(at) = one.answered_at {
        let words = [Some(taken), called, failure.clone().filter(|_| one.reported_at.is_none())];
        hops.push(Hop { at: timestamp(at), words: words.into_iter().flatten().collect::<Vec<_>>().join(" · ") });
    }
    if let Some(at) = one.reported_at {
        let words = [Some(page.t1("behind-hop-reported", "state", state)), failure];
        hops.push(Hop { at: timestamp(at), words: words.into_iter().flatten().collect::<Vec<_>>().join(" · ") });
    }
    hops
}

fn read(page: &Page, view: &mhero_disclosure::View) -> Hop {
    let who = if view.who.is_empty() { page.t("audit-somebody") } else { view.who.clone() };
    Hop { at: timestamp(view.at), words: page.t1(&format!("behind-view-{}", view.action), "who", who) }
}
