//! `mhero webhook`: which programs are told by HTTP what happens here.

use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use mhero_exchange::{
    notices::Notices,
    webhooks::{NewWebHook, WebHooks},
};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// How long a test waits for the server to tell it.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it waits between two looks.
const LOOK: Duration = Duration::from_millis(100);

/// Programs that are told what happens here.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WebhookCommand {
    /// Add one and print the secret of its signatures, and nothing else; it is shown this once
    Add(AddArgs),
    /// List them, with what waits and why
    #[command(after_help = "Example:\n  mhero webhook list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Tell one that it is being tried out, and say what it answers
    #[command(after_help = "Example:\n  mhero webhook test dashboard")]
    Test {
        /// Its name or id
        name: String,
    },
    /// Tell one nothing more until it is enabled; nothing is lost meanwhile
    #[command(after_help = "Example:\n  mhero webhook disable dashboard")]
    Disable {
        /// Its name or id
        name: String,
    },
    /// Let one that is off or was given up be told again, from where it stopped
    #[command(after_help = "Example:\n  mhero webhook enable dashboard")]
    Enable {
        /// Its name or id
        name: String,
    },
    /// Give one another secret and print it; for a day both sign
    #[command(after_help = "Example:\n  mhero webhook rotate dashboard")]
    Rotate {
        /// Its name or id
        name: String,
    },
    /// Take one away, with what waits for it
    #[command(after_help = "Example:\n  mhero webhook remove dashboard")]
    Remove {
        /// Its name or id
        name: String,
    },
}

/// A web hook to add.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero webhook add https://dashboard.moh.example/in --token dashboard\n  mhero webhook add https://hr.moh.example/hook --name hr --events person.changed,run.finished --token hr"
)]
pub struct AddArgs {
    /// Where it is told: https, or http within your own networks
    pub url: String,
    /// What you call it; without it the host
    #[arg(long)]
    pub name: Option<String>,
    /// What it is told; without it everything: message.received, message.state, broadcast.released, broadcast.finished,
    /// run.finished, person.changed
    #[arg(long, value_delimiter = ',', value_name = "EVENTS")]
    pub events: Vec<String>,
    /// The token whose places and programmes count; without it everything here is told
    #[arg(long, value_name = "NAME")]
    pub token: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs `mhero webhook`.
///
/// # Errors
/// What the use cases refuse.
pub async fn run(node: &Node, command: &WebhookCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    let (desk, caller) = (WebHooks::new(&node.app), terminal.caller());
    let named = |name: &str| [("name", Arg::Text(name.to_owned()))];
    match command {
        WebhookCommand::Add(args) => add(node, args, terminal).await,
        WebhookCommand::List { json } => list(node, *json, terminal).await,
        WebhookCommand::Test { name } => test(node, name, terminal).await,
        WebhookCommand::Enable { name } => {
            let hook = desk.enable(&caller, name).await?;
            let line = terminal.words().with("cli-webhook-enabled", &named(&hook.name));
            terminal.say(line).await;
            Ok(())
        }
        WebhookCommand::Disable { name } => {
            let hook = desk.disable(&caller, name).await?;
            let line = terminal.words().with("cli-webhook-disabled", &named(&hook.name));
            terminal.say(line).await;
            Ok(())
        }
        WebhookCommand::Rotate { name } => {
            let secret = desk.rotate(&caller, name, None).await?;
            let line = terminal.words().t("cli-webhook-rotated");
            terminal.note(line).await;
            terminal.say(secret).await;
            Ok(())
        }
        WebhookCommand::Remove { name } => {
            desk.remove(&caller, name).await?;
            let line = terminal.words().with("cli-webhook-removed", &named(name));
            terminal.say(line).await;
            Ok(())
        }
    }
}

async fn add(node: &Node, args: &AddArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let owner = match &args.token {
        None => None,
        Some(name) => {
            let found = node.app.store().token_by_name(name).await.map_err(mhero_app::AppError::from)?;
            let found = found.filter(|token| token.revoked_at.is_none());
            Some(found.ok_or_else(|| mhero_app::AppError::not_found("token", name))?.id.uuid())
        }
    };
    let new = NewWebHook {
        name: args.name.clone().unwrap_or_default(),
        url: args.url.clone(),
        events: args.events.clone(),
        owner,
        once_key: None,
    };
    let (hook, secret) = WebHooks::new(&node.app).add(&terminal.caller(), new).await?;
    if args.json {
        let mut object = json!(hook);
        object["secret"] = secret.into();
        return terminal.json(&object).await;
    }
    let line = terminal.words().with("cli-webhook-added", &[("name", Arg::Text(hook.name))]);
    terminal.note(line).await;
    terminal.say(secret).await;
    Ok(())
}

async fn list(node: &Node, json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let hooks = WebHooks::new(&node.app).list(&terminal.caller()).await?;
    if json {
        return terminal.json(&hooks).await;
    }
    if hooks.is_empty() {
        let line = terminal.words().t("cli-webhook-none");
        terminal.note(line).await;
        return Ok(());
    }
    let header = [
        "cli-column-name",
        "cli-column-state",
        "cli-webhook-column-waiting",
        "cli-webhook-column-events",
        "cli-column-url",
        "cli-column-why",
    ]
    .map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = hooks
        .into_iter()
        .map(|hook| {
            let events = hook.events.join(" ");
            vec![hook.name, hook.state, hook.waiting.to_string(), events, hook.url, hook.failure.unwrap_or_default()]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

async fn test(node: &Node, name: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    let (desk, caller) = (WebHooks::new(&node.app), terminal.caller());
    let id = desk.test(&caller, name, None).await?;
    let since = Instant::now();
    let told = loop {
        if !node.is_served {
            Box::pin(Notices::new(&node.app).pass()).await?;
        }
        let told = desk.delivery(&caller, name, id).await?;
        if told.state != "waiting" || told.attempts > 0 || since.elapsed() > PATIENCE {
            break told;
        }
        tokio::time::sleep(LOOK).await;
    };
    let args = [
        ("status", Arg::Text(told.status.unwrap_or_default().to_string())),
        ("why", Arg::Text(told.failure.unwrap_or_default())),
    ];
    let line = terminal.words().with(&format!("cli-webhook-test-{}", told.state), &args);
    terminal.say(line).await;
    Ok(())
}
