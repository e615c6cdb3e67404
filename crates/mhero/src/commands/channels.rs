//! `mhero channel`: ways to a phone.

use std::{
    collections::BTreeMap,
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use mhero_app::{
    messaging::NewChannel,
    numbers::{Operator, Operators},
};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// The kind of channel that a file describes.
const TEMPLATE: &str = "template";
/// Most of such a file that is read, in bytes: more than its driver takes.
const TEMPLATE_BYTES_MAX: u64 = 64 * 1024;

/// Ways to a phone.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelCommand {
    /// Add a channel; messages that wait without one leave by it
    Add(AddArgs),
    /// List the channels; the first that is on is the default. What a gateway is to call stands below, with its secret
    #[command(after_help = "Example:\n  mhero channel list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check a channel's settings and whether its gateway answers, without sending anything
    #[command(after_help = "Example:\n  mhero channel test main")]
    Test {
        /// Its name
        name: String,
    },
    /// Say which mobile operators there are by what their numbers begin with; without any, list them
    #[command(
        after_help = "Examples:\n  mhero channel operators Orange=+23177 Lonestar=+23188,+23155\n  mhero channel operators"
    )]
    Operators {
        /// Each operator with its prefixes; they take the place of those there were
        #[arg(value_name = "NAME=PREFIX,PREFIX", value_parser = pair)]
        operators: Vec<(String, String)>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Change settings of a channel; an empty value takes one away, those that are not named stay
    #[command(
        after_help = "Examples:\n  mhero channel set main rate=50\n  mhero channel set main password=SECRET smsc="
    )]
    Set {
        /// Its name
        name: String,
        /// Settings as key=value
        #[arg(value_name = "KEY=VALUE", value_parser = pair, required = true)]
        settings: Vec<(String, String)>,
    },
    /// Give a channel of KIND android the phone whose app shows this code
    #[command(after_help = "Example:\n  mhero channel claim district K7RT2MPQX")]
    Claim {
        /// Its name
        name: String,
        /// The code
        code: String,
    },
    /// Let a channel send again
    #[command(after_help = "Example:\n  mhero channel on main")]
    On {
        /// Its name
        name: String,
    },
    /// Let nothing leave by a channel; what waits for it stays
    #[command(after_help = "Example:\n  mhero channel off main")]
    Off {
        /// Its name
        name: String,
    },
}

/// A channel to add.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero channel add simulator phones rate=50\n  mhero channel add kannel main url=http://127.0.0.1:13013 username=mhero password=SECRET callback=http://127.0.0.1:8080"
)]
pub struct AddArgs {
    /// What carries it, such as smpp, kannel, external; any other word lists them all
    pub kind: String,
    /// Its name
    pub name: String,
    /// Settings as key=value; `sender` and `rate` (parts a second) go with every kind
    #[arg(value_name = "KEY=VALUE", value_parser = pair)]
    pub settings: Vec<(String, String)>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs `mhero channel`.
///
/// # Errors
/// What the use cases refuse: an unknown kind, key or name.
pub async fn run(node: &Node, command: &ChannelCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        ChannelCommand::Add(args) => add(node, args, terminal).await,
        ChannelCommand::List { json } => list(node, *json, terminal).await,
        ChannelCommand::Test { name } => test(node, name, terminal).await,
        ChannelCommand::Operators { operators, json } => self::operators(node, operators, *json, terminal).await,
        ChannelCommand::Set { name, settings } => set(node, name, settings, terminal).await,
        ChannelCommand::Claim { name, code } => claim(node, name, code, terminal).await,
        ChannelCommand::On { name } => switch(node, name, true, terminal).await,
        ChannelCommand::Off { name } => switch(node, name, false, terminal).await,
    }
}

async fn add(node: &Node, args: &AddArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let mut config: BTreeMap<String, String> = args.settings.iter().cloned().collect();
    if config.len() < args.settings.len() {
        return Err(Failure::usage("cli-channel-key-twice", []));
    }
    if args.kind == TEMPLATE && !config.contains_key("template") {
        config.extend(template(&config)?);
    }
    let new = NewChannel { kind: args.kind.clone(), name: args.name.clone(), config };
    let channel = node.app.add_channel(&terminal.caller(), &new).await?;
    if args.json {
        return terminal.json(&json!({ "id": channel.id, "name": channel.name, "kind": channel.kind })).await;
    }
    let line = terminal.words().with("cli-channel-added", &[("name", Arg::Text(channel.name))]);
    terminal.say(line).await;
    super::deliver_here(node, terminal).await
}

impl AddArgs {
    /// Makes the path of a template absolute: a server that is asked stands elsewhere.
    pub fn make_absolute(&mut self, here: &Path) {
        let is_template = self.kind == TEMPLATE;
        for (_, value) in self.settings.iter_mut().filter(|(key, _)| is_template && key == "file") {
            *value = here.join(&*value).display().to_string();
        }
    }
}

