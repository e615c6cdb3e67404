//! Reports on their way to a DHIS2: handed over once, with whatever comes back. What that means is judged elsewhere.

use async_trait::async_trait;
use mhero_app::ports::{Delivered, Delivery, ReportTaker};

use super::Server;
use crate::http::{Answer, HttpError};

#[async_trait]
impl ReportTaker for Server {
    async fn take(&self, delivery: &Delivery) -> Delivered {
        match self.api.post(delivery).await {
            Ok(answer) => judged(self, answer),
            Err(HttpError::Refused { reason, .. }) => Delivered::Refused { reason },
            Err(error) => Delivered::Again { reason: error.into() },
        }
    }
}

/// A status of refusal may stand over values that were stored: only those that speak of the way there are judged here.
fn judged(server: &Server, answer: Answer) -> Delivered {
    let status = answer.status;
    let has_body = answer.text().trim_start().starts_with('{');
    match status {
        _ if answer.is_page() => Delivered::Refused { reason: server.api.login_page() },
        401 | 403 | 404 => match server.api.judge(answer) {
            Err(error) => Delivered::Refused { reason: error.into() },
            Ok(body) => Delivered::Answered { status, body },
        },
        429 | 502..=504 => match answer.success() {
            Err(error) => Delivered::Again { reason: error.into() },
            Ok(answer) => Delivered::Answered { status, body: answer.text() },
        },
        500.. if !has_body => match answer.success() {
            Err(error) => Delivered::Again { reason: error.into() },
            Ok(answer) => Delivered::Answered { status, body: answer.text() },
        },
        _ => Delivered::Answered { status, body: answer.text() },
    }
}
