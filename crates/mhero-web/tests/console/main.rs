//! The console with a small synthetic country: the way in, every page in both languages, and what a district officer sees.

#[cfg(test)]
mod conversations;
#[cfg(test)]
mod costs;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod district;
#[cfg(test)]
mod exchange;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod manner;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod second_factor;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod sign_in;
