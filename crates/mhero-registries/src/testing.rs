//! What the tests of this crate share.

use mhero_app::ports::SourceSettings;
use mhero_core::SourceId;

/// A source at an address, with settings by key.
pub(crate) fn settings(url: &str, pairs: &[(&str, &str)]) -> SourceSettings {
    SourceSettings {
        id: SourceId::from_uuid(uuid::Uuid::nil()),
        name: "hr".to_owned(),
        url: Some(url.to_owned()),
        config: pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
    }
}
