//! Every action by an example, and what hostile texts do to contacts.

mod examples;
mod hostile;
mod stage;
