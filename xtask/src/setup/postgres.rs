//! A PostgreSQL server, which the tests ask what a text really does.
//!
//! Only its programs are used: a test makes a database of its own in an empty folder, on no port.
//! Installing them starts no server.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::program::{self, Program};

use super::{Version, apt, say};

// The first with MERGE.
const OLDEST: Version = Version(15, 0);
const DEBIAN_VERSIONS: &str = "/usr/lib/postgresql";
const SETTINGS: &str = "/etc/postgresql-common/createcluster.d";
const NO_CLUSTER: &str = "/etc/postgresql-common/createcluster.d/no-cluster.conf";

/// The folder of the server's programs.
///
/// # Errors
///
/// When `POSTGRES_BIN` names something else, or there is none and none can be installed.
pub fn find() -> Result<PathBuf, Failure> {
    if let Some(given) = std::env::var_os("POSTGRES_BIN") {
        let given = PathBuf::from(given);
        return is_new_enough(&given).then_some(given).ok_or_else(missing);
    }
    if installed().is_none() && apt::is_there() {
        make_no_cluster()?;
        apt::install(&["postgresql"])?;
    }
    let folder = installed().ok_or_else(missing)?;
    say(format_args!("PostgreSQL in {}", folder.display()));
    Ok(folder)
}

// Debian's package would make a cluster and start its server on a port, now and with the machine.
fn make_no_cluster() -> Result<(), Failure> {
    say(format_args!(
        "the package is to make no cluster: {NO_CLUSTER}"
    ));
    apt::as_root()
        .words("sh -c")
        .argument(format!(
            "mkdir -p {SETTINGS} && echo 'create_main_cluster = false' > {NO_CLUSTER}"
        ))
        .run()
}

fn missing() -> Failure {
    Failure::missing(
        format!("PostgreSQL {OLDEST} or newer"),
        "install the server from your system's packages, or name the folder of `initdb` in POSTGRES_BIN",
    )
}

fn installed() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN_VERSIONS).into_iter().flatten();
    let debian = versions.flatten().map(|version| version.path().join("bin"));
    let on_path = program::find("initdb").and_then(|file| Some(file.parent()?.to_owned()));
    debian.chain(on_path).find(|folder| is_new_enough(folder))
}

// `postgres (PostgreSQL) 15.18 (…)`
fn is_new_enough(folder: &Path) -> bool {
    let version = Program::new(folder.join("postgres")).argument("--version");
    let found = version
        .output()
        .ok()
        .and_then(|text| Version::first_in(&text));
    found.is_some_and(|found| found >= OLDEST) && folder.join("initdb").is_file()
}
