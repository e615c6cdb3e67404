//! `mhero send`: a broadcast, preview first.

use clap::Args;
use jiff::{SignedDuration, tz::TimeZone};
use mhero_app::broadcasts::{BroadcastPage, Draft, Preview, Release};
use mhero_core::{BroadcastId, Lane, Lang};
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{failure::Failure, terminal::Terminal, times, wiring::Node};

/// How long the result waits for a running server to have frozen the audience.
const RELEASE_LOOKS: u32 = 300;
/// How long between two looks.
const RELEASE_LOOK: SignedDuration = SignedDuration::from_millis(100);

/// The status of one that waits for a second person.
const WAITS: &str = "approval";

/// Send one text to an audience.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero send --to 'cadre = midwife AND place = Nimbara' --text 'Vaccines have arrived. Please answer YES.' --dry-run\n  mhero send --to 'cadre = midwife' --text 'Hello @contact.first_name' --text-fr 'Bonjour @contact.first_name' --yes --json\n  mhero send --to 'group = Supervisors' --text 'Meeting at nine.' --at '2026-05-14T07:00[Africa/Monrovia]' --yes"
)]
pub struct SendArgs {
    /// The audience, in the query language; * is everybody
    #[arg(long, value_name = "QUERY")]
    pub to: String,
    /// The text in the first language of the installation; expressions such as @contact.first_name are filled in
    #[arg(long, value_name = "TEXT")]
    pub text: String,
    /// The text for people who read French
    #[arg(long, value_name = "TEXT")]
    pub text_fr: Option<String>,
    /// A text in another language, as language=text
    #[arg(long, value_name = "LANGUAGE=TEXT", value_parser = text_in)]
    pub text_in: Vec<(Lang, String)>,
    /// The channel, by name; without it, the default one
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
    /// How urgent: alert, reply, normal or bulk
    #[arg(long, default_value_t = Lane::Bulk)]
    pub lane: Lane,
    /// The programme that sends it, by its code; without it, that of the sender
    #[arg(long, value_name = "CODE")]
    pub programme: Option<String>,
    /// For how many hours it is worth sending; without it, as long as its lane says
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(i64).range(1..=672))]
    pub valid_for: Option<i64>,
    /// A drill: each text says so
    #[arg(long)]
    pub drill: bool,
    /// When: 2026-05-14T09:00[Africa/Monrovia], or without a zone in the national one
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Send in quiet hours too; the reason is kept in the audit log
    #[arg(long, value_name = "REASON")]
    pub ignore_quiet_hours: Option<String>,
    /// The name of the broadcast; without it, the beginning of the text
    #[arg(long)]
    pub name: Option<String>,
    /// Show the preview and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Send without asking
    #[arg(long)]
    pub yes: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Shows the preview, asks, sends.
///
/// # Errors
/// Everything that is refused before the broadcast is made says that nothing was sent.
pub async fn run(node: &Node, args: &SendArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let nothing_sent = |failure: Failure| Failure::NothingSent(Box::new(failure));
    let (draft, preview) = prepare(node, args, terminal).await.map_err(nothing_sent)?;
    if args.dry_run {
        return show(node, &preview, args.json, terminal).await;
    }
    let zone = node.app.facts_cached().await?.time_zone();
    for line in lines(&preview, &zone, terminal.words()) {
        terminal.note(line).await;
    }
    if preview.recipients == 0 && draft.release == Release::Now {
        return Err(nothing_sent(Failure::refused("cli-send-nobody", [])));
    }
    if !args.yes {
        let question = terminal.words().with("cli-send-ask", &[("people", Arg::Count(preview.recipients))]);
        match terminal.ask(question).await {
            Some(true) => {}
            Some(false) => return Err(Failure::refused("cli-send-declined", [])),
            None => return Err(nothing_sent(Failure::usage("cli-send-needs-yes", []))),
        }
    }
    let id = node.app.send(&terminal.caller(), &draft).await.map_err(|error| nothing_sent(error.into()))?;
    if draft.release == Release::Now {
        super::deliver_here(node, terminal).await?;
        wait_for_release(node, id, terminal).await?;
    }
    let page = node.app.broadcast_page(&terminal.caller(), id).await?;
    say_result(&page, &preview, args.json, terminal).await
}

/// The broadcast as asked for, and what it would do.
async fn prepare(node: &Node, args: &SendArgs, terminal: &Terminal) -> Result<(Draft, Preview), Failure> {
    let facts = node.app.facts_cached().await?;
    let mut texts = vec![(facts.default_language(), args.text.clone())];
    texts.extend(args.text_fr.iter().map(|text| (Lang::FRENCH, text.clone())));
    texts.extend(args.text_in.iter().cloned());
    let channel = match &args.channel {
        Some(name) => Some(node.app.channel_named(name).await?.id),
        None => None,
    };
    let programme = match &args.programme {
        Some(code) => Some(node.app.programme(code).await?.id),
        None => None,
    };
    let moment = args.at.as_deref().map(|at| times::read(at, &facts.time_zone())).transpose()?;
    let draft = Draft {
        name: args.name.clone().unwrap_or_default(),
        query: args.to.clone(),
        texts,
        lane: args.lane,
        channel,
        zone: moment.as_ref().and_then(|moment| moment.zone.clone()),
        release: moment.map_or(Release::Now, |moment| Release::At(moment.at)),
        quiet_override: args.ignore_quiet_hours.clone(),
        once_key: None,
        is_test: false,
        is_drill: args.drill,
        programme,
        valid_minutes: args.valid_for.map(|hours| hours * 60),
    };
    let preview = node.app.preview(&terminal.caller(), &draft, 0).await?;
    Ok((draft, preview))
}

