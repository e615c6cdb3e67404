//! One run of the program: a command finds its server or its data, and ends with an exit code.

use std::{
    io::{Read, Write},
    process::ExitCode,
};

use mhero_web::words::Words;

use crate::{
    cli::{Cli, Command, ConfigCommand, Everywhere},
    commands::{self, backup, demo, doctor, migrate},
    config, control,
    failure::Failure,
    language, logging, serve,
    terminal::{Terminal, Typist},
    wiring::{Place, Reached},
};

/// Longest secret on standard input, in bytes.
const SECRET_MAX: u64 = 64 * 1024;

/// Runs a command to its end.
pub async fn run(cli: Cli) -> ExitCode {
    let words = Words::of(language::of(cli.everywhere.lang));
    match Box::pin(start(cli, &words)).await {
        Ok(code) => code.into(),
        Err(failure) => {
            let said = failure.say(&words);
            if !said.is_empty() {
                // Standard error may be closed; the exit code says it too.
                let _ = writeln!(
                    std::io::stderr().lock(),
                    "{}",
                    words.with("cli-failed", &[("why", mhero_web::words::Arg::Text(said))])
                );
            }
            failure.code().into()
        }
    }
}

async fn start(cli: Cli, words: &Words) -> Result<u8, Failure> {
    let Cli { mut everywhere, mut command } = cli;
    if matches!(command, Command::Config(ConfigCommand::Default)) {
        let _ = write!(std::io::stdout().lock(), "{}", config::DEFAULT);
        return Ok(0);
    }
    if matches!(command, Command::Demo(_)) {
        demo::place_named(&mut everywhere);
    }
    let place = Place::read(&everywhere)?;
    logging::start(&place.settings.log, matches!(command, Command::Serve(_) | Command::Demo(_)))?;
    if let Ok(here) = std::env::current_dir() {
        command.make_absolute(&here);
    }
    let secret = read_secret(command.secret_lines())?;
    let terminal = Terminal::own(Typist::here(words.lang(), secret));
    match &command {
        Command::Demo(args) => demo::run(place, args, terminal).await?,
        Command::Serve(args) => serve::run(place, args, words).await?,
        Command::Migrate(args) => migrate::run(place, args, terminal).await?,
        Command::Restore(args) => backup::restore(place, args, terminal).await?,
        _ => return Box::pin(ask(place, &everywhere, command, terminal)).await,
    }
    Ok(0)
}

/// Asks the running server, or does it here.
async fn ask(place: Place, everywhere: &Everywhere, command: Command, terminal: Terminal) -> Result<u8, Failure> {
    match place.reach().await? {
        Reached::Server(server) => {
            let request = control::Request {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                database: everywhere.database.clone(),
                typist: terminal.into_typist(),
                command,
            };
            control::ask(server, &request).await
        }
        Reached::Free(lock) => {
            let node = match place.clone().open(lock, false).await {
                Ok(node) => node,
                Err(failure) => return did_not_open(&place, &command, failure, terminal).await,
            };
            let code = commands::run_to_code(&node, &command, terminal).await;
            node.close().await;
            Ok(code)
        }
    }
}

/// The doctor looks at an installation that does not open, too.
async fn did_not_open(
    place: &Place,
    command: &Command,
    failure: Failure,
    mut terminal: Terminal,
) -> Result<u8, Failure> {
    let Command::Doctor(args) = command else { return Err(failure) };
    doctor::report(place, Err(&failure), args, &mut terminal).await.map(|()| 0)
}

/// The first lines of standard input, where a secret stands there.
fn read_secret(lines: usize) -> Result<Option<String>, Failure> {
    if lines == 0 {
        return Ok(None);
    }
    let mut text = String::new();
    let read = std::io::stdin().lock().take(SECRET_MAX).read_to_string(&mut text);
    read.map_err(|_| Failure::usage("cli-secret-unreadable", []))?;
    Ok(Some(text.lines().take(lines).collect::<Vec<_>>().join("\n")))
}
