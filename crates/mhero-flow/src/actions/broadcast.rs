//! `send_broadcast`

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{ActionContext, content, recipients};
use crate::{
    definition::SendBroadcast,
    events::{EventKind, Problem},
};

/// Makes a broadcast in every language of the flow. What is not translated stands in the flow's own language.
pub(super) fn send(uuid: Uuid, action: &SendBroadcast, context: &mut dyn ActionContext) {
    let to = recipients::resolve(&action.recipients, context);
    if context.session().trigger.batch && !to.groups.is_empty() {
        return context.error(Problem::new("Can't send broadcasts to groups during batch starts"));
    }
    if to.is_empty() {
        return;
    }
    let flow = context.flow().clone();
    let base_language = flow.language;
    let mut translations = BTreeMap::new();
    for language in std::iter::once(base_language).chain(flow.localization.languages()) {
        let (said, _) = content::rendered(context, uuid, &action.content, &[language]);
        translations.insert(language, said);
    }
    let template = action.content.template.as_ref().and_then(|template| context.assets().template(template.uuid));
    let template = template.map(|template| crate::refs::TemplateRef::new(template.uuid, template.name.clone()));
    let template_variables = match template {
        Some(_) => content::variables(context, uuid, &action.content, &[base_language]),
        None => Vec::new(),
    };
    context.log(EventKind::BroadcastCreated {
        translations,
        base_language,
        groups: to.groups,
        contacts: to.contacts,
        contact_query: to.contact_query,
        urns: to.urns,
        template,
        template_variables,
    });
}
