use std::fs;

use figment::Figment;
use figment::providers::{Format as _, Toml};
use jetstream::{Credentials, Options};
use tempfile::TempDir;

use super::Settings;

/// A folder with a file for each kind of secret.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret"), "  s3cret \n").unwrap();
    fs::write(folder.path().join("empty"), " \n").unwrap();
    fs::write(folder.path().join("long"), "x".repeat(16 * 1024 + 1)).unwrap();
    fs::write(folder.path().join("binary"), [0xff, 0xfe]).unwrap();
    folder
}

/// Settings from a file's text, in which `DIR` is the folder.
fn settings(folder: &TempDir, text: &str) -> Settings {
    let text = text.replace("DIR", &folder.path().display().to_string());
    Figment::from(Toml::string(&text)).extract().unwrap()
}

#[track_caller]
fn taken(text: &str) -> Options {
    let folder = folder();
    let settings = settings(&folder, &format!("nats = 'nats://127.0.0.1:4222'\n{text}"));
    settings.nats(&[], "node-1").unwrap().unwrap()
}

#[track_caller]
fn refused(text: &str, words: &str) {
    let folder = folder();
    let settings = settings(&folder, &format!("nats = 'nats://127.0.0.1:4222'\n{text}"));
    let error = format!("{:#}", settings.nats(&[], "node-1").unwrap_err());
    assert!(error.contains(words), "{error:?} should say {words:?}");
    assert!(!error.contains("s3cret"), "{error:?} tells a secret");
}

#[test]
fn without_an_address_there_is_no_connection() {
    let folder = folder();
    assert!(settings(&folder, "nats_token_file = 'DIR/secret'").nats(&[], "node-1").unwrap().is_none());
}

#[test]
fn addresses_are_a_list_or_one_text() {
    let folder = folder();
    let both = ["nats://a:4222", "tls://b:4222"].map(str::to_owned);
    for text in ["nats = ['nats://a:4222', 'tls://b:4222']", "nats = 'nats://a:4222, tls://b:4222'"] {
        let options = settings(&folder, text).nats(&[], "node-1").unwrap().unwrap();
        assert_eq!((options.servers.as_slice(), options.name.as_str()), (both.as_slice(), "node-1"));
    }
    let flag = ["nats://c:4222".to_owned()];
    let options = settings(&folder, "nats = 'nats://a:4222'").nats(&flag, "node-1").unwrap().unwrap();
    assert_eq!(options.servers, flag, "the flag goes first");
    let error = Figment::from(Toml::string("nats = 4222")).extract::<Settings>().unwrap_err();
    assert!(error.to_string().contains("addresses such as nats://"), "{error}");
}

#[test]
fn a_secret_comes_from_a_file_without_white_space_around_it() {
    let user = taken("nats_user = 'ingest'\nnats_password_file = 'DIR/secret'").credentials;
    assert!(
        matches!(&user, Credentials::User { user, password } if user == "ingest" && password == "s3cret"),
        "{user:?}"
    );
    let token = taken("nats_token_file = 'DIR/secret'").credentials;
    assert!(matches!(&token, Credentials::Token(token) if token == "s3cret"), "{token:?}");
    let nkey = taken("nats_nkey_file = 'DIR/secret'").credentials;
    assert!(matches!(&nkey, Credentials::NKey(seed) if seed == "s3cret"), "{nkey:?}");
    let file = taken("nats_credentials_file = 'DIR/secret'").credentials;
    assert!(matches!(&file, Credentials::File(text) if text == "s3cret"), "{file:?}");
    let nobody = taken("").credentials;
    assert!(matches!(nobody, Credentials::None), "{nobody:?}");
}

#[test]
fn two_kinds_of_credentials_or_half_of_one_are_refused() {
    let user = "nats_user = 'ingest'\nnats_password_file = 'DIR/secret'\n";
    refused(&format!("{user}nats_token_file = 'DIR/secret'"), "nats_user and nats_token_file are set");
    refused(
        "nats_nkey_file = 'DIR/secret'\nnats_credentials_file = 'DIR/secret'",
        "nats_nkey_file and nats_credentials_file are set: a node has one kind of credentials",
    );
    refused("nats_user = 'ingest'", "without nats_password_file; name the file");
    refused("nats_password_file = 'DIR/secret'", "without nats_user; say whose");
}

#[test]
fn a_file_that_holds_no_secret_is_refused_by_its_name() {
    refused("nats_token_file = 'DIR/nowhere'", "nowhere cannot be read");
    refused("nats_token_file = 'DIR/empty'", "empty is empty; it is to hold the secret");
    refused("nats_token_file = 'DIR/long'", "long is longer than 16384 bytes");
    refused("nats_token_file = 'DIR/binary'", "binary cannot be read");
}

#[test]
fn a_secret_in_an_address_is_refused_and_not_repeated() {
    let folder = folder();
    let error = settings(&folder, "nats = 'nats://ingest:s3cret@127.0.0.1'").nats(&[], "node-1").unwrap_err();
    let error = error.to_string();
    assert!(error.contains("nats_user and nats_password_file") && !error.contains("s3cret"), "{error}");
}

#[test]
fn certificates_are_whole_and_there() {
    let tls = taken("nats_ca_file = 'DIR/secret'").tls.unwrap();
    assert!(tls.authority.is_some() && tls.own.is_none(), "{tls:?}");
    let tls = taken("nats_certificate_file = 'DIR/secret'\nnats_key_file = 'DIR/long'").tls.unwrap();
    assert!(tls.authority.is_none() && tls.own.is_some(), "{tls:?}");
    assert!(taken("").tls.is_none());
    refused("nats_ca_file = 'DIR/nowhere'", "nats_ca_file: ");
    refused("nats_certificate_file = 'DIR/secret'", "without nats_key_file");
    refused("nats_key_file = 'DIR/secret'", "without nats_certificate_file");
}

#[test]
fn whose_log_and_how_many_replicas() {
    let folder = folder();
    let none = settings(&folder, "");
    assert_eq!((none.authority().unwrap(), none.replicas(None).unwrap()), (None, 3));
    let some = settings(&folder, "authority = 'E10000016'\nreplicas = 1");
    assert_eq!((some.authority().unwrap().unwrap().as_str(), some.replicas(None).unwrap()), ("E10000016", 1));
    let error = format!("{:#}", settings(&folder, "authority = 'no code'").authority().unwrap_err());
    assert!(error.contains("authority is \"no code\", not a GSS code"), "{error}");
    let error = settings(&folder, "replicas = 2").replicas(None).unwrap_err().to_string();
    assert!(error.contains("1, 3 or 5"), "{error}");
}

#[test]
fn every_setting_can_be_said_in_the_environment_and_is_described() {
    let described = include_str!("../../../../docs/SETTINGS.md");
    for name in super::NAMES {
        let row = format!("| `{name}` | `SCOREBOOK_{}` |", name.to_uppercase());
        assert!(described.contains(&row), "docs/SETTINGS.md should have {row}");
    }
    let unknown = Figment::from(Toml::string("nobody = 1")).extract::<Settings>().unwrap_err().to_string();
    let known = unknown.split("one of").nth(1).unwrap().split(" for key").next().unwrap();
    let fields = known.matches("`, `").count() + 1;
    assert_eq!(fields, super::NAMES.len(), "the environment knows every field: {unknown}");
}
