//! The work of a day by plain forms, as a browser without scripts does it: choose, write, send, follow, answer, try.

#[cfg(test)]
mod console;
#[cfg(test)]
mod walk;
