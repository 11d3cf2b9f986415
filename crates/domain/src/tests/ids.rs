use crate::ids::{Digest, SubmissionId};

#[test]
fn identifiers_and_digests_are_written_in_lower_case_with_every_zero() {
    let bytes = std::array::from_fn(|at| u8::try_from(at).unwrap().wrapping_mul(0x11));
    assert_eq!(SubmissionId(bytes).to_string(), "00112233-4455-6677-8899-aabbccddeeff");
    assert_eq!(SubmissionId([0; 16]).to_string(), "00000000-0000-0000-0000-000000000000");
    let mut digest = [0; 32];
    digest[1] = 0x0a;
    digest[31] = 0xb0;
    let written = format!("000a{}b0", "0".repeat(58));
    assert_eq!(Digest(digest).to_string(), written);
    assert_eq!(written.parse::<Digest>().unwrap(), Digest(digest));
}
