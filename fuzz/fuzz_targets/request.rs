//! See `wire::fuzzing`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::held::within(wire::fuzzing::REQUEST, bytes));
