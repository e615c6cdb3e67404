//! Actions that change the run: results and local variables.

use std::sync::Arc;

use uuid::Uuid;

use super::ActionContext;
use crate::{
    definition::{LocalOperation, Property, SetRunLocal, SetRunResult},
    events::Problem,
    session::{RawJson, RunResult},
};

/// A result to save.
#[derive(Default)]
pub(super) struct NewResult<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) category: &'a str,
    pub(super) category_localized: &'a str,
    pub(super) input: &'a str,
    pub(super) extra: Option<RawJson>,
}

impl dyn ActionContext + '_ {
    /// Saves a result, and writes the event if it is new or changed.
    pub(super) fn save_result(&mut self, new: NewResult<'_>) {
        let limits = *self.limits();
        let result = RunResult {
            name: new.name.into(),
            value: new.value.into(),
            category: new.category.into(),
            category_localized: new.category_localized.into(),
            node_uuid: self.node(),
            input: new.input.into(),
            extra: new.extra.filter(|extra| extra.text().chars().nth(limits.extra_chars).is_none()),
            created_on: self.world().now(),
        };
        let now = self.world().now();
        if let Some(changed) = self.run_mut().save(result, now, &limits) {
            self.log(changed);
        }
    }

    /// Sets a local variable.
    pub(super) fn set_local(&mut self, name: &str, value: &str) {
        self.run_mut().locals.insert(name.into(), value.into());
    }
}

/// `set_run_result`
pub(super) fn set_result(uuid: Uuid, action: &SetRunResult, context: &mut dyn ActionContext) {
    let value = context.given(&action.value);
    if !value.whole {
        return;
    }
    let localized = {
        let (flow, languages) = (context.flow(), context.languages());
        let found = flow.localization.find(&languages, flow.language, uuid, Property::Category);
        found.and_then(|(_, texts)| texts.first().cloned())
    };
    let category_localized: Arc<str> = localized.map_or_else(|| "".into(), |text| text.source().into());
    context.save_result(NewResult {
        name: &action.name,
        value: &value.text,
        category: &action.category,
        category_localized: &category_localized,
        ..NewResult::default()
    });
}

/// `set_run_local`
pub(super) fn set_local(action: &SetRunLocal, context: &mut dyn ActionContext) {
    if action.operation == LocalOperation::Clear {
        context.run_mut().locals.remove(&action.local);
        return;
    }
    let value = match &action.value {
        Some(template) => {
            let given = context.given(template);
            if !given.whole {
                return;
            }
            given.text
        }
        None => String::new(),
    };
    if action.operation == LocalOperation::Set {
        return context.set_local(&action.local, &value);
    }
    let Ok(step) = value.trim().parse::<i64>() else {
        return context.error(Problem::new("Increment value is not an integer"));
    };
    let before = context.run().locals.get(&action.local).and_then(|value| value.parse::<i64>().ok()).unwrap_or(0);
    context.set_local(&action.local, &before.saturating_add(step).to_string());
}
