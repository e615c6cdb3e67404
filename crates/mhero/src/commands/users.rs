//! `mhero user`, `mhero role`, `mhero token`: who may do what.

use clap::{Args, Subcommand};
use mhero_app::{NewToken, NewUser};
use mhero_core::{Lang, PlaceId, ProgrammeId, Role};
use mhero_signin::Factors;
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::places;
use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// Letters of passwords that the program thinks up: none that looks like another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
/// Their number: 100 random bits.
const PASSWORD_LETTERS: usize = 20;

/// Accounts of the console.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserCommand {
    /// Add an account; without --password-stdin it prints a password for the first sign-in
    Add(UserArgs),
    /// List the accounts
    #[command(after_help = "Example:\n  mhero user list --json")]
    List(ListArgs),
    /// Set a password: read from standard input, else thought up and printed. Ends the account's sessions
    Password(PasswordArgs),
    /// Take the second factor of somebody away who has lost phone and recovery codes. Ends the account's sessions
    #[command(after_help = "Example:\n  mhero user reset-second-factor a.kollie@moh.example")]
    ResetSecondFactor {
        /// The address of the account
        email: String,
    },
    /// Say where an administrator is told by SMS what can't wait, such as a registry that stays silent
    #[command(
        after_help = "Examples:\n  mhero user phone a.kollie@moh.example +231770123456\n  mhero user phone a.kollie@moh.example ''"
    )]
    Phone {
        /// The address of the account
        email: String,
        /// The number; an empty one takes it away
        number: String,
    },
}

/// An account to add.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero user add a.kollie@moh.example --role hr --name 'Ama Kollie'\n  mhero user add b.doe@moh.example --role district --place Nimbara --password-stdin < password"
)]
pub struct UserArgs {
    /// The address to sign in with
    pub email: String,
    /// What it may do; `mhero role list` says
    #[arg(long)]
    pub role: Role,
    /// Where: a place by name or id; all below it is meant too
    #[arg(long, value_name = "PLACE")]
    pub place: Option<String>,
    /// For which programme, by code
    #[arg(long, value_name = "CODE")]
    pub programme: Option<String>,
    /// The name that conversations show; without it, the address up to the @
    #[arg(long)]
    pub name: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A password to set.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero user password a.kollie@moh.example --password-stdin < password")]
pub struct PasswordArgs {
    /// The address of the account
    pub email: String,
    /// Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,
}

/// How to list.
#[derive(Clone, Args, Serialize, Deserialize)]
pub struct ListArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What accounts may do.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleCommand {
    /// List the roles and what each may do
    #[command(after_help = "Example:\n  mhero role list")]
    List(ListArgs),
}

/// Tokens for programs of others.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenCommand {
    /// Create a token and print it, and nothing else; it is shown this once
    Create(TokenArgs),
    /// Narrow a token further: to kinds of resources, to networks, to who signs for it; what is not said is open again
    Narrow(super::exchange::NarrowArgs),
    /// Make a token worthless
    #[command(after_help = "Example:\n  mhero token revoke dashboard")]
    Revoke {
        /// Its name
        name: String,
    },
}

/// A token to create.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero token create dashboard --role integrator\n  mhero token create trial --role integrator --sandbox"
)]
pub struct TokenArgs {
    /// What it is for
    pub name: String,
    /// What it may do; `mhero role list` says
    #[arg(long)]
    pub role: Role,
    /// Where: a place by name or id
    #[arg(long, value_name = "PLACE")]
    pub place: Option<String>,
    /// For which programme, by code
    #[arg(long, value_name = "CODE")]
    pub programme: Option<String>,
    /// For trying out: nothing reaches a real phone, and it sees invented people only
    #[arg(long, conflicts_with = "place")]
    pub sandbox: bool,
}

/// Runs `mhero user`.
///
/// # Errors
/// What the use cases refuse: a taken address, a short password, a role that needs a place.
pub async fn user(node: &Node, command: &UserCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        UserCommand::Add(args) => add(node, args, terminal).await,
        UserCommand::List(args) => list(node, args, terminal).await,
        UserCommand::Password(args) => {
            let id = node.app.user_by_email(&terminal.caller(), &args.email).await?;
            let given = terminal.secret().map(ToOwned::to_owned);
            let password = given.clone().unwrap_or_else(think_up);
            node.app.set_password(&terminal.caller(), id, &password).await?;
            if given.is_none() {
                terminal.say(password).await;
            }
            Ok(())
        }
        UserCommand::ResetSecondFactor { email } => {
            let id = node.app.user_by_email(&terminal.caller(), email).await?;
            let had_one = Factors::new(node.app.clone()).reset(&terminal.caller(), id).await?;
            let key = if had_one { "cli-user-factor-reset" } else { "cli-user-factor-none" };
            let line = terminal.words().with(key, &[("email", Arg::Text(email.clone()))]);
            terminal.say(line).await;
            Ok(())
        }
        UserCommand::Phone { email, number } => {
            let id = node.app.user_by_email(&terminal.caller(), email).await?;
            node.app.set_user_phone(&terminal.caller(), id, number).await?;
            let line = terminal.words().with("cli-user-phone-set", &[("email", Arg::Text(email.clone()))]);
            terminal.say(line).await;
            Ok(())
        }
    }
}

