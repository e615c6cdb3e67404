//! Networks that an account may come from.

use std::net::{IpAddr, Ipv6Addr};

/// A network: `10.2.0.0/16`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    base: u128,
    bits: u32,
}

impl Network {
    /// Reads a network; `None` for what is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().ok()?;
        let bits = match (address, bits) {
            (IpAddr::V4(_), bits @ (None | Some(0..=32))) => 96 + bits.unwrap_or(32),
            (IpAddr::V6(_), bits @ (None | Some(0..=128))) => bits.unwrap_or(128),
            _ => return None,
        };
        Some(Self { base: number(address) & mask(bits), bits })
    }

    /// Whether an address is in it.
    pub(super) fn holds(&self, address: IpAddr) -> bool {
        number(address) & mask(self.bits) == self.base
    }
}

/// An address as a number; one of version 4 is the address of version 6 that stands for it.
fn number(address: IpAddr) -> u128 {
    let six: Ipv6Addr = match address {
        IpAddr::V4(four) => four.to_ipv6_mapped(),
        IpAddr::V6(six) => six,
    };
    u128::from(six)
}

const fn mask(bits: u32) -> u128 {
    if bits == 0 { 0 } else { u128::MAX << (128 - bits) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_in_their_networks_and_in_no_other() {
        for (network, inside, outside) in [
            ("10.2.0.0/16", "10.2.255.1", "10.3.0.1"),
            ("10.2.3.4", "10.2.3.4", "10.2.3.5"),
            ("10.2.3.4", "::ffff:10.2.3.4", "::10.2.3.4"),
            ("2001:db8::/32", "2001:db8:1::1", "2001:db9::1"),
        ] {
            let network = Network::read(network).expect("it is one");
            assert!(network.holds(inside.parse().unwrap()) && !network.holds(outside.parse().unwrap()), "{network:?}");
        }
        assert!(Network::read("0.0.0.0/0").is_some_and(|all| all.holds("8.8.8.8".parse().unwrap())));
        for wrong in ["", "10.2", "10.2.0.0/33", "::/129", "10.2.0.0/x", "host"] {
            assert!(Network::read(wrong).is_none(), "{wrong}");
        }
    }
}
