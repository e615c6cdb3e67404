//! The door for encrypted connections with clients of other makes: reqwest, openssl, and some who mean no good.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod renewal;
#[cfg(test)]
mod rough;
