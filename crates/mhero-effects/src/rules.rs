//! Which hosts calls may reach.
//!
//! A name is judged twice: by the lists before anything is asked, and by each address that it resolves to. An address that stands for
//! another, as IPv4 inside IPv6 does, is judged by both. Special networks are those of the IANA registries of special-purpose addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use crate::settings::EffectsError;

/// IPv4 networks that are not the public internet.
const SPECIAL_V4: [(Ipv4Addr, u8); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // Shared by the customers of an operator.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // A service of one cloud for its machines, at a public address.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    // Link-local: among them the metadata of most clouds.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];
/// IPv6 networks that are not the public internet. Everything outside `2000::/3` is not either.
const SPECIAL_V6: [(Ipv6Addr, u8); 3] = [
    // Tunnels, benchmarks and other uses of protocols; Teredo hides an IPv4 address in it.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];
/// The public unicast addresses of IPv6.
const PUBLIC_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// Networks of IPv6 that hold an IPv4 address, with the bits before it: translation, and 6to4.
const HOLDING_V4: [(Ipv6Addr, u8, u8); 4] = [
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, 96),
    (Ipv6Addr::UNSPECIFIED, 96, 96),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, 96),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 16),
];
/// Of those, the ones through which the public internet is reached.
const WAYS_TO_V4: [(Ipv6Addr, u8); 3] = [
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
];

/// A call that the rules do not let out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// Not to this host at all.
    #[error("the rules of this installation do not let calls out to {host}")]
    Host {
        /// The host.
        host: String,
    },
    /// To this host, but what is told would be read on the way.
    #[error(
        "{host} leads to the public internet, where nothing is told in clear: its address must begin with https://"
    )]
    InClear {
        /// The host.
        host: String,
    },
}

impl Forbidden {
    /// The host.
    pub fn host(&self) -> &str {
        match self {
            Self::Host { host } | Self::InClear { host } => host,
        }
    }
}

/// Which hosts calls may reach.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    allow: Vec<Entry>,
    deny: Vec<Entry>,
}

/// An entry of a list.
#[derive(Clone, Debug)]
enum Entry {
    /// A host, in small letters.
    Name(String),
    /// A network and how many of its bits count.
    Network(IpAddr, u8),
}

impl Rules {
    /// Reads the lists: what is allowed although it is not public, and what is denied although it is.
    ///
    /// # Errors
    /// [`EffectsError::Entry`] for the first entry that is neither a name nor a network.
    pub fn read(allow_private: &[String], deny: &[String]) -> Result<Self, EffectsError> {
        let all = |entries: &[String]| entries.iter().map(|text| Entry::read(text)).collect::<Result<_, _>>();
        Ok(Self { allow: all(allow_private)?, deny: all(deny)? })
    }

    /// Judges an address of the web by what stands in it. A name is judged again by what it resolves to, see
    /// [`Rules::allows_address`].
    ///
    /// # Errors
    /// [`Forbidden`], naming the host.
    pub fn judge(&self, url: &Url) -> Result<(), Forbidden> {
        let host = url.host_str().unwrap_or_default();
        let forbidden = || Forbidden::Host { host: host.to_owned() };
        if !matches!(url.scheme(), "http" | "https") || host.is_empty() {
            return Err(forbidden());
        }
        // The parser has read every spelling of an address: hexadecimal, octal, one number, letters of other scripts.
        let is_allowed = match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            Ok(address) => self.allows_address("", address),
            Err(_) => !self.denies_name(host),
        };
        if is_allowed { Ok(()) } else { Err(forbidden()) }
    }

    /// Whether the list of denied hosts names this one, or one above it.
    pub fn denies_name(&self, name: &str) -> bool {
        let name = plain(name);
        self.deny.iter().any(|entry| match entry {
            Entry::Name(denied) => {
                name.strip_suffix(denied.as_str()).is_some_and(|before| before.is_empty() || before.ends_with('.'))
            }
            Entry::Network(..) => false,
        })
    }

    /// Whether a connection to an address may be made for a host, which is empty when the address itself was asked for.
    pub fn allows_address(&self, name: &str, address: IpAddr) -> bool {
        let inner = held(address);
        let has =
            |list: &[Entry]| list.iter().any(|entry| entry.holds(address) || inner.is_some_and(|ip| entry.holds(ip)));
        if has(&self.deny) || self.denies_name(name) {
            return false;
        }
        let name = plain(name);
        let is_named = self.allow.iter().any(|entry| matches!(entry, Entry::Name(allowed) if *allowed == name));
        is_named || has(&self.allow) || is_public(address)
    }
}

impl Entry {
    fn read(text: &str) -> Result<Self, EffectsError> {
        let text = text.trim();
        let wrong = || EffectsError::Entry { text: text.to_owned() };
        if let Some((address, bits)) = text.split_once('/') {
            let address: IpAddr = address.parse().map_err(|_| wrong())?;
            let bits: u8 = bits.parse().map_err(|_| wrong())?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            return if bits <= most { Ok(Self::Network(address, bits)) } else { Err(wrong()) };
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Network(address, if address.is_ipv4() { 32 } else { 128 }));
        }
        let name = plain(text.trim_start_matches("*."));
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
        if is_name { Ok(Self::Name(name)) } else { Err(wrong()) }
    }

    fn holds(&self, address: IpAddr) -> bool {
        match (self, address) {
            (Self::Network(IpAddr::V4(network), bits), IpAddr::V4(address)) => in_v4(address, (*network, *bits)),
            (Self::Network(IpAddr::V6(network), bits), IpAddr::V6(address)) => in_v6(address, (*network, *bits)),
            _ => false,
        }
    }
}

