//! Calls of a server that answers as told, badly too, and of a mail server that does.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::{MailSettings, Security, http::BODY_BYTES_MAX};

/// Short, so that a test of silence does not last; long enough for two busy cores.
const WHOLE: Duration = Duration::from_millis(1500);

/// What a server does with a request.
#[derive(Clone)]
enum Does {
    Says(String),
    /// Closes the connection after this.
    Cuts(&'static str),
    /// Keeps it open and says no more after this.
    Stops(&'static str),
}

struct Server {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn new(does: Vec<(&'static str, Does)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer_one(stream, does.clone(), Arc::clone(&log)));
            }
        });
        Self { address, heard }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn answer_one(stream: TcpStream, does: Vec<(&'static str, Does)>, log: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head += &line;
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    log.lock().unwrap().push(head + &String::from_utf8(body).unwrap());
    let found = does.into_iter().find(|(known, _)| *known == path).map(|(_, does)| does);
    let (text, stays) = match found.unwrap_or(Does::Says(says(404, "", "nothing here"))) {
        Does::Says(text) => (text, false),
        Does::Cuts(text) => (text.to_owned(), false),
        Does::Stops(text) => (text.to_owned(), true),
    };
    let _ = stream.get_mut().write_all(text.as_bytes()).await;
    if stays {
        // Until the other side goes.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
}

fn says(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

fn settings(allow: &[&str]) -> Settings {
    let allow_private = allow.iter().map(|text| (*text).to_owned()).collect();
    Settings { allow_private, whole: WHOLE, connect: WHOLE, ..Settings::default() }
}

fn open() -> Outside {
    Outside::new(&settings(&["127.0.0.0/8"])).unwrap()
}

fn call(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> HttpCall {
    HttpCall {
        method: method.into(),
        url: url.into(),
        headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        body: body.into(),
    }
}

async fn perform(outside: &Outside, calls: Vec<HttpCall>) -> EffectOutcome {
    outside.perform("sprint-7", &Request::Http { calls, resthook: None }).await
}

async fn get(outside: &Outside, url: &str) -> EffectOutcome {
    perform(outside, vec![call("GET", url, &[], "")]).await
}

fn answers(outcome: EffectOutcome) -> Vec<HttpAnswer> {
    match outcome {
        EffectOutcome::Done { answer: EffectAnswer::Http(answers), .. } => answers,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_answer_comes_back_whole_and_says_who_called() {
    let server = Server::new(vec![("/in", Does::Says(says(201, "X-One: a\r\n", "{\"ok\":1}")))]).await;
    let post = call(
        "POST",
        &server.url("/in"),
        &[("X-Flow", "f"), ("Host", "elsewhere"), ("Content-Length", "1")],
        "{\"a\":2}",
    );
    let outcome = perform(&open(), vec![post]).await;
    assert!(matches!(outcome, EffectOutcome::Done { status: Some(201), .. }), "{outcome:?}");
    let answer = answers(outcome).remove(0);
    assert_eq!((answer.status, answer.body.as_slice(), answer.body_size), (Some(201), &b"{\"ok\":1}"[..], 8));
    assert_eq!(answer.version, "HTTP/1.1");
    assert!(answer.headers.contains(&("X-One".to_owned(), "a".to_owned())), "{:?}", answer.headers);
    let heard = server.heard().remove(0).to_lowercase();
    for part in ["post /in http/1.1", "idempotency-key: sprint-7", "user-agent: mhero/", "x-flow: f", "{\"a\":2}"] {
        assert!(heard.contains(part), "{part}: {heard}");
    }
    assert!(!heard.contains("elsewhere"), "{heard}");
}

#[tokio::test]
async fn large_answers_are_not_taken() {
    let (most, more) = ("x".repeat(BODY_BYTES_MAX), "x".repeat(BODY_BYTES_MAX + 1));
    let endless = format!("HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{more}\r\n", more.len());
    let server = Server::new(vec![
        ("/most", Does::Says(says(200, "", &most))),
        ("/more", Does::Says(says(200, "", &more))),
        ("/endless", Does::Says(endless)),
    ])
    .await;
    let outside = open();
    let answer = answers(get(&outside, &server.url("/most")).await).remove(0);
    assert_eq!((answer.too_large, answer.body.len()), (false, BODY_BYTES_MAX));
    for path in ["/more", "/endless"] {
        let answer = answers(get(&outside, &server.url(path)).await).remove(0);
        assert!(
            answer.too_large && answer.body.is_empty() && answer.body_size > 100_000,
            "{path} {}",
            answer.body_size
        );
    }
}

#[tokio::test]
async fn what_may_have_been_heard_is_unknown_and_what_never_left_is_not_sent() {
    let server = Server::new(vec![
        ("/cut", Does::Cuts("")),
        ("/half", Does::Cuts("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nhalf")),
        ("/nonsense", Does::Cuts("SSH-2.0-x\r\n\r\n")),
        ("/silent", Does::Stops("")),
        ("/slow", Does::Stops("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nhalf")),
        ("/gone", Does::Says(says(302, "Location: http://127.0.0.1:1/\r\n", ""))),
    ])
    .await;
    let outside = open();
    for path in ["/cut", "/half", "/nonsense", "/silent", "/slow", "/gone"] {
        let outcome = get(&outside, &server.url(path)).await;
        assert!(
            matches!(&outcome, EffectOutcome::Unknown { reason } if reason.starts_with("127.0.0.1")),
            "{path} {outcome:?}"
        );
    }
    assert_eq!(server.heard().len(), 6, "nothing is repeated");
    // Nobody listens on a port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let outcome = get(&outside, &format!("http://{free}/?phone=770000001")).await;
    assert!(matches!(&outcome, EffectOutcome::NotSent { reason } if !reason.contains("770000001")), "{outcome:?}");
    let outcome = get(&outside, "http://no-such-host.invalid/").await;
    assert!(matches!(outcome, EffectOutcome::NotSent { .. }), "{outcome:?}");
}

#[tokio::test]
async fn inner_hosts_are_refused_by_name_by_address_and_behind_a_redirect() {
    let inner = Server::new(vec![]).await;
    let (ip, port) = (inner.address.ip(), inner.address.port());
    let closed = Outside::new(&Settings { deny: vec!["denied.example".to_owned()], ..settings(&[]) }).unwrap();
    for host in [
        &ip.to_string(),
        "localhost",
        "0x7f.1",
        "2130706433",
        "[::ffff:127.0.0.1]",
        "denied.example",
        "x.denied.example",
    ] {
        let outcome = get(&closed, &format!("http://{host}:{port}/?secret")).await;
        let EffectOutcome::Refused { reason } = outcome else { panic!("{host} {outcome:?}") };
        assert!(!reason.contains("secret"), "{reason}");
    }
    // The first place is let out, the one that it names is not.
    let away = [
        ("/name", says(302, &format!("Location: http://localhost:{port}/\r\n"), "")),
        ("/address", says(307, "Location: http://169.254.169.254/latest/\r\n", "")),
        ("/scheme", says(301, "Location: file:///etc/passwd\r\n", "")),
    ];
    let outer = Server::new(away.map(|(path, text)| (path, Does::Says(text))).to_vec()).await;
    let outside = Outside::new(&settings(&["127.0.0.0/8"])).unwrap();
    let named = Outside::asking(&settings(&["outer.example"]), fixed(vec![vec![ip]])).unwrap();
    assert!(matches!(get(&outside, &outer.url("/address")).await, EffectOutcome::Refused { .. }));
    assert!(matches!(get(&outside, &outer.url("/scheme")).await, EffectOutcome::Refused { .. }));
    let outcome = get(&named, &format!("http://outer.example:{}/name", outer.address.port())).await;
    assert!(matches!(&outcome, EffectOutcome::Refused { reason } if reason.contains("localhost")), "{outcome:?}");
    assert!(inner.heard().is_empty(), "{:?}", inner.heard());
}

/// A name server that answers otherwise each time, its last answer for ever.
fn fixed(answers: Vec<Vec<IpAddr>>) -> Lookup {
    let asked = Arc::new(AtomicUsize::new(0));
    Arc::new(move |_| {
        let turn = asked.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
        let addresses: Vec<SocketAddr> = answers[turn].iter().map(|ip| SocketAddr::new(*ip, 0)).collect();
        Box::pin(async move { Ok::<_, io::Error>(addresses) })
    })
}

#[tokio::test]
async fn a_name_that_changes_its_mind_gains_nothing() {
    let inner = Server::new(vec![("/", Does::Says(says(200, "", "secret")))]).await;
    let (ip, port) = (inner.address.ip(), inner.address.port());
    let public: IpAddr = [8, 8, 8, 8].into();
    let url = format!("http://rebind.example:{port}/");
    // Only inner addresses: refused. What is connected to is what was judged, so that a second answer is judged as well.
    for lookup in [fixed(vec![vec![ip]]), fixed(vec![vec![[10, 0, 0, 1].into()], vec![ip]])] {
        let outside = Outside::asking(&settings(&[]), lookup).unwrap();
        for _ in 0..2 {
            assert!(matches!(get(&outside, &url).await, EffectOutcome::Refused { .. }));
        }
    }
    // Of several, only those that are let out are tried: here none that answers from a test.
    let quick = Settings { connect: Duration::from_millis(50), whole: Duration::from_millis(100), ..settings(&[]) };
    let outside = Outside::asking(&quick, fixed(vec![vec![public, ip]])).unwrap();
    let outcome = get(&outside, &url).await;
    assert!(matches!(outcome, EffectOutcome::NotSent { .. } | EffectOutcome::Unknown { .. }), "{outcome:?}");
    assert!(inner.heard().is_empty());
    let outside = Outside::asking(&settings(&["rebind.example"]), fixed(vec![vec![ip]])).unwrap();
    assert_eq!(answers(get(&outside, &url).await)[0].body, b"secret");
}

#[tokio::test]
async fn what_is_told_in_clear_stays_inside_also_once_its_name_leads_outside() {
    let inner = Server::new(vec![("/", Does::Says(says(200, "", "")))]).await;
    let (ip, port) = (inner.address.ip(), inner.address.port());
    let public: IpAddr = [8, 8, 8, 8].into();
    let tell = async |outside: &Outside, url: &str| {
        let calls = vec![call("POST", url, &[], "{}")];
        outside.tell("notice-7", &Request::Http { calls, resthook: None }).await
    };
    let url = format!("http://hris.example:{port}/");
    let named = Outside::asking(&settings(&["hris.example"]), fixed(vec![vec![ip], vec![public]])).unwrap();
    let told = tell(&named, &url).await;
    assert!(matches!(told, EffectOutcome::Done { status: Some(200), .. }), "{told:?}");
    for url in [url.as_str(), "http://8.8.8.8/", "http://[2001:4860:4860::8888]/"] {
        let told = tell(&named, url).await;
        assert!(matches!(&told, EffectOutcome::Refused { reason } if reason.contains("https://")), "{url} {told:?}");
    }
    assert_eq!(inner.heard().len(), 1);
    // A name that means nothing just now may mean something later.
    let nobody = Outside::asking(&settings(&["hris.example"]), fixed(vec![vec![]])).unwrap();
    let told = tell(&nobody, &url).await;
    assert!(matches!(told, EffectOutcome::NotSent { .. }), "{told:?}");
}

#[tokio::test]
async fn redirects_are_followed_a_few_times_and_carry_no_password_away() {
    let other = Server::new(vec![("/there", Does::Says(says(200, "", "there")))]).await;
    let server = Server::new(vec![
        ("/a", Does::Says(says(302, "Location: /b\r\n", ""))),
        ("/b", Does::Says(says(200, "", "b"))),
        ("/away", Does::Says(says(308, &format!("Location: {}\r\n", other.url("/there")), ""))),
        ("/round", Does::Says(says(302, "Location: /round\r\n", ""))),
        ("/nowhere", Does::Says(says(302, "", "no place"))),
    ])
    .await;
    let outside = open();
    let headers = [("Authorization", "Token t0p"), ("Content-Type", "application/json")];
    let moved = answers(perform(&outside, vec![call("POST", &server.url("/a"), &headers, "{}")]).await);
    assert_eq!(moved[0].body, b"b");
    let heard = server.heard();
    assert!(heard[1].starts_with("GET /b") && heard[1].contains("t0p") && !heard[1].contains("application/json"));
    let away = answers(perform(&outside, vec![call("POST", &server.url("/away"), &headers, "{}")]).await);
    assert_eq!(away[0].body, b"there");
    let heard = other.heard().remove(0);
    assert!(heard.starts_with("POST /there") && heard.ends_with("{}") && !heard.contains("t0p"), "{heard}");
    assert!(matches!(get(&outside, &server.url("/round")).await, EffectOutcome::Unknown { .. }));
    assert!(server.heard().len() < 12);
    assert_eq!(answers(get(&outside, &server.url("/nowhere")).await)[0].status, Some(302));
}

#[tokio::test]
async fn subscribers_are_called_in_order_and_one_that_fails_keeps_no_other_out() {
    let server =
        Server::new(vec![("/one", Does::Says(says(200, "", "1"))), ("/three", Does::Says(says(410, "", "3")))]).await;
    let calls = vec![
        call("POST", &server.url("/one"), &[], "x"),
        call("POST", "http://10.0.0.1/two", &[], "x"),
        call("POST", &server.url("/three"), &[], "x"),
        call("PO ST", &server.url("/four"), &[], "x"),
    ];
    let answers = answers(perform(&open(), calls).await);
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [Some(200), None, Some(410), None]);
    assert_eq!(answers[1].refused.as_deref(), Some("10.0.0.1"));
    let heard = server.heard();
    assert!(heard[0].contains("/one") && heard[0].contains("sprint-7/0"), "{heard:?}");
    assert!(heard[1].contains("/three") && heard[1].contains("sprint-7/2"), "{heard:?}");
}

#[tokio::test]
async fn what_can_not_be_sent_and_what_is_not_set_up_is_refused() {
    let outside = open();
    for bad in [
        call("GET", "nonsense", &[], ""),
        call("G T", "http://127.0.0.1/", &[], ""),
        call("GET", "http://127.0.0.1/", &[("a b", "c")], ""),
        call("GET", "http://127.0.0.1/", &[("a", "b\r\nc: d")], ""),
    ] {
        assert!(matches!(perform(&outside, vec![bad]).await, EffectOutcome::Refused { .. }));
    }
    let mail = Request::Email { to: vec!["a@b.example".into()], subject: "s".into(), body: "b".into() };
    assert!(
        matches!(outside.perform("k", &mail).await, EffectOutcome::Refused { reason } if reason.contains("not set up"))
    );
}

/// A mail server that says these lines, one for each of the client's; the mail itself goes into the log.
async fn mail_server(at_data: &'static str) -> (SocketAddr, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let log = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&log);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve_mail(stream, at_data, Arc::clone(&kept)));
        }
    });
    (address, log)
}

async fn serve_mail(stream: TcpStream, at_data: &'static str, log: Arc<Mutex<String>>) {
    let mut stream = BufReader::new(stream);
    let mut say = "220 post\r\n".to_owned();
    loop {
        let _ = stream.get_mut().write_all(say.as_bytes()).await;
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        log.lock().unwrap().push_str(&line);
        let is_data = line.starts_with("DATA");
        say = if is_data { at_data } else { "250 fine" }.to_owned() + "\r\n";
        if is_data && at_data.starts_with("354") {
            let _ = stream.get_mut().write_all(say.as_bytes()).await;
            let mut mail = String::new();
            while !mail.ends_with("\r\n.\r\n") {
                if stream.read_line(&mut mail).await.unwrap_or(0) == 0 {
                    return;
                }
            }
            log.lock().unwrap().push_str(&mail);
            if at_data == "354 then silence" {
                return;
            }
            say = "250 taken\r\n".to_owned();
        }
    }
}

fn with_mail(address: SocketAddr) -> Outside {
    let mail = MailSettings {
        host: address.ip().to_string(),
        port: address.port(),
        security: Security::None,
        user: String::new(),
        password: String::new(),
        from: "Ministry <mhero@health.example>".to_owned(),
    };
    Outside::new(&Settings { mail: Some(mail), ..settings(&[]) }).unwrap()
}

#[tokio::test]
async fn mails_are_sent_and_what_the_server_says_decides() {
    let mail = |to: &[&str]| Request::Email {
        to: to.iter().map(|to| (*to).into()).collect(),
        subject: "Réunion".into(),
        body: "À neuf heures.".into(),
    };
    let (address, log) = mail_server("354 go on").await;
    let outside = with_mail(address);
    let sent = outside.perform("a/1", &mail(&["one@x.example", "two@x.example"])).await;
    assert!(matches!(sent, EffectOutcome::Done { answer: EffectAnswer::Email(Ok(())), .. }), "{sent:?}");
    let said = log.lock().unwrap().clone();
    for part in [
        "MAIL FROM:<mhero@health.example>",
        "RCPT TO:<one@x.example>",
        "RCPT TO:<two@x.example>",
        "<a.1@health.example>",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(matches!(outside.perform("a", &mail(&["nobody"])).await, EffectOutcome::Refused { .. }));
    assert!(matches!(outside.perform("a", &mail(&[])).await, EffectOutcome::Refused { .. }));
    for (line, word) in [("554 no", "refused"), ("451 later", "not sent"), ("354 then silence", "unknown")] {
        let (address, _) = mail_server(line).await;
        let outcome = with_mail(address).perform("a", &mail(&["one@x.example"])).await;
        let is_right = match word {
            "refused" => matches!(outcome, EffectOutcome::Refused { .. }),
            "not sent" => matches!(outcome, EffectOutcome::NotSent { .. }),
            _ => matches!(outcome, EffectOutcome::Unknown { .. }),
        };
        assert!(is_right, "{line} {outcome:?}");
    }
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert!(matches!(with_mail(free).perform("a", &mail(&["one@x.example"])).await, EffectOutcome::NotSent { .. }));
}

#[tokio::test]
async fn what_is_told_is_not_sent_on_and_addresses_are_judged_beforehand() {
    let server = Server::new(vec![
        ("/a", Does::Says(says(302, "Location: /b\r\n", ""))),
        ("/b", Does::Says(says(200, "", "a page to sign in"))),
    ])
    .await;
    let request = Request::Http { calls: vec![call("POST", &server.url("/a"), &[], "{}")], resthook: None };
    let told = open().tell("event-1", &request).await;
    assert!(matches!(told, EffectOutcome::Done { status: Some(302), .. }), "{told:?}");
    assert_eq!(server.heard().len(), 1);
    let public: IpAddr = [8, 8, 8, 8].into();
    let inner: IpAddr = [10, 0, 0, 1].into();
    for (addresses, expected) in [
        (vec![public], Leads::Outside),
        (vec![inner], Leads::Nowhere),
        (vec![public, inner], Leads::Outside),
        (vec![[10, 1, 0, 7].into()], Leads::Inside),
    ] {
        let outside = Outside::asking(&settings(&["10.1.0.0/16"]), fixed(vec![addresses.clone()])).unwrap();
        assert_eq!(outside.judge("https://name.example/hook").await, expected, "{addresses:?}");
    }
    let closed = Outside::new(&settings(&[])).unwrap();
    for url in ["http://127.0.0.1/", "https://[::1]/", "ftp://example.org/", "nonsense", "https://169.254.169.254/x"] {
        assert_eq!(closed.judge(url).await, Leads::Nowhere, "{url}");
    }
    assert_eq!(open().judge(&server.url("/")).await, Leads::Inside);
}
