//! Addresses: of gateways on the web, and of those who may call us.

use std::net::IpAddr;

use reqwest::Url;

/// An address of the web without user, password, query or fragment.
pub(crate) fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    is_plain.then_some(url)
}

/// A wrong address as it may be shown: without what could be a password in it.
pub(crate) fn shown(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let text = &text[..end];
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &text[..scheme], &text[at..]),
        _ => text.to_owned(),
    }
}

/// A path below an address, which may have one of its own.
pub(crate) fn under(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

/// Host and port of an address.
pub(crate) fn host(url: &Url) -> String {
    let port = url.port_or_known_default().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}{port}", url.host_str().unwrap_or_default())
}

/// Addresses that may call without the secret: one, or a network as in `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    base: u128,
    prefix: u32,
    is_v4: bool,
}

impl Network {
    /// Reads one address or network.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let (base, is_v4) = bits(address.parse().ok()?);
        let whole = if is_v4 { 32 } else { 128 };
        let prefix = prefix.unwrap_or(whole);
        (prefix <= whole).then_some(Self { base, prefix, is_v4 })
    }

    /// Whether an address lies within.
    pub(crate) fn holds(&self, address: IpAddr) -> bool {
        let (bits, is_v4) = bits(address);
        let width = if is_v4 { 32 } else { 128 };
        let cut = |value: u128| value.checked_shr(width - self.prefix).unwrap_or(0);
        is_v4 == self.is_v4 && cut(bits) == cut(self.base)
    }
}

/// The bits of an address; one of the old kind written in the new one counts as the old.
fn bits(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (u32::from(v4).into(), true),
        IpAddr::V6(v6) => (v6.into(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_what_lies_in_them() {
        let holds = |network: &str, address: &str| Network::read(network).unwrap().holds(address.parse().unwrap());
        assert!(holds("10.1.2.3", "10.1.2.3") && !holds("10.1.2.3", "10.1.2.4"));
        assert!(holds("10.0.0.0/8", "10.9.9.9") && !holds("10.0.0.0/8", "11.0.0.0"));
        assert!(holds("10.0.0.1", "::ffff:10.0.0.1"));
        assert!(holds("0.0.0.0/0", "1.2.3.4") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("::/0", "1.2.3.4"));
    }

    #[test]
    fn a_wrong_address_is_shown_without_its_password() {
        assert_eq!(shown("http://u:p@host/x?key=1"), "http://…@host/x");
        assert_eq!(shown("host"), "host");
    }
}
