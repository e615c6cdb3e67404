//! The API in the shape of RapidPro's over HTTP, on both engines.

#[cfg(test)]
mod desk;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod resthooks;
#[cfg(test)]
mod writes;
