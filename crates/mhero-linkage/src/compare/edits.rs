//! One slip of the finger.

/// Whether one letter was changed, added or left out, or two neighbours swapped. The same texts are none.
pub fn one_edit(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > 1 || one == other {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short_rest, long_rest) = (&short[same..], &long[same..]);
    if short.len() < long.len() {
        return short_rest == &long_rest[1..];
    }
    short_rest[1..] == long_rest[1..]
        || (short_rest.len() > 1
            && short_rest[0] == long_rest[1]
            && short_rest[1] == long_rest[0]
            && short_rest[2..] == long_rest[2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_and_no_more() {
        for (one, other) in [("12345", "12845"), ("12345", "1235"), ("12345", "132 45"), ("", "1"), ("12345", "13245")]
        {
            assert_eq!(one_edit(one.as_bytes(), other.as_bytes()), !other.contains(' '), "{one} {other}");
            assert_eq!(one_edit(other.as_bytes(), one.as_bytes()), !other.contains(' '), "{other} {one}");
        }
        assert!(!one_edit(b"same", b"same"));
        assert!(!one_edit(b"abcd", b"badc"));
    }
}