async fn add(node: &Node, args: &UserArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let (place, programme) = narrowed(node, args.place.as_deref(), args.programme.as_deref(), terminal).await?;
    let given = terminal.secret().map(ToOwned::to_owned);
    let password = given.clone().unwrap_or_else(think_up);
    let before_at = args.email.split('@').next().unwrap_or_default();
    let new = NewUser {
        email: args.email.clone(),
        name: args.name.clone().unwrap_or_else(|| before_at.to_owned()),
        language: language_of_accounts(node, terminal).await,
        role: args.role,
        place,
        programme,
        password: Some(password.clone()),
    };
    let id = node.app.add_user(&terminal.caller(), new).await?;
    let shown = given.is_none().then_some(password);
    if args.json {
        let mut object = json!({ "id": id, "email": args.email, "role": args.role });
        if let Some(password) = shown {
            object["password"] = password.into();
        }
        return terminal.json(&object).await;
    }
    let line = match shown {
        Some(password) => terminal.words().with(
            "cli-user-added-password",
            &[("email", Arg::Text(args.email.clone())), ("password", Arg::Text(password))],
        ),
        None => terminal.words().with("cli-user-added", &[("email", Arg::Text(args.email.clone()))]),
    };
    terminal.say(line).await;
    Ok(())
}

/// The language that a new account's console speaks at first: the installation's, else that of who adds it.
async fn language_of_accounts(node: &Node, terminal: &Terminal) -> Lang {
    match node.app.facts_cached().await {
        Ok(facts) => facts.default_language(),
        Err(_) => terminal.words().lang(),
    }
}

async fn list(node: &Node, args: &ListArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let users = node.app.users(&terminal.caller()).await?;
    if args.json {
        let shown = users.iter().map(|known| {
            let roles: Vec<_> = known.grants.iter().map(|grant| json!({
                "role": grant.role, "place": grant.place, "programme": grant.programme,
            })).collect();
            json!({ "id": known.user.id, "email": known.user.email, "name": known.user.name, "active": known.user.active, "roles": roles })
        });
        return terminal.json(&shown.collect::<Vec<_>>()).await;
    }
    let header = ["cli-column-email", "cli-column-name", "cli-column-roles"].map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = users
        .into_iter()
        .map(|known| {
            let roles: Vec<_> = known.grants.iter().map(|grant| grant.role.as_str()).collect();
            vec![known.user.email, known.user.name, roles.join(", ")]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

/// Runs `mhero role`.
///
/// # Errors
/// None of its own.
pub async fn role(command: &RoleCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    let RoleCommand::List(args) = command;
    if args.json {
        let roles: Vec<_> = Role::ALL.iter().map(|role| json!({ "role": role, "rights": role.rights() })).collect();
        return terminal.json(&roles).await;
    }
    let header = ["cli-column-role", "cli-column-may"].map(|key| terminal.words().t(key));
    let row = |role: &Role| vec![role.to_string(), terminal.words().t(&format!("cli-role-{role}"))];
    let rows: Vec<Vec<String>> = Role::ALL.iter().map(row).collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

/// Runs `mhero token`.
///
/// # Errors
/// What the use cases refuse: a taken name, a role that needs a place.
pub async fn token(node: &Node, command: &TokenCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        TokenCommand::Create(args) => {
            let (place, programme) = narrowed(node, args.place.as_deref(), args.programme.as_deref(), terminal).await?;
            let place = if args.sandbox { Some(node.app.make_sandbox(&terminal.caller()).await?) } else { place };
            let new = NewToken { name: args.name.clone(), role: args.role, place, programme };
            let token = node.app.create_token(&terminal.caller(), new).await?;
            terminal.say(token).await;
        }
        TokenCommand::Narrow(args) => super::exchange::narrow(node, args, terminal).await?,
        TokenCommand::Revoke { name } => {
            node.app.revoke_token(&terminal.caller(), name).await?;
            let line = terminal.words().with("cli-token-revoked", &[("name", Arg::Text(name.clone()))]);
            terminal.say(line).await;
        }
    }
    Ok(())
}

async fn narrowed(
    node: &Node,
    place: Option<&str>,
    programme: Option<&str>,
    terminal: &Terminal,
) -> Result<(Option<PlaceId>, Option<ProgrammeId>), Failure> {
    let place = match place {
        Some(text) => Some(places::find(node, text, terminal).await?),
        None => None,
    };
    let programme = match programme {
        Some(code) => Some(node.app.programme(code).await?.id),
        None => None,
    };
    Ok((place, programme))
}

/// A password that nobody can guess and anybody can type.
fn think_up() -> String {
    // Two bytes of such an id are fixed in part; the others are chance.
    let chance = |id: Uuid| id.into_bytes().into_iter().enumerate().filter(|(at, _)| *at != 6 && *at != 8);
    let bytes = [Uuid::new_v4(), Uuid::new_v4()].into_iter().flat_map(chance);
    bytes.take(PASSWORD_LETTERS).map(|(_, byte)| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_differ_and_are_long_enough() {
        let drawn: std::collections::BTreeSet<_> = (0..100).map(|_| think_up()).collect();
        assert_eq!(drawn.len(), 100);
        assert!(drawn.iter().all(|password| password.len() == PASSWORD_LETTERS));
    }
}
