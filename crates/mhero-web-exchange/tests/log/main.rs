//! The exchange log around fronts: who asked what, done once, asked again, narrowed accounts, calls that must arrive, OpenHIM and ATNA.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod issuer;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod mediator;
#[cfg(test)]
mod outgoing;
#[cfg(test)]
mod requests;
