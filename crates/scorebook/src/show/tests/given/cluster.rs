//! Four nodes, one in each state.

use wire::v1;

use super::at;

/// As the first of them knows them.
pub(crate) fn nodes() -> v1::GetClusterResponse {
    v1::GetClusterResponse {
        authority: "E10000016".into(),
        log_id: "0d5c3c1e-0f3f-4d0a-9c55-0a3f5a2b1c01".into(),
        nodes: vec![
            v1::ClusterNode { answers: true, heard_ago: None, clock_ahead: None, ..node("ingest-1", "ingest") },
            v1::ClusterNode {
                state: v1::NodeState::Stopped.into(),
                stopped: "the disk of /data is full".into(),
                listen: "10.0.0.6:7420".into(),
                ..node("ingest-2", "ingest")
            },
            v1::ClusterNode {
                state: v1::NodeState::Silent.into(),
                heard_ago: Some(prost_types::Duration { seconds: 312, nanos: 500_000_000 }),
                position: 980,
                chain: "77ab54d03f9a1c2e".repeat(4),
                lag: 63,
                ..node("ratings-1", "ratings")
            },
            v1::ClusterNode {
                state: v1::NodeState::Disagrees.into(),
                agreed_position: 1040,
                clock_ahead: Some(prost_types::Duration { seconds: -2, nanos: -510_000_000 }),
                chain: "54d03f9a1c2e77ab".repeat(4),
                format: 0,
                ..node("reporting-1", "reporting")
            },
        ],
        problems: vec![
            "node reporting-1 and node ingest-1 (this one) disagree at position 1043".into(),
            "node ingest-2 records nothing: the disk of /data is full".into(),
        ],
    }
}

fn node(name: &str, role: &str) -> v1::ClusterNode {
    v1::ClusterNode {
        node: name.into(),
        run_id: "5f0c1c1e-0f3f-5d0a-9c55-0a3f5a2b1c01".into(),
        answers: false,
        roles: vec![role.into()],
        version: "0.1.0".into(),
        format: 1,
        log_id: "0d5c3c1e-0f3f-4d0a-9c55-0a3f5a2b1c01".into(),
        position: 1043,
        chain: "3f9a1c2e77ab54d0".repeat(4),
        recorded_at: at(0),
        lag: 0,
        agreed_position: 1043,
        followed_sequence: 77,
        heard_ago: Some(prost_types::Duration { seconds: 1, nanos: 250_000_000 }),
        clock_ahead: Some(prost_types::Duration { seconds: 0, nanos: 3_000_000 }),
        state: v1::NodeState::Live.into(),
        stopped: String::new(),
        listen: String::new(),
    }
}
