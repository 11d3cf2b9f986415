//! The nodes of the cluster, in the contract's words.

use domain::event::LogOpened;
use domain::{LogId, SubmissionId};
use engine::cluster::{Node, State, View};
use wire::v1;
use wire::value::{encode_duration, encode_timestamp};

/// The nodes, as the one that answers knows them, of a log.
pub(crate) fn encode(opened: &LogOpened, view: View) -> v1::GetClusterResponse {
    v1::GetClusterResponse {
        authority: opened.authority.to_string(),
        log_id: opened.log.to_string(),
        nodes: view.nodes.into_iter().map(encode_node).collect(),
        problems: view.problems,
    }
}

fn encode_node(node: Node) -> v1::ClusterNode {
    let micros = |span: std::time::Duration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
    let state = match node.state {
        State::Live => v1::NodeState::Live,
        State::Stopped => v1::NodeState::Stopped,
        State::Silent => v1::NodeState::Silent,
        State::Disagrees => v1::NodeState::Disagrees,
    };
    v1::ClusterNode {
        node: node.name,
        // Written like every other name of sixteen bytes.
        run_id: node.run.map_or_else(String::new, |run| SubmissionId(run).to_string()),
        answers: node.answers,
        roles: node.roles,
        version: node.version,
        format: node.format.unwrap_or_default(),
        log_id: node.log.as_ref().map_or_else(String::new, LogId::to_string),
        position: node.position.get(),
        chain: node.chain.map_or_else(String::new, |chain| chain.to_string()),
        recorded_at: node.recorded_at.map(encode_timestamp),
        lag: node.lag,
        agreed_position: node.agreed.get(),
        followed_sequence: node.followed.unwrap_or_default(),
        heard_ago: node.heard_ago.map(micros).map(encode_duration),
        clock_ahead: node.clock_ahead_micros.map(encode_duration),
        state: state.into(),
        stopped: node.stopped.unwrap_or_default(),
        listen: node.listen.unwrap_or_default(),
    }
}
