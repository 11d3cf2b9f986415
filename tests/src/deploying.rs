//! The files of `deploy` are what the tools that read them take, and name nothing that there is not.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::folder::{Folder, list};
use crate::operating::yaml;
use crate::program;

const ROLES: [&str; 3] = ["ingest", "ratings", "reporting"];

fn path(name: &str) -> PathBuf {
    program::workspace().join("deploy").join(name)
}

#[track_caller]
fn file(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("deploy/{name}: {error}"))
}

fn texts(value: &Value) -> Vec<String> {
    list(value).iter().map(|text| text.as_str().expect("text").to_owned()).collect()
}

/// A node's command line is one that the program understands, with a role.
#[track_caller]
fn is_understood(words: &[String]) {
    assert_eq!(words.first().map(String::as_str), Some("serve"), "{words:?}");
    let help = Folder::new().run_without_data_dir("serve --help").succeeded().stdout;
    for flag in words.iter().filter(|word| word.starts_with("--")) {
        let known = help.contains(&format!("{flag} <"));
        assert!(known, "{flag} is not in:\n{help}");
    }
    let role = words.iter().skip_while(|word| *word != "--role").nth(1).expect("a role");
    assert!(ROLES.contains(&role.as_str()) || role == "%i", "{words:?}");
}

/// A setting that the program takes from the environment, or a password that the configuration of NATS takes.
#[track_caller]
fn is_a_setting(name: &str) {
    let settings = fs::read_to_string(program::workspace().join("docs/SETTINGS.md")).expect("the document");
    assert!(settings.contains(&format!("| `{name}` |")), "{name} is not in docs/SETTINGS.md");
}

/// Sections of a unit, each line `Key=value`.
#[track_caller]
fn unit(name: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in file(name).lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(title) = line.strip_prefix('[') {
            section = title.strip_suffix(']').expect("a section's title").to_owned();
        } else {
            let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("{name}: {line}"));
            assert!(key.chars().all(|c| c.is_ascii_alphanumeric()) && !value.is_empty(), "{name}: {line}");
            found.push((section.clone(), key.to_owned(), value.to_owned()));
        }
    }
    let sections: BTreeSet<&str> = found.iter().map(|(section, ..)| section.as_str()).collect();
    assert_eq!(sections, BTreeSet::from(["Install", "Service", "Unit"]), "{name}");
    found
}

#[test]
fn the_units_are_what_systemd_takes() {
    for (name, instance) in [("scorebook@.service", "scorebook@ingest.service"), ("nats.service", "nats.service")] {
        let lines = unit(&format!("systemd/{name}"));
        let start = lines.iter().find(|(_, key, _)| key == "ExecStart").expect("what is started").2.clone();
        if name.starts_with("scorebook") {
            let words = program::words(&start);
            assert_eq!(words[0], "/usr/bin/scorebook");
            is_understood(&words[1..]);
        }
        let verified = tempfile::tempdir().expect("a folder");
        let binary = start.split(' ').next().expect("a program");
        let there = file(&format!("systemd/{name}")).replace(binary, "/bin/true");
        fs::write(verified.path().join(name), there).expect("a unit");
        let unit = verified.path().join(instance);
        // Where there is no systemd, what was read above is all that is known.
        let Ok(output) = Command::new("systemd-analyze").arg("verify").arg(unit).output() else { continue };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && !said.contains(name.trim_end_matches("@.service")), "{said}");
    }
    for line in file("systemd/ingest.env").lines().filter(|line| !line.starts_with('#')) {
        is_a_setting(line.split_once('=').expect("a setting").0);
    }
}

#[test]
fn the_composed_services_name_what_there_is() {
    let compose = &yaml("deploy/compose.yaml")[0];
    let services = compose["services"].as_object().expect("services");
    let mut n_of_roles = Vec::new();
    for (name, service) in services {
        let command = texts(&service["command"]);
        if name.starts_with('n') {
            let config = command[1].strip_prefix("/etc/nats/").expect("a configuration");
            assert!(path(&format!("nats/{config}")).is_file(), "{config}");
            assert_eq!(config, format!("{name}.conf"));
        } else {
            is_understood(&command);
            n_of_roles.push(command[2].clone());
            service["environment"].as_object().expect("settings").keys().for_each(|key| is_a_setting(key));
        }
        for volume in texts(&service["volumes"]) {
            let from = volume.split(':').next().expect("a source");
            let named = compose["volumes"].get(from).is_some();
            assert!(named || from == "./nats" || from.starts_with("./secrets/"), "{name}: {volume}");
        }
    }
    n_of_roles.sort();
    assert_eq!(n_of_roles, ["ingest", "ingest", "ratings", "ratings", "reporting", "reporting"]);
    assert_eq!(services.len(), 9, "and three of NATS");
}

