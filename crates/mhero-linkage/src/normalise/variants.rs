//! Forms of one name: nicknames, and spellings of the two languages, from our own small table.

use std::{collections::HashMap, sync::LazyLock};

/// Most groups that one form can belong to: Liz is in one, Al in several.
pub const VARIANT_GROUPS_MAX: usize = 3;

/// One group a line, forms parted by spaces, in small Latin letters; `#` begins a remark.
const TABLE: &str = include_str!("../../data/variants.txt");

static GROUPS: LazyLock<HashMap<&'static str, [u16; VARIANT_GROUPS_MAX]>> = LazyLock::new(|| {
    let mut groups: HashMap<&'static str, [u16; VARIANT_GROUPS_MAX]> = HashMap::new();
    let lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for (number, line) in (1_u16..).zip(lines) {
        for form in line.split_whitespace() {
            let of = groups.entry(form).or_default();
            if !of.contains(&number)
                && let Some(free) = of.iter_mut().find(|group| **group == 0)
            {
                *free = number;
            }
        }
    }
    groups
});

/// The groups of forms that a normalised name belongs to; 0 stands for none. Two names with a common group are forms of one.
///
/// ```
/// use mhero_linkage::normalise::variant_groups;
///
/// assert_eq!(variant_groups("jalloh"), variant_groups("diallo"));
/// assert_eq!(variant_groups("no-such-name"), [0, 0, 0]);
/// ```
pub fn variant_groups(name: &str) -> [u16; VARIANT_GROUPS_MAX] {
    GROUPS.get(name).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::latin;

    #[test]
    fn the_table_is_written_as_names_are_normalised() {
        for line in TABLE.lines().filter(|line| !line.trim_start().starts_with('#')) {
            for form in line.split_whitespace() {
                assert_eq!(latin(form), form, "in {line}");
            }
            assert_ne!(line.split_whitespace().count(), 1, "{line} is alone");
        }
    }

    #[test]
    fn no_form_is_in_more_groups_than_count() {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for line in TABLE.lines().filter(|line| !line.trim_start().starts_with('#')) {
            line.split_whitespace().for_each(|form| *seen.entry(form).or_default() += 1);
        }
        let many: Vec<_> = seen.iter().filter(|(_, count)| **count > VARIANT_GROUPS_MAX).collect();
        assert!(many.is_empty(), "{many:?}");
    }
}
