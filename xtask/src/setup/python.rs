//! A Python environment of its own, made with the system's `python3`.

use std::path::Path;

use crate::failure::Failure;
use crate::program::Program;

use super::apt;

/// Makes an empty environment in this folder, whatever was there before.
///
/// # Errors
///
/// When there is no Python that can make one and none can be installed.
pub fn make_environment(folder: &Path) -> Result<(), Failure> {
    let make = || {
        Program::new("python3")
            .words("-m venv --clear")
            .argument(folder)
            .run()
    };
    make().or_else(|failure| {
        if !apt::is_there() {
            return Err(failure);
        }
        apt::install(&["python3", "python3-venv"])?;
        make()
    })
}

/// The interpreter of an environment, ready to install ready-made packages only: nothing is built.
pub fn installer(folder: &Path) -> Program {
    Program::new(folder.join("bin/python3"))
        .words("-m pip install --quiet --disable-pip-version-check --only-binary :all:")
}
