//! What fuzzing found once is read again: no panic, and no more memory than is allowed.

#[path = "../../../../fuzz/src/held.rs"]
#[expect(
    unreachable_pub,
    clippy::print_stderr,
    reason = "the fuzz targets are other crates; a test says what it fails with"
)]
mod held;

#[test]
fn inputs_that_fuzzing_found_are_read_within_their_bounds() {
    let _alone = crate::tests::MEMORY.write().unwrap();
    held::again(crate::fuzzing::TARGETS);
}
