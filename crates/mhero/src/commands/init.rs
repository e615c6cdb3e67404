//! `mhero init`: the facts of an installation.

use clap::Args;
use mhero_app::{AppError, Facts, QuietHours};
use mhero_core::{Lang, LangMap};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};

use crate::{failure::Failure, terminal::Terminal, wiring::Node};

/// The word for quiet hours that are off.
const OFF: &str = "off";

/// State the facts of this installation.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero init --country LR --country SL --language en,fr --timezone Africa/Monrovia")]
pub struct InitArgs {
    /// The country, as two letters (ISO 3166). Given again: a further one, whose numbers are let in too
    #[arg(long, required = true, value_name = "CODE", value_delimiter = ',')]
    pub country: Vec<String>,
    /// Languages of messages; the first serves whose language is unknown
    #[arg(long, required = true, value_name = "LANGUAGES", value_delimiter = ',')]
    pub language: Vec<Lang>,
    /// The national time zone, by its IANA name
    #[arg(long, value_name = "ZONE")]
    pub timezone: String,
    /// The ministry's name, as the letterhead shows it, in the first language
    #[arg(long, value_name = "NAME")]
    pub ministry: Option<String>,
    /// The country's name, as the letterhead shows it, in the first language
    #[arg(long, value_name = "NAME")]
    pub country_name: Option<String>,
    /// The number that workers text to
    #[arg(long, value_name = "NUMBER")]
    pub short_code: Option<String>,
    /// Hours in which broadcasts wait: 20:00-07:00, or off
    #[arg(long, value_name = "HOURS")]
    pub quiet_hours: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Sets the facts; what is not named stays as it was.
///
/// # Errors
/// [`Failure::Usage`] for facts that can't be.
pub async fn run(node: &Node, args: &InitArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let before = match node.app.facts().await {
        Ok(facts) => Some(facts),
        Err(AppError::NotInitialised) => None,
        Err(error) => return Err(error.into()),
    };
    let facts = facts(args, before.as_ref())?;
    node.app.set_facts(&terminal.caller(), &facts).await.map_err(as_usage)?;
    if args.json {
        return terminal.json(&facts).await;
    }
    let languages: Vec<_> = facts.languages.iter().map(|lang| terminal.words().language(*lang)).collect();
    let line = terminal.words().with(
        "cli-init-done",
        &[
            ("countries", Arg::Text(facts.countries.join(", "))),
            ("languages", Arg::Text(languages.join(", "))),
            ("zone", Arg::Text(facts.zone.clone())),
        ],
    );
    terminal.say(line).await;
    Ok(())
}

/// Facts that can't be are a wrong call.
fn as_usage(error: AppError) -> Failure {
    match error {
        AppError::Invalid(reason) => Failure::Usage(reason),
        other => other.into(),
    }
}

fn facts(args: &InitArgs, known: Option<&Facts>) -> Result<Facts, Failure> {
    let countries: Vec<String> = args.country.iter().map(|code| code.trim().to_uppercase()).collect();
    let first = args.language.first().copied().unwrap_or(Lang::ENGLISH);
    let named = |name: &Option<String>| name.as_ref().map(|name| LangMap::one(first, name.clone()));
    let ministry = named(&args.ministry).or_else(|| known.map(|facts| facts.ministry.clone()));
    let country = named(&args.country_name).or_else(|| known.map(|facts| facts.country_name.clone()));
    let default_name = || LangMap::one(first, countries.first().cloned().unwrap_or_default());
    let quiet = match args.quiet_hours.as_deref() {
        Some(text) => quiet_hours(text)?,
        None => known.map_or(Some(QuietHours::NATIONAL), |facts| facts.quiet),
    };
    Ok(Facts {
        ministry: ministry.unwrap_or_else(standard_ministry),
        country_name: country.unwrap_or_else(default_name),
        short_code: args.short_code.clone().or_else(|| known.and_then(|facts| facts.short_code.clone())),
        quiet,
        demo: known.is_some_and(|facts| facts.demo),
        languages: args.language.clone(),
        zone: args.timezone.clone(),
        countries,
    })
}

fn standard_ministry() -> LangMap {
    let mut names = LangMap::one(Lang::ENGLISH, "Ministry of Health");
    names.insert(Lang::FRENCH, "Ministère de la Santé");
    names
}

/// Reads `20:00-07:00` or `off`.
fn quiet_hours(text: &str) -> Result<Option<QuietHours>, Failure> {
    if text.trim().eq_ignore_ascii_case(OFF) {
        return Ok(None);
    }
    let wrong = || Failure::usage("cli-quiet-hours", [("value", text.chars().take(40).collect())]);
    let (from, until) = text.split_once('-').ok_or_else(wrong)?;
    let time = |text: &str| text.trim().parse().map_err(|_| wrong());
    let quiet = QuietHours { from: time(from)?, until: time(until)?, ..QuietHours::NATIONAL };
    if quiet.from == quiet.until { Err(wrong()) } else { Ok(Some(quiet)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_are_read() {
        assert_eq!(quiet_hours("20:00-07:00").unwrap(), Some(QuietHours::NATIONAL));
        assert_eq!(quiet_hours("off").unwrap(), None);
        for wrong in ["", "20-7", "20:00", "25:00-07:00", "07:00-07:00"] {
            assert!(quiet_hours(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_not_named_again_stays() {
        let args = |ministry: Option<&str>| InitArgs {
            country: vec!["lr".into()],
            language: vec![Lang::ENGLISH],
            timezone: "Africa/Monrovia".into(),
            ministry: ministry.map(Into::into),
            country_name: None,
            short_code: None,
            quiet_hours: ministry.map(|_| "off".into()),
            json: false,
        };
        let first = facts(&args(Some("Ministry of Good Health")), None).unwrap();
        assert_eq!((first.countries[0].as_str(), first.quiet), ("LR", None));
        let second = facts(&args(None), Some(&first)).unwrap();
        assert_eq!(second, first);
    }
}
