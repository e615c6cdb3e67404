//! `mhero exchange`, `mhero audit`, `mhero openhim`, `mhero token narrow`: the log, its check, and who else keeps one.

use clap::{Args, Subcommand};
use mhero_app::rows::{AuditFilter, Exchange, ExchangeFilter};
use mhero_core::ExchangeId;
use mhero_exchange::{
    atna::{Event, audit_event, audit_message},
    clients::RuleChange,
    journal::{LetterFilter, Rerun},
};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// Lines of a list, unless it is said otherwise.
const LIMIT: i64 = 50;
/// Entries of the audit that are read at a time.
const PAGE: i64 = 1_000;
/// By what this installation is known to those who read an export.
const SOURCE: &str = "urn:mhero";

/// The exchange log.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExchangeCommand {
    /// List calls of and to other systems, the newest first
    List(ListArgs),
    /// Show one with what belongs to it
    #[command(after_help = "Example:\n  mhero exchange show 0190b0a0-0000-7000-8000-000000000001 --json")]
    Show {
        /// Its id
        id: ExchangeId,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Ask again what was asked of us; what was done already is not done again
    #[command(after_help = "Example:\n  mhero exchange rerun 0190b0a0-0000-7000-8000-000000000001")]
    Rerun {
        /// Their ids
        #[arg(required = true)]
        ids: Vec<ExchangeId>,
    },
    /// List calls that were given up, or try them again
    #[command(after_help = "Examples:\n  mhero exchange dead\n  mhero exchange dead --retry")]
    Dead {
        /// Try them all again
        #[arg(long)]
        retry: bool,
    },
}

/// Which calls.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero exchange list --failed\n  mhero exchange list --with iHRIS --limit 10 --json"
)]
pub struct ListArgs {
    /// Only with this system or account
    #[arg(long, value_name = "NAME")]
    pub with: Option<String>,
    /// Only what was not answered as it should be
    #[arg(long)]
    pub failed: bool,
    /// How many
    #[arg(long, value_name = "N", default_value_t = LIMIT)]
    pub limit: i64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The audit of decisions.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditCommand {
    /// Read all of it and say whether it is whole; ends with 1 where it is not
    #[command(after_help = "Example:\n  mhero audit check")]
    Check {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print decisions, the newest first, one a line: as FHIR AuditEvent or as audit messages of ATNA
    #[command(
        after_help = "Examples:\n  mhero audit export > audit.ndjson\n  mhero audit export --format atna --limit 100"
    )]
    Export {
        /// fhir or atna
        #[arg(long, default_value = "fhir")]
        format: ExportFormat,
        /// At most so many; all without it
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
}

/// How decisions are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFormat {
    /// `AuditEvent` of FHIR R4, a JSON a line.
    Fhir,
    /// Audit messages of ATNA, an XML a line.
    Atna,
}

/// An OpenHIM that this installation is registered with.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpenhimCommand {
    /// Register now, and say what OpenHIM answers
    #[command(after_help = "Example:\n  mhero openhim register")]
    Register,
    /// Have OpenHIM call for synchronisations by a schedule, in its words or as cron writes it
    #[command(after_help = "Example:\n  mhero openhim polling '5 minutes' --token mh_…")]
    Polling {
        /// "5 minutes", "0 2 * * *"
        schedule: String,
        /// The token that OpenHIM's routes use
        #[arg(long)]
        token: String,
    },
}

/// What narrows a token.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero token narrow iHRIS --kinds Practitioner,Location:read --from 10.2.0.0/16\n  mhero token narrow dashboard --issuer https://id.moh.example --audience mhero --keys-url https://id.moh.example/jwks\n  mhero token narrow OpenHIM --certificate 'CN=openhim.moh.example, O=Ministry of Health'"
)]
pub struct NarrowArgs {
    /// Its name
    pub name: String,
    /// Kinds of resources: Practitioner, or Location:read; without it all
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    pub kinds: Vec<String>,
    /// Networks it may come from; without it everywhere
    #[arg(long, value_delimiter = ',', value_name = "NETWORKS")]
    pub from: Vec<String>,
    /// Who signs its tokens (iss)
    #[arg(long)]
    pub issuer: Option<String>,
    /// Whose they are (sub)
    #[arg(long)]
    pub subject: Option<String>,
    /// For whom they must be (aud)
    #[arg(long)]
    pub audience: Option<String>,
    /// Where the keys are read (JWKS)
    #[arg(long, value_name = "URL")]
    pub keys_url: Option<String>,
    /// Let in everybody whose token the issuer signed, for whichever program; without it name a subject or an audience
    #[arg(long)]
    pub everybody: bool,
    /// The certificate that it must show over TLS, and is known by without a token: its SHA-256, or its subject
    #[arg(long, value_name = "SHA256|SUBJECT")]
    pub certificate: Option<String>,
}

