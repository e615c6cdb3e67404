//! Certificates that accounts are known by. Whether a certificate is good is judged where the connection is opened; here is only whose
//! it is.

/// Characters of a SHA-256 in hexadecimal digits.
const DIGEST_CHARS: usize = 64;
/// What stands before each of the two descriptions.
const DIGEST: &str = "sha256:";
/// The same for a subject.
const SUBJECT: &str = "subject:";

/// The certificate that a client has shown on its connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// `sha256:` and the digest of the whole certificate.
    pub(super) digest: String,
    /// `subject:` and whose it is.
    pub(super) subject: String,
}

impl Certificate {
    /// One with this SHA-256, in hexadecimal digits, and these attributes of its subject.
    pub fn new(sha256: &str, subject: &[(String, String)]) -> Self {
        Self { digest: format!("{DIGEST}{}", sha256.to_ascii_lowercase()), subject: described(subject) }
    }

    /// Whether a rule means this one.
    pub(super) fn is(&self, described: &str) -> bool {
        described == self.digest || described == self.subject
    }
}

/// What an administrator writes, as it is kept: a SHA-256, with or without colons, or the subject of a certificate in any order of its
/// attributes. `None` for what is neither.
pub(super) fn read(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix(SUBJECT).or_else(|| text.strip_prefix("subject=")).unwrap_or(text).trim();
    // As openssl prints it: `sha256 Fingerprint=AA:BB…`.
    let digest = text.rsplit_once("ingerprint=").map_or(text, |(_, digest)| digest);
    let digest = digest.strip_prefix(DIGEST).or_else(|| digest.strip_prefix("SHA256:")).unwrap_or(digest);
    let digits: String = digest.chars().filter(|c| *c != ':').collect();
    if digits.len() == DIGEST_CHARS && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Some(format!("{DIGEST}{}", digits.to_ascii_lowercase()));
    }
    let mut attributes = Vec::new();
    for part in split(text) {
        let (name, value) = part.split_once('=')?;
        let (name, value) = (name.trim(), value.trim().replace("\\,", ","));
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        if !is_name || value.is_empty() {
            return None;
        }
        attributes.push((name.to_owned(), value));
    }
    (!attributes.is_empty()).then(|| described(&attributes))
}

/// As an administrator reads it.
pub(super) fn shown(described: &str) -> String {
    described.strip_prefix(SUBJECT).unwrap_or(described).to_owned()
}

/// Programs print the attributes in both orders: they are sorted.
fn described(subject: &[(String, String)]) -> String {
    let mut attributes: Vec<String> = subject
        .iter()
        .map(|(name, value)| format!("{}={}", name.to_ascii_uppercase(), value.trim().replace(',', "\\,")))
        .collect();
    attributes.sort();
    format!("{SUBJECT}{}", attributes.join(", "))
}

/// Splits at commas that no backslash stands before.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut is_escaped) = (vec![String::new()], false);
    for c in text.chars() {
        match (c, is_escaped) {
            (',', false) => parts.push(String::new()),
            (c, _) => {
                if let Some(last) = parts.last_mut() {
                    last.push(c);
                }
            }
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_certificate_is_known_however_it_was_written() {
        let digest = "0a".repeat(32);
        let shown = Certificate::new(&digest, &subject(&[("C", "LR"), ("O", "Health, Ministry of"), ("CN", "iHRIS")]));
        let colons = digest.as_bytes().chunks(2).map(String::from_utf8_lossy).collect::<Vec<_>>().join(":");
        for written in [
            digest.to_uppercase(),
            colons.clone(),
            format!("sha256 Fingerprint={}", colons.to_uppercase()),
            format!("sha256:{digest}"),
            "CN=iHRIS, O=Health\\, Ministry of, C=LR".to_owned(),
            "subject=C = LR, O = Health\\, Ministry of, CN = iHRIS".to_owned(),
        ] {
            let kept = read(&written).expect("it is one");
            assert!(shown.is(&kept), "{written}: {kept}");
            assert_eq!(read(&super::shown(&kept)), Some(kept), "what is shown can be saved again");
        }
        for other in ["CN=iHRIS", "CN=ihris, O=Health\\, Ministry of, C=LR", &"0b".repeat(32)] {
            assert!(!shown.is(&read(other).expect("it is one")), "{other}");
        }
        for wrong in ["", "iHRIS", "CN=", "=x", "CN=a,,O=b", &"0a".repeat(31)] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let posing = Certificate::new(&digest, &subject(&[("CN", "iHRIS, O=Health\\, Ministry of, C=LR")]));
        assert!(!posing.is(&read("CN=iHRIS, O=Health\\, Ministry of, C=LR").expect("it is one")));
    }
}
