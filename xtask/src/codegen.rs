//! `cargo xtask codegen [--check]`: Rust code and descriptors from `proto/`.
//!
//! The proto files are compiled by protox, in this process: no protoc is needed. The output is
//! committed, so an ordinary build pays for none of this. The folder `crates/wire/src/gen` is
//! owned by this verb whole: a file there that it did not write is out of date.

use crate::workspace;
use anyhow::{Context, Result, bail};
use protox::prost::Message as _;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const PROTO: &str = "proto";
const OUTPUT: &str = "crates/wire/src/gen";
/// The file descriptor set that the server answers reflection from.
const DESCRIPTORS: &str = "scorebook.v1.bin";

/// File names of the output folder, and what is in each.
type Output = BTreeMap<String, Vec<u8>>;

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("`cargo xtask codegen` takes `--check` or nothing"),
    };
    let root = workspace::root();
    let wanted = generate(&root.join(PROTO), &root.join("target/codegen"))?;
    let folder = root.join(OUTPUT);
    let stale = stale(&wanted, &committed(&folder)?);
    if stale.is_empty() {
        println!("{OUTPUT} is up to date: {} files", wanted.len());
        return Ok(());
    }
    if check {
        bail!("{OUTPUT} is out of date ({}): run `cargo xtask codegen` and commit what it writes", stale.join(", "));
    }
    write(&wanted, &stale, &folder)?;
    println!("{OUTPUT}: wrote {}", stale.join(", "));
    Ok(())
}

/// Compiles every `.proto` file below `proto`; `scratch` is emptied and used for the output.
fn generate(proto: &Path, scratch: &Path) -> Result<Output> {
    let files = proto_files(proto)?;
    let mut descriptors = protox::compile(&files, [proto])
        .map_err(|error| anyhow::anyhow!("{error:?}"))
        .context("the proto files do not compile")?;
    if scratch.exists() {
        fs::remove_dir_all(scratch).with_context(|| format!("cannot empty {}", scratch.display()))?;
    }
    fs::create_dir_all(scratch).with_context(|| format!("cannot make {}", scratch.display()))?;
    tonic_prost_build::configure()
        .build_client(true)
        .build_server(true)
        .build_transport(false)
        .codec_path("crate::codec::Bounded")
        .emit_rerun_if_changed(false)
        // A map of the contract comes out in the same order every time.
        .btree_map(".")
        .out_dir(scratch)
        .compile_fds(descriptors.clone())
        .context("no code can be generated from the proto files")?;
    let mut output = committed(scratch)?;
    // Comments and positions make two thirds of the bytes, and reflection does not serve them.
    for file in &mut descriptors.file {
        file.source_code_info = None;
    }
    output.insert(DESCRIPTORS.to_owned(), descriptors.encode_to_vec());
    Ok(output)
}

fn proto_files(proto: &Path) -> Result<Vec<PathBuf>> {
    let files: Vec<PathBuf> = workspace::paths(proto)?
        .into_iter()
        .filter(|path| Path::new(path).extension().is_some_and(|end| end == "proto"))
        .map(|path| proto.join(path))
        .collect();
    if files.is_empty() {
        bail!("there is no .proto file below {}", proto.display());
    }
    Ok(files)
}

/// What `folder` holds; nothing if it is not there.
fn committed(folder: &Path) -> Result<Output> {
    if !folder.is_dir() {
        return Ok(Output::new());
    }
    workspace::paths(folder)?
        .into_iter()
        .filter(|name| folder.join(name).is_file())
        .map(|name| {
            let path = folder.join(&name);
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            Ok((name, bytes))
        })
        .collect()
}

/// The names whose content differs, is missing, or is not wanted any more.
fn stale(wanted: &Output, found: &Output) -> Vec<String> {
    let differs = |name: &&String| wanted.get(*name) != found.get(*name);
    let extra = found.keys().filter(|name| !wanted.contains_key(*name));
    wanted.keys().chain(extra).filter(differs).cloned().collect()
}

fn write(wanted: &Output, stale: &[String], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for name in stale {
        let path = folder.join(name);
        match wanted.get(name) {
            Some(bytes) => fs::write(&path, bytes),
            None => fs::remove_file(&path),
        }
        .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