/// Runs `mhero exchange`.
///
/// # Errors
/// What the use cases refuse.
pub async fn exchange(node: &Node, command: &ExchangeCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    node.exchange.journal.flush().await;
    match command {
        ExchangeCommand::List(args) => list(node, args, terminal).await,
        ExchangeCommand::Show { id, json } => show(node, *id, *json, terminal).await,
        ExchangeCommand::Rerun { ids } => {
            for (id, came) in node.exchange.journal.rerun(&terminal.caller(), ids).await? {
                let came = match came {
                    Rerun::Made(status) => status.to_string(),
                    Rerun::Left(reason) => terminal.words().reason(&reason),
                };
                let args = [("id", Arg::Text(id.to_string())), ("came", Arg::Text(came))];
                let line = terminal.words().with("cli-exchange-rerun", &args);
                terminal.say(line).await;
            }
            Ok(())
        }
        ExchangeCommand::Dead { retry: true } => {
            let revived = node.exchange.journal.revive(&terminal.caller(), &[]).await?;
            let count = Arg::Count(i64::try_from(revived).unwrap_or(i64::MAX));
            let line = terminal.words().with("exchange-revived", &[("n", count)]);
            terminal.say(line).await;
            Ok(())
        }
        ExchangeCommand::Dead { retry: false } => {
            let filter = LetterFilter { dead: true, before: None };
            let found = node.exchange.journal.letters(&terminal.caller(), filter, LIMIT).await?;
            let header = ["cli-column-at", "cli-column-peer", "cli-column-what", "cli-column-why"]
                .map(|key| terminal.words().t(key));
            let rows: Vec<Vec<String>> = found
                .into_iter()
                .map(|one| vec![one.created_at.to_string(), one.peer, one.what, one.reason.unwrap_or_default()])
                .collect();
            terminal.say_all(table::lines(&header, &rows)).await;
            Ok(())
        }
    }
}

