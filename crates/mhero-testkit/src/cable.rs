//! A network between a program and an operator that can be taken away: cut, so that both ends know; dead, so that neither knows and
//! what is written waits somewhere; closed, so that nobody listens.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinSet,
};

/// Octets that are carried at a time.
const PIECE: usize = 16 * 1024;
/// How long a port that was given up is tried for before the cable is broken for good.
const PORT_LIMIT: Duration = Duration::from_secs(20);
/// Between two such tries.
const PORT_LOOK: Duration = Duration::from_millis(20);

/// What the network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// It carries.
    Fine,
    /// It carries nothing, either way, and says so to nobody; what was written arrives when it is fine again.
    Dead,
    /// What the program writes arrives, what the operator answers does not.
    Mute,
    /// Nobody listens; what was connected is cut.
    Closed,
}

#[derive(Clone, Copy, Debug)]
struct State {
    weather: Weather,
    /// Grows with each cut.
    cuts: u64,
}

/// A network to one address, until it is dropped.
#[derive(Debug)]
pub struct Cable {
    port: u16,
    state: watch::Sender<State>,
    /// Ends with this.
    _tasks: JoinSet<()>,
}

impl Cable {
    /// Lays one to an address.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn to(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let port = listener.local_addr().expect("it listens").port();
        let (state, seen) = watch::channel(State { weather: Weather::Fine, cuts: 0 });
        let mut tasks = JoinSet::new();
        tasks.spawn(listen(listener, port, address, seen));
        Self { port, state, _tasks: tasks }
    }

    /// The port of this end.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Changes the weather.
    pub fn weather(&self, weather: Weather) {
        self.state.send_modify(|state| {
            state.weather = weather;
            state.cuts += u64::from(weather == Weather::Closed);
        });
    }

    /// Cuts what is connected. What is under way is lost.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.cuts += 1);
    }
}

/// Listens whenever it is not closed.
async fn listen(first: TcpListener, port: u16, to: SocketAddr, mut state: watch::Receiver<State>) {
    let (mut listener, mut carried) = (Some(first), JoinSet::new());
    loop {
        let is_closed = state.borrow_and_update().weather == Weather::Closed;
        if is_closed {
            listener = None;
        }
        let Some(listening) = listener.as_ref() else {
            if state.wait_for(|state| state.weather != Weather::Closed).await.is_err() {
                return;
            }
            let Some(again) = again(port).await else { return };
            listener = Some(again);
            continue;
        };
        tokio::select! {
            accepted = listening.accept() => {
                if let Ok((near, _)) = accepted {
                    carried.spawn(carry(near, to, state.clone()));
                }
            }
            changed = state.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
        while carried.try_join_next().is_some() {}
    }
}

/// Listens at the port again.
async fn again(port: u16) -> Option<TcpListener> {
    let trying = async {
        loop {
            if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
                return listener;
            }
            tokio::time::sleep(PORT_LOOK).await;
        }
    };
    tokio::time::timeout(PORT_LIMIT, trying).await.ok()
}

/// Carries one connection until an end closes it or it is cut.
async fn carry(near: TcpStream, to: SocketAddr, mut state: watch::Receiver<State>) {
    let cuts = state.borrow_and_update().cuts;
    // A connection that begins while the network is dead is a connection to nobody until then.
    if state.wait_for(|state| is_up(state.weather) || state.cuts != cuts).await.is_err() {
        return;
    }
    let Ok(far) = TcpStream::connect(to).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let mut watched = state.clone();
    tokio::select! {
        _ = async {
            tokio::join!(
                pass(near_in, far_out, state.clone(), is_up),
                pass(far_in, near_out, state.clone(), |weather| weather == Weather::Fine),
            )
        } => {}
        _ = watched.wait_for(|state| state.cuts != cuts) => {}
    }
}

/// Whether what the program writes arrives.
fn is_up(weather: Weather) -> bool {
    matches!(weather, Weather::Fine | Weather::Mute)
}

/// Carries one direction of a connection.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<State>,
    is_carried: impl Fn(Weather) -> bool,
) {
    let mut piece = vec![0; PIECE];
    loop {
        // That an end has closed is carried no sooner than what it wrote.
        let length = from.read(&mut piece).await.unwrap_or(0);
        if state.wait_for(|state| is_carried(state.weather)).await.is_err() {
            return;
        }
        if length == 0 {
            let _ = to.shutdown().await;
            return;
        }
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers each octet with the next one.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    while let Ok(octet) = stream.read_u8().await {
                        if stream.write_u8(octet + 1).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        address
    }

    #[tokio::test]
    async fn what_is_written_to_a_dead_network_arrives_when_it_lives_again() {
        let cable = Cable::to(echo().await).await;
        let mut stream = TcpStream::connect(("127.0.0.1", cable.port())).await.unwrap();
        stream.write_u8(1).await.unwrap();
        assert_eq!(stream.read_u8().await.unwrap(), 2);
        for weather in [Weather::Dead, Weather::Mute] {
            cable.weather(weather);
            stream.write_u8(3).await.unwrap();
            let silence = tokio::time::timeout(Duration::from_millis(50), stream.read_u8()).await;
            assert!(silence.is_err(), "{weather:?}");
            cable.weather(Weather::Fine);
            assert_eq!(stream.read_u8().await.unwrap(), 4, "{weather:?}");
        }
        cable.cut();
        assert!(stream.read_u8().await.is_err());
        cable.weather(Weather::Closed);
        while TcpStream::connect(("127.0.0.1", cable.port())).await.is_ok() {}
        cable.weather(Weather::Fine);
        let mut stream = loop {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", cable.port())).await {
                break stream;
            }
        };
        stream.write_u8(5).await.unwrap();
        assert_eq!(stream.read_u8().await.unwrap(), 6);
    }
}
