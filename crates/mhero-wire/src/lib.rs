//! Shapes of the neighbours' formats, read leniently and written strictly.
