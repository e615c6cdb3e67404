//! `mhero simulate`: being the person who holds a simulated phone.

use clap::{Args, Subcommand};
use mhero_app::{
    messaging::Accepted,
    simulator::{SimulatedPhone, SimulatedSms, SimulatedText},
};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::deliver_here;
use crate::{failure::Failure, table, terminal::Terminal, times, wiring::Node};

/// Simulated phones.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SimulateCommand {
    /// Write a text on a simulated phone; it is accepted as from any carrier
    Receive(ReceiveArgs),
    /// Ring from a simulated phone and hang up before anybody takes the call
    Call(CallArgs),
    /// Show what a simulated phone has got and what was written on it
    Phone(PhoneArgs),
    /// List the simulated phones on which something happened, the latest first
    #[command(after_help = "Example:\n  mhero simulate phones --limit 20 --json")]
    Phones(PhonesArgs),
}

/// A text to write.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero simulate receive +231770000214 'Yes, still my number'")]
pub struct ReceiveArgs {
    /// The phone, in any spelling of this country
    pub phone: String,
    /// The text
    pub text: String,
    /// The simulator to write by; without it, the one by which the phone last got something
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
    /// A key of your own: a repeat with the same key is the same text
    #[arg(long, value_name = "KEY")]
    pub once: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A phone to ring from.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero simulate call +231770000214")]
pub struct CallArgs {
    /// The phone, in any spelling of this country
    pub phone: String,
    /// The simulator to ring by; without it, the one by which the phone last got something
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A phone to look at.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero simulate phone +231770000214 --json")]
pub struct PhoneArgs {
    /// The phone, in any spelling of this country
    pub phone: String,
    /// How many of its latest texts
    #[arg(long, default_value_t = 50)]
    pub limit: i64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Phones to list.
#[derive(Clone, Args, Serialize, Deserialize)]
pub struct PhonesArgs {
    /// How many
    #[arg(long, default_value_t = 50)]
    pub limit: i64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs a command of the simulator.
///
/// # Errors
/// Whatever the use case refuses.
pub async fn run(node: &Node, command: &SimulateCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        SimulateCommand::Receive(args) => receive(node, args, terminal).await,
        SimulateCommand::Call(args) => call(node, args, terminal).await,
        SimulateCommand::Phone(args) => phone(node, args, terminal).await,
        SimulateCommand::Phones(args) => phones(node, args, terminal).await,
    }
}

/// Says "accepted" only once the text is on disk.
async fn receive(node: &Node, args: &ReceiveArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let text = SimulatedText {
        from: args.phone.clone(),
        text: args.text.clone(),
        channel: args.channel.clone(),
        once: args.once.clone(),
    };
    let (id, known) = match node.app.simulate_receive(&terminal.caller(), &text).await? {
        Accepted::New(id) => (Some(id), false),
        Accepted::Known => (None, true),
    };
    if args.json {
        terminal.json(&json!({ "accepted": true, "message": id, "known": known })).await?;
    } else {
        let key = if known { "cli-simulate-known" } else { "cli-simulate-accepted" };
        let line = terminal.words().t(key);
        terminal.say(line).await;
    }
    deliver_here(node, terminal).await
}

async fn call(node: &Node, args: &CallArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let started = node.app.simulate_call(&terminal.caller(), &args.phone, args.channel.as_deref()).await?;
    if args.json {
        terminal.json(&json!({ "started": started })).await?;
    } else {
        let line = terminal.words().t(if started { "cli-simulate-called" } else { "cli-simulate-no-trigger" });
        terminal.say(line).await;
    }
    deliver_here(node, terminal).await
}

async fn phone(node: &Node, args: &PhoneArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let phone = node.app.simulated_phone(&terminal.caller(), &args.phone, args.limit).await?;
    if args.json {
        return terminal.json(&phone_json(&phone)).await;
    }
    if phone.texts.is_empty() {
        let line = terminal.words().with("cli-simulate-empty", &[("phone", Arg::Text(phone.path))]);
        terminal.say(line).await;
        return Ok(());
    }
    let zone = node.app.facts().await?.time_zone();
    for text in &phone.texts {
        let side = if text.is_to_phone { "<" } else { ">" };
        let line = format!("{}  {side}  {}", times::shown(text.at, &zone), table::one_line(&text.text));
        terminal.say(line).await;
    }
    Ok(())
}

async fn phones(node: &Node, args: &PhonesArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let phones = node.app.simulated_phones(&terminal.caller(), None, args.limit).await?;
    if args.json {
        let rows: Vec<_> = phones.iter().map(|phone| json!({ "phone": phone.path, "at": phone.at })).collect();
        return terminal.json(&rows).await;
    }
    let zone = node.app.facts().await?.time_zone();
    terminal.say_all(phones.iter().map(|phone| format!("{}  {}", times::shown(phone.at, &zone), phone.path))).await;
    Ok(())
}

/// Directions are mHero's, as in `messages list`: `out` is what the phone has got.
fn phone_json(phone: &SimulatedPhone) -> serde_json::Value {
    let text = |text: &SimulatedSms| {
        json!({
            "direction": if text.is_to_phone { "out" } else { "in" },
            "text": text.text,
            "at": text.at,
            "parts": text.parts,
            "message": text.message,
            "copy": text.copy,
        })
    };
    json!({
        "phone": phone.path,
        "answers": phone.mode.as_str(),
        "messages": phone.texts.iter().map(text).collect::<Vec<_>>(),
    })
}
