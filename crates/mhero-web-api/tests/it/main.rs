//! mHero's own API over HTTP, on both engines: what is read and written, what is refused, and that nothing leaves the sandbox.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod walk;
