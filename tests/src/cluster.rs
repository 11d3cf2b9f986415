//! A cluster: real NATS servers, and real processes of each role.

mod chaos;
mod main_job;
mod runbooks;
mod shipped;
mod stream;
mod upgrade;
mod wire;

use std::thread;

use domain::Position;
use simulator::nats::Nats;

use crate::folder::Folder;
use crate::program::{DEADLINE, Finished};
use crate::server::Server;

/// NATS servers and the nodes that share a log over them.
struct Cluster {
    nats: Nats,
}

/// A process of some roles, with a data folder of its own.
struct Node {
    folder: Folder,
    roles: &'static str,
    /// The newest record format that it reads, for one that is held back.
    newest_format: Option<u16>,
    server: Option<Server>,
}

impl Cluster {
    /// Servers whose stream holds the log of a folder.
    #[track_caller]
    fn of(folder: &Folder, n_servers: usize) -> Self {
        let cluster = Self { nats: Nats::cluster(n_servers) };
        cluster.reseed(folder).succeeded();
        cluster
    }

    #[track_caller]
    fn reseed(&self, folder: &Folder) -> Finished {
        folder.run(&format!("log reseed --nats {} --replicas {}", self.urls(), self.nats.n_servers()))
    }

    fn urls(&self) -> String {
        self.nats.addresses().join(",")
    }

    /// A node with a folder, which may hold a log or none.
    #[track_caller]
    fn node(&self, folder: Folder, roles: &'static str) -> Node {
        let mut node = Node { folder, roles, newest_format: None, server: None };
        node.start(self);
        node
    }

    /// A node that reads record formats up to this one alone, as an older program does.
    #[track_caller]
    fn node_of_format(&self, newest_format: u16, folder: Folder, roles: &'static str) -> Node {
        let mut node = Node { folder, roles, newest_format: Some(newest_format), server: None };
        node.start(self);
        node
    }
}

impl Node {
    #[track_caller]
    fn start(&mut self, cluster: &Cluster) {
        self.start_over(&cluster.urls(), cluster.nats.n_servers());
    }

    /// Starts it with servers at some addresses.
    #[track_caller]
    fn start_over(&mut self, urls: &str, n_replicas: usize) {
        let roles: Vec<String> = self.roles.split(' ').map(|role| format!("--role {role}")).collect();
        let roles = roles.join(" ");
        let line =
            format!("serve --listen 127.0.0.1:0 {roles} --nats {urls} --replicas {n_replicas} --authority E10000016");
        let mut command = self.folder.command_on_data(&line);
        if let Some(format) = self.newest_format {
            command.env("SCOREBOOK_NEWEST_FORMAT", format.to_string());
        }
        self.server = Some(Server::start_command(command));
    }

    /// Ends it by force, as a crash does.
    fn kill(&mut self) {
        self.server.take().expect("it runs").kill();
    }

    /// Stops it, and gives its folder.
    #[track_caller]
    fn stop(mut self) -> Folder {
        self.server.take().expect("it runs").stop_cleanly();
        self.folder
    }

    /// Waits until it has a position.
    #[track_caller]
    fn wait_for(&self, position: u64) {
        let position = Position::new(position);
        self.folder.run(&format!("scorecard --at-least-position {position}")).succeeded();
    }

    /// Does something again until it ends well.
    #[track_caller]
    fn retry(&self, act: impl Fn(&Self) -> Finished) -> Finished {
        let step = std::time::Duration::from_millis(200);
        let mut left = DEADLINE;
        loop {
            let finished = act(self);
            if finished.code == Some(0) {
                return finished;
            }
            assert!(!left.is_zero(), "it never ended well: {}", finished.whole());
            left = left.saturating_sub(step);
            thread::park_timeout(step);
        }
    }

    /// Waits until its status says something.
    #[track_caller]
    fn wait_until_it_says(&self, words: &str) -> String {
        self.wait_until_asked("status", |said| said.contains(words))
    }

    /// Asks until the answer is right; its white space is single spaces, wherever its lines are broken.
    #[track_caller]
    fn wait_until_asked(&self, line: &str, right: impl Fn(&str) -> bool) -> String {
        let step = std::time::Duration::from_millis(100);
        let mut left = DEADLINE;
        loop {
            let answer = self.folder.run(line);
            let said = answer.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
            if right(&said) {
                return said;
            }
            assert!(!left.is_zero(), "it never said so: {}", answer.whole());
            left = left.saturating_sub(step);
            thread::park_timeout(step);
        }
    }
}

/// What a log answers, in bytes: everything that the example's council asks, as of some place, and the records.
#[track_caller]
fn answers(folder: &Folder, position: u64) -> Vec<String> {
    let bound = format!("--at-position {position}");
    let questions = [
        format!("scorecard cype --period 2018-09 {bound}"),
        format!("compare cype 2018-11-29 @{position} --period 2018-09"),
        format!("target-history ehcp-20-weeks {bound}"),
        format!("areas {bound}"),
        "submission list".to_owned(),
        format!("log --limit {position}"),
        "follow --until-caught-up".to_owned(),
    ];
    questions.iter().map(|line| folder.run(&format!("{line} --format json")).succeeded().stdout).collect()
}
