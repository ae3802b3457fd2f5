//! Debian and Ubuntu packages: those that are not there yet are installed with `apt-get`.
//!
//! Asks for no password: without root it relies on `sudo -n`, and fails where that is refused.

use crate::failure::Failure;
use crate::program::{self, Program};

use super::say;

/// Whether this machine installs packages with `apt-get`.
pub fn is_there() -> bool {
    program::find("apt-get").is_some()
}

/// Makes sure that all these packages are installed.
///
/// # Errors
///
/// When there is no `apt-get`, or it can't install them.
pub fn install(packages: &[&str]) -> Result<(), Failure> {
    let absent: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect();
    if absent.is_empty() {
        return Ok(());
    }
    say(format_args!(
        "installing the packages {}",
        absent.join(", ")
    ));
    update()?;
    apt_get()?
        .words("install -q -y --no-install-recommends")
        .words(&absent.join(" "))
        .run()
}

/// Learns which packages there are.
///
/// # Errors
///
/// When there is no `apt-get`, or it can't.
pub fn update() -> Result<(), Failure> {
    apt_get()?.words("update -q").run()
}

fn is_installed(package: &str) -> bool {
    Program::new("dpkg-query")
        .words("-W -f=${db:Status-Status}")
        .argument(package)
        .output()
        .is_ok_and(|status| status == "installed")
}

fn apt_get() -> Result<Program, Failure> {
    let apt_get = program::find("apt-get")
        .ok_or_else(|| Failure::missing("apt-get", "install the packages named above by hand"))?;
    Ok(as_root()
        .argument("DEBIAN_FRONTEND=noninteractive")
        .argument(apt_get))
}

/// A program that runs the one that its arguments name, with the rights to install.
pub fn as_root() -> Program {
    let is_root = Program::new("id")
        .argument("-u")
        .output()
        .is_ok_and(|id| id.trim() == "0");
    if is_root {
        Program::new("env")
    } else {
        Program::new("sudo").words("-n env")
    }
}
