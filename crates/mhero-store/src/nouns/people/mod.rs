//! People as they are read: in lists and one by one. What writes them is the registry's.

mod disclosed;
mod lists;
mod page;

pub(crate) use disclosed::ALL as DISCLOSED;
pub use disclosed::{
    HeldAnswer, HeldChange, HeldProposal, MessageBehind, RecordHeld, RecordThen, SessionBehind, SubmissionShown,
};
pub(crate) use lists::ALL as LISTS;
pub use lists::{ListedPerson, ListedPhone, PeopleOrder, PeopleSlice};
pub(crate) use page::ALL as PAGE;
pub use page::{
    FoundPerson, HeldPosition, NumberOf, PersonRecord, PersonSource, SharedWith, StopOf, TrainingOf, ValueOf,
    WhyVisible,
};
