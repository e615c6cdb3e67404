//! Certificates that change while the door stands open.

use mhero_testkit::{Authority, Wanted};
use mhero_web_tls::{ClientCertificates, Door, PeerCertificate, Reloaded, TlsError};

use crate::bench::{Bench, told, trusting};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_serves_at_once_and_a_broken_one_changes_nothing() {
    let bench = Bench::new(ClientCertificates::Off, 100).await;
    assert_eq!(bench.door.reload(), Reloaded::Same);
    let next = Authority::new("Next");
    // First the certificate, then the key, as tools write them: between the two nothing changes.
    let new = next.server();
    std::fs::write(&bench.files.certificate, &new.certificate).unwrap();
    let Reloaded::Kept(TlsError::Mismatch { .. }) = bench.door.reload() else { panic!("the key is the old one's") };
    assert_eq!(bench.door.reload(), Reloaded::Same, "it is said once");
    assert!(told(&bench.client(None), &bench.url()).await.is_some(), "the old one serves");
    std::fs::write(&bench.files.key, &new.key).unwrap();
    assert_eq!(bench.door.reload(), Reloaded::Fresh);
    assert!(told(&trusting(&next, None), &bench.url()).await.is_some(), "the new one serves");
    assert_eq!(told(&bench.client(None), &bench.url()).await, None);
    // A file that vanishes for a while.
    std::fs::remove_file(&bench.files.key).unwrap();
    let Reloaded::Kept(TlsError::Unread { path, .. }) = bench.door.reload() else { panic!("there is none") };
    assert_eq!(path, bench.files.key);
    std::fs::write(&bench.files.key, &new.key).unwrap();
    assert_eq!(bench.door.reload(), Reloaded::Fresh);
    assert!(told(&trusting(&next, None), &bench.url()).await.is_some());
    // Asked by an administrator.
    let (ask, asked) = tokio::sync::watch::channel(0);
    let following = tokio::spawn(std::sync::Arc::clone(&bench.door).follow(asked, bench.stop.subscribe()));
    let again = bench.authority.server();
    again.write(bench.folder.path(), "server");
    ask.send(1).unwrap();
    let client = bench.client(None);
    while told(&client, &bench.url()).await.is_none() {
        tokio::task::yield_now().await;
    }
    bench.stop.send(true).unwrap();
    following.await.unwrap();
    bench.serving.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_files_is_said() {
    let bench = Bench::new(ClientCertificates::Asked, 100).await;
    let path = |name: &str| bench.folder.path().join(name);
    std::fs::write(path("nothing.pem"), "nothing").unwrap();
    let long = bench.authority.issue(Wanted {
        subject: "mhero",
        names: &["mhero.moh.example", "10.1.2.3"],
        last_year: Some(2027),
        ..Wanted::default()
    });
    let (certificate, key) = long.write(bench.folder.path(), "long");
    let good = mhero_web_tls::TlsFiles { certificate, key, ..bench.files.clone() };
    let examined = good.examine().expect("it is good");
    assert!(examined.is_for("mhero.moh.example") && examined.is_for("10.1.2.3") && !examined.is_for("moh.example"));
    assert_eq!(examined.own.names, ["mhero.moh.example"]);
    assert_eq!((examined.own.subject.as_str(), examined.own.ends.to_string().get(..4)), ("CN=mhero", Some("2027")));
    assert_eq!(examined.authorities.len(), 1);
    let why = |change: &dyn Fn(&mut mhero_web_tls::TlsFiles)| {
        let mut files = good.clone();
        change(&mut files);
        Door::open(files, 1).expect_err("it is no good")
    };
    let nothing = path("nothing.pem");
    assert_eq!(why(&|files| files.certificate = nothing.clone()), TlsError::NoCertificate { path: nothing.clone() });
    assert_eq!(why(&|files| files.key = nothing.clone()), TlsError::NoKey { path: nothing.clone() });
    assert_eq!(why(&|files| files.client_ca = None), TlsError::NoAuthority);
    assert!(matches!(why(&|files| files.key = bench.files.key.clone()), TlsError::Mismatch { .. }));
    assert!(matches!(why(&|files| files.client_ca = Some(path("none"))), TlsError::Unread { .. }));
    let broken = long.certificate.replace("MII", "AAA");
    std::fs::write(path("broken.pem"), broken).unwrap();
    assert!(matches!(why(&|files| files.certificate = path("broken.pem")), TlsError::Odd { .. }));
}

#[test]
fn what_a_web_server_in_front_tells_is_read() {
    let issued = Authority::new("Ministry").issue(Wanted { subject: "iHRIS", ..Wanted::default() });
    let known = PeerCertificate::read(&issued.der);
    assert!(known.is_some());
    let escaped = issued.certificate.replace('\n', "%0A").replace(' ', "%20").replace('+', "%2B");
    assert_eq!(PeerCertificate::of_header(&escaped), known);
    let body: String = issued.certificate.lines().filter(|line| !line.starts_with("-----")).collect();
    assert_eq!(PeerCertificate::of_header(&format!(":{body}:")), known);
    for wrong in ["", "::", "x", ":aGVsbG8=:", "-----BEGIN%20CERTIFICATE-----", "%%"] {
        assert_eq!(PeerCertificate::of_header(wrong), None, "{wrong}");
    }
}
