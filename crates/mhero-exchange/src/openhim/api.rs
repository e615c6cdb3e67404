//! The interface of OpenHIM: one call, let in by either way.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{LoginWay, Mediator, token_login};
use crate::journal::{LineAnswer, LineFailure, Sendable};

/// The name of OpenHIM among the systems that are called.
pub(super) const PEER: &str = "openhim";

/// Why OpenHIM did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenHimError {
    /// No answer came: try later.
    #[error("OpenHIM does not answer: {0}")]
    Away(String),
    /// It lets us in by neither way: mend the account or the password.
    #[error("OpenHIM does not let us in: check openhim.user and the password")]
    Login,
    /// It does not know this mediator: register.
    #[error("OpenHIM does not know this mediator")]
    Unknown,
    /// It refuses, in its own words.
    #[error("OpenHIM refuses ({status}): {said}")]
    Refused {
        /// The status.
        status: u16,
        /// The beginning of what it said.
        said: String,
    },
}

/// Characters of what it said that are kept.
const SAID_MAX: usize = 300;

impl Mediator {
    /// One call of the interface.
    ///
    /// # Errors
    /// [`OpenHimError`], by what can be done about it.
    pub async fn api(&self, method: &str, path: &str, body: Option<&Value>) -> Result<String, OpenHimError> {
        let ways: &[LoginWay] = match self.way() {
            LoginWay::Auto => &[LoginWay::Basic, LoginWay::Token],
            LoginWay::Basic => &[LoginWay::Basic],
            LoginWay::Token => &[LoginWay::Token],
        };
        for way in ways {
            let headers = self.headers(*way).await?;
            let answer = self.send(method, path, headers, body).await?;
            match answer.status {
                401 => {}
                200..=299 => {
                    self.remember_way(*way);
                    return Ok(answer.body);
                }
                404 => return Err(OpenHimError::Unknown),
                status => {
                    self.remember_way(*way);
                    return Err(OpenHimError::Refused { status, said: answer.body.chars().take(SAID_MAX).collect() });
                }
            }
        }
        // The next call tries both again: the operator may have changed how it lets us in.
        self.remember_way(LoginWay::Auto);
        Err(OpenHimError::Login)
    }

    /// The headers that let a call in just now.
    ///
    /// # Errors
    /// [`OpenHimError::Away`].
    pub async fn login_headers(&self) -> Result<Vec<(String, String)>, OpenHimError> {
        let way = match self.way() {
            LoginWay::Auto => LoginWay::Basic,
            way => way,
        };
        self.headers(way).await
    }

    async fn headers(&self, way: LoginWay) -> Result<Vec<(String, String)>, OpenHimError> {
        let settings = self.settings();
        if way != LoginWay::Token {
            let plain = format!("{}:{}", settings.user, settings.password);
            return Ok(vec![("authorization".to_owned(), format!("Basic {}", STANDARD.encode(plain)))]);
        }
        let user: String = form_urlencoded::byte_serialize(settings.user.as_bytes()).collect();
        let answer = self.send("GET", &format!("/authenticate/{user}"), Vec::new(), None).await?;
        let told: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let (Some(salt), Some(ts)) = (told["salt"].as_str(), told["ts"].as_str()) else {
            return Err(OpenHimError::Login);
        };
        let request_salt = self.journal().app().new_correlation().simple().to_string();
        let headers = token_login(&settings.user, &settings.password, (salt, ts), &request_salt);
        Ok(headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        mut headers: Vec<(String, String)>,
        body: Option<&Value>,
    ) -> Result<LineAnswer, OpenHimError> {
        let line = self.journal().line().ok_or_else(|| OpenHimError::Away("nothing can be called here".to_owned()))?;
        if body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let call = Sendable {
            method: method.to_owned(),
            url: format!("{}{path}", self.settings().url.trim_end_matches('/')),
            headers,
            body: body.map(ToString::to_string).unwrap_or_default(),
        };
        line.call(PEER, &call).await.map_err(|failure| match failure {
            LineFailure::NotSent(why) | LineFailure::Unknown(why) => OpenHimError::Away(why),
        })
    }
}
