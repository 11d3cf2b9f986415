//! A server of its own, and clients of it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Program, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use domain::Instruction;
use tonic::transport::Channel;
use wire::v1::scorebook_service_client::ScorebookServiceClient;
use wire::v1::{Receipt, SubmitRequest};

pub(crate) type Client = ScorebookServiceClient<Channel>;

static N_SUBMITTED: AtomicU64 = AtomicU64::new(1);

/// Puts something in, and gives where it is recorded.
pub(crate) async fn submit(client: &mut Client, instructions: Vec<Instruction>) -> Receipt {
    let instructions = instructions.iter().map(wire::command::encode).collect();
    // The same is put in again and again, and is another submission each time.
    let submission_id = format!("00000000-0000-4000-8000-{:012x}", N_SUBMITTED.fetch_add(1, Ordering::Relaxed));
    let actor = "mi.officer".to_owned();
    let request = SubmitRequest { submission_id, actor, instructions, ..SubmitRequest::default() };
    let receipt = client.submit(request).await.expect("an answer").into_inner().receipt.expect("a receipt");
    assert!(!receipt.already, "every submission is another");
    receipt
}

/// Runs the program on a folder to its end.
pub(crate) fn run(scorebook: &Path, folder: &Path, words: &str) {
    let ended = program(scorebook, folder, words).output().expect("the program runs");
    assert!(ended.status.success(), "it does what it is told: {words}");
}

fn program(scorebook: &Path, folder: &Path, words: &str) -> Program {
    fs::create_dir_all(folder).expect("a folder");
    let mut program = Program::new(scorebook);
    program.args(words.split(' ')).arg("--data-dir").arg(folder.join("data")).env("HOME", folder);
    program.stdout(Stdio::piped()).stderr(Stdio::null());
    program
}

/// A server. It is killed at the end, and its folder removed.
pub(crate) struct Server {
    process: Child,
    url: String,
    folder: PathBuf,
}

impl Server {
    /// A process that has a log to itself.
    pub(crate) fn start(scorebook: &Path, folder: &Path) -> Self {
        let folder = folder.join("served");
        run(scorebook, &folder, "init --authority E10000016");
        Self::serve(scorebook, &folder, "serve --listen 127.0.0.1:0")
    }

    /// A process with a folder of its own, by what it is told to do.
    pub(crate) fn serve(scorebook: &Path, folder: &Path, words: &str) -> Self {
        let mut process = program(scorebook, folder, words).spawn().expect("the server starts");
        let said = BufReader::new(process.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let mut urls = said.filter_map(|line| Some(line.split_once("listens on ")?.1.split(' ').next()?.to_owned()));
        let url = urls.next().expect("the server says where it listens");
        Self { process, url, folder: folder.to_owned() }
    }

    pub(crate) async fn client(&self) -> Client {
        let address = Channel::from_shared(self.url.clone()).expect("an address");
        Client::new(address.connect().await.expect("a connection"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().expect("the server runs");
        self.process.wait().expect("the server ends");
        fs::remove_dir_all(&self.folder).expect("a folder that is there");
    }
}