async fn list(node: &Node, args: &ListArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let filter = ExchangeFilter { peer: args.with.clone(), failed: args.failed, ..ExchangeFilter::default() };
    let found = node.app.exchanges(&terminal.caller(), &filter, args.limit.clamp(1, 10_000)).await?;
    if args.json {
        return terminal.json(&found.iter().map(shown).collect::<Vec<_>>()).await;
    }
    let header = ["cli-column-at", "cli-column-peer", "cli-column-what", "cli-column-outcome"];
    let header = header.map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = found
        .into_iter()
        .map(|one| {
            let status = one.status.map(|status| format!("{status} ")).unwrap_or_default();
            vec![one.started_at.to_string(), one.peer, one.what, format!("{status}{}", one.outcome)]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

async fn show(node: &Node, id: ExchangeId, json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let found = node.app.exchange(&terminal.caller(), id).await?;
    if json {
        let all = |rows: &[Exchange]| rows.iter().map(shown).collect::<Vec<_>>();
        let mut object = shown(&found.exchange);
        object["timeline"] = json!(all(&found.timeline));
        object["reruns"] = json!(all(&found.reruns));
        return terminal.json(&object).await;
    }
    for one in &found.timeline {
        let mark = if one.id == id { "*" } else { " " };
        terminal.say(format!("{mark} {} {} {} {}", one.started_at, one.peer, one.what, one.outcome)).await;
    }
    Ok(())
}

fn shown(one: &Exchange) -> Value {
    json!({
        "id": one.id, "correlation": one.correlation, "direction": one.direction.as_str(), "with": one.peer,
        "what": one.what, "outcome": one.outcome, "status": one.status, "at": one.started_at.to_string(),
        "micros": one.took_micros, "transaction": one.details.transaction, "rerunOf": one.details.rerun_of,
        "reason": one.details.reason, "folded": one.details.folded,
    })
}

/// Runs `mhero audit`.
///
/// # Errors
/// [`Failure::Refused`] when the audit is broken.
pub async fn audit(node: &Node, command: &AuditCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        AuditCommand::Check { json } => check(node, *json, terminal).await,
        AuditCommand::Export { format, limit } => {
            let (mut before, mut left) = (None, limit.unwrap_or(usize::MAX));
            while left > 0 {
                let filter = AuditFilter { before_entry: before, ..AuditFilter::default() };
                let page = node.app.audit_log(&terminal.caller(), &filter, PAGE).await?;
                let Some(last) = page.last() else { break };
                before = Some(last.entry);
                for decision in page.iter().take(left) {
                    let event = Event::of_decision(decision);
                    let line = match format {
                        ExportFormat::Fhir => audit_event(&event, SOURCE).to_string(),
                        ExportFormat::Atna => audit_message(&event, SOURCE),
                    };
                    terminal.say(line).await;
                }
                left = left.saturating_sub(page.len());
            }
            Ok(())
        }
    }
}

async fn check(node: &Node, json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    // What is not sealed yet can't be told from what was taken away.
    node.app.seal_audit().await?;
    let broken = node.app.check_audit(&terminal.caller()).await?;
    let last = node.app.last_audit_block(&terminal.caller()).await?;
    let hash = |hash: &[u8]| hash.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    if json {
        let object = json!({
            "whole": broken.is_none(),
            "broken": broken.as_ref().map(|it| json!({ "block": it.block, "entry": it.entry, "what": it.what })),
            "last": last.as_ref().map(|block| json!({ "number": block.number, "hash": hash(&block.hash) })),
        });
        terminal.json(&object).await?;
    }
    if let Some(broken) = broken {
        let place = broken.entry.or(broken.block).unwrap_or(0).to_string();
        let what = terminal.words().t(&format!("audit-{}", broken.what));
        return Err(Failure::refused("cli-audit-broken", [("n", place), ("what", what)]));
    }
    if !json {
        let line = terminal.words().t("cli-audit-whole");
        terminal.say(line).await;
        if let Some(block) = last {
            let args = [("number", Arg::Text(block.number.to_string())), ("hash", Arg::Text(hash(&block.hash)))];
            let line = terminal.words().with("cli-audit-last", &args);
            terminal.say(line).await;
        }
    }
    Ok(())
}

/// Runs `mhero openhim`.
///
/// # Errors
/// [`Failure::Refused`] in OpenHIM's words, or where none is set up.
pub async fn openhim(node: &Node, command: &OpenhimCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    let Some(mediator) = &node.exchange.mediator else { return Err(Failure::refused("cli-openhim-none", [])) };
    let refused = |error: mhero_exchange::openhim::OpenHimError| {
        Failure::refused("cli-openhim-refused", [("detail", error.to_string())])
    };
    match command {
        OpenhimCommand::Register => {
            mediator.register().await.map_err(refused)?;
            let line = terminal.words().t("openhim-good");
            terminal.say(line).await;
        }
        OpenhimCommand::Polling { schedule, token } => {
            mediator.add_polling(&terminal.caller(), schedule, token).await?.map_err(refused)?;
            let args = [("schedule", Arg::Text(schedule.clone()))];
            let line = terminal.words().with("cli-openhim-polling", &args);
            terminal.say(line).await;
        }
    }
    Ok(())
}

/// Runs `mhero token narrow`.
///
/// # Errors
/// What can't be read of it.
pub async fn narrow(node: &Node, args: &NarrowArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let change = RuleChange {
        kinds: args.kinds.clone(),
        networks: args.from.clone(),
        issuer: args.issuer.clone(),
        audience: args.audience.clone(),
        subject: args.subject.clone(),
        keys: None,
        keys_url: args.keys_url.clone(),
        everybody: args.everybody,
        certificate: args.certificate.clone(),
    };
    node.exchange.clients.set_rule(&terminal.caller(), &args.name, &change).await?;
    let line = terminal.words().with("cli-client-narrowed", &[("name", Arg::Text(args.name.clone()))]);
    terminal.say(line).await;
    Ok(())
}
