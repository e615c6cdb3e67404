//! Subscribers of resthooks: what flows read of them, and those who say that they want no more.

use mhero_flow::effects::{EffectAnswer, Request};
use mhero_store::{FlowAsset, Queue, Unit};
use serde_json::json;

use crate::{App, AppError, Caller};

/// The kind of the assets that flows read.
pub const RESTHOOK_ASSET: &str = "resthook";
/// The status by which a subscriber says that it wants no more.
const GONE: u16 = 410;

/// A resthook as flows read it.
pub fn resthook_asset<'a>(slug: &str, subscribers: impl Iterator<Item = &'a str>) -> FlowAsset {
    FlowAsset {
        kind: RESTHOOK_ASSET.to_owned(),
        id: slug.to_owned(),
        name: slug.to_owned(),
        content: json!({ "slug": slug, "subscribers": subscribers.collect::<Vec<_>>() }).to_string(),
    }
}

impl App {
    /// Takes away those subscribers of a resthook who answered that they are gone.
    pub(super) async fn unsubscribe_gone(&self, request: &Request, answer: &EffectAnswer) -> Result<(), AppError> {
        let (Request::Http { calls, resthook: Some(slug) }, EffectAnswer::Http(answers)) = (request, answer) else {
            return Ok(());
        };
        let told = calls.iter().zip(answers).filter(|(_, answer)| answer.status == Some(GONE));
        let gone: Vec<&str> = told.map(|(call, _)| &*call.url).collect();
        if gone.is_empty() {
            return Ok(());
        }
        let once = || async {
            let (store, now) = (self.store(), self.clock().now_micros());
            let known = store.subscribers().await?;
            let own = known.iter().filter(|one| one.resthook.eq_ignore_ascii_case(slug));
            let (leave, stay): (Vec<_>, Vec<_>) = own.partition(|one| gone.contains(&one.target_url.as_str()));
            let Some(first) = leave.first() else { return Ok(()) };
            let mut unit = Unit::new();
            for one in &leave {
                unit.drop_subscriber(one.number);
                let facts = json!({ "resthook": one.resthook, "number": one.number, "status": GONE });
                unit.audit(store, &Caller::system().entry("resthook-unsubscribed", "resthook", None, facts));
            }
            let left = resthook_asset(&first.resthook, stay.iter().map(|one| one.target_url.as_str()));
            unit.put_flow_asset(&left, now);
            store.write(unit, Queue::Interactive).await?;
            Ok::<(), AppError>(())
        };
        self.store().decide(once).await
    }
}
