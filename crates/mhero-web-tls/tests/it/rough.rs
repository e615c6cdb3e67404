//! Clients that speak something else, stop in the middle, or are too many.

use mhero_web_tls::ClientCertificates;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::bench::{Bench, told};

/// Sends octets and reads until the other side closes.
async fn raw(bench: &Bench, octets: &[u8]) -> String {
    let mut stream = TcpStream::connect(bench.address).await.unwrap();
    stream.write_all(octets).await.unwrap();
    let mut said = Vec::new();
    // A connection that is cut is closed too.
    let _ = stream.read_to_end(&mut said).await;
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_told_to_come_by_https_and_nonsense_is_told_nothing() {
    let bench = Bench::new(ClientCertificates::Off, 100).await;
    let said = raw(&bench, b"GET /fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(said.starts_with("HTTP/1.1 400 Bad Request\r\n") && said.contains("ask by https://"), "{said}");
    let url = bench.url().replace("https", "http");
    let answer = bench.client(None).post(url).body("x".repeat(100_000)).send().await;
    // A body that nobody reads may break the connection; an answer is the same.
    if let Ok(answer) = answer {
        assert_eq!(answer.status(), 400);
    }
    assert_eq!(raw(&bench, &[0, 1, 2, 3]).await, "");
    // The head of a handshake, and then something else: an alert, and the end.
    assert!(!raw(&bench, &[22, 3, 1, 0, 5, 1, 1, 1, 1, 1]).await.contains("HTTP"));
    assert!(told(&bench.client(None), &bench.url()).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn half_open_handshakes_hold_up_nobody_and_room_is_bounded() {
    let bench = Bench::new(ClientCertificates::Off, 8).await;
    let mut half = Vec::new();
    for octets in [&b""[..], &[22], &[22, 3, 1], &[22, 3, 1, 2, 0, 1]] {
        let mut stream = TcpStream::connect(bench.address).await.unwrap();
        stream.write_all(octets).await.unwrap();
        half.push(stream);
    }
    assert!(told(&bench.client(None), &bench.url()).await.is_some(), "others are answered meanwhile");
    for _ in 0..4 {
        let mut stream = TcpStream::connect(bench.address).await.unwrap();
        stream.write_all(&[22]).await.unwrap();
        half.push(stream);
    }
    // As soon as all eight are counted there is no room for a ninth.
    let client = bench.client(None);
    while told(&client, &bench.url()).await.is_some() {
        tokio::task::yield_now().await;
    }
    half.clear();
    while told(&client, &bench.url()).await.is_none() {
        tokio::task::yield_now().await;
    }
    bench.stop.send(true).unwrap();
    bench.serving.await.unwrap();
}
