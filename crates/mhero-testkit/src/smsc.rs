//! A hostile SMS centre: it throttles, stalls, loses and doubles answers, reorders them, lies in receipts, and cuts the line. Its
//! frames are those of a library, not of the product. What it does by chance follows from a seed.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{SinkExt as _, StreamExt as _};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use rusmpp::{
    Command, CommandId, CommandStatus, Pdu,
    pdus::{BindTransceiverResp, DeliverSm, SubmitSm, SubmitSmResp},
    tlvs::TlvValue,
    tokio_codec::CommandCodec,
    types::{COctetString, OctetString},
    values::{DataCoding, EsmClass, Npi, Ton},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
    task::JoinSet,
};
use tokio_util::codec::Framed;

/// The name that may bind.
pub const SMSC_SYSTEM_ID: &str = "moh";
/// Its password.
pub const SMSC_PASSWORD: &str = "secret08";

/// How ids are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    /// Decimal in answers and receipts.
    Decimal,
    /// Hexadecimal in answers, decimal in receipts, with zeros before it.
    HexThenDecimal,
    /// Decimal in answers, hexadecimal in receipts.
    DecimalThenHex,
}

/// What it does wrong, each with a chance from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Conduct {
    /// Where its chances come from.
    pub seed: u64,
    /// How ids are written.
    pub ids: Ids,
    /// Answers that a submission comes too fast, without taking it.
    pub throttles: f64,
    /// Takes a submission and never answers.
    pub loses_answers: f64,
    /// Answers a submission twice.
    pub doubles_answers: f64,
    /// Answers after those that came later.
    pub reorders: f64,
    /// Cuts the line after it took a submission, before it answers.
    pub cuts: f64,
    /// Sends the receipt before the answer.
    pub hurries_receipts: f64,
    /// Sends the receipt twice.
    pub doubles_receipts: f64,
    /// Reports failure on what the phone has.
    pub lies: f64,
    /// Sends receipts at all.
    pub receipts: bool,
}

impl Default for Conduct {
    fn default() -> Self {
        Self {
            seed: 1,
            ids: Ids::Decimal,
            throttles: 0.0,
            loses_answers: 0.0,
            doubles_answers: 0.0,
            reorders: 0.0,
            cuts: 0.0,
            hurries_receipts: 0.0,
            doubles_receipts: 0.0,
            lies: 0.0,
            receipts: true,
        }
    }
}

/// What it took: a phone has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its number, which its id spells.
    pub number: u64,
    /// The sender.
    pub from: String,
    /// The phone.
    pub to: String,
    /// `esm_class`.
    pub esm_class: u8,
    /// `data_coding`.
    pub data_coding: u8,
    /// `short_message`, or `message_payload`.
    pub octets: Vec<u8>,
    /// Reference, count and number by `sar_` parameters.
    pub sar: Option<(u16, u8, u8)>,
}

/// An SMS centre on a port of its own, until it is dropped.
pub struct Smsc {
    port: u16,
    inner: Arc<Inner>,
    /// Ends with this.
    _tasks: JoinSet<()>,
}

struct Inner {
    state: Mutex<State>,
}

struct State {
    conduct: Conduct,
    chance: StdRng,
    taken: Vec<Taken>,
    binds: BTreeMap<u64, mpsc::UnboundedSender<Order>>,
    refuses: VecDeque<CommandStatus>,
    refuses_texts: VecDeque<CommandStatus>,
    next_bind: u64,
    submissions: u64,
}

/// What a line is told to do.
enum Order {
    Deliver(Box<DeliverSm>, Option<oneshot::Sender<u32>>),
    Say(Box<Command>),
    Cut,
}

