//! Holds no code: the stories stand in `it/`.
