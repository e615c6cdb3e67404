//! Outside calls as set up: `[effects]` of the settings.

use std::{path::Path, time::Duration};

use mhero_effects::{MailSettings, Outside, Security, Settings};

use crate::{
    config::{Effects, Mail},
    failure::Failure,
};

/// Most seconds that a call may take: longer ones would count as lost with their process.
const SECONDS_MAX: u64 = 90;

/// The port of outside calls.
///
/// # Errors
/// [`Failure::Refused`] naming the setting that can't be used.
pub fn outside(effects: &Effects) -> Result<Outside, Failure> {
    let seconds = |seconds: u64| Duration::from_secs(seconds.clamp(1, SECONDS_MAX));
    let settings = Settings {
        allow_private: effects.allow_private.clone(),
        deny: effects.deny.clone(),
        connect: seconds(effects.connect_seconds),
        whole: seconds(effects.whole_seconds),
        mail: mail(&effects.mail)?,
    };
    Outside::new(&settings).map_err(|error| Failure::refused("cli-effects", [("detail", error.to_string())]))
}

fn mail(mail: &Mail) -> Result<Option<MailSettings>, Failure> {
    if mail.host.is_empty() {
        return Ok(None);
    }
    let security = match mail.security.as_str() {
        "starttls" => Security::StartTls,
        "tls" => Security::Tls,
        "none" => Security::None,
        other => {
            let args = [("key", "effects.mail.security".to_owned()), ("value", other.to_owned())];
            return Err(Failure::refused("cli-config-value", args));
        }
    };
    let password = if mail.password_file.is_empty() {
        String::new()
    } else {
        let file = Path::new(&mail.password_file);
        let unread = |error: std::io::Error| Failure::file("cli-effects-password", file, &error);
        std::fs::read_to_string(file).map_err(unread)?.trim_end().to_owned()
    };
    Ok(Some(MailSettings {
        host: mail.host.clone(),
        port: mail.port,
        security,
        user: mail.user.clone(),
        password,
        from: mail.from.clone(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effects() -> Effects {
        crate::config::Settings::read(None).expect("the defaults").effects
    }

    #[test]
    fn the_defaults_work_and_what_does_not_is_named() {
        assert!(outside(&effects()).is_ok());
        let refused = |change: &dyn Fn(&mut Effects)| {
            let mut own = effects();
            change(&mut own);
            match outside(&own) {
                Err(Failure::Refused(reason)) => reason.key,
                _ => "taken",
            }
        };
        assert_eq!(refused(&|own| own.deny = vec!["10.0.0.0/99".to_owned()]), "cli-effects");
        let with_mail = |own: &mut Effects| {
            own.mail.host = "mail.health.example".to_owned();
            own.mail.from = "mhero@health.example".to_owned();
        };
        assert_eq!(refused(&with_mail), "taken");
        assert_eq!(refused(&|own| own.mail.host = "mail.health.example".to_owned()), "cli-effects");
        let with = |change: &dyn Fn(&mut Mail)| {
            refused(&|own| {
                with_mail(own);
                change(&mut own.mail);
            })
        };
        assert_eq!(with(&|mail| mail.security = "perhaps".to_owned()), "cli-config-value");
        assert_eq!(with(&|mail| mail.password_file = "/no/such/file".to_owned()), "cli-effects-password");
    }
}
