//! Clients of other makes at the SMS centre of these tests: were it no SMS centre, what the driver does with it would prove nothing.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use mhero_testkit::{Conduct, Kannel, Peer, Smsc, from_phone, require};

/// Binds, submits a text in three codings and reads three receipts and a text of a phone. With smpplib.
const SMPPLIB: &str = r#"
import sys, smpplib.client, smpplib.consts
client = smpplib.client.Client("127.0.0.1", int(sys.argv[1]), allow_unknown_opt_params=True)
client.logger.disabled = True
answers, heard = [], []
client.set_message_sent_handler(lambda pdu: answers.append(pdu.message_id.decode()))
client.set_message_received_handler(lambda pdu: heard.append((pdu.esm_class, pdu.short_message.decode("latin-1"))) or 0)
client.connect()
client.bind_transceiver(system_id="moh", password="secret08")
for coding, octets in ((0, b"seven bits"), (3, "né".encode("latin-1")), (8, "حضور".encode("utf-16-be"))):
    client.send_message(source_addr="MOH", source_addr_ton=5, destination_addr="231770000001", dest_addr_ton=1,
                        short_message=octets, data_coding=coding, registered_delivery=True)
print("sent", flush=True)
while len(heard) < 4 or len(answers) < 3:
    client.read_once()
client.unbind()
client.disconnect()
receipts = [text for kind, text in heard if kind == 4]
assert sorted(text.split()[0] for text in receipts) == sorted("id:" + one for one in answers), (receipts, answers)
print("stat:DELIVRD" in receipts[0], [text for kind, text in heard if kind == 0])
"#;

/// The same with smpp34.
const SMPP34: &str = r#"
import asyncio, sys, smpp34
async def main():
    client = smpp34.Client(host="127.0.0.1", port=int(sys.argv[1]), system_id="moh", password="secret08", bind_type="TRX")
    smsc = await client.connect()
    answers, heard = [], []
    for coding, octets in ((0, b"seven bits"), (3, "né".encode("latin-1")), (8, "حضور".encode("utf-16-be"))):
        answer = await smsc.submit_sm("231770000001", octets, source_addr="MOH", data_coding=coding, registered_delivery=1)
        assert answer.is_success
        answers.append(answer.message_id)
    print("sent", flush=True)
    while len(heard) < 4:
        event = await smsc.next()
        assert isinstance(event, smpp34.DeliverSmEvent), event
        heard.append((event.esm_class, bytes(event.short_message).decode("latin-1")))
    await smsc.unbind()
    receipts = [text for kind, text in heard if kind == 4]
    assert sorted(text.split()[0] for text in receipts) == sorted("id:" + one for one in answers), (receipts, answers)
    print("stat:DELIVRD" in receipts[0], [text for kind, text in heard if kind == 0])
asyncio.run(main())
"#;

/// Where `scripts/pip-install` puts the packages.
fn packages() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers/python");
    require(
        folder.join("smpplib").is_dir().then_some(folder),
        "smpplib (scripts/pip-install tests/peers/requirements.txt)",
    )
}

async fn serve(script: &str) {
    let (Some(python), Some(packages)) = (Peer::Python.find(), packages()) else { return };
    let smsc = Smsc::start(Conduct::default()).await;
    let mut command = tokio::process::Command::new(python);
    command.args(["-c", script, &smsc.port().to_string()]).env("PYTHONPATH", packages).kill_on_drop(true);
    let (out, port) = (command.output(), &smsc);
    let writes = async {
        let mut looks = tokio::time::interval(Duration::from_millis(5));
        while port.count() < 3 {
            looks.tick().await;
        }
        port.deliver(from_phone("231770000001", 0, b"STOP", 0)).await
    };
    let both = futures::future::join(out, writes);
    let (out, acknowledged) = tokio::time::timeout(crate::PATIENCE, both).await.expect("in time");
    let out = out.expect("it runs");
    assert_eq!(
        String::from_utf8_lossy(&out.stdout).trim(),
        "sent\nTrue ['STOP']",
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    assert_eq!(acknowledged, Some(0));
    let texts: Vec<(u8, Vec<u8>)> = smsc.taken().into_iter().map(|one| (one.data_coding, one.octets)).collect();
    let wide = "حضور".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(texts, [(0, b"seven bits".to_vec()), (3, b"n\xE9".to_vec()), (8, wide)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn smpplib_finds_an_sms_centre() {
    serve(SMPPLIB).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn smpp34_finds_an_sms_centre() {
    serve(SMPP34).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kannel_finds_an_sms_centre() {
    let smsc = Smsc::start(Conduct::default()).await;
    let port = smsc.port();
    let kannel = tokio::task::spawn_blocking(move || Kannel::start_smpp(port)).await.expect("it starts");
    let Some(kannel) = kannel else { return };
    assert_eq!(smsc.binds(), 1);
    let pairs = kannel.settings();
    let of = |key: &str| {
        let found = pairs.iter().find_map(|pair| pair.split_once('=').filter(|(name, _)| *name == key));
        found.expect("it has one").1.to_owned()
    };
    let long = "The vaccination campaign begins on Monday in every district of the country. ".repeat(3);
    let mut url = reqwest::Url::parse(&format!("{}/cgi-bin/sendsms", kannel.url())).expect("an address");
    url.query_pairs_mut()
        .append_pair("username", &of("username"))
        .append_pair("password", &of("password"))
        .append_pair("from", "MOH")
        .append_pair("to", "+231770000001")
        .append_pair("coding", "0")
        .append_pair("charset", "UTF-8")
        .append_pair("text", long.trim());
    mhero_channels::tls::install();
    let answer = reqwest::get(url).await.expect("it answers");
    assert_eq!(answer.status().as_u16(), 202);
    let waiting = async {
        let mut looks = tokio::time::interval(Duration::from_millis(5));
        while smsc.count() < 2 {
            looks.tick().await;
        }
    };
    tokio::time::timeout(crate::PATIENCE, waiting).await.expect("both parts come");
    let parts = smsc.taken();
    assert_eq!(parts.iter().map(|part| part.esm_class & 0x40).collect::<Vec<_>>(), [0x40, 0x40]);
    let texts: Vec<u8> = parts.iter().flat_map(|part| part.octets[6..].to_vec()).collect();
    assert_eq!(String::from_utf8_lossy(&texts), long.trim());
    tokio::task::spawn_blocking(move || drop(kannel)).await.expect("it ends");
}