impl Smsc {
    /// Starts one.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(conduct: Conduct) -> Self {
        Self::start_at(0, conduct).await
    }

    /// Starts one at a port, where one was before.
    ///
    /// # Panics
    /// When the port is taken.
    pub async fn start_at(port: u16, conduct: Conduct) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port is free");
        let port = listener.local_addr().expect("it listens").port();
        let state = State {
            conduct,
            chance: StdRng::seed_from_u64(conduct.seed),
            taken: Vec::new(),
            binds: BTreeMap::new(),
            refuses: VecDeque::new(),
            refuses_texts: VecDeque::new(),
            next_bind: 0,
            submissions: 0,
        };
        let inner = Arc::new(Inner { state: Mutex::new(state) });
        let mut tasks = JoinSet::new();
        let accepting = Arc::clone(&inner);
        tasks.spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let inner = Arc::clone(&accepting);
                lines.spawn(async move { serve(&inner, stream).await });
            }
        });
        Self { port, inner, _tasks: tasks }
    }

    /// The settings of a channel to it, as `key=value`.
    pub fn settings(&self) -> Vec<String> {
        let pairs = [
            ("host", "127.0.0.1".to_owned()),
            ("port", self.port.to_string()),
            ("system_id", SMSC_SYSTEM_ID.to_owned()),
            ("password", SMSC_PASSWORD.to_owned()),
        ];
        pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect()
    }

    /// Its port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What it has taken so far, in order.
    pub fn taken(&self) -> Vec<Taken> {
        self.inner.lock().taken.clone()
    }

    /// How much it has taken so far.
    pub fn count(&self) -> usize {
        self.inner.lock().taken.len()
    }

    /// Whether it has taken a text of these octets lately.
    pub fn has_taken(&self, octets: &[u8]) -> bool {
        const LATELY: usize = 2_000;
        self.inner.lock().taken.iter().rev().take(LATELY).any(|taken| taken.octets == octets)
    }

    /// How many submissions came, taken or not.
    pub fn submissions(&self) -> u64 {
        self.inner.lock().submissions
    }

    /// How many are bound just now.
    pub fn binds(&self) -> usize {
        self.inner.lock().binds.len()
    }

    /// Conducts itself otherwise from now on.
    pub fn conduct(&self, conduct: Conduct) {
        self.inner.lock().conduct = conduct;
    }

    /// Refuses the next bind.
    pub fn refuse_bind(&self, status: u32) {
        self.inner.lock().refuses.push_back(CommandStatus::from(status));
    }

    /// Refuses the next submission, without taking it.
    pub fn refuse_text(&self, status: u32) {
        self.inner.lock().refuses_texts.push_back(CommandStatus::from(status));
    }

    /// Cuts every line.
    pub fn cut(&self) {
        let state = self.inner.lock();
        for line in state.binds.values() {
            let _ = line.send(Order::Cut);
        }
    }

    /// Delivers a text of a phone by one of the lines. Returns how it was acknowledged; none when the line broke before.
    pub async fn deliver(&self, message: DeliverSm) -> Option<u32> {
        let (answer, told) = oneshot::channel();
        let line = self.inner.lock().binds.values().next().cloned()?;
        line.send(Order::Deliver(Box::new(message), Some(answer))).ok()?;
        told.await.ok()
    }
}

/// A text of a phone, in octets of the coding that is said.
///
/// # Panics
/// When the number or the text is longer than SMPP allows.
pub fn from_phone(number: &str, data_coding: u8, octets: &[u8], esm_class: u8) -> DeliverSm {
    DeliverSm::builder()
        .source_addr_ton(Ton::International)
        .source_addr_npi(Npi::Isdn)
        .source_addr(c_octets(number))
        .destination_addr(c_octets("1234"))
        .esm_class(EsmClass::from(esm_class))
        .data_coding(DataCoding::from(data_coding))
        .short_message(OctetString::from_slice(octets).expect("a short text"))
        .build()
}

fn c_octets<const MIN: usize, const MAX: usize>(text: &str) -> COctetString<MIN, MAX> {
    let mut octets = text.as_bytes().to_vec();
    octets.push(0);
    COctetString::from_vec(octets).expect("a short text")
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether something of this chance happens.
    fn happens(&self, chance: impl FnOnce(&Conduct) -> f64) -> bool {
        let mut state = self.lock();
        let chance = chance(&state.conduct);
        chance > 0.0 && state.chance.random::<f64>() < chance
    }
}

