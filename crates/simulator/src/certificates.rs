//! Certificates for one test, made by the `openssl` program: an authority, and what it signs for loopback.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An authority that nobody else trusts, in a folder.
pub struct Authority {
    dir: PathBuf,
    name: String,
}

impl Authority {
    /// Makes one; its certificate is [`Authority::certificate`].
    ///
    /// # Panics
    /// When there is no openssl, with the command that installs it.
    pub fn new(dir: &Path, name: &str) -> Self {
        let authority = Self { dir: dir.to_owned(), name: name.to_owned() };
        let subject = format!("/CN={name}");
        authority.openssl(&["req", "-x509", "-out", &file(name, "pem"), "-subj", &subject], name);
        authority
    }

    /// The PEM file by which it is known.
    pub fn certificate(&self) -> PathBuf {
        self.dir.join(file(&self.name, "pem"))
    }

    /// PEM files of a certificate for loopback, for servers and clients, and of its key.
    pub fn sign(&self, name: &str) -> (PathBuf, PathBuf) {
        let (subject, request, certificate) = (format!("/CN={name}"), file(name, "csr"), file(name, "pem"));
        self.openssl(&["req", "-out", &request, "-subj", &subject], name);
        let about = "subjectAltName = IP:127.0.0.1, DNS:localhost\nextendedKeyUsage = serverAuth, clientAuth\n";
        fs::write(self.dir.join(file(name, "ext")), about).expect("a file for openssl");
        run(Command::new("openssl").current_dir(&self.dir).args(["x509", "-req", "-days", "2"]).args([
            "-in",
            &request,
            "-out",
            &certificate,
            "-CA",
            &file(&self.name, "pem"),
            "-CAkey",
            &file(&self.name, "key"),
            "-CAcreateserial",
            "-extfile",
            &file(name, "ext"),
        ]));
        (self.dir.join(certificate), self.dir.join(file(name, "key")))
    }

    /// Makes something with a new key.
    fn openssl(&self, what: &[&str], name: &str) {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout"];
        run(Command::new("openssl").current_dir(&self.dir).args(what).args(key).arg(file(name, "key")));
    }
}

fn file(name: &str, kind: &str) -> String {
    format!("{name}.{kind}")
}

fn run(command: &mut Command) {
    let output = command.output().expect("openssl is not there; install it with: apt-get install openssl");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
