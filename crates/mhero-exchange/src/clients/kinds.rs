//! Kinds of resources that an account may use.

/// Parameters by which a search reaches into other kinds.
const REACHING: [&str; 3] = ["_include", "_revinclude", "_has"];

/// One kind, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    name: String,
    /// Reading alone, or everything.
    only_reading: bool,
}

impl Kind {
    /// Reads `Practitioner` or `Practitioner:read`; `None` for what is neither.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (name, how) = text.trim().split_once(':').unwrap_or((text.trim(), ""));
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
        match how {
            "" | "write" if is_name => Some(Self { name: name.to_lowercase(), only_reading: false }),
            "read" if is_name => Some(Self { name: name.to_lowercase(), only_reading: true }),
            _ => None,
        }
    }
}

/// Whether an account with these kinds may ask this. Without any it may ask everything that its role lets it.
pub(super) fn may(kinds: &[Kind], method: &str, path: &str, query: &str) -> bool {
    if kinds.is_empty() {
        return true;
    }
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let asked = match steps.as_slice() {
        ["fhir", "metadata"] => return true,
        // A bundle may hold anything: who is narrowed posts none, unless they are said to.
        ["fhir"] => "bundle",
        ["fhir", kind, ..] => kind,
        ["api", version, kind, ..] if version.starts_with('v') => kind,
        [first, ..] => first,
        [] => return false,
    };
    let asked = asked.trim_end_matches(".json").to_lowercase();
    // `POST Kind/_search` only reads.
    let reads = matches!(method, "GET" | "HEAD") || steps.last() == Some(&"_search");
    let reaches = form_urlencoded::parse(query.as_bytes()).any(|(name, _)| {
        let known = name.split(':').next().unwrap_or_default();
        REACHING.contains(&known) || known.contains('.')
    });
    !(reaches && steps.first() == Some(&"fhir"))
        && kinds.iter().any(|kind| kind.name == asked && (reads || !kind.only_reading))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_narrowed_reaches_no_further() {
        let kinds = [Kind::read("Practitioner:read").unwrap(), Kind::read("contacts").unwrap()];
        for (method, path, query, allowed) in [
            ("GET", "/fhir/Practitioner", "name=kollie", true),
            ("POST", "/fhir/Practitioner/_search", "", true),
            ("POST", "/fhir/Practitioner", "", false),
            ("GET", "/fhir/Location", "", false),
            ("GET", "/fhir/Practitioner", "_revinclude=PractitionerRole:practitioner", false),
            ("GET", "/fhir/Practitioner", "organization.name=x", false),
            ("POST", "/fhir", "", false),
            ("GET", "/fhir/metadata", "", true),
            ("GET", "/fhir/_history", "", false),
            ("POST", "/api/v2/contacts.json", "", true),
            ("GET", "/api/v2/messages.json", "", false),
            ("GET", "/csd", "", false),
        ] {
            assert_eq!(may(&kinds, method, path, query), allowed, "{method} {path}?{query}");
        }
        assert!(may(&[], "POST", "/fhir", ""));
        for wrong in ["", "a b", "x:delete", ":read"] {
            assert!(Kind::read(wrong).is_none(), "{wrong}");
        }
    }
}
