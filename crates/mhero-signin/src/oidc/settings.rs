//! How a provider is set up.

use mhero_core::Role;

/// A provider as set up.
#[derive(Clone)]
pub struct ProviderSettings {
    /// The issuer, exactly as it names itself.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there; empty for a public client.
    pub client_secret: String,
    /// The name on the button.
    pub name: String,
    /// The address of the console, without a slash at its end; empty for what the browser asked.
    pub console: String,
    /// What is asked for, with spaces; `openid` is always among it.
    pub scope: String,
    /// The claim that holds roles: `groups`, `realm_access.roles`.
    pub roles_claim: String,
    /// Which of its values is which role here.
    pub roles: Vec<RoleOf>,
    /// Domains of e-mail addresses that may come in; all when empty.
    pub domains: Vec<String>,
    /// Whether people whom nobody registered get an account with the role of their claim.
    pub creates: bool,
    /// Whether the provider always asks for a second factor.
    pub asks_second_factor: bool,
    /// Values of `acr` that mean that it did.
    pub second_factor_acr: Vec<String>,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderSettings").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// A value of the claim, and the role that it means: `mhero-hr=hr`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleOf {
    /// The value.
    pub value: String,
    /// The role.
    pub role: Role,
}

impl RoleOf {
    /// Reads `value=role`; `None` for what is none, or a role that has to be narrowed to a place or programme.
    pub fn read(text: &str) -> Option<Self> {
        let (value, role) = text.rsplit_once('=')?;
        let role: Role = role.trim().parse().ok()?;
        let is_whole = !matches!(role, Role::District | Role::Programme | Role::Integrator);
        let value = value.trim();
        (is_whole && !value.is_empty()).then(|| Self { value: value.to_owned(), role })
    }
}

impl ProviderSettings {
    /// Whether the provider can be reached as set up: by https, or by http on this very machine.
    pub fn is_safe(&self) -> bool {
        is_safe(&self.issuer, &self.issuer)
    }
}

/// Whether an address that a provider names may be called: https, or http on this machine where the provider is there too.
pub(super) fn is_safe(address: &str, issuer: &str) -> bool {
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain && (address.starts_with("https://") || (is_here(address) && is_here(issuer)))
}

fn is_here(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("http://") else { return false };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..end];
    let host = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(host, |(host, _)| host);
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_do_not_travel_in_clear() {
        let here = "http://127.0.0.1:4000";
        for safe in [
            "https://login.moh.example/realms/mhero",
            "http://127.0.0.1:4000/token",
            "http://localhost/x",
            "http://[::1]:1/x",
        ] {
            assert!(is_safe(safe, here), "{safe}");
        }
        for odd in [
            "http://login.moh.example",
            "ftp://127.0.0.1",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1:1@evil.example/",
            "https://a b",
            "",
        ] {
            assert!(!is_safe(odd, here), "{odd}");
        }
        assert!(
            !is_safe("http://127.0.0.1:1/token", "https://login.moh.example"),
            "nobody leads us to our own machine"
        );
    }

    #[test]
    fn roles_are_read_and_those_that_need_a_place_are_not() {
        let read = |text: &str| RoleOf::read(text).map(|of| (of.value, of.role));
        assert_eq!(read("cn=mhero,ou=groups = hr"), Some(("cn=mhero,ou=groups".to_owned(), Role::Hr)));
        for odd in ["hr", "=hr", "a=b", "a=district", "a=programme", "a=integrator", ""] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
