//! A broadcast through the real Kannel, beside a plain load generator with the same connections and the same reports, in one run:
//! generator, broadcast, generator. The generator keeps nothing and answers reports with a bare 200; mHero has every submission on
//! disk before and after the call, and every report before its 200.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use mhero_app::{
    App, Caller,
    broadcasts::{Draft, Release},
    messaging::NewChannel,
};
use mhero_core::{Lane, Lang};
use mhero_testkit::{KANNEL_PASSWORD, KANNEL_USER, Kannel};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::{
    Report,
    ground::{ground, phone},
};

/// Messages of each run.
const MESSAGES: usize = 10_000;
/// Connections to Kannel.
const CONNECTIONS: usize = 20;
/// Reports asked for: delivered, failed, taken, refused. Kannel's fake network gives two for each message.
const DLR_MASK: u8 = 27;
/// Reports that each message brings.
const REPORTS: usize = 2;
/// What is sent.
const TEXT: &str = "MOH: a meeting tomorrow";
/// Between two looks at what is left.
const LOOK: Duration = Duration::from_millis(50);
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(300);

pub(super) fn run(report: &mut Report) -> Result<()> {
    mhero_channels::tls::install();
    let Some(kannel) = Kannel::start_quiet() else { bail!("Kannel is not installed: run scripts/setup") };
    super::runtime()?.block_on(async {
        let before = generate(&kannel).await?;
        let (submit, reported) = broadcast(&kannel).await?;
        let after = generate(&kannel).await?;
        report.figure("submit_per_s", submit);
        report.figure("reported_per_s", reported);
        let peer = f64::midpoint(before, after);
        report.figure("share_of_kannel", submit / peer);
        report.peer("kannel", "submit_per_s", peer);
        report.peer("kannel", "submit_per_s_before", before);
        report.peer("kannel", "submit_per_s_after", after);
        Ok(())
    })
}

pub(super) fn per_second(count: usize, took: Duration) -> f64 {
    super::as_f64(i64::try_from(count).unwrap_or(i64::MAX)) / took.as_secs_f64()
}

/// The load generator: what Kannel takes a second, and all its reports.
async fn generate(kannel: &Kannel) -> Result<f64> {
    generate_with(kannel, MESSAGES, REPORTS).await
}

/// The same without waiting for reports: somebody else sees what becomes of the texts.
pub(super) async fn generate_towards(kannel: &Kannel, messages: usize) -> Result<f64> {
    generate_with(kannel, messages, 0).await
}

async fn generate_with(kannel: &Kannel, messages: usize, reports_each: usize) -> Result<f64> {
    let reports = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let callback = listener.local_addr()?;
    let mut listening = JoinSet::new();
    listening.spawn(listen(listener, Arc::clone(&reports)));
    let at: SocketAddr = kannel.url().trim_start_matches("http://").parse()?;
    let (next, started) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut sending = JoinSet::new();
    for _ in 0..CONNECTIONS {
        sending.spawn(send(at, callback, Arc::clone(&next), messages));
    }
    while let Some(ended) = sending.join_next().await {
        ended??;
    }
    let took = started.elapsed();
    while reports.load(Ordering::Relaxed) < messages * reports_each {
        ensure!(started.elapsed() < PATIENCE, "{} reports came", reports.load(Ordering::Relaxed));
        tokio::time::sleep(LOOK).await;
    }
    Ok(per_second(messages, took))
}

/// One connection of the generator, which asks again as soon as it has been answered.
async fn send(at: SocketAddr, callback: SocketAddr, next: Arc<AtomicUsize>, messages: usize) -> Result<()> {
    let mut stream = TcpStream::connect(at).await?;
    stream.set_nodelay(true)?;
    let escaped = |text: &str| {
        text.bytes().fold(String::new(), |all, byte| {
            if byte.is_ascii_alphanumeric() {
                all + &char::from(byte).to_string()
            } else {
                all + &format!("%{byte:02X}")
            }
        })
    };
    let fixed = format!(
        "username={KANNEL_USER}&password={}&from=4636&coding=0&charset=UTF-8&text={}&dlr-mask={DLR_MASK}",
        escaped(KANNEL_PASSWORD),
        escaped(TEXT)
    );
    let mut answer = Vec::new();
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= messages {
            return Ok(());
        }
        let url = escaped(&format!("http://{callback}/dlr?uuid={n:032}&status=%d"));
        let to = escaped(&phone(n));
        let asked =
            format!("GET /cgi-bin/sendsms?{fixed}&to={to}&dlr-url={url} HTTP/1.1\r\nHost: {at}\r\nAccept: */*\r\n\r\n");
        stream.write_all(asked.as_bytes()).await?;
        let status = read_message(&mut stream, &mut answer).await?.context("Kannel closed the connection")?;
        ensure!(status.starts_with("HTTP/1.1 202"), "Kannel answered {status}");
    }
}

