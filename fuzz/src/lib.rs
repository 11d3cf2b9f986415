//! What the fuzz targets share. The targets themselves are in the module `fuzzing` of each crate, beside what they read.

pub mod held;
