//! The audience query language: parse, check, say as a sentence, evaluate, lower to a predicate.
