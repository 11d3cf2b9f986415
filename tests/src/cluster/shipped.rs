//! Real nodes on NATS as it is shipped: each role with its own user, over TLS, and no more permissions than it is given.

use std::fmt::Write as _;
use std::process::Command;

use simulator::shipped::Shipped;

use crate::folder::{Folder, number};
use crate::program::{self, Finished};
use crate::server::Server;

/// A command on a folder, as one of the users.
fn as_user(shipped: &Shipped, folder: &Folder, user: &str, line: &str) -> Command {
    let password = folder.write("password", user);
    let mut command = folder.command_on_data(line);
    command.env("SCOREBOOK_NATS", shipped.nats.addresses().join(",")).env("SCOREBOOK_NATS_USER", user);
    command.env("SCOREBOOK_NATS_PASSWORD_FILE", password).env("SCOREBOOK_NATS_CA_FILE", &shipped.ca);
    command.env("SCOREBOOK_AUTHORITY", "E10000016");
    command
}

fn serve(shipped: &Shipped, folder: &Folder, role: &str) -> Server {
    Server::start_command(as_user(shipped, folder, role, &format!("serve --listen 127.0.0.1:0 --role {role}")))
}

#[track_caller]
fn ends_without_a_word_of_permissions(server: Server) -> Finished {
    let finished = server.stop_cleanly();
    assert!(!finished.stderr.to_lowercase().contains("violation"), "{}", finished.whole());
    finished
}

#[test]
fn every_role_works_with_the_user_that_is_shipped_for_it() {
    let shipped = Shipped::start();
    let first = Folder::kent();
    let position = first.position();
    program::run(as_user(&shipped, &first, "administrator", "log reseed"), b"").succeeded_with_progress();

    let (second, third) = (Folder::new(), Folder::new());
    let ingest = serve(&shipped, &first, "ingest");
    let ratings = serve(&shipped, &second, "ratings");
    let reporting = serve(&shipped, &third, "reporting");
    let put_in = first.import(&Folder::example("kent-2018/target-change"), "--format json").succeeded().json();
    let last = number(&put_in["receipt"]["lastPosition"]);
    assert!(last > position);
    for folder in [&first, &second, &third] {
        folder.run(&format!("scorecard cype --period 2018-09 --at-least-position {last}")).succeeded();
        let seen = folder.run("cluster").succeeded().stdout;
        assert!(seen.contains("nodes of the scorebook of E10000016"), "{seen}");
    }
    // More than a thousand records ask for the append lease.
    let large = first.run_import_of(1_100);
    third.run(&format!("areas --at-least-position {large}")).succeeded();
    for server in [reporting, ratings, ingest] {
        ends_without_a_word_of_permissions(server);
    }
}

impl Folder {
    /// Imports so many results, and gives the last position.
    #[track_caller]
    fn run_import_of(&self, n_results: u32) -> u64 {
        let mut text = "measure,area,period,value\n".to_owned();
        for n in 0..n_results {
            let (year, month) = (1900_u32.saturating_add(n / 12), (n % 12).saturating_add(1));
            writeln!(text, "ehcp-20-weeks,E07000105,{year}-{month:02},{n}").expect("text grows");
        }
        let finished = self.import_text("many.csv", &text, "--format json").succeeded();
        number(&finished.json()["receipt"]["lastPosition"])
    }
}
