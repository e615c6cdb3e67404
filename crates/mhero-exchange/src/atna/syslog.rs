//! Syslog: where messages go, and the line that carries one (RFC 5424; RFC 5425 for TLS, RFC 5426 for UDP).

use jiff::Timestamp;

/// Facility 10 (security), severity 5 (notice): RFC 5424, 6.2.1.
const PRIORITY: u8 = 10 * 8 + 5;
/// What ATNA calls such messages.
const MESSAGE_ID: &str = "IHE+RFC-3881";

/// How lines travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// One datagram a line. Some may get lost.
    Udp,
    /// A connection, each line behind its length.
    Tls,
}

/// Where audit messages go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtnaTarget {
    /// How.
    pub transport: Transport,
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl AtnaTarget {
    /// Reads `udp://host:514` or `tls://host:6514`; without a port the usual one is meant. `None` for anything else.
    ///
    /// ```
    /// use mhero_exchange::atna::{AtnaTarget, Transport};
    /// let target = AtnaTarget::read("tls://audit.moh.example").unwrap();
    /// assert_eq!((target.transport, target.port), (Transport::Tls, 6514));
    /// assert!(AtnaTarget::read("http://audit.moh.example").is_none());
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://")?;
        let (transport, usual) = match scheme {
            "udp" => (Transport::Udp, 514),
            "tls" => (Transport::Tls, 6514),
            _ => return None,
        };
        let rest = rest.trim_end_matches('/');
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !host.ends_with(':') => (host, port.parse().ok()?),
            _ => (rest, usual),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        (!host.is_empty() && !host.contains('/')).then(|| Self { transport, host: host.to_owned(), port })
    }
}

/// The line that carries a message: from which host, of which process.
pub fn line(message: &str, at: Timestamp, (host, process): (&str, u32)) -> Vec<u8> {
    let stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ");
    // The mark before the text says that it is UTF-8 (RFC 5424, 6.4).
    format!("<{PRIORITY}>1 {stamp} {} mhero {process} {MESSAGE_ID} - \u{feff}{message}", name(host)).into_bytes()
}

/// A host name as the header takes it: printable, at most 255 letters.
fn name(host: &str) -> String {
    let name: String = host.chars().filter(char::is_ascii_graphic).take(255).collect();
    if name.is_empty() { "-".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read() {
        let read = |text: &str| AtnaTarget::read(text).map(|target| (target.transport, target.host, target.port));
        assert_eq!(read("udp://127.0.0.1:5050"), Some((Transport::Udp, "127.0.0.1".into(), 5050)));
        assert_eq!(read("tls://[::1]:6514"), Some((Transport::Tls, "::1".into(), 6514)));
        for wrong in ["", "udp://", "tcp://a:1", "udp://a:b", "udp://a/b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_line_has_the_header_of_rfc_5424() {
        let said = String::from_utf8(line("<AuditMessage/>", Timestamp::UNIX_EPOCH, ("a b", 7))).unwrap();
        assert_eq!(said, "<85>1 1970-01-01T00:00:00.000000Z ab mhero 7 IHE+RFC-3881 - \u{feff}<AuditMessage/>");
    }
}
