//! Many clients of one event each against one.

use std::ops::Range;
use std::time::Instant;

use tokio::runtime::Runtime;

use crate::figures::{definitions, result};
use crate::server::{Client, Server, submit};
use crate::{N_ROUNDS, row};

const N_WRITERS: i64 = 64;
/// Submissions of a round: of the one client, and of each of many.
const N_ALONE: i64 = 200;
const N_EACH: i64 = 50;

pub(crate) fn rows(runtime: &Runtime, server: &Server) {
    let clients: Vec<Client> = (0..N_WRITERS).map(|_| runtime.block_on(server.client())).collect();
    let first = clients.first().expect("there are writers").clone();
    runtime.block_on(submit(&mut first.clone(), definitions()));
    let (mut many, mut one) = (Vec::new(), Vec::new());
    let mut next = 0;
    for round in 0..=N_ROUNDS {
        let alone = rate(runtime, std::slice::from_ref(&first), next..next + N_ALONE);
        next += N_ALONE;
        let together = rate(runtime, &clients, next..next + N_EACH);
        next += N_EACH;
        if round > 0 {
            one.push(alone);
            many.push(together);
        }
    }
    let title = format!("{N_WRITERS} writers of one event, through gRPC");
    row(&title, "one writer through gRPC", "per_second", 0.0, (&many, &one));
}

/// Lets each client submit these numbers, all at once, and gives the events of all of them in a second.
fn rate(runtime: &Runtime, clients: &[Client], numbers: Range<i64>) -> f64 {
    let n_events = (numbers.end - numbers.start) * i64::try_from(clients.len()).expect("few clients");
    let begin = Instant::now();
    runtime.block_on(async {
        let write = |(writer, mut client): (i64, Client)| {
            let numbers = numbers.clone();
            async move {
                for number in numbers {
                    submit(&mut client, vec![result(writer, number)]).await;
                }
            }
        };
        let writers: Vec<_> = (0..).zip(clients.iter().cloned()).map(|it| tokio::spawn(write(it))).collect();
        for writer in writers {
            writer.await.expect("a writer's end");
        }
    });
    n_events as f64 / begin.elapsed().as_secs_f64()
}
