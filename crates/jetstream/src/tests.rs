//! Against real servers.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow fails the test that has it")]

mod credentials;
mod log;
mod nodes;
mod nodes_heard;
mod permissions;
mod rig;
mod troubles;

use domain::AreaId;
use simulator::nats::Nats;

use crate::{Connection, Names, names};
use rig::{options, runtime};

#[test]
fn connects_to_a_real_server() {
    let nats = Nats::single();
    let connection = runtime().block_on(Connection::open(&options(&nats))).expect("a connection");
    assert!(connection.connected());
    assert!(connection.message_bytes_max() >= 1_000_000);
}

#[test]
fn a_code_is_one_token_of_a_subject() {
    assert_eq!(names::token("CIC-01_b"), "CIC-01_b");
    assert_eq!(names::token("a.b c*>é="), "a=2Eb=20c=2A=3E=C3=A9=3D");
    let names = Names::of(&AreaId::new("E10000016").expect("a code"));
    assert_eq!(names.event_subject("ActorNamed", None), "scorebook.E10000016.events.ActorNamed.-");
}
