//! Addresses with a query.

/// A path with pairs; those whose value is empty are left out.
///
/// ```
/// use mhero_web::href;
/// assert_eq!(href::with("/people", &[("q", "cadre = midwife"), ("page", "")]), "/people?q=cadre+%3D+midwife");
/// ```
pub fn with(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut between = if path.contains('?') { '&' } else { '?' };
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(between);
        address.push_str(name);
        address.push('=');
        value.bytes().for_each(|byte| write(&mut address, byte));
        between = '&';
    }
    address
}

fn write(address: &mut String, byte: u8) {
    match byte {
        b' ' => address.push('+'),
        byte if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) => address.push(char::from(byte)),
        byte => address.push_str(&format!("%{byte:02X}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_in_an_address_is_escaped() {
        assert_eq!(with("/send", &[("q", "a&b=\"é\"#")]), "/send?q=a%26b%3D%22%C3%A9%22%23");
        assert_eq!(with("/people?q=x", &[("page", "2")]), "/people?q=x&page=2");
    }
}
