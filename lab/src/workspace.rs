//! Where the checkout keeps what the lab needs: configurations, modules, and room for its own files.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, io, process};

/// The root of the checkout.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A file of the folder `envoy/`.
#[must_use]
pub fn configuration(name: &str) -> PathBuf {
    root().join("envoy").join(name)
}

/// The folder for everything that is built; `cargo xtask` keeps its tools there too.
#[must_use]
pub fn target() -> PathBuf {
    root().join("target")
}

/// The guard itself: `LICTOR_WASM`, else `target/lictor.wasm`.
///
/// # Errors
/// Names the missing file and how to build it.
pub fn module() -> io::Result<PathBuf> {
    built("LICTOR_WASM", "lictor.wasm")
}

/// The guard with built-in faults: `LICTOR_WASM_FAULTS`, else `target/lictor-faults.wasm`.
///
/// # Errors
/// Names the missing file and how to build it.
pub fn faulty_module() -> io::Result<PathBuf> {
    built("LICTOR_WASM_FAULTS", "lictor-faults.wasm")
}

fn built(variable: &str, name: &str) -> io::Result<PathBuf> {
    let path = env::var_os(variable).map_or_else(|| target().join(name), PathBuf::from);
    path.canonicalize().map_err(|cause| {
        let path = path.display();
        io::Error::new(
            cause.kind(),
            format!("`{path}` is missing: `cargo xtask test` builds it, or set {variable}"),
        )
    })
}

/// A new, empty folder of its own under `target/lab`, gone again when the value is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub fn new() -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = target()
            .join("lab")
            .join(format!("{}-{count}", process::id()));
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The path of a file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing useful can be done about a failure here; the next `cargo clean` takes it.
        let _ = fs::remove_dir_all(&self.0);
    }
}
