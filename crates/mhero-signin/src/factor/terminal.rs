//! Somebody says at a command line who they are, for what only a person may do: there is no session, so everything is asked each time.

use std::net::{IpAddr, Ipv4Addr};

use mhero_app::{AppError, Caller, SignInError};

use super::Factors;
use crate::Refused;

impl Factors {
    /// The person whose address and password these are. A code of theirs is asked where they have a second factor; who must have one
    /// and has none is refused. A fresh code is so always given where a rule asks one.
    ///
    /// # Errors
    /// [`Refused::WrongCode`], [`Refused::Wait`]; [`AppError::Invalid`] for a wrong password, and where a code or the second factor
    /// itself is missing.
    pub async fn at_terminal(&self, email: &str, password: &str, code: Option<&str>) -> Result<Caller, Refused> {
        let here = IpAddr::from(Ipv4Addr::LOCALHOST);
        let user = self.app.check_password(email, password, here).await.map_err(refused)?;
        let caller = self.app.caller_of_user(user).await?.ok_or(Refused::ShutOut)?;
        let has_one = self.is_on(user).await?;
        match code {
            Some(code) if has_one => self.prove(user, code).await?,
            None if has_one => return Err(AppError::invalid("factor-code-missing", []).into()),
            _ if self.is_asked_of(&caller.scope).await? => return Err(AppError::invalid("factor-not-set", []).into()),
            _ => {}
        }
        self.app.note_sign_in(user, here, if has_one { "code" } else { "password" }).await?;
        Ok(caller)
    }
}

fn refused(error: SignInError) -> Refused {
    match (error.reason(), error) {
        (_, SignInError::App(error)) => Refused::App(error),
        (Some(reason), _) => Refused::App(AppError::Invalid(reason)),
        (None, _) => Refused::ShutOut,
    }
}
