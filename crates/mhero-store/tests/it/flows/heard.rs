//! What a pass over texts reads of their numbers.

use mhero_core::RetentionClass;
use mhero_store::{ConversationRow, Guard, SessionRow};

use super::{
    done, martha, steps,
    talks::{PATH, conversation, message, session},
    unit,
};
use crate::Bench;

/// What is read of many numbers at once is what is read of each alone.
pub(super) async fn heard_from(bench: &Bench) {
    const UNKNOWN: &str = "Ministère, n° 7";
    let store = &bench.store;
    let (lower, upper) = (conversation(41, martha(), 0), conversation(42, martha(), 1));
    done(
        bench,
        unit(|u| u.open_conversation(&lower).conversation_state(&lower, "suspended").open_conversation(&upper)),
    )
    .await;
    done(bench, unit(|u| u.stop(("tel", PATH), "stock", None, 24))).await;
    for (number, state) in [(47, "sent"), (48, "delivered"), (49, "waiting")] {
        let message = message(number, &lower, &format!("alone/{number}"), state);
        let text = format!("text {number}");
        done(
            bench,
            steps(|u| {
                u.add_body(message.body, &text, RetentionClass::Message, 21).add_message(&message, Guard::Rows(1));
            }),
        )
        .await;
    }
    let live = session(45, &upper);
    done(bench, unit(|u| u.add_session(&live))).await;
    let heard = store.heard_from("tel", &[PATH, UNKNOWN], (false, 30)).await.expect("it answers");
    assert_eq!(heard.numbers.len(), 2, "one of which nothing is known stands there too");
    assert!(heard.numbers[UNKNOWN].holders.is_empty() && heard.numbers[UNKNOWN].open.is_empty());
    let number = &heard.numbers[PATH];
    assert!(number.last.is_some() && number.last == store.last_sent_to("tel", PATH).await.expect("it answers"));
    assert_eq!(number.stops, store.stops("tel", PATH).await.expect("it answers"));
    assert!(!number.holders.is_empty() && number.holders == store.holders("tel", PATH).await.expect("it answers"));
    let open: Vec<_> = number.open.iter().map(|(conversation, _)| conversation.clone()).collect();
    assert!(open == store.open_conversations("tel", PATH).await.expect("it answers"), "the deepest first");
    let session_of = |id| number.open.iter().find(|(talk, _)| talk.id == id).and_then(|(_, session)| session.as_ref());
    assert!(session_of(upper.id) == Some(&live) && session_of(lower.id).is_none());
    let record = store.contact_record(martha(), 30).await.expect("it answers");
    assert!(record.is_some() && heard.people.get(&martha()) == record.as_ref());
    let other = store.heard_from("mailto", &[PATH], (true, 30)).await.expect("it answers");
    assert!(other.numbers[PATH].open.is_empty() && other.people.is_empty(), "of another scheme");
    let ended = SessionRow { status: "completed".into(), ended_at: Some(26), ..live };
    done(bench, unit(|u| u.set_session(&ended))).await;
    done(bench, unit(|u| u.start(("tel", PATH), ""))).await;
    let gone = ConversationRow { version: 2, ..lower };
    done(bench, unit(|u| u.conversation_state(&upper, "ended").conversation_state(&gone, "ended"))).await;
}
