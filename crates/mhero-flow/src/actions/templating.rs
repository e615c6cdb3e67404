//! Templates that carriers approve, filled with values.

use std::sync::Arc;

use crate::{
    assets::{MsgTemplate, MsgTemplateComponent, MsgTemplateTranslation},
    definition::{QuickReply, QuickReplyKind},
    events::{MsgContent, Templating, TemplatingComponent, TemplatingVariable},
    refs::TemplateRef,
};

/// Between the parts of a template that become one text.
const PART_BREAK: &str = "\n\n";

/// What to send of a template: the parts with variables, and the values of all variables. Values that are missing are empty,
/// and there are no others.
pub fn templating(template: &MsgTemplate, translation: &MsgTemplateTranslation, values: &[Arc<str>]) -> Templating {
    let variables = translation.variables.iter().enumerate().map(|(at, variable)| TemplatingVariable {
        kind: variable.kind.clone(),
        value: values.get(at).cloned().unwrap_or_default(),
    });
    let with_variables = translation.components.iter().filter(|component| !component.variables.is_empty());
    let components = with_variables.map(|component| TemplatingComponent {
        kind: component.kind.clone(),
        name: component.name.clone(),
        variables: component.variables.clone(),
    });
    Templating {
        template: TemplateRef::new(template.uuid, template.name.clone()),
        components: components.collect(),
        variables: variables.collect(),
    }
}

/// What the person sees of a template: its texts one below the other, its media as attachments, its buttons as quick replies.
pub fn preview(translation: &MsgTemplateTranslation, filled: &Templating) -> MsgContent {
    let mut texts: Vec<String> = Vec::new();
    let mut content = MsgContent::default();
    for component in &translation.components {
        let text = substituted(component, &filled.variables);
        if component.kind.starts_with("button/") {
            let label = if component.display.is_empty() { text.as_str().into() } else { component.display.clone() };
            if !label.is_empty() {
                let kind = QuickReplyKind::Text;
                content.quick_replies.push(QuickReply { kind, text: label, extra: "".into() });
            }
            continue;
        }
        for at in component.variables.values() {
            let media = filled.variables.get(*at).filter(|variable| &*variable.kind != "text");
            content.attachments.extend(media.map(|media| &media.value).filter(|value| is_media(value)).cloned());
        }
        if &*component.kind != "header/media" && !text.is_empty() {
            texts.push(text);
        }
    }
    content.text = texts.join(PART_BREAK).into();
    content
}

fn is_media(value: &str) -> bool {
    super::content::is_attachment(value)
}

/// The text of a part with each `{{name}}` replaced by its value.
fn substituted(component: &MsgTemplateComponent, values: &[TemplatingVariable]) -> String {
    let mut text = String::with_capacity(component.content.len());
    let mut rest = &*component.content;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            text.push_str("{{");
            rest = after;
            break;
        };
        let value = component.variables.get(name.trim()).and_then(|at| values.get(*at));
        text.push_str(value.map_or("", |value| &value.value));
        rest = behind;
    }
    text.push_str(rest);
    text
}
