//! What comes from outside is hostile: no call, however damaged, makes a driver panic, and none of it is believed without its secret.

use std::net::{IpAddr, Ipv4Addr};

use mhero_app::ports::{Call, CallRefused};
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// Calls of each kind.
const CALLS: usize = 1_500;
/// What calls look like when they are whole.
const SEEDS: [&str; 7] = [
    "from=%2B231770000001&text=oui&date=2026-11-22T08:30:00Z&id=7&uuid=01890a5d-ac96-774b-bcce-b302099a8057&status=Success",
    "MessageSid=SM1&From=%2B231770000001&To=%2B1&Body=x&MessageStatus=delivered&ErrorCode=30003&NumMedia=1&MediaUrl0=h",
    r#"{"results":[{"messageId":"1","from":"231","to":"4","text":"x","status":{"groupName":"DELIVERED"},"error":{"name":"E"}}]}"#,
    r#"{"entry":[{"changes":[{"value":{"metadata":{"phone_number_id":"1065"},"messages":[{"from":"2","type":"text"}]}}]}]}"#,
    "<?xml version=\"1.0\"?><a b=\"c\"><from>+231</from><text>x &amp; <![CDATA[y]]></text></a>",
    "msisdn=231770000001&to=4636&messageId=0B1&text=x&concat=true&concat-ref=70000&concat-total=300&concat-part=0&sig=zz",
    "phoneNumber=%2B254711000001&id=ATXid_1&status=Rejected&failureReason=UserInBlackList",
];

fn damaged(chance: &mut StdRng) -> Vec<u8> {
    let mut bytes = SEEDS[chance.random_range(0..SEEDS.len())].as_bytes().to_vec();
    for _ in 0..chance.random_range(0..6) {
        let at = chance.random_range(0..bytes.len().max(1)).min(bytes.len().saturating_sub(1));
        match chance.random_range(0..4) {
            _ if bytes.is_empty() => {}
            0 => bytes[at] = chance.random(),
            1 => bytes.truncate(at),
            2 => bytes.insert(at, chance.random()),
            _ => {
                let piece = bytes[at..].to_vec();
                bytes.extend_from_slice(&piece);
            }
        }
    }
    bytes
}

#[tokio::test]
async fn no_call_breaks_a_driver_and_none_is_believed_without_secret() {
    const TYPES: [&str; 4] = ["application/x-www-form-urlencoded", "application/json", "text/xml", ""];
    const ACTIONS: [&str; 7] = ["receive", "status", "delivered", "sent", "failed", "stopped", "optout"];
    let mut chance = StdRng::seed_from_u64(7);
    for (driver, mut given) in crate::drivers("http://127.0.0.1:9") {
        given.push(("secret", "0123456789abcdef".to_owned()));
        if driver.kind() == "twilio" {
            given.push(("signed", "no".to_owned()));
        }
        let (carrier, _folder) = crate::build(driver.as_ref(), given).await;
        for number in 0..CALLS {
            let body = damaged(&mut chance);
            let noise = String::from_utf8_lossy(&damaged(&mut chance)).into_owned();
            let with = format!("secret=0123456789abcdef&{noise}");
            // The secret in the body would be one, too.
            let is_known = number % 3 != 0 || body.windows(6).any(|part| part == b"secret");
            let headers = [("content-type", TYPES[number % TYPES.len()]), ("x-hub-signature-256", "sha256=00")];
            let call = Call {
                action: ACTIONS[chance.random_range(0..ACTIONS.len())],
                from: IpAddr::V4(Ipv4Addr::LOCALHOST),
                method: if number % 5 == 0 { "GET" } else { "POST" },
                query: if is_known { &with } else { "a=b" },
                body: &body,
                headers: &headers,
            };
            let said = carrier.called(&call);
            let is_let_in = !matches!(said, Err(CallRefused::Unknown | CallRefused::Forbidden | CallRefused::Forged));
            assert!(is_known || !is_let_in, "{} believes a stranger: {said:?}", driver.kind());
        }
    }
}