/// Serves one connection.
async fn serve(inner: &Inner, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let mut line = Framed::new(stream, CommandCodec::new().with_max_length(70_000));
    let Some(bind) = bound(inner, &mut line).await else { return };
    let (orders, mut ordered) = mpsc::unbounded_channel();
    inner.lock().binds.insert(bind, orders.clone());
    let mut delivered: BTreeMap<u32, oneshot::Sender<u32>> = BTreeMap::new();
    let mut next = 1;
    loop {
        let go_on = tokio::select! {
            command = line.next() => match command {
                Some(Ok(command)) => heard(inner, &mut line, &orders, &mut delivered, &command).await,
                _ => false,
            },
            order = ordered.recv() => match order {
                Some(Order::Deliver(message, answer)) => {
                    next += 1;
                    if let Some(answer) = answer {
                        delivered.insert(next, answer);
                    }
                    line.send(Command::new(CommandStatus::EsmeRok, next, *message)).await.is_ok()
                }
                Some(Order::Say(command)) => line.send(*command).await.is_ok(),
                Some(Order::Cut) | None => false,
            },
        };
        if !go_on {
            break;
        }
    }
    inner.lock().binds.remove(&bind);
}

/// Waits for the bind and answers it.
async fn bound(inner: &Inner, line: &mut Framed<TcpStream, CommandCodec>) -> Option<u64> {
    let command = line.next().await?.ok()?;
    let (system_id, password) = match command.pdu()? {
        Pdu::BindTransceiver(bind) => (bind.system_id.as_str().to_owned(), bind.password.as_str().to_owned()),
        Pdu::BindTransmitter(bind) => (bind.system_id.as_str().to_owned(), bind.password.as_str().to_owned()),
        Pdu::BindReceiver(bind) => (bind.system_id.as_str().to_owned(), bind.password.as_str().to_owned()),
        _ => return None,
    };
    let refused = inner.lock().refuses.pop_front();
    let status = match refused {
        Some(status) => status,
        None if system_id != SMSC_SYSTEM_ID => CommandStatus::EsmeRinvsysid,
        None if password != SMSC_PASSWORD => CommandStatus::EsmeRinvpaswd,
        None => CommandStatus::EsmeRok,
    };
    let answer = BindTransceiverResp::builder().system_id(c_octets("FAKE")).build();
    let pdu = match command.id() {
        CommandId::BindTransmitter => {
            Pdu::from(rusmpp::pdus::BindTransmitterResp::builder().system_id(c_octets("FAKE")).build())
        }
        CommandId::BindReceiver => {
            Pdu::from(rusmpp::pdus::BindReceiverResp::builder().system_id(c_octets("FAKE")).build())
        }
        _ => Pdu::from(answer),
    };
    line.send(Command::new(status, command.sequence_number(), pdu)).await.ok()?;
    if status != CommandStatus::EsmeRok {
        return None;
    }
    let mut state = inner.lock();
    state.next_bind += 1;
    Some(state.next_bind)
}

/// Handles one command. False when the line ends.
async fn heard(
    inner: &Inner,
    line: &mut Framed<TcpStream, CommandCodec>,
    orders: &mpsc::UnboundedSender<Order>,
    delivered: &mut BTreeMap<u32, oneshot::Sender<u32>>,
    command: &Command,
) -> bool {
    let sequence = command.sequence_number();
    match (command.id(), command.pdu()) {
        (_, Some(Pdu::SubmitSm(message))) => submitted(inner, line, orders, sequence, message).await,
        (CommandId::EnquireLink, _) => {
            line.send(Command::new(CommandStatus::EsmeRok, sequence, Pdu::EnquireLinkResp)).await.is_ok()
        }
        (CommandId::Unbind, _) => {
            let _ = line.send(Command::new(CommandStatus::EsmeRok, sequence, Pdu::UnbindResp)).await;
            false
        }
        (CommandId::DeliverSmResp, _) => {
            if let Some(answer) = delivered.remove(&sequence) {
                let _ = answer.send(command.status().into());
            }
            true
        }
        _ => true,
    }
}

