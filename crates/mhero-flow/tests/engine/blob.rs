//! Sessions in storage: nothing is lost, little is needed, and nothing that is stored can do harm.

use mhero_flow::session::Session;
use proptest::prelude::*;

use super::common::{Steady, assets, colours, start, text};

/// Bytes that a session may take which waits for the answer to its first question.
const WAITING_BYTES_MAX: usize = 2_000;

#[test]
fn a_session_comes_back_as_it_was() {
    let assets = assets(&[colours()]);
    let mut world = Steady::default();
    let sprint = start(&assets, 1, &mut world);
    let blob = sprint.session.to_blob();
    assert!(blob.len() < WAITING_BYTES_MAX, "{} bytes", blob.len());
    let back = Session::from_blob(&blob).expect("a session");
    assert_eq!(serde_json::to_value(&back).ok(), serde_json::to_value(&sprint.session).ok());
    assert_eq!(back.to_blob(), blob);
}

#[test]
fn a_later_version_is_told_apart_from_damage() {
    let assets = assets(&[colours()]);
    let mut blob = start(&assets, 1, &mut Steady::default()).session.to_blob();
    blob[0] = 99;
    assert_eq!(Session::from_blob(&blob).err().map(|error| error.to_string().contains("99")), Some(true));
    assert!(Session::from_blob(&[]).is_err());
}

proptest! {
    #[test]
    fn damaged_bytes_are_an_error_or_a_session_that_runs(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
    ) {
        let assets = assets(&[colours()]);
        let mut world = Steady::default();
        let mut blob = start(&assets, 1, &mut world).session.to_blob();
        for (at, byte) in changes {
            let at = at.index(blob.len() - 1) + 1;
            blob[at] = byte;
        }
        if cuts {
            blob.truncate(1 + cut.index(blob.len()));
        }
        if let Ok(session) = Session::from_blob(&blob) {
            let environment = Default::default();
            let setting = mhero_flow::engine::Setting { assets: &assets, environment: &environment, call: None };
            let engine = mhero_flow::engine::Engine::default();
            let _ = engine.resume(setting, session, super::common::contact(), text("blue"), &mut world);
        }
    }

    #[test]
    fn any_bytes_are_an_error(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        bytes.insert(0, 1);
        prop_assert!(Session::from_blob(&bytes).is_err());
    }
}
