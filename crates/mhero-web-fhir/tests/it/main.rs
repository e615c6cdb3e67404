//! The FHIR server over HTTP, on both engines.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod bundles;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod one;
#[cfg(test)]
mod register;
#[cfg(test)]
mod searches;