/// A server freezes the audience in its own time.
async fn wait_for_release(node: &Node, id: BroadcastId, terminal: &Terminal) -> Result<(), Failure> {
    for _ in 0..RELEASE_LOOKS {
        let broadcast = node.app.broadcast_page(&terminal.caller(), id).await?.broadcast;
        if broadcast.released_at.is_some() || broadcast.status == WAITS {
            return Ok(());
        }
        node.app.clock().sleep(RELEASE_LOOK).await;
    }
    Ok(())
}

async fn say_result(
    page: &BroadcastPage,
    preview: &Preview,
    as_json: bool,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let row = &page.broadcast;
    // What is not released yet has no frozen audience; the preview's figures are the best there are.
    let (recipients, left_out) = match row.released_at {
        Some(_) => (row.recipients, &page.left_out),
        None => (preview.recipients, &preview.left_out),
    };
    if as_json {
        let result = json!({
            "broadcast": row.id, "number": row.number, "status": row.status, "recipients": recipients,
            "excluded": super::broadcasts::excluded(left_out),
        });
        return terminal.json(&result).await;
    }
    let key = if row.status == WAITS {
        "cli-send-waits"
    } else if row.release_at.is_some() {
        "cli-send-planned"
    } else {
        "cli-send-done"
    };
    let line = terminal
        .words()
        .with(key, &[("number", Arg::Text(row.number.to_string())), ("people", Arg::Count(recipients))]);
    terminal.say(line).await;
    Ok(())
}

async fn show(node: &Node, preview: &Preview, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    if as_json {
        return terminal.json(&preview_json(preview)).await;
    }
    let zone = node.app.facts_cached().await?.time_zone();
    let lines = lines(preview, &zone, terminal.words());
    terminal.say_all(lines).await;
    Ok(())
}

fn preview_json(preview: &Preview) -> Value {
    let languages: Vec<_> = preview
        .languages
        .iter()
        .map(|share| {
            json!({
                "language": share.check.language, "people": share.people, "segments": share.check.worst.segments,
                "costly": share.check.worst.costly.iter().map(|costly| costly.letter).collect::<String>(),
                "text": share.check.worst_text,
            })
        })
        .collect();
    let sample: Vec<_> = preview
        .sample
        .iter()
        .map(|person| {
            json!({
                "id": person.person, "name": person.name, "cadre": person.cadre, "facility": person.facility,
            })
        })
        .collect();
    let mut warnings = Vec::new();
    warnings.extend(preview.no_channel.then_some("no-channel"));
    warnings.extend(preview.quiet_until.map(|_| "quiet-hours"));
    json!({
        "audience": preview.sentence, "matched": preview.matched, "recipients": preview.recipients,
        "excluded": super::broadcasts::excluded(&preview.left_out), "sms": preview.sms, "languages": languages,
        "by_chat": preview.estimate.by_chat, "by_sms_later": preview.estimate.by_sms_later,
        "answers": {
            "free": preview.estimate.answers.free, "paid": preview.estimate.answers.paid,
            "unknown": preview.estimate.answers.unknown,
        },
        "sample": sample, "quiet_until": preview.quiet_until, "warnings": warnings,
    })
}

/// The preview in words.
fn lines(preview: &Preview, zone: &TimeZone, words: &Words) -> Vec<String> {
    let mut lines = vec![words.with("cli-preview-audience", &[("sentence", Arg::Text(preview.sentence.clone()))])];
    lines.push(words.with(
        "cli-preview-people",
        &[
            ("people", Arg::Count(preview.recipients)),
            ("matched", Arg::Count(preview.matched)),
            ("sms", Arg::Count(preview.sms)),
        ],
    ));
    let estimate = &preview.estimate;
    let ways = [
        ("send-by-chat", estimate.by_chat),
        ("send-by-chat-later", estimate.by_sms_later),
        ("send-answers-worker", estimate.answers.paid),
        ("send-answers-some", estimate.answers.free),
    ];
    for (key, people) in ways {
        lines.extend((people > 0).then(|| words.with(key, &[("n", Arg::Count(people))])));
    }
    for exclusion in &preview.left_out {
        let reason = super::broadcasts::reason(words, &exclusion.reason);
        lines.push(
            words.with(
                "cli-preview-excluded",
                &[("people", Arg::Count(exclusion.people)), ("reason", Arg::Text(reason))],
            ),
        );
    }
    for share in &preview.languages {
        lines.push(words.with(
            "cli-preview-language",
            &[
                ("language", Arg::Text(words.language(share.check.language))),
                ("people", Arg::Count(share.people)),
                ("segments", Arg::Count(i64::try_from(share.check.worst.segments).unwrap_or(i64::MAX))),
            ],
        ));
        let costly: String = share.check.worst.costly.iter().map(|costly| costly.letter).collect();
        if !costly.is_empty() {
            lines.push(words.with("cli-preview-costly", &[("letters", Arg::Text(costly))]));
        }
        lines.push(format!("  {}", share.check.worst_text.replace(['\n', '\r'], " ")));
    }
    if let Some(until) = preview.quiet_until {
        lines.push(words.with("cli-preview-quiet", &[("until", Arg::Text(times::shown(until, zone)))]));
    }
    if preview.no_channel {
        lines.push(words.t("cli-preview-no-channel"));
    }
    lines
}

/// Reads `language=text`.
fn text_in(text: &str) -> Result<(Lang, String), String> {
    let (language, text) = text.split_once('=').ok_or("it is written language=text")?;
    Ok((language.parse().map_err(|error: mhero_core::LangError| error.to_string())?, text.to_owned()))
}
