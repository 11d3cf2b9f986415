//! The configurations of `deploy/nats`, as they are shipped, with a test's places, ports and passwords.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::certificates::Authority;
use crate::nats::{self, Nats};

/// The passwords in `users.conf`, by the end of their variables' names.
const USERS: [&str; 6] = ["ADMINISTRATOR", "INGEST", "RATINGS", "REPORTING", "CONSUMERS_ADMINISTRATOR", "CONSUMER"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/nats")
}

/// A shipped file.
pub fn file(name: &str) -> String {
    let path = folder().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Three servers as they are shipped, with this test's places, ports and passwords.
pub struct Shipped {
    /// The servers.
    pub nats: Nats,
    /// The certificate of who signed theirs.
    pub ca: PathBuf,
    _certificates: tempfile::TempDir,
}

impl Shipped {
    /// Starts them; a user's password is his name.
    pub fn start() -> Self {
        let certificates = tempfile::tempdir().expect("a folder");
        let authority = Authority::new(certificates.path(), "ca");
        let (certificate, key) = authority.sign("node");
        let ca = authority.certificate();
        let nats = Nats::configured(3, |place| {
            let replaced = |name: &str| {
                let mut text = file(name);
                let mut replace = |from: &str, to: &str| {
                    text = text.replace(from, to);
                };
                replace("/etc/nats-tls/node.crt", &certificate.display().to_string());
                replace("/etc/nats-tls/node.key", &key.display().to_string());
                replace("/etc/nats-tls/ca.crt", &ca.display().to_string());
                replace("/var/lib/nats", &place.store.display().to_string());
                replace("0.0.0.0:4222", &format!("127.0.0.1:{}", place.clients[place.at]));
                replace("0.0.0.0:6222", &format!("127.0.0.1:{}", place.routes[place.at]));
                replace("127.0.0.1:8222", "127.0.0.1:-1");
                for (node, route) in ["n1", "n2", "n3"].iter().zip(place.routes) {
                    replace(&format!("tls://{node}:6222"), &format!("tls://127.0.0.1:{route}"));
                }
                text
            };
            let password = |user: &str| {
                let own = user.to_lowercase().replace('_', "-");
                format!("SCOREBOOK_NATS_{user}_PASSWORD: \"{own}\"\n")
            };
            let passwords = USERS.map(password).concat();
            fs::write(place.store.join("users.conf"), passwords + &replaced("users.conf")).expect("a configuration");
            fs::write(place.store.join("common.conf"), replaced("common.conf")).expect("a configuration");
            replaced(["n1.conf", "n2.conf", "n3.conf"][place.at])
        });
        Self { nats, ca, _certificates: certificates }
    }
}

/// What nats-server says of a shipped file when it only checks it; the certificates are this test's.
pub fn check(name: &str) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    let authority = Authority::new(dir.path(), "ca");
    let (certificate, key) = authority.sign("node");
    for file_name in [name, "common.conf", "users.conf"] {
        let text = file(file_name)
            .replace("/etc/nats-tls/node.crt", &certificate.display().to_string())
            .replace("/etc/nats-tls/node.key", &key.display().to_string())
            .replace("/etc/nats-tls/ca.crt", &authority.certificate().display().to_string());
        fs::write(dir.path().join(file_name), text).expect("a configuration");
    }
    // One as it is written, and the others as the hash that `nats server passwd` makes.
    let hash = "$2a$11$V1qrpBnHgrOMBVuGGD6vE.NjX5T5aA9Dn3Xf0rTn3C2hYHhoaCGPe";
    let mut secrets: BTreeMap<String, &str> =
        USERS.iter().map(|user| (format!("SCOREBOOK_NATS_{user}_PASSWORD"), hash)).collect();
    secrets.insert("SCOREBOOK_NATS_INGEST_PASSWORD".to_owned(), "as-it-is-written");
    secrets.insert("POD_NAME".to_owned(), "nats-0");
    let mut command = Command::new(nats::binary());
    command.args(["-t", "-c"]).arg(dir.path().join(name)).env_clear().envs(secrets);
    let output = command.output().expect("nats-server starts");
    let said = String::from_utf8([output.stderr, output.stdout].concat()).expect("UTF-8");
    assert!(output.status.success(), "{name}: {said}");
    said
}
