//! What an Envoy is started with: a configuration's text and the values of its placeholders.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::access_log::AccessLog;
use super::admin::Admin;
use super::extension::{self, Extension};
use super::port::Reservation;
use super::process::Process;
use super::template::{Values, fill};
use super::{Envoy, LaunchError, binary};
use crate::client::http1::Connection;
use crate::deadline::{PATIENCE, wait_at_most};
use crate::identity_provider::ISSUER;
use crate::workspace::{Folder, configuration};

/// Compiling a large module on a busy machine takes its time.
const START: std::time::Duration = PATIENCE.saturating_mul(3);

/// A bootstrap, a filter resource, and the values for both.
#[derive(Debug, Clone)]
pub struct Launch {
    bootstrap: String,
    resource: String,
    values: Values,
    concurrency: u32,
}

impl Launch {
    /// The recommended configuration: `envoy/envoy.yaml` with `envoy/ecds.yaml`.
    ///
    /// # Errors
    /// When one of them can't be read.
    pub fn recommended() -> Result<Self, LaunchError> {
        let mut launch = Self::new(read(&configuration("envoy.yaml"))?);
        launch.resource = read(&configuration("ecds.yaml"))?;
        Ok(launch)
    }

    /// The smallest configuration: `envoy/static.yaml`.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn smallest() -> Result<Self, LaunchError> {
        read(&configuration("static.yaml")).map(Self::new)
    }

    /// Any bootstrap, in which `${LISTENER_PORT}`, `${ADMIN_PORT}`, `${ACCESS_LOG}` and `${ISSUER}`
    /// get their values by themselves.
    #[must_use]
    pub fn new(bootstrap: String) -> Self {
        Self {
            bootstrap,
            resource: String::new(),
            values: Values::from([
                ("ISSUER", ISSUER.to_owned()),
                ("ADMIN_PORT", "0".to_owned()),
            ]),
            concurrency: 1,
        }
    }

    /// The module and the policy it gets.
    #[must_use]
    pub fn guard(self, module: &Path, policy: &str) -> Self {
        self.value("MODULE", module.display().to_string())
            .value("POLICY", policy)
    }

    /// Where the upstream is.
    #[must_use]
    pub fn upstream(self, address: SocketAddr) -> Self {
        self.value("UPSTREAM_PORT", address.port().to_string())
    }

    /// The keys that tokens are verified with.
    #[must_use]
    pub fn jwks(self, keys: impl Into<String>) -> Self {
        self.value("JWKS", keys)
    }

    /// The value of a placeholder.
    #[must_use]
    pub fn value(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.insert(name, value.into());
        self
    }

    /// The number of worker threads, otherwise one.
    #[must_use]
    pub fn concurrency(mut self, workers: u32) -> Self {
        self.concurrency = workers;
        self
    }

    /// Changes a piece of text that stands exactly once in the bootstrap or the resource.
    ///
    /// # Errors
    /// [`LaunchError::NoSuchText`], so that a test notices when its subject has moved.
    pub fn change(mut self, from: &str, to: &str) -> Result<Self, LaunchError> {
        let places = self.bootstrap.matches(from).count() + self.resource.matches(from).count();
        if places != 1 {
            return Err(LaunchError::NoSuchText(from.to_owned()));
        }
        self.bootstrap = self.bootstrap.replace(from, to);
        self.resource = self.resource.replace(from, to);
        Ok(self)
    }

    /// Lets Envoy check the configuration without serving; its verdict and its words.
    ///
    /// # Errors
    /// When there is no Envoy or a placeholder has no value.
    pub fn validate(mut self) -> Result<(bool, String), LaunchError> {
        let prepared = self.prepare()?;
        let output = prepared
            .command()?
            .args(["--mode", "validate"])
            .output()
            .map_err(|cause| prepared.failure(cause))?;
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok((output.status.success(), words))
    }

    /// Starts Envoy and waits until it serves.
    ///
    /// # Errors
    /// When it does not start; Envoy's own words are part of the error.
    pub fn start(mut self) -> Result<Envoy, LaunchError> {
        let prepared = self.prepare()?;
        let start = Instant::now();
        let mut command = prepared.command()?;
        command.args(["--concurrency", &self.concurrency.to_string()]);
        let output = prepared.folder.file("envoy.log");
        let mut process =
            Process::spawn(command, output).map_err(|cause| prepared.failure(cause))?;
        let admin = prepared.wait_until_ready(&mut process)?;
        let file = prepared.folder.file("ecds.yaml");
        Ok(Envoy {
            process,
            listener: prepared.listener,
            admin,
            access_log: AccessLog::new(prepared.folder.file("access.log")),
            extension: Extension::new(self.resource, self.values, file, admin),
            ready_after: start.elapsed(),
            _folder: prepared.folder,
        })
    }

    fn prepare(&mut self) -> Result<Prepared, LaunchError> {
        let made = || Ok((Folder::new()?, Reservation::new()?));
        let (folder, listener) =
            made().map_err(|cause| LaunchError::File(crate::workspace::target(), cause))?;
        let own = [
            ("LISTENER_PORT", listener.address().port().to_string()),
            (
                "ACCESS_LOG",
                folder.file("access.log").display().to_string(),
            ),
            ("EXTENSION_FOLDER", folder.path().display().to_string()),
        ];
        self.values.extend(own);
        let prepared = Prepared { folder, listener };
        let bootstrap = fill(&self.bootstrap, &self.values)?;
        fs::write(prepared.bootstrap(), bootstrap).map_err(|cause| prepared.failure(cause))?;
        extension::write(
            &self.resource,
            &self.values,
            &prepared.folder.file("ecds.yaml"),
        )?;
        Ok(prepared)
    }
}

/// Files and ports of an Envoy that has yet to start.
struct Prepared {
    folder: Folder,
    listener: Reservation,
}

impl Prepared {
    fn bootstrap(&self) -> PathBuf {
        self.folder.file("envoy.yaml")
    }

    fn admin_address(&self) -> PathBuf {
        self.folder.file("admin.address")
    }

    fn command(&self) -> Result<Command, LaunchError> {
        let mut command = Command::new(binary::find()?);
        command
            .arg("--config-path")
            .arg(self.bootstrap())
            .arg("--admin-address-path")
            .arg(self.admin_address())
            .args(["--disable-hot-restart", "--log-level", "warning"])
            // Records should be there when a test looks for them.
            .args(["--file-flush-interval-msec", "20"]);
        Ok(command)
    }

    fn wait_until_ready(&self, process: &mut Process) -> Result<Admin, LaunchError> {
        let ready = wait_at_most(START, "an Envoy that serves", || {
            if process.has_ended() {
                return Some(None);
            }
            self.ready().map(Some)
        });
        match ready {
            Ok(Some(admin)) => Ok(admin),
            Ok(None) => Err(LaunchError::Ended(process.last_words())),
            Err(cause) => Err(LaunchError::NotReady(cause, process.last_words())),
        }
    }

    fn ready(&self) -> Option<Admin> {
        let address = fs::read_to_string(self.admin_address()).ok()?;
        let admin = Admin::new(address.trim().parse().ok()?);
        admin.read("/ready").ok()?;
        Connection::open(self.listener.address()).ok()?;
        Some(admin)
    }

    fn failure(&self, cause: io::Error) -> LaunchError {
        LaunchError::File(self.folder.path().to_path_buf(), cause)
    }
}

fn read(path: &Path) -> Result<String, LaunchError> {
    fs::read_to_string(path).map_err(|cause| LaunchError::File(path.to_path_buf(), cause))
}
