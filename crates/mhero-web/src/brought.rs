//! A form that brings a file.

use axum::extract::{FromRequest, Multipart, Request};

use crate::{
    errors::{Fault, Refusal},
    state::State,
};

/// Most fields of such a form.
const FIELDS_MAX: usize = 12;

/// What a form brought: a file, under the name `file`, and its other fields.
#[derive(Default)]
pub(crate) struct Brought {
    /// What the file was called; empty where there is none.
    pub(crate) name: String,
    /// Its octets.
    pub(crate) file: Vec<u8>,
    /// The other fields, name and value.
    pub(crate) fields: Vec<(String, String)>,
}

impl Brought {
    /// A field without the spaces around it; empty where there is none.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }
}

impl FromRequest<State> for Brought {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &State) -> Result<Self, Fault> {
        let unreadable = |_| Fault::Refused(Refusal::Unreadable);
        let mut form = Multipart::from_request(request, state).await.map_err(|_| Refusal::Unreadable)?;
        let mut brought = Self::default();
        for _ in 0..FIELDS_MAX {
            let Some(field) = form.next_field().await.map_err(unreadable)? else { break };
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(ToOwned::to_owned);
            let bytes = field.bytes().await.map_err(|_| Fault::Refused(Refusal::TooLarge))?;
            if name == "file" {
                brought.name = file.unwrap_or_default();
                brought.file = bytes.to_vec();
            } else {
                brought.fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        Ok(brought)
    }
}
