//! The wasm modules: from a package of the workspace to a file in `target/`.
//!
//! The one place that says how a module is compiled and linked.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::program::Program;
use crate::setup::wasm_opt;
use crate::setup::wasm_toolchain::{TARGET, WasmToolchain};
use crate::workspace::Workspace;

// Deeply nested statements recurse; the default of 1 MiB ends in a trap.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// A module that Envoy loads.
pub struct Module {
    /// Its file in `target/`.
    file: &'static str,
    package: &'static str,
    /// The name of the package's library, as cargo writes it.
    library: &'static str,
    features: &'static str,
    /// Its folder in `target/`.
    ///
    /// Cargo keeps one `lictor.wasm` per folder whatever its features, so two sorts of it in
    /// one folder would be linked anew in every run.
    folder: &'static str,
}

impl Module {
    /// The product.
    pub const LICTOR: Self = Self {
        file: "lictor.wasm",
        package: "lictor-filter",
        library: "lictor",
        features: "",
        folder: "wasm",
    };

    /// The product with faults that the tests can call up.
    pub const FAULTS: Self = Self {
        file: "lictor-faults.wasm",
        features: "faults",
        folder: "wasm-faults",
        ..Self::LICTOR
    };

    /// The reference of the load bench.
    pub const EMPTY: Self = Self {
        file: "empty-filter.wasm",
        package: "lictor-empty-filter",
        library: "empty_filter",
        features: "",
        folder: "wasm",
    };

    /// Where the built module lies.
    pub fn path(&self, workspace: &Workspace) -> PathBuf {
        workspace.path("target").join(self.file)
    }

    fn built(&self, workspace: &Workspace) -> PathBuf {
        let folder = workspace
            .path("target")
            .join(self.folder)
            .join(TARGET)
            .join("wasm");
        folder.join(self.library).with_extension("wasm")
    }
}

/// Builds a module and puts it into `target/`.
///
/// # Errors
///
/// When it does not compile.
pub fn build(
    workspace: &Workspace,
    toolchain: WasmToolchain,
    module: &Module,
) -> Result<(), Failure> {
    toolchain
        .cargo(workspace)
        .words("build -Z build-std=std,panic_unwind")
        // Its sorts and searches are a tenth of a standard library of the usual sort.
        .words("-Z build-std-features=optimize_for_size")
        .words("--profile wasm --locked --target")
        .words(TARGET)
        .words("--package")
        .argument(module.package)
        .arguments(&features(module))
        .variable("RUSTFLAGS", flags())
        .variable(
            "CARGO_TARGET_DIR",
            workspace.path("target").join(module.folder),
        )
        .run()?;
    let built = module.built(workspace);
    shrink(workspace, &built, &module.path(workspace))
}

/// Puts a smaller module that does the same in its place in `target/`. Half a minute, so what
/// was shrunk before is not shrunk again.
fn shrink(workspace: &Workspace, built: &Path, module: &Path) -> Result<(), Failure> {
    let bytes = fs::read(built).map_err(Failure::file(built))?;
    let shrunk_from = module.with_extension("wasm.built");
    if module.exists() && fs::read(&shrunk_from).is_ok_and(|known| known == bytes) {
        return Ok(());
    }
    let Some(script) = wasm_opt::find(workspace) else {
        fs::write(module, bytes).map_err(Failure::file(module))?;
        return Ok(());
    };
    Program::new("node")
        .argument(&script)
        .words("-Oz --quiet")
        .words(FEATURES)
        .argument(built)
        .words("--output")
        .argument(module)
        .run()?;
    fs::write(&shrunk_from, bytes).map_err(Failure::file(&shrunk_from))
}

/// What the compiler may have used; stripped modules no longer say so themselves.
const FEATURES: &str = "--enable-bulk-memory --enable-exception-handling \
    --enable-multivalue --enable-mutable-globals --enable-nontrapping-float-to-int \
    --enable-reference-types --enable-sign-ext --enable-simd";

/// The compiler flags of every module. Vector instructions make it 4 % smaller; every runtime
/// that Envoy has knows them. Values are never printed for debugging: that saves 44 KB.
pub fn flags() -> String {
    format!(
        "-C panic=unwind -C target-feature=+simd128 -C link-arg=-zstack-size={STACK_BYTES} \
         -Z fmt-debug=none"
    )
}

fn features(module: &Module) -> Vec<String> {
    if module.features.is_empty() {
        Vec::new()
    } else {
        vec!["--features".to_owned(), module.features.to_owned()]
    }
}
