//! What Kannel is told.

use super::{KANNEL_PASSWORD, KANNEL_STATUS_PASSWORD, KANNEL_USER, Network, Ports};
use crate::smsc::{SMSC_PASSWORD, SMSC_SYSTEM_ID};

/// Submissions that may wait for their answers.
const WINDOW: u32 = 50;

/// A configuration as small as it may be. Reports that find nobody are repeated for a while.
pub(super) fn configuration(ports: Ports, network: Network, get_url: &str) -> String {
    let Ports { admin, boxes, sendsms, smsc } = ports;
    let service = if get_url.is_empty() {
        String::new()
    } else {
        format!(
            "group = sms-service\nkeyword = default\ncatch-all = yes\nget-url = \"{get_url}\"\nmax-messages = 0\n\n"
        )
    };
    let smsc = match network {
        Network::Fake { .. } => {
            format!("smsc = fake\nsmsc-id = FAKE1\nport = {smsc}\nconnect-allow-ip = 127.0.0.1\n\n")
        }
        // Without an enquiry it would wait; the service type is empty, as everywhere.
        Network::Smpp(port) => format!(
            "smsc = smpp\nsmsc-id = FAKE1\nhost = 127.0.0.1\nport = {port}\nsmsc-username = {SMSC_SYSTEM_ID}\n\
             smsc-password = {SMSC_PASSWORD}\nsystem-type = \"\"\ntransceiver-mode = 1\nmax-pending-submits = {WINDOW}\n\
             enquire-link-interval = 30\nreconnect-delay = 1\nmsg-id-type = 0x00\n\n"
        ),
    };
    format!(
        "group = core\nadmin-port = {admin}\nadmin-interface = 127.0.0.1\nadmin-password = admin-only\n\
         status-password = {KANNEL_STATUS_PASSWORD}\nsmsbox-port = {boxes}\nsmsbox-interface = 127.0.0.1\n\
         dlr-storage = internal\nlog-level = 3\n\n\
         group = smsc\n{smsc}\
         group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {sendsms}\nsendsms-interface = 127.0.0.1\n\
         http-request-retry = 30\nhttp-queue-delay = 1\nlog-level = 3\n\n\
         group = sendsms-user\nusername = {KANNEL_USER}\npassword = \"{KANNEL_PASSWORD}\"\nconcatenation = true\n\
         max-messages = 10\n\n{service}"
    )
}
