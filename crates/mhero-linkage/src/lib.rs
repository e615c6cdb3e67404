//! Which records mean the same person: normalise, block, compare, weigh, cluster, explain.
//!
//! Probabilistic record linkage after Fellegi and Sunter, with weights learned from the records themselves. Pure: no I/O, no clock, no
//! randomness of its own; `README.md` has the method on one page.
//!
//! ```
//! use mhero_linkage::{
//!     Decision, Entry, Index, Model, RecordId, Rules, Schema, SourceId, Told, Value, clusters, explain, link_all,
//! };
//!
//! let (hr, chw) = (SourceId(1), SourceId(2));
//! let mut index = Index::new(Schema::people(vec![hr, chw]))?;
//! index.put(
//!     &Entry::new(RecordId(1), hr)
//!         .with("name", Value::name("Aïssata", "Diallo"))
//!         .with("birth", Value::text("1984-03-07"))
//!         .with("phone", Value::text("+224 622 000 014")),
//! )?;
//! index.put(
//!     &Entry::new(RecordId(2), chw)
//!         .with("name", Value::WholeName("JALLOH, Aissata".into()))
//!         .with("birth", Value::text("07/03/1984"))
//!         .with("phone", Value::text("622000014")),
//! )?;
//!
//! let model = Model::usual(index.schema());
//! let linked = link_all(&index, &model, &Rules::default(), &Told::default(), 1)?;
//! assert_eq!(linked.pairs[0].decision, Decision::Link);
//!
//! let people = clusters(&index, &model, &Rules::default(), &Told::default(), &linked.pairs)?;
//! assert_eq!(people.groups, [vec![RecordId(1), RecordId(2)]]);
//!
//! let why = explain(&index, &model, &Rules::default(), &Told::default(), RecordId(1), RecordId(2))?;
//! assert_eq!(why.parts[1].words().key, "linkage-level-variant");
//! # Ok::<(), mhero_linkage::LinkageError>(())
//! ```

mod blocking;
mod cluster;
mod compare;
mod entry;
mod error;
mod explain;
mod hash;
mod index;
mod judge;
mod learn;
mod level;
mod link;
mod model;
pub mod normalise;
mod record;
mod rules;
mod schema;
mod show;
mod symbols;
mod threads;
mod usual;

pub use blocking::{BLOCK_MAX, PassReport};
pub use cluster::{Clusters, Cut, Guard, clusters};
pub use entry::{Entry, RecordId, SourceId, Value};
pub use error::LinkageError;
pub use explain::{Explanation, Part, Words};
pub use index::Index;
pub use judge::explain;
pub use learn::{Learned, Training, learn};
pub use level::Level;
pub use link::{Linked, link_all, link_changed, link_within};
pub use model::{Comparison, Model, Odds};
pub use record::VALUES_MAX;
pub use rules::{Because, Decision, Judged, Rules, Told, Veto};
pub use schema::{Field, How, Kind, On, Pass, Schema};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
