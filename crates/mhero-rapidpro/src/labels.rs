//! Labels of messages.

use mhero_core::Right;
use mhero_query::fold;
use mhero_store::{FlowAsset, Queue, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    page::{Item, items_page, nothing},
};

/// The kind of these assets.
pub(crate) const LABEL: &str = "label";
/// Most labels that there may be.
const LABELS_MAX: usize = 250;
/// Longest name of a label, in characters.
const NAME_MAX: usize = 64;

/// A label.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) id: Uuid,
    pub(crate) name: String,
}

impl ApiServer {
    /// Every label.
    pub(crate) async fn all_labels(&self) -> Result<Vec<Label>, ApiError> {
        let assets = self.app.store().flow_assets().await?;
        let labels = assets.into_iter().filter(|asset| asset.kind == LABEL);
        Ok(labels.filter_map(|asset| Some(Label { id: asset.id.parse().ok()?, name: asset.name })).collect())
    }

    /// A label by UUID or name.
    pub(crate) async fn label_called(&self, text: &str) -> Result<Option<Label>, ApiError> {
        let (id, folded) = (text.parse::<Uuid>().ok(), fold(text));
        let is = |label: &Label| Some(label.id) == id || (id.is_none() && fold(&label.name) == folded);
        Ok(self.all_labels().await?.into_iter().find(is))
    }

    /// `GET labels`.
    pub(crate) async fn labels(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        ask.at_most_one(&["uuid", "name"])?;
        let Some(mut wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        (wanted.part.from, wanted.part.until) = (None, None);
        let (uuid, name) = (ask.uuid("uuid")?, ask.param("name").map(fold));
        let counts = self.app.store().label_counts().await?;
        let labels = self.all_labels().await?.into_iter();
        let labels = labels.filter(|label| uuid.is_none_or(|uuid| label.id == uuid));
        let labels = labels.filter(|label| name.as_ref().is_none_or(|name| fold(&label.name) == *name));
        let items = labels.map(|label| {
            let count = counts.get(&label.id).copied().unwrap_or(0);
            Item::new(0, label.id, json_of(&label, count))
        });
        Ok(items_page(ask, &self.base, wanted.of_all(items.collect())))
    }

    /// `POST labels`: makes one, or renames one by `?uuid=`.
    pub(crate) async fn write_label(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        ask.caller.must(Right::EditAudiences)?;
        let name = ask.needed("name", NAME_MAX)?;
        let taken = self.label_called(&name).await?.filter(|label| fold(&label.name) == fold(&name));
        let known = match ask.uuid("uuid")? {
            Some(uuid) => Some(self.label_called(&uuid.to_string()).await?.ok_or(ApiError::NotFound)?),
            None => None,
        };
        if taken.is_some_and(|taken| known.as_ref().is_none_or(|known| known.id != taken.id)) {
            return Err(ApiError::field("name", "This field must be unique."));
        }
        let is_new = known.is_none();
        let label = self.put_label(ask, known.map(|known| known.id), &name).await?;
        let count = self.app.store().label_counts().await?.get(&label.id).copied().unwrap_or(0);
        let json = json_of(&label, count);
        Ok(if is_new { Answer::made(json) } else { Answer::ok(json) })
    }

    /// Makes a label, or renames one.
    pub(crate) async fn put_label(&self, ask: &Ask, known: Option<Uuid>, name: &str) -> Result<Label, ApiError> {
        let store = self.app.store();
        if known.is_none() && self.all_labels().await?.len() >= LABELS_MAX {
            let said = format!("Cannot create object because workspace has reached limit of {LABELS_MAX}.");
            return Err(ApiError::Full(said));
        }
        let id = known.unwrap_or_else(|| store.mint().uuid());
        let asset = FlowAsset {
            kind: LABEL.to_owned(),
            id: id.to_string(),
            name: name.to_owned(),
            content: json!({ "uuid": id, "name": name }).to_string(),
        };
        let mut unit = Unit::new();
        unit.put_flow_asset(&asset, self.app.clock().now_micros());
        let action = if known.is_some() { "label-renamed" } else { "label-created" };
        unit.audit(store, &ask.caller.entry(action, "label", Some(id), json!({})));
        store.write(unit, Queue::Interactive).await?;
        Ok(Label { id, name: name.to_owned() })
    }

    /// `DELETE labels`: it comes off every message.
    pub(crate) async fn delete_label(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::EditAudiences)?;
        let needed = || ApiError::Detail("URL must contain one of the following parameters: uuid".to_owned());
        let uuid = ask.uuid("uuid")?.ok_or_else(needed)?;
        let label = self.label_called(&uuid.to_string()).await?.ok_or(ApiError::NotFound)?;
        let mut unit = Unit::new();
        unit.drop_flow_asset(LABEL, &label.id.to_string()).forget_label(label.id);
        unit.audit(self.app.store(), &ask.caller.entry("label-deleted", "label", Some(label.id), json!({})));
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(Answer::done())
    }
}

fn json_of(label: &Label, count: i64) -> Value {
    json!({ "uuid": label.id.to_string(), "name": label.name, "count": count })
}
