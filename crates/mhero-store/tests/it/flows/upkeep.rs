//! What is going on, and what is forgotten once it is over.

use mhero_core::Scope;

use super::{definitions::flow_id, done, martha, narrow, unit};
use crate::Bench;

/// Contents go once their time is over, and that something was there stays.
pub(super) async fn upkeep(bench: &Bench) {
    let store = &bench.store;
    let everyone = store.live_by_flow(&Scope::system(), None).await.expect("counts");
    let of_flow = store.live_by_flow(&Scope::system(), Some(flow_id())).await.expect("counts");
    assert!(everyone.iter().any(|one| of_flow.contains(one)) || of_flow.is_empty());
    let total = |counts: &[(mhero_core::FlowId, i64, i64)]| counts.iter().map(|(.., count)| count).sum::<i64>();
    let seen = store.live_by_flow(&narrow(), None).await.expect("counts");
    assert!(total(&seen) <= total(&everyone), "within the scope only");
    assert_eq!(store.caught_since(martha(), 0).await.expect("a count"), 0, "no catch-all has begun any");

    let settled = || async {
        let effects = store.effects(&Scope::system(), "answered", (i64::MAX, 10)).await.expect("calls");
        effects.iter().map(|effect| effect.request.len()).sum::<usize>()
    };
    assert!(settled().await > 0);
    done(bench, unit(|u| u.forget_effect_contents(140, 10))).await;
    assert!(settled().await > 0, "answered at that instant, not before");
    done(bench, unit(|u| u.forget_effect_contents(141, 10))).await;
    assert_eq!(settled().await, 0);
    let effects = store.effects(&Scope::system(), "answered", (i64::MAX, 10)).await.expect("calls");
    assert_eq!(effects.len(), 1, "that it was made stays");
    assert_eq!(effects[0].answer, None);

    done(bench, unit(|u| u.forget_session_states(i64::MAX, 10))).await;
    done(bench, unit(|u| u.forget_session_states(i64::MAX, 10))).await;
    done(bench, unit(|u| u.forget_held_texts(i64::MAX))).await;
}
