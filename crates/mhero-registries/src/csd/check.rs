//! Whether a directory answers, and what it holds.

use jiff::Timestamp;
use mhero_core::record::Reason;
use mhero_wire::csd::{Find, Item, Kind};

use super::{
    Directory,
    api::Received,
    pull::{documents, named},
    settings::Mode,
};

pub(super) async fn check(directory: &Directory) -> Result<Vec<Reason>, Reason> {
    let api = &directory.api;
    let mut found = vec![Reason::new("csd-answers", [("host", api.host())])];
    for document in documents(api.settings()) {
        let mut counts = [0u64; 4];
        for received in read(directory, document).await? {
            count(&received, &mut counts)?;
        }
        let [organizations, services, facilities, providers] = counts.map(|count| count.to_string());
        let name = ("document", named(directory, document));
        if counts == [0; 4] {
            found.push(Reason::new("csd-empty", [name]));
        } else {
            let numbers = [
                ("providers", providers),
                ("facilities", facilities),
                ("organizations", organizations),
                ("services", services),
            ];
            found.push(Reason::new("csd-holds", std::iter::once(name).chain(numbers)));
        }
    }
    Ok(found)
}

/// All that a document holds, the way it will be read.
async fn read(directory: &Directory, document: &str) -> Result<Vec<Received>, Reason> {
    let api = &directory.api;
    match api.settings().mode {
        Mode::Updates => {
            let message = (directory.message)();
            let name = Some(document).filter(|document| !document.is_empty());
            let received = api.updates(name, &message, Timestamp::UNIX_EPOCH).await;
            received.map(|received| vec![received]).map_err(super::api::ApiError::reason)
        }
        Mode::Whole => api.whole(document).await.map(|received| vec![received]).map_err(super::api::ApiError::reason),
        Mode::Search => {
            let mut all = Vec::new();
            for kind in Kind::ALL {
                match api.find(document, &Find::all(kind)).await {
                    Ok(received) => all.push(received),
                    Err(error) if kind == Kind::Service && error.status() == Some(404) => {}
                    Err(error) => return Err(error.reason()),
                }
            }
            Ok(all)
        }
    }
}

fn count(received: &Received, counts: &mut [u64; 4]) -> Result<(), Reason> {
    for item in received.entities() {
        let kind = match item.map_err(|error| received.judge(&error).reason())? {
            Item::Entity(entity) => entity.kind,
            Item::Oversize { kind, .. } => kind,
        };
        if let Some(at) = Kind::ALL.iter().position(|own| *own == kind) {
            counts[at] += 1;
        }
    }
    Ok(())
}
