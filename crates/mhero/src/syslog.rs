//! Carries audit messages to a syslog server: datagrams, or lines behind their length over TLS.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use mhero_exchange::atna::{AtnaTarget, AuditWire, Transport};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpStream, UdpSocket, lookup_host},
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

use crate::{failure::Failure, pinned};

/// How long handing over may take.
const LIMIT: Duration = Duration::from_secs(20);

/// The way to one server.
pub struct Wire {
    target: AtnaTarget,
    tls: Option<TlsConnector>,
}

impl Wire {
    /// A way; nothing is opened yet. `ca` is a certificate in PEM, empty for those of this machine.
    ///
    /// # Errors
    /// [`Failure::Refused`] for a certificate that can't be read.
    pub fn new(target: AtnaTarget, ca: &str) -> Result<Self, Failure> {
        let tls = match target.transport {
            Transport::Udp => None,
            Transport::Tls => {
                let config = if ca.is_empty() { mhero_channels::tls::config() } else { pinned::config(ca) };
                let config = config.ok_or_else(|| {
                    Failure::refused(
                        "cli-config-value",
                        [("key", "atna.ca_file".to_owned()), ("value", "…".to_owned())],
                    )
                })?;
                Some(TlsConnector::from(Arc::new(config)))
            }
        };
        Ok(Self { target, tls })
    }

    async fn address(&self) -> io::Result<SocketAddr> {
        let mut found = lookup_host((self.target.host.as_str(), self.target.port)).await?;
        found.next().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    async fn hand_over(&self, lines: &[Vec<u8>]) -> io::Result<()> {
        let Some(tls) = &self.tls else {
            let address = self.address().await?;
            let any: SocketAddr = if address.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0u16; 8], 0).into() };
            let socket = UdpSocket::bind(any).await?;
            for line in lines {
                socket.send_to(line, address).await?;
            }
            return Ok(());
        };
        let name =
            ServerName::try_from(self.target.host.clone()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        // A name may have addresses of both kinds, of which only one answers.
        let connection = TcpStream::connect((self.target.host.as_str(), self.target.port)).await?;
        let mut stream = tls.connect(name, connection).await?;
        for line in lines {
            // RFC 5425, 4.3: the length in octets, a space, the line.
            stream.write_all(format!("{} ", line.len()).as_bytes()).await?;
            stream.write_all(line).await?;
        }
        stream.flush().await?;
        stream.shutdown().await
    }
}

#[async_trait]
impl AuditWire for Wire {
    async fn send(&self, lines: &[Vec<u8>]) -> io::Result<()> {
        tokio::time::timeout(LIMIT, self.hand_over(lines))
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

#[cfg(test)]
mod tests {
    use mhero_exchange::atna::line;
    use mhero_testkit::Authority;
    use tokio::{io::AsyncReadExt, net::TcpListener};
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{
            ServerConfig,
            crypto::ring,
            pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        },
    };

    use super::*;

    fn lines() -> Vec<Vec<u8>> {
        let at = jiff::Timestamp::UNIX_EPOCH;
        ["<AuditMessage/>", "<AuditMessage>é</AuditMessage>"].map(|text| line(text, at, ("mhero", 1))).to_vec()
    }

    fn wire(target: &str, ca: &str) -> Wire {
        Wire::new(AtnaTarget::read(target).expect("a target"), ca).expect("a wire")
    }

    #[tokio::test]
    async fn datagrams_hold_a_line_each() {
        let repository = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let target = format!("udp://{}", repository.local_addr().unwrap());
        wire(&target, "").send(&lines()).await.expect("they are sent");
        for wanted in lines() {
            let mut datagram = vec![0; 2_048];
            let length = repository.recv(&mut datagram).await.unwrap();
            assert_eq!(datagram[..length], wanted);
        }
    }

    /// A repository that listens as RFC 5425 has it, and tells the octets of one connection.
    async fn repository(authority: &Authority) -> (u16, tokio::task::JoinHandle<io::Result<Vec<u8>>>) {
        let issued = authority.server();
        let chain = CertificateDer::pem_slice_iter(issued.certificate.as_bytes()).collect::<Result<_, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = tokio::spawn(async move {
            let (stream, _) = listener.accept().await?;
            let mut stream = TlsAcceptor::from(Arc::new(config)).accept(stream).await?;
            let mut octets = Vec::new();
            stream.read_to_end(&mut octets).await?;
            Ok(octets)
        });
        (port, taken)
    }

    #[tokio::test]
    async fn a_connection_holds_lines_behind_their_lengths_and_goes_to_nobody_else() {
        let authority = Authority::new("Ministry");
        let (port, taken) = repository(&authority).await;
        wire(&format!("tls://localhost:{port}"), &authority.pem()).send(&lines()).await.expect("they are sent");
        let mut wanted = Vec::new();
        for line in lines() {
            wanted.extend(format!("{} ", line.len()).into_bytes());
            wanted.extend(line);
        }
        assert_eq!(taken.await.unwrap().unwrap(), wanted);
        // One whose certificate another authority has signed, and one that is away.
        let (port, taken) = repository(&Authority::new("Somebody")).await;
        let failed = wire(&format!("tls://localhost:{port}"), &authority.pem()).send(&lines()).await;
        assert!(failed.is_err() && taken.await.unwrap().is_err(), "nothing was handed over");
        assert!(wire("tls://127.0.0.1:1", &authority.pem()).send(&lines()).await.is_err());
    }
}
