//! `mhero programme`: EPI, malaria, HR: for whom messages are sent, budgets kept and roles given.

use clap::{Args, Subcommand};
use mhero_core::{Lang, LangMap};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// Programmes.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgrammeCommand {
    /// Add a programme; people leave its messages with STOP and its code or a name
    #[command(after_help = "Example:\n  mhero programme add nut Nutrition --name-fr Nutrition")]
    Add(NamedArgs),
    /// List the programmes
    #[command(after_help = "Example:\n  mhero programme list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give a programme other names; its code stays
    #[command(after_help = "Example:\n  mhero programme rename epi Immunisation --name-fr Vaccination")]
    Rename(NamedArgs),
}

/// A code and what the programme is called.
#[derive(Clone, Args, Serialize, Deserialize)]
pub struct NamedArgs {
    /// The code that commands take: letters, digits, - and _
    pub code: String,
    /// Its name in English
    pub name: String,
    /// Its name in French
    #[arg(long, value_name = "NAME")]
    pub name_fr: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl NamedArgs {
    /// The names upon those that there are.
    fn names(&self, known: LangMap) -> LangMap {
        let mut names = known;
        names.insert(Lang::ENGLISH, self.name.clone());
        if let Some(french) = &self.name_fr {
            names.insert(Lang::FRENCH, french.clone());
        }
        names
    }
}

/// Runs `mhero programme`.
///
/// # Errors
/// What the use cases refuse: a code that is none or taken, a programme that is not there.
pub async fn run(node: &Node, command: &ProgrammeCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        ProgrammeCommand::Add(args) => {
            node.app.add_programme(&terminal.caller(), &args.code, args.names(LangMap::default())).await?;
            said(node, "cli-programme-added", args, terminal).await
        }
        ProgrammeCommand::Rename(args) => {
            let known = node.app.programme(&args.code).await?.name;
            node.app.rename_programme(&terminal.caller(), &args.code, &args.names(known)).await?;
            said(node, "cli-programme-renamed", args, terminal).await
        }
        ProgrammeCommand::List { json } => list(node, *json, terminal).await,
    }
}

async fn said(node: &Node, key: &str, args: &NamedArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let one = node.app.programme(&args.code).await?;
    if args.json {
        return terminal.json(&json!({ "id": one.id, "code": one.code, "name": one.name })).await;
    }
    let name = one.name.best(terminal.words().lang()).to_owned();
    let line = terminal.words().with(key, &[("code", Arg::Text(one.code)), ("name", Arg::Text(name))]);
    terminal.say(line).await;
    Ok(())
}

async fn list(node: &Node, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let all = node.app.programmes().await?;
    if as_json {
        let shown: Vec<_> = all.iter().map(|one| json!({ "id": one.id, "code": one.code, "name": one.name })).collect();
        return terminal.json(&shown).await;
    }
    let lang = terminal.words().lang();
    let header = ["cli-column-code", "cli-column-name"].map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = all.iter().map(|one| vec![one.code.clone(), one.name.best(lang).to_owned()]).collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}
