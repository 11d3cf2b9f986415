use super::{is_stamped, python, set_stamp};

#[test]
fn a_stamp_holds_for_its_own_pins_only() {
    let folder = tempfile::tempdir().unwrap();
    let stamp = folder.path().join("pins.txt");
    assert!(!is_stamped(&stamp, "grpcio==1.0"));
    set_stamp(&stamp, "grpcio==1.0").unwrap();
    assert!(is_stamped(&stamp, "grpcio==1.0"));
    assert!(!is_stamped(&stamp, "grpcio==1.1"));
}

#[test]
fn a_missing_python_names_the_command_that_installs_it() {
    let folder = tempfile::tempdir().unwrap();
    let error = python::make_venv("no-such-python3", &folder.path().join("venv")).unwrap_err();
    assert!(error.to_string().contains("apt-get install python3 python3-venv"), "{error}");
}

#[test]
fn a_python_without_venv_names_the_command_that_installs_it() {
    let folder = tempfile::tempdir().unwrap();
    // It answers `--version`, so it is there, and fails at all else.
    let script = folder.path().join("python3");
    std::fs::write(
        &script,
        "#!/bin/sh\n[ \"$1\" = --version ] || { echo 'ensurepip is not available' >&2; exit 1; }\n",
    )
    .unwrap();
    make_executable(&script);
    let name = script.to_string_lossy().into_owned();
    let error = python::make_venv(&name, &folder.path().join("venv")).unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains("apt-get install python3-venv"), "{shown}");
    assert!(shown.contains("ensurepip is not available"), "{shown}");
}

fn make_executable(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
