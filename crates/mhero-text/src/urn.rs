//! Addresses of contacts as flows keep and show them. Their parts are [`ContactUrn`]'s; what needs numbering plans is here.

use mhero_core::{ContactUrn, UrnProblem};

use crate::phone::{Allowed, NotDialled, dialled, tel_path, written_nationally};

/// The address as it is kept.
///
/// ```
/// use mhero_core::ContactUrn;
/// let normal = |text: &str| mhero_text::urn::normalized(ContactUrn::parse(text).expect(text)).to_string();
/// assert_eq!(normal("tel:1(800)CABBAGE"), "tel:+18002222243");
/// assert_eq!(normal("twitter: @jimmyJO"), "twitter:jimmyjo");
/// assert_eq!(normal("bsuid:br.ABC123#X"), "bsuid:BR.ABC123#X");
/// ```
#[must_use]
pub fn normalized(urn: ContactUrn) -> ContactUrn {
    urn.normalized(tel_path)
}

/// An address from its parts, as it is kept.
///
/// # Errors
/// When the scheme is not known or the path is none of it.
pub fn of_parts(scheme: &str, path: &str, query: &[(String, String)], display: &str) -> Result<ContactUrn, UrnProblem> {
    let urn = normalized(ContactUrn::from_parts(scheme, path, "", display).with_query(query));
    urn.validate().map(|()| urn)
}

/// The address of a phone number as somebody in a country writes it.
///
/// # Errors
/// When it is no number that the country knows and none of what else is allowed.
pub fn of_phone(raw: &str, country: Option<&str>, allowed: Allowed) -> Result<ContactUrn, NotDialled> {
    Ok(ContactUrn::from_parts("tel", dialled(raw, country, allowed)?, "", ""))
}

/// The address as people read it: its display, else a phone number as its country writes it, else its path.
///
/// ```
/// use mhero_core::ContactUrn;
/// let shown = |text: &str| mhero_text::urn::shown(&ContactUrn::parse(text).expect(text));
/// assert_eq!(shown("tel:+250788383383"), "0788 383 383");
/// assert_eq!(shown("tel:+250788383383#my-phone"), "my-phone");
/// assert_eq!(shown("telegram:1234"), "1234");
/// ```
pub fn shown(urn: &ContactUrn) -> String {
    if !urn.display().is_empty() {
        return urn.display().to_owned();
    }
    let national = (urn.scheme() == "tel").then(|| written_nationally(urn.path())).flatten();
    national.unwrap_or_else(|| urn.path().to_owned())
}
