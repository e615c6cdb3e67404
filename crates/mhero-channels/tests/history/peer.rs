//! The operator of a history: an SMS centre or a gateway over HTTP, behind a network that fails.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use mhero_app::ports::{Call, CallRefused};
use mhero_core::ChannelId;
use mhero_testkit::{Cable, Conduct, Gateway, GatewayCall, Ids, Manners, Smsc, Tongue, Took, Weather, from_phone};

use super::process::Process;

/// How long a text of a phone waits for its acknowledgement before it is handed over again.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(4);
/// Reports that a gateway makes between two looks.
const CALLS_AT_A_LOOK: usize = 4;

/// By what texts travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// SMPP.
    Smpp,
    /// One of the kinds over HTTP, turn by turn.
    Http,
}

enum Operator {
    Smsc(Smsc),
    Gateway(Gateway),
}

/// An operator and the network before it.
pub(super) struct Peer {
    operator: Operator,
    cable: Cable,
    ids: Ids,
    /// The channel to it.
    channel: Option<ChannelId>,
}

/// A centre that does everything wrong, more or less of it by the seed.
fn conduct(seed: u64, ids: Ids) -> Conduct {
    let more = |chance: f64, of: u64| if seed.is_multiple_of(of) { chance * 3.0 } else { chance };
    Conduct {
        seed,
        ids,
        throttles: more(0.05, 5),
        loses_answers: 0.02,
        doubles_answers: more(0.1, 4),
        reorders: more(0.1, 7),
        cuts: more(0.01, 6),
        hurries_receipts: more(0.15, 3),
        doubles_receipts: 0.1,
        lies: 0.1,
        receipts: true,
    }
}

