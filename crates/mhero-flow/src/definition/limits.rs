//! What a definition may hold at most.

/// Nodes of a flow.
pub const NODES_MAX: usize = 1000;
/// Actions of a node.
pub const ACTIONS_MAX: usize = 100;
/// Exits of a node.
pub const EXITS_MAX: usize = 100;
/// Categories of a router.
pub const CATEGORIES_MAX: usize = 100;
/// Cases of a router.
pub const CASES_MAX: usize = 100;
/// Arguments of a case.
pub const ARGUMENTS_MAX: usize = 10;
/// Characters of a name: of a flow, and of what a reference names.
pub const NAME_LENGTH_MAX: usize = 64;
/// Characters of the name of a result.
pub const RESULT_NAME_LENGTH_MAX: usize = 64;
/// Characters of the name of a category.
pub const CATEGORY_LENGTH_MAX: usize = 36;
/// Bytes of the part that an editor keeps for itself.
pub const UI_BYTES_MAX: usize = 256 * 1024;
/// Properties of one item that a translation may hold.
pub const LOCALIZED_PROPERTIES_MAX: usize = 10;
/// Texts of one translated property.
pub const LOCALIZED_VALUES_MAX: usize = 10;
/// Characters of one translated text.
pub const LOCALIZED_LENGTH_MAX: usize = 10_000;
/// Characters of a text that an action holds where nothing else is said.
pub const TEXT_LENGTH_MAX: usize = 10_000;
/// Items of a list that an action holds, such as groups, attachments or addresses.
pub const ITEMS_MAX: usize = 100;
/// Characters of a quick reply.
pub const QUICK_REPLY_LENGTH_MAX: usize = 1000;
/// Characters of the address of a webhook.
pub const URL_LENGTH_MAX: usize = 8192;
/// Characters of the body of a webhook.
pub const BODY_LENGTH_MAX: usize = 20_000;
/// Headers of a webhook.
pub const HEADERS_MAX: usize = 10;
/// Characters of the name of a header.
pub const HEADER_NAME_LENGTH_MAX: usize = 100;
/// Characters of the value of a header.
pub const HEADER_VALUE_LENGTH_MAX: usize = 5000;
/// The largest amount of airtime, in any currency: what a float holds exactly, less a digit.
pub const AMOUNT_MAX: i64 = 1_000_000_000_000_000;