/// One pod's volumes, ports and probes fit together.
#[track_caller]
fn is_whole(set: &Value) {
    let pod = &set["spec"]["template"]["spec"];
    let names = |value: &Value, name: &str| -> BTreeSet<String> {
        list(value).iter().map(|it| it.pointer(name).and_then(Value::as_str).expect("a name").to_owned()).collect()
    };
    let claims = names(&set["spec"]["volumeClaimTemplates"], "/metadata/name");
    let volumes: BTreeSet<String> = names(&pod["volumes"], "/name").union(&claims).cloned().collect();
    let container = &pod["containers"][0];
    assert_eq!(names(&container["volumeMounts"], "/name"), volumes, "{set:#}");
    assert!(claims.contains("data"), "what is kept outlives the pod");
    let ports = names(&container["ports"], "/name");
    for probe in ["readinessProbe", "livenessProbe"] {
        let probe = &container[probe];
        let port = probe["httpGet"]["port"].as_str();
        assert!(port.map_or(probe["exec"]["command"].is_array(), |port| ports.contains(port)), "{probe}");
    }
    let labels = &set["spec"]["template"]["metadata"]["labels"];
    assert_eq!(&set["spec"]["selector"]["matchLabels"], labels, "it finds its own pods");
}

#[test]
fn the_manifests_fit_together_and_name_what_there_is() {
    let kustomization = &yaml("deploy/kustomization.yaml")[0];
    for name in texts(&kustomization["configMapGenerator"][0]["files"]) {
        file(&name);
    }
    let resources = texts(&kustomization["resources"]);
    assert_eq!(resources.len(), 4);
    for resource in resources {
        let documents = yaml(&format!("deploy/{resource}"));
        let kinds: Vec<&str> = documents.iter().map(|it| it["kind"].as_str().expect("a kind")).collect();
        assert_eq!(kinds, ["Service", "PodDisruptionBudget", "StatefulSet"], "{resource}");
        let (service, budget, set) = (&documents[0], &documents[1], &documents[2]);
        is_whole(set);
        let labels = &set["spec"]["selector"]["matchLabels"];
        assert_eq!((&service["spec"]["selector"], &budget["spec"]["selector"]["matchLabels"]), (labels, labels));
        assert_eq!(set["spec"]["serviceName"], service["metadata"]["name"]);
        let container = &set["spec"]["template"]["spec"]["containers"][0];
        let listening: Vec<String> =
            list(&container["ports"]).iter().map(|port| port["containerPort"].to_string()).collect();
        let offered: Vec<String> =
            list(&service["spec"]["ports"]).iter().map(|port| port["port"].to_string()).collect();
        assert_eq!(listening, offered, "{resource}");
        if resource.ends_with("nats.yaml") {
            let configuration = [file("nats/common.conf"), file("nats/kubernetes.conf")].concat();
            assert!(listening.iter().all(|port| configuration.contains(&format!("0.0.0.0:{port}"))), "{listening:?}");
            assert!(file("nats/kubernetes.conf").contains("tls://nats-2.nats:6222") && set["spec"]["replicas"] == 3);
            continue;
        }
        is_understood(&texts(&container["args"]));
        assert_eq!(set["spec"]["replicas"], 2, "two of each role");
        for setting in list(&container["env"]) {
            is_a_setting(setting["name"].as_str().expect("a name"));
        }
        let metrics = list(&container["env"]).into_iter().find(|it| it["name"] == "SCOREBOOK_METRICS");
        assert_eq!(metrics.expect("an address")["value"], format!("0.0.0.0:{}", listening[0]));
    }
}

#[test]
fn the_image_is_built_from_what_there_is() {
    let dockerfile = file("Dockerfile");
    let cargo = fs::read_to_string(program::workspace().join("Cargo.toml")).expect("the manifest");
    assert!(dockerfile.contains("--profile dist") && cargo.contains("[profile.dist]"));
    let version = cargo.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("a version");
    assert!(dockerfile.contains(&format!("FROM rust:{}-", version.trim_matches('"'))), "{version}");
    assert!(dockerfile.contains("COPY --from=build /build/target/dist/scorebook "));
}
