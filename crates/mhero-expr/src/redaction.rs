//! Addresses that expressions may not see.

/// What stands for the path of an address.
pub const MASK: &str = "********";

/// An address with its path masked and its display left out: `tel:********`. What is no address is masked as a whole.
pub fn redacted_urn(urn: &str) -> String {
    match urn.split_once(':') {
        Some((scheme, _)) => format!("{scheme}:{MASK}"),
        None => MASK.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scheme_is_left() {
        assert_eq!(redacted_urn("tel:+231770000001?channel=1#Ann"), "tel:********");
        assert_eq!(redacted_urn("+231770000001"), "********");
    }
}
