//! The commands, one noun a file: the arguments and what they do.

pub mod approvals;
pub mod backends;
pub mod backup;
pub mod broadcasts;
pub mod changes;
pub mod channels;
pub mod demo;
pub mod doctor;
mod doctor_tls;
pub mod exchange;
pub mod flow_play;
pub mod flow_results;
pub mod flow_start;
pub mod flows;
pub mod import;
pub mod init;
mod linking;
pub mod messages;
pub mod migrate;
pub mod people;
pub mod places;
pub mod programmes;
pub mod reports;
pub mod send;
pub mod simulate;
pub mod sources;
pub mod sync;
pub mod threads;
pub mod users;
pub mod webhooks;
pub mod write_out;

use mhero_web::words::Arg;

use crate::{cli::Command, failure::Failure, terminal::Terminal, wiring::Node};

/// Runs a command on an open installation and says its failure. Returns the exit code.
pub async fn run_to_code(node: &Node, command: &Command, mut terminal: Terminal) -> u8 {
    let Err(failure) = run(node, command, &mut terminal).await else { return 0 };
    let said = failure.say(terminal.words());
    if !said.is_empty() {
        let line = terminal.words().with("cli-failed", &[("why", Arg::Text(said))]);
        terminal.note(line).await;
    }
    failure.code()
}

async fn run(node: &Node, command: &Command, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        Command::Init(args) => init::run(node, args, terminal).await,
        Command::User(command) => users::user(node, command, terminal).await,
        Command::Role(command) => users::role(command, terminal).await,
        Command::Programme(command) => programmes::run(node, command, terminal).await,
        Command::Token(command) => users::token(node, command, terminal).await,
        Command::Channel(command) => channels::run(node, command, terminal).await,
        Command::Source(command) => sources::run(node, command, terminal).await,
        Command::Sync(args) => Box::pin(sync::run(node, args, terminal)).await,
        Command::Backend(command) => Box::pin(backends::run(node, command, terminal)).await,
        Command::Report(command) => Box::pin(reports::run(node, command, terminal)).await,
        Command::Import(args) => import::run(node, args, terminal).await,
        Command::People(command) => people::run(node, command, terminal).await,
        Command::Send(args) => send::run(node, args, terminal).await,
        Command::Broadcast(command) => broadcasts::run(node, command, terminal).await,
        Command::Approvals(command) => Box::pin(approvals::run(node, command, terminal)).await,
        Command::Flow(command) => Box::pin(flows::run(node, command, terminal)).await,
        Command::Messages(command) => messages::run(node, command, terminal).await,
        Command::Simulate(command) => simulate::run(node, command, terminal).await,
        Command::Changes(command) => Box::pin(changes::run(node, command, terminal)).await,
        Command::Thread(command) => threads::run(node, command, terminal).await,
        Command::Exchange(command) => exchange::exchange(node, command, terminal).await,
        Command::Audit(command) => exchange::audit(node, command, terminal).await,
        Command::Openhim(command) => exchange::openhim(node, command, terminal).await,
        Command::Webhook(command) => webhooks::run(node, command, terminal).await,
        Command::Doctor(args) => doctor::report(&node.place, Ok(node), args, terminal).await,
        Command::Backup(args) => backup::backup(node, args, terminal).await,
        // These need a data directory without a server, or none at all; `program` runs them itself.
        Command::Serve(_) | Command::Demo(_) | Command::Restore(_) | Command::Migrate(_) | Command::Config(_) => {
            Err(Failure::refused("cli-server-other", []))
        }
    }
}

/// Delivers what is ready when no server runs that would, and says so.
///
/// # Errors
/// The first error of a pass.
pub async fn deliver_here(node: &Node, terminal: &mut Terminal) -> Result<(), Failure> {
    if node.is_served {
        return Ok(());
    }
    let line = terminal.words().t("cli-no-server");
    terminal.note(line).await;
    Ok(node.app.run_until_idle().await?)
}
