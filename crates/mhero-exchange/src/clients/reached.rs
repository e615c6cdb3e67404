//! How clients reach this server, for the links that it gives them.

/// How clients reach this server.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reached {
    /// Whether by https.
    pub https: bool,
    /// Whether a proxy of ours stands in front, whose `X-Forwarded-Host` and `X-Forwarded-Proto` may be believed.
    pub behind_proxy: bool,
}

impl Reached {
    /// Scheme and host by which a client reaches the server, by the headers of its request.
    pub fn origin<'r>(self, header: impl Fn(&str) -> Option<&'r str>) -> String {
        let told = |name: &str| Some(header(name)?.split(',').next().unwrap_or_default().trim().to_owned());
        let proxied = |name: &str| if self.behind_proxy { told(name) } else { None };
        let host = proxied("x-forwarded-host").or_else(|| told("host")).unwrap_or_else(|| "localhost".to_owned());
        let scheme = match proxied("x-forwarded-proto").as_deref() {
            Some("https") => "https",
            Some("http") => "http",
            _ if self.https => "https",
            _ => "http",
        };
        format!("{scheme}://{host}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_back_the_way_that_the_client_came() {
        let told = |https, behind_proxy, headers: &[(&str, &'static str)]| {
            let one = |name: &str| headers.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
            Reached { https, behind_proxy }.origin(one)
        };
        let direct = [("host", "mhero.moh.example")];
        assert_eq!(told(true, false, &direct), "https://mhero.moh.example");
        assert_eq!(told(false, false, &direct), "http://mhero.moh.example");
        // Anybody can write these.
        let forged = [("host", "own.example"), ("x-forwarded-proto", "http"), ("x-forwarded-host", "evil.example")];
        assert_eq!(told(true, false, &forged), "https://own.example");
        let proxied =
            [("host", "127.0.0.1:8080"), ("x-forwarded-proto", "https, http"), ("x-forwarded-host", "mhero.example")];
        assert_eq!(told(false, true, &proxied), "https://mhero.example");
        assert_eq!(told(true, true, &[("host", "h"), ("x-forwarded-proto", "gopher")]), "https://h");
        assert_eq!(told(false, false, &[]), "http://localhost");
    }
}
