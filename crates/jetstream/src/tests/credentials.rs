//! As whom one connects, and how the servers are known: what is right is taken, and nothing else.

use std::error::Error as _;

use data_encoding::BASE64URL_NOPAD;
use nkeys::KeyPair;
use serde_json::{Value, json};
use simulator::certificates::Authority;
use simulator::nats::Nats;

use super::runtime;
use crate::connection::Error;
use crate::{Connection, Credentials, Options, Tls};

fn options(nats: &Nats, credentials: Credentials, tls: Option<Tls>) -> Options {
    Options { servers: nats.addresses(), name: "test".to_owned(), credentials, tls }
}

/// It is connected: the server has answered.
#[track_caller]
fn taken(nats: &Nats, credentials: Credentials, tls: Option<Tls>) {
    let options = options(nats, credentials, tls);
    runtime().block_on(async {
        let connection = Connection::open(&options).await.expect("a connection");
        assert!(connection.connected());
    });
}

/// It is refused, in words that do not tell the secret.
#[track_caller]
fn refused(nats: &Nats, credentials: Credentials, tls: Option<Tls>, words: &str) {
    let options = options(nats, credentials, tls);
    let Err(error) = runtime().block_on(Connection::open(&options)) else { panic!("{options:?} is taken") };
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    assert!(said.contains(words), "{said:?} should say {words:?}");
    assert!(!said.contains("s3cret"), "{said:?} tells a secret");
    assert!(!format!("{options:?}").contains("s3cret"), "{options:?} shows a secret");
}

fn user(user: &str, password: &str) -> Credentials {
    Credentials::User { user: user.to_owned(), password: password.to_owned() }
}

#[test]
fn a_user_with_the_right_password_is_taken() {
    let nats = Nats::with(1, "authorization { users: [{ user: ingest, password: s3cret }] }\n");
    taken(&nats, user("ingest", "s3cret"), None);
    refused(&nats, user("ingest", "s3cret-not"), None, "authorization violation");
    refused(&nats, user("nobody", "s3cret"), None, "authorization violation");
    refused(&nats, Credentials::None, None, "authorization violation");
}

#[test]
fn the_right_token_is_taken() {
    let nats = Nats::with(1, "authorization { token: s3cret }\n");
    taken(&nats, Credentials::Token("s3cret".to_owned()), None);
    refused(&nats, Credentials::Token("s3cret-not".to_owned()), None, "authorization violation");
    refused(&nats, Credentials::None, None, "authorization violation");
}

#[test]
fn the_right_nkey_is_taken() {
    let (known, unknown) = (KeyPair::new_user(), KeyPair::new_user());
    let nats = Nats::with(1, &format!("authorization {{ users: [{{ nkey: {} }}] }}\n", known.public_key()));
    taken(&nats, Credentials::NKey(known.seed().expect("a seed")), None);
    refused(&nats, Credentials::NKey(unknown.seed().expect("a seed")), None, "authorization violation");
    refused(&nats, Credentials::NKey("s3cret: no seed".to_owned()), None, "no NATS server of");
}

/// A JWT as NATS has it: claims of an operator, an account or a user, signed by whoever answers for it.
fn jwt(signer: &KeyPair, subject: &KeyPair, name: &str, nats: &Value) -> String {
    let part = |value: Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let claims = json!({ "jti": name, "iat": 1, "iss": signer.public_key(), "sub": subject.public_key(), "name": name,
        "nats": nats });
    let text = format!("{}.{}", part(json!({ "typ": "JWT", "alg": "ed25519-nkey" })), part(claims));
    let signature = signer.sign(text.as_bytes()).expect("it holds its seed");
    format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
}

/// What `nsc` writes for a user.
fn credentials_file(jwt: &str, user: &KeyPair) -> Credentials {
    let seed = user.seed().expect("a seed");
    Credentials::File(format!(
        "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    ))
}

#[test]
fn the_right_credentials_file_is_taken() {
    let (operator, account, user) = (KeyPair::new_operator(), KeyPair::new_account(), KeyPair::new_user());
    let operator_jwt = jwt(&operator, &operator, "operator", &json!({ "type": "operator", "version": 2 }));
    // Nothing is limited.
    let limits = json!({ "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true,
        "conn": -1, "leaf": -1 });
    let about_account = json!({ "type": "account", "version": 2, "limits": limits });
    let account_jwt = jwt(&operator, &account, "account", &about_account);
    let about_user =
        json!({ "type": "user", "version": 2, "pub": {}, "sub": {}, "subs": -1, "data": -1, "payload": -1 });
    let config = format!(
        "operator: {operator_jwt}\nresolver: MEMORY\nresolver_preload {{ {}: {account_jwt} }}\n",
        account.public_key()
    );
    let nats = Nats::configured(1, |place| format!("listen: \"127.0.0.1:{}\"\n{config}", place.clients[0]));
    taken(&nats, credentials_file(&jwt(&account, &user, "user", &about_user), &user), None);
    let stranger = KeyPair::new_account();
    let forged = credentials_file(&jwt(&stranger, &user, "user", &about_user), &user);
    refused(&nats, forged, None, "authorization violation");
    refused(&nats, Credentials::None, None, "authorization violation");
    let broken = options(&nats, Credentials::File("s3cret: no file".to_owned()), None);
    let error = runtime().block_on(Connection::open(&broken)).err().expect("it is refused");
    assert!(matches!(error, Error::Credentials(_)), "{error:?}");
}

/// A server with a certificate of an authority; with `verify`, it asks clients for one of the same.
fn with_tls(authority: &Authority, verify: bool) -> Nats {
    let (certificate, key) = authority.sign("server");
    let ca = authority.certificate();
    Nats::with(
        1,
        &format!("tls {{ cert_file: {certificate:?}, key_file: {key:?}, ca_file: {ca:?}, verify: {verify} }}\n"),
    )
}

#[test]
fn a_server_of_the_right_authority_is_taken() {
    let dir = tempfile::tempdir().expect("a folder");
    let (known, unknown) = (Authority::new(dir.path(), "known"), Authority::new(dir.path(), "unknown"));
    let nats = with_tls(&known, false);
    taken(&nats, Credentials::None, Some(Tls { authority: Some(known.certificate()), own: None }));
    let other = Tls { authority: Some(unknown.certificate()), own: None };
    refused(&nats, Credentials::None, Some(other), "invalid peer certificate");
    let machine = Tls { authority: None, own: None };
    refused(&nats, Credentials::None, Some(machine), "invalid peer certificate");
    let nowhere = Tls { authority: Some(dir.path().join("nowhere.pem")), own: None };
    refused(&nats, Credentials::None, Some(nowhere), "No such file");
}

#[test]
fn a_node_shows_a_certificate_where_the_server_asks_for_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let (known, unknown) = (Authority::new(dir.path(), "known"), Authority::new(dir.path(), "unknown"));
    let nats = with_tls(&known, true);
    let authority = Some(known.certificate());
    let with = |own| Some(Tls { authority: authority.clone(), own });
    taken(&nats, Credentials::None, with(Some(known.sign("node"))));
    refused(&nats, Credentials::None, with(None), "no NATS server of");
    refused(&nats, Credentials::None, with(Some(unknown.sign("stranger"))), "no NATS server of");
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_required() {
    let dir = tempfile::tempdir().expect("a folder");
    let authority = Authority::new(dir.path(), "known");
    let tls = Tls { authority: Some(authority.certificate()), own: None };
    refused(&Nats::single(), Credentials::None, Some(tls), "no NATS server of");
}
