//! etcd and its command line client, out of Debian's packages but not installed: they are only
//! unpacked, so that no server starts and nothing of this system changes.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::program::{self, Program};
use crate::workspace::Workspace;

use super::{apt, say};

const PACKAGES: &str = "etcd-server etcd-client";

/// The folder of `etcd` and `etcdctl`.
///
/// # Errors
///
/// When they are neither on the PATH nor among the packages.
pub fn find(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let folder = workspace.tool("etcd");
    let unpacked = folder.join("usr/bin");
    let on_path = program::find("etcd").and_then(|file| Some(file.parent()?.to_owned()));
    let candidates = [Some(unpacked.clone()), on_path];
    if let Some(found) = candidates.into_iter().flatten().find(|at| has_both(at)) {
        say(format_args!("etcd in {}", found.display()));
        return Ok(found);
    }
    unpack(&folder).map_err(|failure| {
        say(failure);
        Failure::missing(
            "etcd",
            "install `etcd` and `etcdctl` and see that both are in one folder of the PATH",
        )
    })?;
    Ok(unpacked)
}

fn has_both(folder: &Path) -> bool {
    ["etcd", "etcdctl"]
        .iter()
        .all(|name| folder.join(name).is_file())
}

fn unpack(folder: &Path) -> Result<(), Failure> {
    say("getting etcd into target/tools");
    fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    let download = || {
        Program::new("apt-get")
            .words("download -q")
            .words(PACKAGES)
            .folder(folder)
            .run()
    };
    download().or_else(|_| {
        apt::update()?;
        download()
    })?;
    let files = fs::read_dir(folder).map_err(Failure::file(folder))?;
    let paths = files.flatten().map(|file| file.path());
    for package in paths.filter(|path| path.extension().is_some_and(|kind| kind == "deb")) {
        Program::new("dpkg-deb")
            .argument("--extract")
            .argument(&package)
            .argument(folder)
            .run()?;
    }
    Ok(())
}
