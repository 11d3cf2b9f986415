//! The contract itself: what every message, field, value and rpc must have.

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};

use crate::FILE_DESCRIPTOR_SET;

const FILES: [(&str, &str); 13] = [
    ("values", include_str!("../../../../proto/scorebook/v1/values.proto")),
    ("events", include_str!("../../../../proto/scorebook/v1/events.proto")),
    ("cluster", include_str!("../../../../proto/scorebook/v1/cluster.proto")),
    ("commands", include_str!("../../../../proto/scorebook/v1/commands.proto")),
    ("comparison", include_str!("../../../../proto/scorebook/v1/comparison.proto")),
    ("answers", include_str!("../../../../proto/scorebook/v1/answers.proto")),
    ("evidence", include_str!("../../../../proto/scorebook/v1/evidence.proto")),
    ("feed", include_str!("../../../../proto/scorebook/v1/feed.proto")),
    ("grid", include_str!("../../../../proto/scorebook/v1/grid.proto")),
    ("results", include_str!("../../../../proto/scorebook/v1/results.proto")),
    ("review", include_str!("../../../../proto/scorebook/v1/review.proto")),
    ("views", include_str!("../../../../proto/scorebook/v1/views.proto")),
    ("service", include_str!("../../../../proto/scorebook/v1/service.proto")),
];

fn own_files() -> Vec<FileDescriptorProto> {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    set.file.into_iter().filter(|file| file.package() == "scorebook.v1").collect()
}

fn messages() -> Vec<DescriptorProto> {
    own_files().into_iter().flat_map(|file| file.message_type).collect()
}

#[test]
fn the_descriptor_set_holds_the_whole_contract_and_its_imports() {
    let set = FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap();
    let mut names: Vec<_> = set.file.iter().map(|file| file.name().to_owned()).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "google/protobuf/duration.proto",
            "google/protobuf/empty.proto",
            "google/protobuf/timestamp.proto",
            "scorebook/v1/answers.proto",
            "scorebook/v1/cluster.proto",
            "scorebook/v1/commands.proto",
            "scorebook/v1/comparison.proto",
            "scorebook/v1/events.proto",
            "scorebook/v1/evidence.proto",
            "scorebook/v1/feed.proto",
            "scorebook/v1/grid.proto",
            "scorebook/v1/results.proto",
            "scorebook/v1/review.proto",
            "scorebook/v1/service.proto",
            "scorebook/v1/values.proto",
            "scorebook/v1/views.proto",
        ]
    );
}

#[test]
fn every_rpc_has_a_request_and_a_response_of_its_own() {
    let services: Vec<_> = own_files().into_iter().flat_map(|file| file.service).collect();
    let [service] = services.as_slice() else { panic!("one service") };
    assert_eq!(service.name(), "ScorebookService");
    assert_eq!(service.method.len(), 23);
    for method in &service.method {
        assert_eq!(method.input_type(), format!(".scorebook.v1.{}Request", method.name()));
        assert_eq!(method.output_type(), format!(".scorebook.v1.{}Response", method.name()));
        assert_eq!(method.client_streaming(), method.name() == "SubmitStream");
        assert_eq!(method.server_streaming(), ["Follow", "ReadResults"].contains(&method.name()));
    }
}

#[test]
fn every_enum_begins_with_its_own_name_unspecified() {
    for found in own_files().into_iter().flat_map(|file| file.enum_type) {
        let mut prefix = String::new();
        for (i, c) in found.name().chars().enumerate() {
            if i > 0 && c.is_uppercase() {
                prefix.push('_');
            }
            prefix.push(c.to_ascii_uppercase());
        }
        assert_eq!(found.value[0].name(), format!("{prefix}_UNSPECIFIED"));
        assert_eq!(found.value[0].number(), 0);
        for value in &found.value {
            assert!(value.name().starts_with(&format!("{prefix}_")), "{}", value.name());
        }
    }
}

#[test]
fn every_query_can_wait_for_a_position() {
    for message in messages() {
        let name = message.name();
        // A follower waits for everything.
        if !name.ends_with("Request") || name.starts_with("Submit") || name == "FollowRequest" {
            continue;
        }
        let waits = |field: &&str| matches!(*field, "at_least_position" | "as_of" | "before" | "after");
        let fields: Vec<_> = message.field.iter().map(prost_types::FieldDescriptorProto::name).collect();
        assert!(fields.iter().any(waits), "{name}: {fields:?}");
    }
}

#[test]
fn every_event_and_command_has_a_message_of_its_own() {
    let oneof = |wanted: &str, oneof: i32| -> Vec<(String, String)> {
        let message = messages().into_iter().find(|it| it.name() == wanted).unwrap();
        let fields = message.field.iter().filter(|field| field.oneof_index == Some(oneof));
        fields
            .map(|field| (field.name().replace('_', ""), field.type_name().rsplit('.').next().unwrap().to_owned()))
            .collect()
    };
    let events = oneof("Envelope", 0);
    assert_eq!(events.iter().map(|(_, message)| message.as_str()).collect::<Vec<_>>(), crate::event::NAMES);
    let commands = oneof("Instruction", 0);
    assert_eq!(commands.len(), 22);
    for (field, message) in events.iter().chain(&commands) {
        assert_eq!(*field, message.to_lowercase());
    }
}

/// Lines that name something and must have a comment just above.
fn uncommented(text: &str) -> Vec<&str> {
    let mut above = "";
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        let names = ["message ", "enum ", "service ", "rpc ", "oneof "].iter().any(|word| line.starts_with(word))
            || (line.contains(" = ") && line.ends_with(';'));
        if names && !above.starts_with("//") && !line.starts_with("//") {
            found.push(line);
        }
        above = line;
    }
    found
}

#[test]
fn everything_in_the_contract_has_a_comment() {
    for (name, text) in FILES {
        let without: Vec<_> = uncommented(text).into_iter().filter(|line| !line.starts_with("syntax")).collect();
        assert_eq!(without, [""; 0], "{name}.proto");
    }
}

#[test]
fn the_search_for_comments_finds_what_has_none() {
    let text = "// A thing.\nmessage Thing {\n  string name = 1;\n  // Known.\n  string other = 2;\n}\n";
    assert_eq!(uncommented(text), ["string name = 1;"]);
}

#[test]
fn the_files_are_those_of_the_descriptor_set() {
    assert_eq!(own_files().len(), FILES.len());
    for (name, text) in FILES {
        let path = format!("scorebook/v1/{name}.proto");
        let file = own_files().into_iter().find(|file| file.name() == path).unwrap();
        for message in &file.message_type {
            assert!(text.contains(&format!("\nmessage {} {{", message.name())), "{}", message.name());
        }
    }
}