/// The same over HTTP.
fn manners(seed: u64) -> Manners {
    let more = |chance: f64, of: u64| if seed.is_multiple_of(of) { chance * 3.0 } else { chance };
    Manners {
        seed,
        throttles: more(0.06, 5),
        fails: more(0.04, 4),
        stalls: more(0.02, 11),
        closes: more(0.03, 6),
        cuts: more(0.03, 7),
        dawdles: more(0.04, 3),
        floods: 0.03,
        mislabels: 0.05,
        hurries: more(0.15, 2),
        doubles: 0.15,
        lies: 0.1,
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

impl Peer {
    /// The operator of a seed.
    pub(super) async fn new(way: Way, seed: u64) -> Self {
        let ids = [Ids::Decimal, Ids::HexThenDecimal, Ids::DecimalThenHex][usize::try_from(seed % 3).expect("small")];
        let (operator, address) = match way {
            Way::Smpp => {
                let smsc = Smsc::start(conduct(seed, ids)).await;
                let address = local(smsc.port());
                (Operator::Smsc(smsc), address)
            }
            Way::Http => {
                let tongues = [Tongue::External, Tongue::AfricasTalking, Tongue::Twilio];
                let gateway = Gateway::start(tongues[usize::try_from(seed % 3).expect("small")], manners(seed));
                let address = gateway.url().trim_start_matches("http://").parse().expect("an address");
                (Operator::Gateway(gateway), address)
            }
        };
        Self { operator, cable: Cable::to(address).await, ids, channel: None }
    }

    /// The kind and the settings of a channel to it.
    pub(super) fn settings(&self) -> (&'static str, BTreeMap<String, String>) {
        let port = self.cable.port();
        match &self.operator {
            Operator::Smsc(smsc) => {
                let own = [format!("port={port}"), "window=4".into(), "binds=2".into(), "timeout=1".into()];
                let pairs = smsc.settings().into_iter().chain(own).chain(["enquire=1".to_owned()]);
                let config = pairs.filter_map(|pair| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())));
                ("smpp", config.collect())
            }
            Operator::Gateway(gateway) => {
                let (kind, settings) = gateway.settings(&format!("http://127.0.0.1:{port}"));
                let own = [("timeout", "1".to_owned()), ("connections", "6".to_owned())];
                (kind, settings.into_iter().chain(own).map(|(k, v)| (k.to_owned(), v)).collect())
            }
        }
    }

    /// Calls this channel from now on.
    pub(super) fn calls(&mut self, channel: ChannelId) {
        self.channel = Some(channel);
    }

    /// The texts that it took and a test has sent, in order.
    pub(super) fn taken(&self) -> Vec<Took> {
        let all = match &self.operator {
            Operator::Smsc(smsc) => smsc.taken().iter().map(took).collect(),
            Operator::Gateway(gateway) => gateway.taken(),
        };
        all.into_iter().filter(|took| is_ours(&took.word)).collect()
    }

    /// The network changes.
    pub(super) fn weather(&self, weather: Weather) {
        self.cable.weather(weather);
    }

    /// What is connected is cut.
    pub(super) fn cut(&self) {
        self.cable.cut();
    }

    /// Does nothing wrong any more.
    pub(super) fn calm(&self) {
        self.cable.weather(Weather::Fine);
        match &self.operator {
            Operator::Smsc(smsc) => smsc.conduct(Conduct { ids: self.ids, ..Conduct::default() }),
            Operator::Gateway(gateway) => gateway.manners(Manners::default()),
        }
    }

    /// Whether a text that comes again is known by its id.
    pub(super) const fn has_ids(&self) -> bool {
        matches!(self.operator, Operator::Gateway(_))
    }

    /// Hands over a text of a phone. Returns whether it was acknowledged.
    pub(super) async fn bring(&self, process: &Process, from: &str, text: &str) -> bool {
        match &self.operator {
            Operator::Smsc(smsc) => {
                let told = smsc.deliver(from_phone(from, 0, text.as_bytes(), 0));
                matches!(tokio::time::timeout(ACKNOWLEDGED_WITHIN, told).await, Ok(Some(0)))
            }
            Operator::Gateway(gateway) => {
                let id = text.split(' ').next().unwrap_or_default();
                let call = gateway.brings(&format!("+{from}"), text, &format!("in-{from}-{id}"));
                self.make(process, &call).await.is_ok()
            }
        }
    }

    /// Makes some of the calls that it wants to make; what is not taken is tried again later.
    pub(super) async fn report(&self, process: &Process) {
        let Operator::Gateway(gateway) = &self.operator else { return };
        for _ in 0..CALLS_AT_A_LOOK {
            let Some(call) = gateway.next_call() else { return };
            if self.make(process, &call).await == Err(CallRefused::Later) {
                gateway.call_again(call);
            }
        }
    }

    async fn make(&self, process: &Process, call: &GatewayCall) -> Result<(), CallRefused> {
        let Operator::Gateway(gateway) = &self.operator else { return Err(CallRefused::Unknown) };
        let (call, route, channel) = (call.clone(), gateway.route(), self.channel.expect("a channel"));
        let taken = process.run(move |app| async move {
            let call = Call {
                action: call.action,
                from: IpAddr::V4(Ipv4Addr::LOCALHOST),
                method: "POST",
                query: &call.query,
                body: call.body.as_bytes(),
                headers: &[("content-type", "application/x-www-form-urlencoded")],
            };
            app.called(route, channel, &call).await
        });
        let taken = taken.await;
        assert!(matches!(taken, Ok(_) | Err(CallRefused::Later)), "{taken:?}");
        taken.map(|_| ())
    }
}

/// Whether a text of this first word was sent by the test.
pub(super) fn is_ours(word: &str) -> bool {
    let number = word.strip_prefix(['A', 'B']).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|octet| octet.is_ascii_digit())
}

fn took(one: &mhero_testkit::Taken) -> Took {
    // The header of a part, if there is one, and then the text, whose letters are all the same in ASCII.
    let text = if one.esm_class & 0x40 == 0 { &one.octets[..] } else { &one.octets[6..] };
    let word = String::from_utf8_lossy(text).split(' ').next().unwrap_or_default().to_owned();
    Took { phone: format!("+{}", one.to.trim_start_matches('+')), word }
}
