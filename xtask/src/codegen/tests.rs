use super::{DESCRIPTORS, Output, committed, generate, stale, write};
use protox::prost::Message as _;
use protox::prost_reflect::DescriptorPool;
use std::path::Path;

const PROTO: &str = r#"
syntax = "proto3";
package scorebook.v1;
import "google/protobuf/timestamp.proto";

// Answers.
service Answers {
  // One figure.
  rpc Figure(FigureRequest) returns (FigureResponse);
}
// What is asked.
message FigureRequest {
  // The code, 1 to 64 bytes.
  string measure = 1;
}
// What is so.
message FigureResponse {
  // In millionths.
  int64 value_micros = 1;
  // When it was known.
  google.protobuf.Timestamp known_at = 2;
}
"#;

fn folder_with(proto: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("proto/scorebook/v1");
    std::fs::create_dir_all(&package).unwrap();
    std::fs::write(package.join("answers.proto"), proto).unwrap();
    folder
}

fn generated(root: &Path) -> Output {
    generate(&root.join("proto"), &root.join("scratch")).unwrap()
}

#[test]
fn client_and_server_are_generated_with_the_comments() {
    let folder = folder_with(PROTO);
    let output = generated(folder.path());
    let names: Vec<_> = output.keys().map(String::as_str).collect();
    assert_eq!(names, ["scorebook.v1.bin", "scorebook.v1.rs"]);
    let code = String::from_utf8(output["scorebook.v1.rs"].clone()).unwrap();
    assert!(code.contains("pub mod answers_client"));
    assert!(code.contains("pub trait Answers"));
    assert!(code.contains("/// The code, 1 to 64 bytes."));
    assert!(code.contains("::prost_types::Timestamp"));
}

#[test]
fn the_descriptors_are_complete_and_carry_no_source_positions() {
    let folder = folder_with(PROTO);
    let bytes = generated(folder.path()).remove(DESCRIPTORS).unwrap();
    let pool = DescriptorPool::decode(bytes.as_slice()).unwrap();
    assert!(pool.get_service_by_name("scorebook.v1.Answers").is_some());
    assert!(pool.get_message_by_name("google.protobuf.Timestamp").is_some());
    for file in pool.files() {
        let descriptor = file.file_descriptor_proto();
        assert!(descriptor.source_code_info.is_none(), "{}", file.name());
        assert!(descriptor.encoded_len() > 0);
    }
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let folder = folder_with(PROTO);
    assert_eq!(generated(folder.path()), generated(folder.path()));
}

#[test]
fn what_is_committed_is_stale_when_the_contract_changes() {
    let folder = folder_with(PROTO);
    let before = generated(folder.path());
    let output = folder.path().join("gen");
    let all: Vec<_> = before.keys().cloned().collect();
    assert_eq!(stale(&before, &committed(&output).unwrap()), all);
    write(&before, &all, &output).unwrap();
    assert!(stale(&before, &committed(&output).unwrap()).is_empty());

    std::fs::write(output.join("left-over.rs"), "").unwrap();
    let changed = folder_with(&PROTO.replace("value_micros", "value_millis"));
    let after = generated(changed.path());
    let names = stale(&after, &committed(&output).unwrap());
    assert_eq!(names, ["scorebook.v1.bin", "scorebook.v1.rs", "left-over.rs"]);
    write(&after, &names, &output).unwrap();
    assert_eq!(committed(&output).unwrap(), after);
}

#[test]
fn an_error_in_a_proto_file_names_the_file() {
    let folder = folder_with(&PROTO.replace("FigureResponse)", "Missing)"));
    let error = generate(&folder.path().join("proto"), &folder.path().join("scratch"));
    let shown = format!("{:#}", error.unwrap_err());
    assert!(shown.contains("Missing"), "{shown}");
    assert!(shown.contains("answers.proto"), "{shown}");
}

#[test]
fn a_folder_without_proto_files_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("proto")).unwrap();
    assert!(generate(&folder.path().join("proto"), &folder.path().join("scratch")).is_err());
}
