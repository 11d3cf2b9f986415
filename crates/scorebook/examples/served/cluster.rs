//! The same through a cluster: three NATS servers that sync before they acknowledge, and a node of each role, all on this
//! machine. One puts in at the ingest node; the follower is at another.

use std::path::Path;
use std::time::Instant;

use simulator::nats::Nats;
use tokio::runtime::Runtime;

use crate::feed::{Latencies, at_once, flipped, follow_from_here, latencies, until_changed};
use crate::figures::{definitions, result, targets};
use crate::server::{Client, Server, run, submit};
use crate::{N_ROUNDS, row};

/// Clients that submit one result at a time, and how many each.
const N_CLIENTS: i64 = 64;
const N_EACH: i64 = 20;

pub(crate) fn rows(runtime: &Runtime, scorebook: &Path, folder: &Path) {
    let nats = Nats::cluster(3);
    let urls = nats.addresses().join(",");
    let first = folder.join("ingest");
    run(scorebook, &first, "init --authority E10000016");
    run(scorebook, &first, &format!("log reseed --replicas 3 --nats {urls}"));
    let [ingest, ratings, reporting] = ["ingest", "ratings", "reporting"].map(|role| {
        let serve = format!("serve --listen 127.0.0.1:0 --authority E10000016 --role {role} --nats {urls}");
        Server::serve(scorebook, &folder.join(role), &serve)
    });
    let mut client = runtime.block_on(ingest.client());
    runtime.block_on(submit(&mut client, definitions()));
    runtime.block_on(submit(&mut client, targets()));
    let mut watcher = runtime.block_on(reporting.client());
    let Latencies { whole, whole_p99, after, after_p99 } = latencies(runtime, &mut client, &mut watcher);
    let title = |what: &str| format!("over R3: one result, from {what} to its rating change at a reporting node, p99");
    row(&title("its answer"), "the same, p50", "seconds", 0.0, (&after_p99, &after));
    row(&title("being submitted"), "the same, p50", "seconds", 0.0, (&whole_p99, &whole));
    let mut watcher = runtime.block_on(ratings.client());
    at_once(runtime, "over R3: ", &mut client, &mut watcher);
    let clients: Vec<Client> = (0..N_CLIENTS).map(|_| runtime.block_on(ingest.client())).collect();
    one_by_one(runtime, &clients, &mut watcher);
}

/// Many clients of one result each, until they are answered, and until a follower has every rating change.
fn one_by_one(runtime: &Runtime, clients: &[Client], watcher: &mut Client) {
    let n_results = N_CLIENTS * N_EACH;
    let (mut followed, mut answered) = (Vec::new(), Vec::new());
    for round in 0..=N_ROUNDS {
        let (all, told) = runtime.block_on(async {
            let mut first = clients.first().expect("there are clients").clone();
            let mut feed = follow_from_here(&mut first, watcher).await;
            let begin = Instant::now();
            let following = tokio::spawn(async move {
                until_changed(&mut feed, n_results).await;
                begin.elapsed().as_secs_f64()
            });
            let submitting = (0..).zip(clients.iter().cloned()).map(|(number, mut client)| {
                tokio::spawn(async move {
                    for cell in (0..N_EACH).map(|n| number * N_EACH + n) {
                        submit(&mut client, vec![result(cell, flipped(round))]).await;
                    }
                })
            });
            for submitted in submitting.collect::<Vec<_>>() {
                submitted.await.expect("an answer");
            }
            (begin.elapsed().as_secs_f64(), following.await.expect("the follower's end"))
        });
        if round > 0 {
            followed.push(n_results as f64 / told);
            answered.push(n_results as f64 / all);
        }
    }
    let title =
        format!("over R3: {N_CLIENTS} clients, one result a submission, until a follower has every rating change");
    row(&title, "until they are answered", "per_second", 0.0, (&followed, &answered));
}