/// Answers every request with an empty 200 and counts.
async fn listen(listener: TcpListener, count: Arc<AtomicUsize>) {
    let mut connections = JoinSet::new();
    while let Ok((mut stream, _)) = listener.accept().await {
        let count = Arc::clone(&count);
        connections.spawn(async move {
            let mut rest = Vec::new();
            while let Ok(Some(_)) = read_message(&mut stream, &mut rest).await {
                if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.is_err() {
                    break;
                }
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
}

/// Reads one request or answer of HTTP with its body; returns its first line, `None` at the end. What came after it stays.
async fn read_message(stream: &mut TcpStream, rest: &mut Vec<u8>) -> Result<Option<String>> {
    loop {
        if let Some(end) = rest.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            let whole = end + 4 + length.unwrap_or(0);
            if rest.len() >= whole {
                rest.drain(..whole);
                return Ok(head.lines().next().map(ToOwned::to_owned));
            }
        }
        if stream.read_buf(rest).await? == 0 {
            return Ok(None);
        }
    }
}

/// A broadcast by our channel: how many left a second, and how many a second were reported on, all told.
async fn broadcast(kannel: &Kannel) -> Result<(f64, f64)> {
    let g = ground(MESSAGES).await?;
    let caller = Caller::system();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let callback = format!("callback=http://{}", listener.local_addr()?);
    let pages = mhero_web::channels::router(g.app.clone(), &mhero_web::WebOptions::default());
    let mut serving = JoinSet::new();
    serving.spawn(async move { axum::serve(listener, pages).await });
    let own = [callback, format!("dlr_mask={DLR_MASK}"), format!("connections={CONNECTIONS}")];
    let pairs = kannel.settings().into_iter().chain(own);
    let config = pairs.filter_map(|pair| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned()))).collect();
    let new = NewChannel { kind: "kannel".into(), name: "kannel".into(), config };
    let channel = g.app.add_channel(&caller, &new).await?.id;
    g.app.switch_channel(&caller, g.channel, false).await?;
    g.app.switch_channel(&caller, channel, false).await?;
    let draft = Draft {
        name: "bench".into(),
        query: "*".into(),
        texts: vec![(Lang::ENGLISH, TEXT.into())],
        lane: Lane::Bulk,
        channel: Some(channel),
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    };
    let id = g.app.send(&caller, &draft).await?;
    g.app.run_until_idle().await?;
    ensure!(left(&g.app).await? == MESSAGES, "{} of {MESSAGES} wait", left(&g.app).await?);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let runners = g.app.start_runners(&stopped);
    let started = Instant::now();
    g.app.switch_channel(&caller, channel, true).await?;
    let mut took = None;
    loop {
        if took.is_none() && left(&g.app).await? == 0 {
            took = Some(started.elapsed());
        }
        if took.is_some() {
            let page = g.app.broadcast_page(&caller, id).await?;
            let reported: i64 =
                page.states.iter().filter(|count| count.state.is_final()).map(|count| count.messages).sum();
            if i64::try_from(MESSAGES)? == reported {
                break;
            }
        }
        ensure!(started.elapsed() < PATIENCE, "{} wait after {PATIENCE:?}", left(&g.app).await?);
        tokio::time::sleep(LOOK).await;
    }
    let all = started.elapsed();
    stop.send_replace(true);
    runners.join_all().await;
    Ok((per_second(MESSAGES, took.unwrap_or(all)), per_second(MESSAGES, all)))
}

pub(super) async fn left(app: &App) -> Result<usize> {
    let waiting: i64 = app.store().waiting_by_lane().await?.iter().map(|(_, count, _)| count).sum();
    Ok(usize::try_from(waiting)?)
}
