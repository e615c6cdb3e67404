//! Addresses of contacts: `tel:+231770000001`, `telegram:123?channel=...#name`.

/// An address: its scheme and its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urn {
    /// `tel`, `whatsapp`, `telegram`, `mailto`, ...
    pub scheme: String,
    /// What stands behind it, without the channel and the name shown that may follow.
    pub path: String,
}

impl Urn {
    /// Reads an address. `None` where it is none, or hidden, as all are in a workspace that keeps its contacts anonymous.
    ///
    /// ```
    /// use mhero_wire::rapidpro::Urn;
    /// let urn = Urn::read("telegram:12345?channel=c1#ama").expect("an address");
    /// assert_eq!((urn.scheme.as_str(), urn.path.as_str()), ("telegram", "12345"));
    /// assert_eq!(Urn::read("tel:********"), None);
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once(':')?;
        let path = rest.split(['?', '#']).next().unwrap_or_default().trim();
        let is_hidden = !path.is_empty() && path.chars().all(|c| c == '*');
        let is_scheme = !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric());
        (is_scheme && !path.is_empty() && !is_hidden)
            .then(|| Self { scheme: scheme.to_ascii_lowercase(), path: path.to_owned() })
    }

    /// Whether the text is an address that the workspace hides.
    pub fn is_hidden(text: &str) -> bool {
        text.split_once(':').is_some_and(|(_, path)| !path.is_empty() && path.chars().all(|c| c == '*'))
    }

    /// The phone that it reaches, as a number with its country: that of a `tel`, and that behind a WhatsApp account.
    pub fn phone(&self) -> Option<String> {
        match self.scheme.as_str() {
            "tel" => Some(self.path.clone()),
            "whatsapp" => Some(format!("+{}", self.path.trim_start_matches('+')))
                .filter(|phone| phone.chars().skip(1).all(|c| c.is_ascii_digit())),
            _ => None,
        }
    }
}

impl std::fmt::Display for Urn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.scheme, self.path)
    }
}
