//! Kinds of resources that an account may use.

/// Parameters by which a search reaches into other kinds.
const REACHING: [&str; 3] = ["_include", "_revinclude", "_has"];

/// Stands among the extensions of a request whose account is narrowed to some kinds: the front looks at what stands in its body and
/// headers, which nobody has read before it.
#[derive(Clone, Copy, Debug)]
pub struct Narrowed;

impl Narrowed {
    /// Whether a search by parameters of these names stays within its own kind.
    pub fn lets<'n>(names: impl IntoIterator<Item = &'n str>) -> bool {
        !names.into_iter().any(reaches)
    }
}

/// Whether a parameter of a search reaches into another kind.
fn reaches(name: &str) -> bool {
    // A chain may name the kind that it leads to: `practitioner:Practitioner.name`.
    REACHING.contains(&name.split(':').next().unwrap_or_default()) || name.contains('.')
}

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
    // `POST Kind/_search` only reads, and emNutt's old window clears by GET.
    let (reads, clears) = (matches!(method, "GET" | "HEAD"), steps.last() == Some(&"clearProgress"));
    let reads = (reads && !clears) || steps.last() == Some(&"_search");
    let is_far = form_urlencoded::parse(query.as_bytes()).any(|(name, _)| reaches(&name));
    !(is_far && steps.first() == Some(&"fhir"))
        && kinds.iter().any(|kind| kind.name == asked && (reads || !kind.only_reading))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_narrowed_reaches_no_further() {
        let kinds = [
            Kind::read("Practitioner:read").unwrap(),
            Kind::read("contacts").unwrap(),
            Kind::read("emnutt:read").unwrap(),
        ];
        for (method, path, query, allowed) in [
            ("GET", "/fhir/Practitioner", "name=kollie", true),
            ("POST", "/fhir/Practitioner/_search", "", true),
            ("POST", "/fhir/Practitioner", "", false),
            ("GET", "/fhir/Location", "", false),
            ("GET", "/fhir/Practitioner", "_revinclude=PractitionerRole:practitioner", false),
            ("GET", "/fhir/Practitioner", "_has:PractitionerRole:practitioner:location=x", false),
            ("GET", "/fhir/Practitioner", "organization.name=x", false),
            ("GET", "/fhir/Practitioner", "organization:Organization.name=x", false),
            ("GET", "/fhir/Practitioner", "family:exact=x&_lastUpdated=gt2026-05-14", true),
            ("POST", "/fhir", "", false),
            ("GET", "/fhir/metadata", "", true),
            ("GET", "/fhir/_history", "", false),
            ("POST", "/api/v2/contacts.json", "", true),
            ("GET", "/api/v2/messages.json", "", false),
            ("GET", "/csd", "", false),
            ("GET", "/emNutt/getProgress", "requestIDs={}", true),
            ("GET", "/emNutt/clearProgress", "requestIDs={}", false),
        ] {
            assert_eq!(may(&kinds, method, path, query), allowed, "{method} {path}?{query}");
        }
        assert!(may(&[], "POST", "/fhir", ""));
        assert!(Narrowed::lets(["name:contains", "_count"]) && !Narrowed::lets(["name", "_revinclude:iterate"]));
        for wrong in ["", "a b", "x:delete", ":read"] {
            assert!(Kind::read(wrong).is_none(), "{wrong}");
        }
    }
}
