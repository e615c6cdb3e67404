//! Actions that change the contact.

use std::sync::Arc;

use mhero_core::Lang;
use mhero_text::phone::{Allowed, dialled};

use super::ActionContext;
use crate::{
    contact::Urn,
    definition::{
        AddContactUrn, SetContactChannel, SetContactField, SetContactLanguage, SetContactName, SetContactStatus,
        SetContactTimezone,
    },
    events::Problem,
    modifiers::{Modifier, UrnsModification},
};

/// The local variable that holds the address, empty when the contact did not get it.
const URN_LOCAL: &str = "_has_urn";
/// Letters of a language code.
const LANGUAGE_LETTERS: usize = 3;

/// `add_contact_urn`. A phone number may be written as people of the contact's country do.
pub(super) fn add_urn(action: &AddContactUrn, context: &mut dyn ActionContext) {
    let path = context.text_of(&action.path);
    let path = path.trim();
    if path.is_empty() {
        return context.error(Problem::new("Can't add URN with empty path"));
    }
    let national = (&*action.scheme == mhero_core::Urn::TEL)
        .then(|| dialled(path, context.environment().default_country.as_deref(), Allowed::NUMBERS).ok())
        .flatten();
    let urn = Urn::from_parts(&*action.scheme, national.as_deref().unwrap_or(path), "", "");
    let urn = mhero_text::urn::normalized(urn);
    let urns = vec![Arc::<str>::from(urn.to_string())];
    context.change(&Modifier::Urns { urns, modification: UrnsModification::Append });
    let identity = urn.identity();
    let has = context.contact().urns.iter().any(|own| own.identity() == identity);
    context.set_local(URN_LOCAL, if has { &identity } else { "" });
}

/// `set_contact_channel`
pub(super) fn set_channel(action: &SetContactChannel, context: &mut dyn ActionContext) {
    if let Some(channel) = &action.channel
        && context.assets().channel(channel.uuid).is_none()
    {
        return context.missing("channel", "uuid", &channel.uuid.to_string(), &channel.name);
    }
    context.change(&Modifier::Channel { channel: action.channel.clone() });
}

/// `set_contact_field`
pub(super) fn set_field(action: &SetContactField, context: &mut dyn ActionContext) {
    let value = context.given(&action.value);
    if !value.whole {
        return;
    }
    if context.assets().field(&action.field.key).is_none() {
        return context.missing("field", "key", &action.field.key, &action.field.name);
    }
    let value = value.text.trim().into();
    context.change(&Modifier::Field { field: action.field.clone(), value });
}

/// `set_contact_language`
pub(super) fn set_language(action: &SetContactLanguage, context: &mut dyn ActionContext) {
    let code = context.given(&action.language);
    if !code.whole {
        return;
    }
    let code = code.text.trim();
    let language = match code {
        "" => None,
        code if code.chars().count() != LANGUAGE_LETTERS => {
            let text = format!("iso-639-3 codes must be {LANGUAGE_LETTERS} characters, got: {code}");
            return context.error(Problem::new(text));
        }
        code => match code.parse::<Lang>().ok().filter(Lang::is_registered) {
            Some(language) => Some(language),
            None => return context.error(Problem::new(format!("unrecognized language code: {code}"))),
        },
    };
    context.change(&Modifier::Language { language });
}

/// `set_contact_name`
pub(super) fn set_name(action: &SetContactName, context: &mut dyn ActionContext) {
    let name = context.given(&action.name);
    if name.whole {
        context.change(&Modifier::Name { name: name.text.trim().into() });
    }
}

/// `set_contact_status`
pub(super) fn set_status(action: &SetContactStatus, context: &mut dyn ActionContext) {
    context.change(&Modifier::Status { status: action.status });
}

/// `set_contact_timezone`
pub(super) fn set_timezone(action: &SetContactTimezone, context: &mut dyn ActionContext) {
    let timezone = context.given(&action.timezone);
    if timezone.whole {
        context.change(&Modifier::Timezone { timezone: timezone.text.trim().into() });
    }
}
