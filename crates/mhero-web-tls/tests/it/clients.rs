//! Clients with good, bad and no certificates.

use std::process::{Command, Stdio};

use mhero_testkit::{Authority, Wanted};
use mhero_web_tls::{ClientCertificates, PeerCertificate};

use crate::bench::{Bench, told, trusting};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_known_by_its_certificate_where_that_is_asked_for() {
    let bench = Bench::new(ClientCertificates::Asked, 100).await;
    let known = bench.person("iHRIS");
    let sha256 = PeerCertificate::read(&known.der).expect("it is one").sha256;
    assert_eq!(told(&bench.client(None), &bench.url()).await.as_deref(), Some("nobody"));
    let said = told(&bench.client(Some(&known)), &bench.url()).await;
    assert_eq!(said, Some(format!("CN=iHRIS,O=Ministry {sha256}")));
    // A certificate that nobody vouches for is worse than none: the client believes to be known by it.
    let stranger = Authority::new("Somebody").issue(Wanted { subject: "iHRIS", ..Wanted::default() });
    assert_eq!(told(&bench.client(Some(&stranger)), &bench.url()).await, None, "of another authority");
    let old = bench.authority.issue(Wanted { subject: "iHRIS", last_year: Some(2020), ..Wanted::default() });
    assert_eq!(told(&bench.client(Some(&old)), &bench.url()).await, None, "its time is over");
    assert_eq!(told(&trusting(&Authority::new("Other"), None), &bench.url()).await, None, "we are not believed either");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_without_one_where_it_is_required_nor_with_one_that_was_taken_back() {
    let bench = Bench::new(ClientCertificates::Required, 100).await;
    let (good, bad) = (bench.person("iHRIS"), bench.person("Stolen"));
    assert_eq!(told(&bench.client(None), &bench.url()).await, None);
    assert!(told(&bench.client(Some(&bad)), &bench.url()).await.is_some());
    let list = bench.authority.revoking(&[&bad]);
    std::fs::write(bench.folder.path().join("revoked.pem"), list).unwrap();
    assert_eq!(bench.door.reload(), mhero_web_tls::Reloaded::Fresh);
    assert_eq!(told(&bench.client(Some(&bad)), &bench.url()).await, None, "it was taken back");
    assert!(told(&bench.client(Some(&good)), &bench.url()).await.is_some());
}

/// The client that administrators have at hand, in both versions of the protocol, and in one that is too old.
#[tokio::test(flavor = "multi_thread")]
async fn openssl_speaks_with_it_by_the_protocols_of_today_alone() {
    if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: there is no openssl on this machine");
        return;
    }
    let bench = Bench::new(ClientCertificates::Asked, 100).await;
    let (certificate, key) = bench.person("iHRIS").write(bench.folder.path(), "client");
    let authority = bench.folder.path().join("ca.pem");
    for (version, comes_about) in [("-tls1_3", true), ("-tls1_2", true), ("-tls1_1", false)] {
        let mut command = Command::new("openssl");
        command.args(["s_client", "-connect", &bench.address.to_string(), version, "-verify_return_error", "-brief"]);
        command.args(["-servername", "localhost", "-verify_hostname", "localhost", "-CAfile"]).arg(&authority);
        command.arg("-cert").arg(&certificate).arg("-key").arg(&key).stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(said.contains("Verification: OK"), comes_about, "{version}: {said}");
    }
}