async fn submitted(
    inner: &Inner,
    line: &mut Framed<TcpStream, CommandCodec>,
    orders: &mpsc::UnboundedSender<Order>,
    sequence: u32,
    message: &SubmitSm,
) -> bool {
    inner.lock().submissions += 1;
    let answer = |status, id: &str| {
        let answer = SubmitSmResp::builder().message_id(c_octets(id)).build();
        Command::new(status, sequence, answer)
    };
    let refused = inner.lock().refuses_texts.pop_front();
    if let Some(status) = refused {
        return line.send(answer(status, "")).await.is_ok();
    }
    if inner.happens(|conduct| conduct.throttles) {
        return line.send(answer(CommandStatus::EsmeRthrottled, "")).await.is_ok();
    }
    let (conduct, number) = {
        let mut state = inner.lock();
        let number = 1_000 + state.taken.len() as u64;
        state.taken.push(taken(number, message));
        (state.conduct, number)
    };
    let (answered, receipted) = match conduct.ids {
        Ids::Decimal => (number.to_string(), number.to_string()),
        Ids::HexThenDecimal => (format!("{number:x}"), format!("{number:010}")),
        Ids::DecimalThenHex => (number.to_string(), format!("{number:X}")),
    };
    if inner.happens(|conduct| conduct.cuts) {
        return false;
    }
    let hurries = inner.happens(|conduct| conduct.hurries_receipts);
    let mut receipts = Vec::new();
    if conduct.receipts {
        let word = if inner.happens(|conduct| conduct.lies) { "UNDELIV" } else { "DELIVRD" };
        let count = 1 + usize::from(inner.happens(|conduct| conduct.doubles_receipts));
        receipts = vec![receipt(message, &receipted, word); count];
    }
    let send = |receipts: Vec<DeliverSm>| {
        for receipt in receipts {
            let _ = orders.send(Order::Deliver(Box::new(receipt), None));
        }
    };
    if hurries {
        for receipt in std::mem::take(&mut receipts) {
            let sequence = 0x4000_0000 + sequence;
            if line.send(Command::new(CommandStatus::EsmeRok, sequence, receipt)).await.is_err() {
                return false;
            }
        }
    }
    let is_told = if inner.happens(|conduct| conduct.loses_answers) {
        true
    } else if inner.happens(|conduct| conduct.reorders) {
        let (orders, late) = (orders.clone(), Box::new(answer(CommandStatus::EsmeRok, &answered)));
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(30)).await;
            let _ = orders.send(Order::Say(late));
        });
        true
    } else {
        let twice = inner.happens(|conduct| conduct.doubles_answers);
        let first = line.send(answer(CommandStatus::EsmeRok, &answered)).await.is_ok();
        first && (!twice || line.send(answer(CommandStatus::EsmeRok, &answered)).await.is_ok())
    };
    send(receipts);
    is_told
}

fn taken(number: u64, message: &SubmitSm) -> Taken {
    let (mut octets, mut sar) = (message.short_message().clone().into_vec(), (None, None, None));
    for value in message.tlvs().iter().filter_map(|tlv| tlv.value()) {
        match value {
            TlvValue::MessagePayload(payload) => octets = payload.value.clone().into_vec(),
            TlvValue::SarMsgRefNum(reference) => sar.0 = Some(*reference),
            TlvValue::SarTotalSegments(count) => sar.1 = Some(*count),
            TlvValue::SarSegmentSeqnum(part) => sar.2 = Some(*part),
            _ => {}
        }
    }
    Taken {
        number,
        from: message.source_addr.as_str().to_owned(),
        to: message.destination_addr.as_str().to_owned(),
        esm_class: message.esm_class.into(),
        data_coding: message.data_coding.into(),
        octets,
        sar: sar.0.zip(sar.1).zip(sar.2).map(|((reference, count), part)| (reference, count, part)),
    }
}

/// A receipt in the words of SMPP 3.4's appendix B.
fn receipt(message: &SubmitSm, id: &str, word: &str) -> DeliverSm {
    let text =
        format!("id:{id} sub:001 dlvrd:001 submit date:2611220900 done date:2611220901 stat:{word} err:000 text:");
    DeliverSm::builder()
        .source_addr_ton(message.dest_addr_ton)
        .source_addr_npi(message.dest_addr_npi)
        .source_addr(message.destination_addr.clone())
        .destination_addr(message.source_addr.clone())
        .esm_class(EsmClass::from(0x04))
        .short_message(OctetString::from_vec(text.into_bytes()).expect("a short text"))
        .build()
}
