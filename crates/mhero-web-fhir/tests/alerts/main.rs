//! What neighbours make us send, and what they are told: mACM, emNutt as an unchanged iHRIS 5 calls it, and subscriptions; on both
//! engines.

#[cfg(test)]
mod eidsr;
#[cfg(test)]
mod emnutt;
#[cfg(test)]
mod floip;
#[cfg(test)]
mod macm;
#[cfg(test)]
mod ministry;
#[cfg(test)]
mod subscriptions;
#[cfg(test)]
mod webhooks;
