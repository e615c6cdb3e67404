//! A back end that loses answers, throttles, breaks off, repeats itself and dies at the worst moment; on both engines.

#[cfg(test)]
mod calls;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod here;
#[cfg(test)]
mod hr;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod whole_way;
#[cfg(test)]
mod world;
