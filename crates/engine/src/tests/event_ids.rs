//! Identifiers of events are those that any other program makes of a submission and an ordinal.

use domain::ids::{Digest, EventId, SubmissionId};
use domain::{Actor, ActorId, Event, Position, Submission, Timestamp};

use crate::writer::opening_commit;

/// Python: `uuid.UUID(bytes=sha1(bytes([1] * 16) + ordinal.to_bytes(8, "big")).digest()[:16], version=5)`.
const FIRST: [u8; 16] = *b"\x59\xfb\x14\xb6\x99\xbc\x56\x41\x8c\x89\x48\xb3\xaf\x0e\xf6\xb5";
const THREE_HUNDREDTH: [u8; 16] = *b"\x78\x72\x66\xa1\x64\x91\x5e\xb3\x98\x46\x6c\xe7\x56\xb0\xda\x04";

#[test]
fn they_are_version_five_of_the_submission_and_the_ordinal() {
    let submission = Submission {
        id: SubmissionId([1; 16]),
        digest: Digest([2; 32]),
        actor: Actor { id: ActorId::new("officer").unwrap(), authenticated: false },
        files: Vec::new(),
        instructions: Vec::new(),
    };
    let events = vec![Event::FormatRaised(2); 300];
    let commit = opening_commit(&submission, events, "why", Timestamp::default());
    assert_eq!(commit.last().unwrap().position, Position::new(300));
    assert_eq!(commit.first().unwrap().event_id, EventId(FIRST));
    assert_eq!(commit.last().unwrap().event_id, EventId(THREE_HUNDREDTH));
}
