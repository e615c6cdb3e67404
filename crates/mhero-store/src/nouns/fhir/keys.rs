//! How keys stand in their table: kind, parameter and sort of key are one number, since they stand in every row.

use mhero_fhir::search::{Key, KeyValue};

/// Which sort of key a parameter has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// What the parameter itself compares with.
    Main,
    /// The words beside a code.
    Words,
    /// The identifier of what is referred to.
    Identifier,
}

/// A row of `fhir_key`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KeyRow<'a> {
    pub(super) param: i64,
    pub(super) value: &'a str,
    pub(super) system: &'a str,
    pub(super) from_at: i64,
    pub(super) until_at: i64,
}

impl<'a> KeyRow<'a> {
    /// A text stands folded, with the exact one in the place of the system; a reference by id, with its kind there.
    pub(super) fn of(kind: &str, key: &'a Key) -> Self {
        let row =
            |sort, value, system| Self { param: param(kind, &key.code, sort), value, system, from_at: 0, until_at: 0 };
        match &key.value {
            KeyValue::Text { exact, folded } => row(Sort::Main, folded, exact),
            KeyValue::Token { system, code } => row(Sort::Main, code, system),
            KeyValue::TokenText { folded } => row(Sort::Words, folded, ""),
            KeyValue::Reference { kind: to, id } => row(Sort::Main, id, to),
            KeyValue::ReferenceIdentifier { system, value } => row(Sort::Identifier, value, system),
            KeyValue::Uri(uri) => row(Sort::Main, uri, ""),
            // As it is compared with numbers, it stands where spans of time do.
            KeyValue::Point { latitude, longitude } => {
                Self { from_at: *latitude, until_at: *longitude, ..row(Sort::Main, "", "") }
            }
            KeyValue::Date(span) => Self { from_at: span.from, until_at: span.until, ..row(Sort::Main, "", "") },
        }
    }
}

/// The number of a parameter: FNV-1a over its names, the same in every database, so that backups go from one engine to the other.
/// Two of the few hundred parameters that there are would have to meet in 64 bits.
pub(super) fn param(kind: &str, code: &str, sort: Sort) -> i64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let mark: u8 = match sort {
        Sort::Main => 0,
        Sort::Words => 1,
        Sort::Identifier => 2,
    };
    let bytes = kind.bytes().chain([0]).chain(code.bytes()).chain([0, mark]);
    let hash = bytes.fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    hash.cast_signed()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use mhero_fhir::search::Parameters;

    use super::*;

    #[test]
    fn no_two_parameters_share_a_number() {
        let mut seen: HashMap<i64, String> = HashMap::new();
        for kind in Parameters::r4().kinds() {
            for parameter in Parameters::r4().of(kind) {
                for sort in [Sort::Main, Sort::Words, Sort::Identifier] {
                    let name = format!("{kind} {} {sort:?}", parameter.code);
                    if let Some(other) = seen.insert(param(kind, &parameter.code, sort), name.clone()) {
                        panic!("{name} and {other}");
                    }
                }
            }
        }
        assert_eq!(param("Practitioner", "name", Sort::Main), param("Practitioner", "name", Sort::Main));
    }
}
