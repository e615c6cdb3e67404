//! Cost: prices a segment, what a broadcast will cost before it leaves, budgets with a stop, and the daily comparison of what was sent
//! with what came back and with what the operator billed.
//!
//! Money is whole micro-units of one currency, never a float. What a submission costs is written with it as it leaves, so that another
//! price later changes nothing that was recorded.

mod bill_file;
mod bills;
mod book;
mod budgets;
mod compare;
mod days;
mod estimate;
mod money;
mod prices;
mod senders;
mod watch;

pub use bill_file::{BILL_BYTES_MAX, BILL_LINES_MAX, BillColumns};
pub(crate) use bills::NUMBERS_KEPT;
pub use bills::{Bill, BillPage, NewBill};
pub use book::Payer;
pub(crate) use book::PriceBook;
pub use budgets::{BudgetStanding, NewBudget, Period};
pub use compare::DifferenceKind;
pub use days::{DayCounts, DayLine};
pub(crate) use estimate::Toward;
pub use estimate::{Estimate, EstimateLine};
pub use money::{MICROS, minor_digits, parse_micros, plain};
pub use prices::{NewPrice, PriceShown};
pub(crate) use senders::Senders;
pub use senders::{Answers, FreeSender};
pub(crate) use watch::Memory;
