//! Parts that several pages share: the sentence that chooses people, the counts beside it, the message editor, the
//! basic phone and the lines of a conversation. Plain values; templates in `templates/parts/` show them.

pub mod builder;
mod editor;
pub(crate) mod grants;
pub mod letters;
pub mod lines;
mod people;
pub(crate) mod register;
mod sentence;
mod talk;

pub use editor::{Block, Editor, Fix, Span, changed};
pub use people::{Counted, LeftOut, Pager, PersonRow, Remedy, Sample};
pub use sentence::{Choice, Piece, Pop, QueryFault, Sentence};
pub use talk::{Hop, Line, Talk};
