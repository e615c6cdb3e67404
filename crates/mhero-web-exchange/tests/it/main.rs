//! The directory over HTTP, on both engines.

#[cfg(test)]
mod csd;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod notify;
