//! The send page: who, what, check. `/send`, `/send/{draft}`.

pub mod view;
