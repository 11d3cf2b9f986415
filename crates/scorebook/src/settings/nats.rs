//! The settings of the connection to NATS. Secrets are in files: neither the command line, which any user of the machine
//! can list, nor the environment, which child processes inherit, holds one.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use domain::AreaId;
use jetstream::{Credentials, Options, Tls};
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::Settings;

/// The longest file with a secret, in bytes.
const SECRET_BYTES_MAX: u64 = 16 * 1024;
/// The most addresses of NATS servers.
const ADDRESSES_MAX: usize = 32;

impl Settings {
    /// With which servers of NATS to connect, and as whom; `None` when none is named. `flag` goes before the settings;
    /// `node` is what the servers call the connection.
    ///
    /// # Errors
    /// When an address holds a secret, two kinds of credentials are named, or half of one; when a file cannot be read, is
    /// empty or too long. Each says what to do.
    pub(crate) fn nats(&self, flag: &[String], node: &str) -> anyhow::Result<Option<Options>> {
        let servers = if flag.is_empty() { &self.nats } else { flag };
        if servers.is_empty() {
            return Ok(None);
        }
        ensure!(servers.len() <= ADDRESSES_MAX, "nats names {} servers; at most {ADDRESSES_MAX}", servers.len());
        // The address itself is not shown: what is before the @ may be a password.
        let secret = servers.iter().any(|server| server.contains('@'));
        ensure!(
            !secret,
            "an address of nats holds a user or a secret (before the @), which anybody can see who lists processes\n\
             Give nats_user and nats_password_file, or nats_token_file, instead."
        );
        let (credentials, tls) = (self.credentials()?, self.tls()?);
        Ok(Some(Options { servers: servers.to_vec(), name: node.to_owned(), credentials, tls }))
    }

    /// The council whose log is shared, when it is set.
    ///
    /// # Errors
    /// When it is no code.
    pub(crate) fn authority(&self) -> anyhow::Result<Option<AreaId>> {
        let code = |code: &String| AreaId::new(code).with_context(|| format!("authority is {code:?}, not a GSS code"));
        self.authority.as_ref().map(code).transpose()
    }

    /// How many NATS servers keep each stream that is made. `flag` goes before the settings.
    ///
    /// # Errors
    /// When it is not 1, 3 or 5: two servers lose what one of them loses, and JetStream takes no more than five.
    pub(crate) fn replicas(&self, flag: Option<u8>) -> anyhow::Result<usize> {
        let replicas = flag.unwrap_or(self.replicas);
        ensure!([1, 3, 5].contains(&replicas), "replicas is {replicas}; a stream is kept by 1, 3 or 5 servers");
        Ok(usize::from(replicas))
    }

    fn credentials(&self) -> anyhow::Result<Credentials> {
        let kinds = [
            ("nats_user", self.nats_user.is_some()),
            ("nats_token_file", self.nats_token_file.is_some()),
            ("nats_nkey_file", self.nats_nkey_file.is_some()),
            ("nats_credentials_file", self.nats_credentials_file.is_some()),
        ];
        let named: Vec<&str> = kinds.iter().filter(|(_, named)| *named).map(|(name, _)| *name).collect();
        ensure!(
            named.len() <= 1,
            "{} are set: a node has one kind of credentials\nTake all but one out of the settings and the environment.",
            named.join(" and ")
        );
        match (&self.nats_user, &self.nats_password_file) {
            (Some(user), Some(file)) => {
                return Ok(Credentials::User { user: user.clone(), password: secret("nats_password_file", file)? });
            }
            (Some(user), None) => {
                bail!("nats_user is {user:?} without nats_password_file; name the file that holds it")
            }
            (None, Some(_)) => bail!("nats_password_file is set without nats_user; say whose password it is"),
            (None, None) => {}
        }
        if let Some(file) = &self.nats_token_file {
            return Ok(Credentials::Token(secret("nats_token_file", file)?));
        }
        if let Some(file) = &self.nats_nkey_file {
            return Ok(Credentials::NKey(secret("nats_nkey_file", file)?));
        }
        if let Some(file) = &self.nats_credentials_file {
            return Ok(Credentials::File(secret("nats_credentials_file", file)?));
        }
        Ok(Credentials::None)
    }

    fn tls(&self) -> anyhow::Result<Option<Tls>> {
        let own = match (&self.nats_certificate_file, &self.nats_key_file) {
            (Some(certificate), Some(key)) => {
                Some((there("nats_certificate_file", certificate)?, there("nats_key_file", key)?))
            }
            (Some(_), None) => bail!("nats_certificate_file is set without nats_key_file; name the file with its key"),
            (None, Some(_)) => bail!("nats_key_file is set without nats_certificate_file; name the certificate's file"),
            (None, None) => None,
        };
        let authority = self.nats_ca_file.as_deref().map(|file| there("nats_ca_file", file)).transpose()?;
        Ok((authority.is_some() || own.is_some()).then_some(Tls { authority, own }))
    }
}

/// The path of a file that has to be there.
fn there(setting: &str, file: &Path) -> anyhow::Result<PathBuf> {
    ensure!(file.is_file(), "{setting}: {} is not there", file.display());
    Ok(file.to_owned())
}

/// What a file holds, without white space around it. No error says any of it.
fn secret(setting: &str, path: &Path) -> anyhow::Result<String> {
    let reading = || format!("{setting}: {} cannot be read", path.display());
    let mut text = String::new();
    let file = File::open(path).with_context(reading)?;
    file.take(SECRET_BYTES_MAX.saturating_add(1)).read_to_string(&mut text).with_context(reading)?;
    let n_bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    ensure!(
        n_bytes <= SECRET_BYTES_MAX,
        "{setting}: {} is longer than {SECRET_BYTES_MAX} bytes; it is to hold the secret and nothing else",
        path.display()
    );
    let text = text.trim();
    ensure!(!text.is_empty(), "{setting}: {} is empty; it is to hold the secret", path.display());
    Ok(text.to_owned())
}

/// A list of addresses, or one text with commas between them.
pub(super) fn addresses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(Addresses)
}

struct Addresses;

impl<'de> Visitor<'de> for Addresses {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("addresses such as nats://127.0.0.1:4222, in a list or with commas between them")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.split(',').map(str::trim).filter(|address| !address.is_empty()).map(str::to_owned).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut addresses = Vec::new();
        while let Some(address) = list.next_element()? {
            addresses.push(address);
        }
        Ok(addresses)
    }
}