/// The file that describes an aggregator, by its name: what stands in it, and the name without its folder.
fn template(config: &BTreeMap<String, String>) -> Result<Vec<(String, String)>, Failure> {
    let Some(path) = config.get("file").map(PathBuf::from) else { return Ok(Vec::new()) };
    let mut text = String::new();
    let read = std::fs::File::open(&path).and_then(|file| file.take(TEMPLATE_BYTES_MAX).read_to_string(&mut text));
    read.map_err(|error| Failure::file("template-file-unread", &path, &error))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(vec![("template".to_owned(), text), ("file".to_owned(), name)])
}

async fn list(node: &Node, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let channels = node.app.channels().await?;
    let default = channels.iter().find(|channel| channel.active).map(|channel| channel.id);
    let mut addresses = Vec::new();
    for channel in &channels {
        // One whose settings can't be read is listed all the same; `channel test` says what it lacks.
        let called = node.app.channel_addresses(&terminal.caller(), channel.id).await.unwrap_or_default();
        addresses.push((channel.name.clone(), called));
    }
    if as_json {
        let shown = channels.iter().zip(&addresses).map(|(channel, (_, called))| {
            let called: serde_json::Map<_, _> =
                called.iter().map(|(name, url)| ((*name).to_owned(), url.as_str().into())).collect();
            json!({
                "id": channel.id, "name": channel.name, "kind": channel.kind, "sender": channel.sender,
                "parts_per_second": channel.parts_per_second, "active": channel.active,
                "default": default == Some(channel.id), "addresses": called,
            })
        });
        return terminal.json(&shown.collect::<Vec<_>>()).await;
    }
    let header = ["cli-column-name", "cli-column-kind", "cli-column-state", "cli-column-rate"];
    let header = header.map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = channels
        .into_iter()
        .map(|channel| {
            let state = match (channel.active, default == Some(channel.id)) {
                (false, _) => "cli-channel-off",
                (true, true) => "cli-channel-default",
                (true, false) => "cli-channel-on",
            };
            let rate = if channel.parts_per_second > 0.0 {
                format!("{}/s", channel.parts_per_second)
            } else {
                "–".to_owned()
            };
            vec![channel.name, channel.kind, terminal.words().t(state), rate]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    for (name, called) in addresses.into_iter().filter(|(_, called)| !called.is_empty()) {
        let head = terminal.words().with("cli-channel-addresses", &[("name", Arg::Text(name))]);
        terminal.say(String::new()).await;
        terminal.say(head).await;
        for (name, url) in called {
            terminal.say(format!("  {name} = \"{url}\"")).await;
        }
    }
    Ok(())
}

async fn test(node: &Node, name: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    let channel = node.app.channel_named(name).await?;
    let remarks = node.app.test_channel(channel.id).await?;
    let key = match (channel.kind.as_str(), channel.active) {
        ("simulator", true) => "cli-channel-fine",
        ("simulator", false) => "cli-channel-fine-off",
        (_, true) => "cli-channel-works",
        (_, false) => "cli-channel-works-off",
    };
    let line = terminal.words().with(key, &[("name", Arg::Text(channel.name))]);
    terminal.say(line).await;
    for remark in remarks {
        let remark = terminal.words().reason(&remark);
        let line = terminal.words().with("cli-channel-remark", &[("remark", Arg::Text(remark))]);
        terminal.say(line).await;
    }
    Ok(())
}

async fn operators(
    node: &Node,
    given: &[(String, String)],
    json: bool,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if !given.is_empty() {
        let prefixes =
            |list: &str| list.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
        let all = given.iter().map(|(name, list)| Operator { name: name.clone(), prefixes: prefixes(list) });
        node.app.set_operators(&terminal.caller(), &Operators(all.collect())).await?;
    }
    let known = node.app.operators().await?;
    if json {
        return terminal.json(&known).await;
    }
    if known.0.is_empty() {
        let line = terminal.words().t("cli-operators-none");
        terminal.say(line).await;
    }
    for operator in known.0 {
        terminal.say(format!("{}  {}", operator.name, operator.prefixes.join(", "))).await;
    }
    Ok(())
}

async fn set(node: &Node, name: &str, settings: &[(String, String)], terminal: &mut Terminal) -> Result<(), Failure> {
    let channel = node.app.channel_named(name).await?;
    let channel = node.app.change_channel(&terminal.caller(), channel.id, settings).await?;
    let line = terminal.words().with("cli-channel-set", &[("name", Arg::Text(channel.name))]);
    terminal.say(line).await;
    super::deliver_here(node, terminal).await
}

async fn claim(node: &Node, name: &str, code: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    let channel = node.app.channel_named(name).await?;
    node.app.claim_relayer(&terminal.caller(), channel.id, code).await?;
    let line = terminal.words().with("cli-channel-claimed", &[("name", Arg::Text(channel.name))]);
    terminal.say(line).await;
    Ok(())
}

async fn switch(node: &Node, name: &str, active: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let channel = node.app.channel_named(name).await?;
    node.app.switch_channel(&terminal.caller(), channel.id, active).await?;
    let key = if active { "cli-channel-is-on" } else { "cli-channel-is-off" };
    let line = terminal.words().with(key, &[("name", Arg::Text(channel.name))]);
    terminal.say(line).await;
    if active { super::deliver_here(node, terminal).await } else { Ok(()) }
}

/// Reads `key=value`.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.to_owned())),
        _ => Err("it is written key=value".to_owned()),
    }
}
