//! What a page asks for an SMPP channel.

use mhero_app::ports::{Field, Shape};

/// Its settings, the needed ones first.
pub(super) const FIELDS: &[Field] = &[
    Field::must("host"),
    Field::may("port").number(1, 65_535, "2775").first(),
    Field::must("system_id"),
    Field::must("password").secret(),
    Field::may("window").number(1, 1_000, "10").first(),
    Field::may("bind").choice(&["transceiver", "separate"]).first(),
    Field::may("tls").choice(&["no", "yes"]).first(),
    Field::may("ca").shaped(Shape::Lines),
    Field::may("system_type"),
    Field::may("address_range"),
    Field::may("binds").number(1, 16, "1"),
    Field::may("timeout").number(1, 300, "30"),
    Field::may("enquire").number(1, 3_600, "30"),
    Field::may("alphabet").choice(&["gsm7", "latin1", "latin1-default"]),
    Field::may("long").choice(&["udh", "sar", "payload"]),
    Field::may("receipts").choice(&["yes", "no", "unmarked"]),
    Field::may("id_form").choice(&["auto", "same"]),
    Field::may("validity").number(1, 168, ""),
    Field::may("numbers").choice(&["plain", "plus"]),
    Field::may("service_type"),
    Field::may("source_ton").number(0, 7, ""),
    Field::may("source_npi").number(0, 18, ""),
    Field::may("dest_ton").number(0, 7, "1"),
    Field::may("dest_npi").number(0, 18, "1"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_asked_for_once() {
        let mut asked: Vec<_> = FIELDS.iter().map(|field| (field.key, field.is_secret)).collect();
        let mut known = super::super::settings::KEYS.to_vec();
        asked.sort_unstable();
        known.sort_unstable();
        assert_eq!(asked, known);
    }
}
