//! Texts that the engine brings along become one deflated file of the build: a module is
//! compiled whole at every start, so its size counts.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use miniz_oxide::deflate::compress_to_vec_zlib;

/// Folders whose YAML files are brought along, and single files; from the root of the
/// workspace.
const FOLDERS: [&str; 2] = ["policies", "engine/apis"];
const FILES: [&str; 6] = [
    "engine/src/policy/zones.txt",
    "engine/src/protocol/grpc/built_in/big_query_storage.txt",
    "engine/src/protocol/grpc/built_in/bigtable.txt",
    "engine/src/protocol/grpc/built_in/etcd.txt",
    "engine/src/protocol/grpc/built_in/flight_sql.txt",
    "engine/src/protocol/grpc/built_in/spanner.txt",
];

/// The most careful way to compress.
const LEVEL: u8 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let mut names: Vec<String> = FILES.map(str::to_owned).into();
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed=../{folder}");
        names.extend(yaml_files(&root, folder)?);
    }
    names.sort_unstable();
    let mut plain = Vec::new();
    for name in &names {
        println!("cargo::rerun-if-changed=../{name}");
        let text = fs::read(root.join(name))?;
        plain.extend_from_slice(format!("{name} {}\n", text.len()).as_bytes());
        plain.extend_from_slice(&text);
    }
    let out = PathBuf::from(env::var("OUT_DIR")?).join("embedded.zlib");
    fs::write(out, compress_to_vec_zlib(&plain, LEVEL))?;
    Ok(())
}

/// Names of the YAML files of a folder, which need not be there.
fn yaml_files(root: &Path, folder: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let path = root.join(folder);
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        if let Some(name) = name.to_str().filter(|name| name.ends_with(".yaml")) {
            names.push(format!("{folder}/{name}"));
        }
    }
    Ok(names)
}
