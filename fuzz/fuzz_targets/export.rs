//! See `journal::fuzzing`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::held::within(journal::fuzzing::EXPORT, bytes));
