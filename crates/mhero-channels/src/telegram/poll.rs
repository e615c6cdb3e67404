//! Fetching what people wrote: one question at a time, which Telegram holds until there is something. What was handed on is confirmed by
//! the next question, so that nothing is lost where the process ends in between; what comes twice is known by its number.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use mhero_app::ports::{Ear, Unheard};
use mhero_core::{Lang, record::Reason};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{Bot, api::Said, settings::Mode, update};
use crate::http::Trouble;

/// How long Telegram holds a question, in seconds.
const HOLD_SECONDS: u64 = 25;
/// Updates in one answer.
const UPDATES_MAX: usize = 100;
/// Waits after the first, second ... failure, in seconds. The last one stays.
const WAITS_SECONDS: [u64; 6] = [1, 2, 5, 10, 20, 30];
/// Updates that we want to hear of.
const WANTED: [&str; 1] = ["message"];

/// How the line stands.
#[derive(Default)]
pub(super) struct Line {
    trouble: Mutex<Option<Reason>>,
}

impl Line {
    /// What is wrong with it.
    pub(super) fn trouble(&self) -> Option<Reason> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, trouble: Option<Reason>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// Holds the line until `closing` turns true.
pub(super) async fn hold(bot: &Bot, ear: &Arc<dyn Ear>, mut closing: watch::Receiver<bool>) {
    let mut closed = closing.clone();
    let work = async {
        let mut failures = 0;
        while let Err(reason) = arrange(bot).await {
            bot.line.note(Some(reason));
            failures += 1;
            tokio::time::sleep(wait(failures)).await;
        }
        bot.line.note(None);
        ear.ready();
        if bot.settings.mode == Mode::Poll {
            fetch(bot, ear).await;
        } else {
            // What comes is brought.
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = work => {}
        _ = closing.wait_for(|is_closing| *is_closing) => {}
    }
    if !*closed.borrow_and_update() {
        tracing::warn!(channel = %bot.channel, "a line to Telegram ended");
    }
}

/// Tells Telegram how what people write is to come here: one of the two ways shuts the other.
async fn arrange(bot: &Bot) -> Result<(), Reason> {
    let said = match (bot.settings.mode, &bot.settings.webhook) {
        (Mode::Webhook, Some(url)) => {
            let how = json!({ "url": url, "secret_token": bot.settings.secret, "allowed_updates": WANTED });
            bot.api.ask("setWebhook", &how, Duration::ZERO).await
        }
        _ => bot.api.ask("deleteWebhook", &json!({}), Duration::ZERO).await,
    };
    match said {
        Said::Done(_) => Ok(()),
        Said::No { code: 401 | 404, .. } => Err(bot.api.reason(Trouble::Password)),
        Said::No { code: 400, .. } => Err(Reason::plain("telegram-webhook-refused")),
        Said::No { .. } => Err(bot.api.reason(Trouble::Busy)),
        Said::NoConnection => Err(bot.api.reason(Trouble::Unreachable)),
        Said::Unknown(trouble) => Err(bot.api.reason(trouble)),
    }
}

async fn fetch(bot: &Bot, ear: &Arc<dyn Ear>) {
    let (mut next, mut failures) = (None, 0_usize);
    loop {
        let mut question = json!({ "timeout": HOLD_SECONDS, "limit": UPDATES_MAX, "allowed_updates": WANTED });
        if let Some(next) = next {
            question["offset"] = json!(next);
        }
        let said = bot.api.ask("getUpdates", &question, Duration::from_secs(HOLD_SECONDS)).await;
        let trouble = match said {
            Said::Done(updates) => match hand_on(bot, ear, &updates, &mut next).await {
                Ok(()) => None,
                // It can't be stored just now: it comes again.
                Err(()) => Some(bot.line.trouble()),
            },
            Said::No { code: 409, .. } => Some(Some(Reason::plain("telegram-taken"))),
            Said::No { code: 401 | 404, .. } => Some(Some(bot.api.reason(Trouble::Password))),
            Said::No { .. } => Some(Some(bot.api.reason(Trouble::Busy))),
            Said::NoConnection => Some(Some(bot.api.reason(Trouble::Unreachable))),
            Said::Unknown(trouble) => Some(Some(bot.api.reason(trouble))),
        };
        match trouble {
            None => {
                failures = 0;
                bot.line.note(None);
            }
            Some(reason) => {
                failures += 1;
                if failures.is_power_of_two() {
                    let why = reason.as_ref().map(|reason| reason.key);
                    tracing::warn!(channel = %bot.channel, failures, why, "nothing comes from Telegram");
                }
                bot.line.note(reason);
                tokio::time::sleep(wait(failures)).await;
            }
        }
    }
}

/// Hands updates on, in their order; `next` is the first that has not been.
async fn hand_on(bot: &Bot, ear: &Arc<dyn Ear>, updates: &Value, next: &mut Option<i64>) -> Result<(), ()> {
    let say = |language: Lang, key: &str| bot.say(language, key);
    for update in updates.as_array().into_iter().flatten() {
        if let Some(event) = update::read(update, &say)
            && ear.hear(&event).await == Err(Unheard::Later)
        {
            return Err(());
        }
        if let Some(number) = update["update_id"].as_i64() {
            *next = Some(number.saturating_add(1));
        }
    }
    Ok(())
}

fn wait(failures: usize) -> Duration {
    Duration::from_secs(WAITS_SECONDS[failures.saturating_sub(1).min(WAITS_SECONDS.len() - 1)])
}
