//! See `ingest::fuzzing`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::held::within(ingest::fuzzing::WORKBOOK, bytes));
