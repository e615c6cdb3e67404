//! `mhero demo`: a server on a country that does not exist.

use std::{io::Write, net::SocketAddr};

use clap::Args;
use mhero_app::demo::{Demo, DemoAccount};
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};

use crate::{
    cli::Everywhere,
    demo::{self, Wish},
    failure::Failure,
    folders,
    serve::{self, Plan},
    terminal::Terminal,
    wiring::Place,
};

/// The folder of the demo in the platform's own data folder.
const FOLDER: &str = "demo";

/// Run a synthetic country on this machine.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero demo\n  mhero demo --workers 500 --seed 7 --data demo-500 --listen 127.0.0.1:9000"
)]
pub struct DemoArgs {
    /// Address and port of the console; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// How many health workers the country has; 5000 if not said
    #[arg(long, value_name = "NUMBER")]
    pub workers: Option<usize>,
    /// Where all chance comes from: the same seed gives the same country
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
}

/// The data directory of a demo, where none is named: never that of a real installation.
pub fn place_named(everywhere: &mut Everywhere) {
    if everywhere.data.is_none() {
        everywhere.data = folders::data().map(|folder| folder.join(FOLDER));
    }
}

/// Loads the country if it is not there yet, and serves it until asked to end.
///
/// # Errors
/// A database that is no demo, a taken address, another process on the directory.
pub async fn run(place: Place, args: &DemoArgs, mut terminal: Terminal) -> Result<(), Failure> {
    let plan = Plan::new(&place.settings, args.listen.as_deref(), &[])?;
    let lock = place.lock()?;
    let node = place.open(lock, true).await?;
    let wish = Wish { seed: args.seed, workers: args.workers };
    let demo = demo::load(&node, wish, &mut terminal).await?;
    let words = terminal.words().clone();
    let greet = |address: SocketAddr, _: Option<SocketAddr>| {
        let text = greeting(&words, &demo, address);
        let mut out = std::io::stdout().lock();
        // The lines may go nowhere; the server runs all the same.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    };
    serve::serve(node, &plan, greet).await
}

/// What is printed once the console answers: where it is, and who signs in how.
fn greeting(words: &Words, demo: &Demo, address: SocketAddr) -> String {
    let address = words.with("cli-demo-address", &[("address", Arg::Text(format!("http://{address}/")))]);
    let accounts = demo.accounts.iter().map(|account| sign_in(words, account));
    let lines = [words.t("cli-demo-ready"), address];
    let lines = lines.into_iter().chain(accounts).chain([words.t("cli-demo-stop")]);
    lines.map(|line| line + "\n").collect()
}

fn sign_in(words: &Words, account: &DemoAccount) -> String {
    let text = |text: &str| Arg::Text(text.to_owned());
    let role = words.t(&format!("role-{}", account.role));
    let mut args = vec![("email", text(&account.email)), ("password", text(&account.password)), ("role", text(&role))];
    match &account.place {
        Some(place) => {
            args.push(("place", text(place)));
            words.with("cli-demo-account-place", &args)
        }
        None => words.with("cli-demo-account", &args),
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::{Lang, Role};

    use super::*;

    #[test]
    fn the_greeting_says_where_and_how_in_both_languages() {
        let account = |email: &str, role, place: Option<&str>| DemoAccount {
            email: email.into(),
            password: "quiet-river-41".into(),
            role,
            place: place.map(Into::into),
        };
        let accounts =
            vec![account("hr@demo", Role::Hr, None), account("district@demo", Role::District, Some("Nimbara"))];
        let day = jiff::civil::date(2026, 5, 14);
        let demo = Demo { seed: 1, workers: 5_000, day, is_complete: true, accounts };
        let address = "127.0.0.1:8080".parse().unwrap();
        for (lang, password) in
            [(Lang::ENGLISH, "password quiet-river-41\n"), (Lang::FRENCH, "mot de passe quiet-river-41\n")]
        {
            let said = greeting(&Words::of(lang), &demo, address);
            assert_eq!(said.matches(password).count(), 2, "{said}");
            assert!(said.contains("http://127.0.0.1:8080/") && said.contains("hr@demo"), "{said}");
            assert!(said.contains("Nimbara") && said.contains("DEMO") | said.contains("DÉMO"), "{said}");
        }
    }
}
