//! The command line. Commands that ask a running server travel to it as they are, so that all of this can be serialised.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use mhero_core::Lang;
use serde::{Deserialize, Serialize};

use crate::commands::{
    approvals, backends, backup, broadcasts, changes, channels, demo, doctor, exchange, flows, import, init, messages,
    migrate, people, programmes, reports, send, simulate, sources, sync, threads, users, webhooks,
};

/// Two-way messages between ministries of health and health workers.
///
/// Results go to standard output, progress and questions to standard error. Exit codes: 0 finished, 1 failed, 2 called wrongly.
#[derive(Parser)]
#[command(name = "mhero", version, propagate_version = true, max_term_width = 110, arg_required_else_help = true)]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub everywhere: Everywhere,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands.
#[derive(Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Everywhere {
    /// The data directory; an empty one is created and set up
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL instead of the SQLite in the data directory: postgres://user:password@host/database
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// A file of settings; `mhero config default` prints one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The language of what is printed: en, fr. Without it, that of the environment
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub lang: Option<Lang>,
}

/// What can be asked for.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// State the facts of this installation: country, languages, time zone
    Init(init::InitArgs),
    /// Run a synthetic country on this machine, with phones that answer; refuses any database that is not a demo
    Demo(demo::DemoArgs),
    /// Run the server, everything in one process
    Serve(crate::serve::ServeArgs),
    /// Accounts of the console
    #[command(subcommand)]
    User(users::UserCommand),
    /// What accounts may do
    #[command(subcommand)]
    Role(users::RoleCommand),
    /// Programmes for which messages are sent: EPI, malaria, HR
    #[command(subcommand)]
    Programme(programmes::ProgrammeCommand),
    /// Tokens for programs of others
    #[command(subcommand)]
    Token(users::TokenCommand),
    /// Ways to a phone
    #[command(subcommand)]
    Channel(channels::ChannelCommand),
    /// Registries and sets of files that people come from
    #[command(subcommand)]
    Source(sources::SourceCommand),
    /// Synchronise with a registry now; list, undo and replay runs
    Sync(sync::SyncArgs),
    /// A RapidPro that the country keeps: flows run there for us
    #[command(subcommand)]
    Backend(backends::BackendCommand),
    /// Reports to DHIS2: which answers go where, and what became of them
    #[command(subcommand)]
    Report(reports::ReportCommand),
    /// Import register files: people, places, positions
    Import(import::ImportArgs),
    /// Who is known
    #[command(subcommand)]
    People(people::PeopleCommand),
    /// Send one text to an audience, with a preview first
    Send(send::SendArgs),
    /// What became of broadcasts
    #[command(subcommand)]
    Broadcast(broadcasts::BroadcastCommand),
    /// What waits for a second person, and that person's word
    #[command(subcommand)]
    Approvals(approvals::ApprovalsCommand),
    /// Conversations that the program leads
    #[command(subcommand)]
    Flow(flows::FlowCommand),
    /// What was written
    #[command(subcommand)]
    Messages(messages::MessagesCommand),
    /// Be the person who holds a simulated phone
    #[command(subcommand)]
    Simulate(simulate::SimulateCommand),
    /// What people say of their records: decided here, written to the registries
    #[command(subcommand)]
    Changes(changes::ChangesCommand),
    /// Conversations that wait for an official
    #[command(subcommand)]
    Thread(threads::ThreadCommand),
    /// Calls of and to other systems
    #[command(subcommand)]
    Exchange(exchange::ExchangeCommand),
    /// Programs that are told by HTTP what happens here
    #[command(subcommand)]
    Webhook(webhooks::WebhookCommand),
    /// Decisions of people: whether the log of them is whole, and copies of it
    #[command(subcommand)]
    Audit(exchange::AuditCommand),
    /// An OpenHIM that this installation is registered with
    #[command(subcommand)]
    Openhim(exchange::OpenhimCommand),
    /// Write everything into a file, as of one moment, while the server runs
    Backup(backup::BackupArgs),
    /// Read a backup back, into either database
    Restore(backup::RestoreArgs),
    /// Check disk, clock, ports, database and channels, and say what to do
    Doctor(doctor::DoctorArgs),
    /// Bring an older database up to date; what will change is shown first
    Migrate(migrate::MigrateArgs),
    /// Settings
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// Settings.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfigCommand {
    /// Print every setting with its default and what it is for
    #[command(after_help = "Example:\n  mhero config default > mhero.toml")]
    Default,
}

impl Command {
    /// Makes paths absolute: a server that is asked stands elsewhere.
    pub fn make_absolute(&mut self, here: &Path) {
        if let Self::Channel(channels::ChannelCommand::Add(args)) = self {
            args.make_absolute(here);
        }
        let paths: Vec<&mut PathBuf> = match self {
            Self::Backup(args) => vec![&mut args.file],
            Self::Restore(args) => vec![&mut args.file],
            Self::Import(args) => args.paths.iter_mut().chain(&mut args.rejected).collect(),
            Self::Sync(args) => args.rejected.iter_mut().collect(),
            Self::Report(reports::ReportCommand::Map(args)) => vec![&mut args.file],
            Self::Flow(flows::FlowCommand::Import(args)) => vec![&mut args.file],
            Self::Flow(flows::FlowCommand::Play(args)) => vec![&mut args.file],
            Self::Flow(flows::FlowCommand::Export(args)) => args.out.iter_mut().collect(),
            Self::Flow(flows::FlowCommand::Results(args)) => args.csv.iter_mut().chain(&mut args.xlsx).collect(),
            _ => Vec::new(),
        };
        for path in paths {
            *path = here.join(&*path);
        }
    }

    /// How many lines of secrets the command reads from standard input.
    pub const fn secret_lines(&self) -> usize {
        match self {
            Self::User(users::UserCommand::Add(args)) if args.password_stdin => 1,
            Self::User(users::UserCommand::Password(args)) if args.password_stdin => 1,
            // The password, and a code of the second factor.
            Self::Approvals(approvals::ApprovalsCommand::Approve(args)) if args.decider.password_stdin => 2,
            Self::Approvals(approvals::ApprovalsCommand::Reject(args)) if args.decider.password_stdin => 2,
            _ => 0,
        }
    }
}
