//! How many fields a message has, before it is read.

use prost::Message as _;

use crate::codec::count;
use crate::limits::{FIELDS_MAX, INSTRUCTIONS_MAX};
use crate::v1;

#[test]
fn every_item_of_a_list_is_counted() {
    let request = |n| v1::SubmitRequest {
        actor: "j.smith".to_owned(),
        preview_only: true,
        instructions: vec![v1::Instruction::default(); n],
        ..v1::SubmitRequest::default()
    };
    for n in [0, 1, 300] {
        assert_eq!(count(&request(n).encode_to_vec()), n + 2);
    }
    assert!(count(&request(INSTRUCTIONS_MAX).encode_to_vec()) < FIELDS_MAX, "what is allowed is read");
}

#[test]
fn nothing_that_a_reader_passes_over_ends_the_count() {
    let many = [0x3a, 0].repeat(500);
    // Unknown fields of every kind; a group, and one inside it.
    let before: [&[u8]; 6] = [
        &[0xf8, 0x01, 0x05],
        &[0xf9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8],
        &[0xfa, 0x01, 2, 9, 9],
        &[0xfd, 0x01, 1, 2, 3, 4],
        &[0xfb, 0x01, 0xfc, 0x01],
        &[0xfb, 0x01, 0xf3, 0x01, 0xf8, 0x01, 0x05, 0xf4, 0x01, 0xfc, 0x01],
    ];
    for bytes in before {
        let message = [bytes, &many].concat();
        assert_eq!(v1::SubmitRequest::decode(message.as_slice()).unwrap().instructions.len(), 500);
        assert!(count(&message) > 500, "{bytes:?}");
    }
    for broken in [&[0x3a][..], &[0x3a, 5, 1], &[0xff; 11], &[0x0e]] {
        assert_eq!(count(broken), 0);
    }
}