/// A name in small letters, without the dot that may end it.
fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_lowercase()
}

/// Whether an address belongs to the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    let v4 = |address: Ipv4Addr| SPECIAL_V4.iter().all(|network| !in_v4(address, *network));
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => match held(IpAddr::V6(address)) {
            Some(IpAddr::V4(inner)) => WAYS_TO_V4.iter().any(|way| in_v6(address, *way)) && v4(inner),
            _ => in_v6(address, PUBLIC_V6) && SPECIAL_V6.iter().all(|network| !in_v6(address, *network)),
        },
    }
}

/// The IPv4 address that an IPv6 one stands for.
fn held(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(address) = address else { return None };
    let (.., before) = HOLDING_V4.iter().find(|(network, bits, _)| in_v6(address, (*network, *bits)))?;
    let inner = u32::try_from((address.to_bits() >> (96 - before)) & u128::from(u32::MAX)).unwrap_or(0);
    Some(IpAddr::V4(Ipv4Addr::from_bits(inner)))
}

fn in_v4(address: Ipv4Addr, (network, bits): (Ipv4Addr, u8)) -> bool {
    let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
    (address.to_bits() ^ network.to_bits()) & mask == 0
}

fn in_v6(address: Ipv6Addr, (network, bits): (Ipv6Addr, u8)) -> bool {
    let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
    (address.to_bits() ^ network.to_bits()) & mask == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(allow: &[&str], deny: &[&str]) -> Rules {
        let own = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Rules::read(&own(allow), &own(deny)).unwrap()
    }

    fn lets_out(rules: &Rules, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| rules.judge(&url).is_ok())
    }

    /// Addresses that only this machine or its network can reach, in every spelling that a parser may take.
    const INNER: &[&str] = &[
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "①②⑦.0.0.1",
        "127.255.255.254",
        "0",
        "0.0.0.0",
        "10.0.0.1",
        "10.1",
        "0xa.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "0xc0.0xa8.1.1",
        "100.64.0.1",
        "100.127.255.255",
        "100.100.100.200",
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "0251.0376.0251.0376",
        "169.254.43518",
        "169.16689662",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:a00:1]",
        "[::ffff:127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[::ffff:169.254.169.254]",
        "[fe80::1]",
        "[fec0::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2002:a00:1::1]",
        "[2001:0:4136:e378::1]",
        "[2001:db8::1]",
        "[100::1]",
        "[::808:808]",
        "[4000::1]",
    ];

    #[test]
    fn no_spelling_of_an_inner_address_is_let_out() {
        let rules = Rules::default();
        for host in INNER {
            for url in [format!("http://{host}/"), format!("https://user@{host}:8443/x?y=8.8.8.8#@8.8.8.8")] {
                assert!(!lets_out(&rules, &url), "{url}");
            }
        }
        for url in ["ftp://example.org/", "file:///etc/passwd", "gopher://8.8.8.8/", "data:text/plain,x", "unix:/run/x"]
        {
            assert!(!lets_out(&rules, url), "{url}");
        }
    }

    #[test]
    fn public_hosts_are_let_out() {
        for host in [
            "example.org",
            "EXAMPLE.org.",
            "8.8.8.8",
            "134744072",
            "172.15.0.1",
            "172.32.0.1",
            "100.128.0.1",
            "192.169.0.1",
            "[2600:1f18::1]",
            "[2a00:1450:4001::1]",
            "[::ffff:8.8.8.8]",
            "[64:ff9b::808:808]",
            "[2002:808:808::1]",
        ] {
            assert!(lets_out(&Rules::default(), &format!("https://{host}/")), "{host}");
        }
    }

    #[test]
    fn lists_open_and_close() {
        let rules = rules(
            &["ihris.health.internal", "10.1.0.0/16", "192.168.7.9", "fd12::/16"],
            &["evil.example", "*.bad.example", "10.1.2.0/24", "93.184.216.34"],
        );
        for (url, expected) in [
            ("http://10.1.9.9/", true),
            ("http://[::ffff:10.1.9.9]/", true),
            ("http://10.2.0.1/", false),
            ("http://10.1.2.3/", false),
            ("http://192.168.7.9:8080/", true),
            ("http://192.168.7.8/", false),
            ("http://[fd12::1]/", true),
            ("http://[fd13::1]/", false),
            ("http://evil.example/", false),
            ("http://EVIL.example./", false),
            ("http://deep.evil.example/", false),
            ("http://notevil.example/", true),
            ("http://bad.example/", false),
            ("http://93.184.216.34/", false),
            ("http://[::ffff:93.184.216.34]/", false),
        ] {
            assert_eq!(lets_out(&rules, url), expected, "{url}");
        }
        let (private, public): (IpAddr, IpAddr) = ([10, 9, 9, 9].into(), [8, 8, 8, 8].into());
        assert!(
            rules.allows_address("ihris.health.internal", private)
                && rules.allows_address("IHRIS.health.internal.", private)
        );
        assert!(
            !rules.allows_address("other.health.internal", private)
                && !rules.allows_address("x.ihris.health.internal", private)
        );
        assert!(rules.allows_address("other.example", public) && !rules.allows_address("x.evil.example", public));
        assert!(!rules.allows_address("other.example", [93, 184, 216, 34].into()));
    }

    #[test]
    fn what_is_neither_name_nor_network_is_said() {
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "a b", "http://x/", "x/8", "10.0.0.0/-1"] {
            let error = Rules::read(&[text.to_owned()], &[]).unwrap_err();
            assert!(matches!(error, EffectsError::Entry { .. }), "{text}: {error}");
        }
        assert!(rules(&["0.0.0.0/0"], &[]).allows_address("", [10, 0, 0, 1].into()));
    }
}
