//! The filter's configuration by extension discovery: replaced in one step, and told whether Envoy
//! took it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fs, io};

use super::LaunchError;
use super::admin::Admin;
use super::template::{Values, fill};
use crate::deadline::wait_for;

const STATISTICS: &str = "extension_config_discovery.http_filter.lictor.";

/// The resource file of one Envoy.
#[derive(Debug)]
pub struct Extension {
    template: String,
    values: Values,
    file: PathBuf,
    admin: Admin,
    replaced: AtomicU64,
}

/// What Envoy made of a new configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The main thread took it; workers follow at once.
    Accepted,
    /// It was refused, and the old one goes on serving.
    Rejected,
}

impl Extension {
    pub(super) fn new(template: String, values: Values, file: PathBuf, admin: Admin) -> Self {
        Self {
            template,
            values,
            file,
            admin,
            replaced: AtomicU64::new(0),
        }
    }

    /// Replaces the policy and waits for Envoy's verdict.
    ///
    /// # Errors
    /// When the file can't be replaced or Envoy does not notice.
    pub fn replace_policy(&self, policy: &str) -> io::Result<Verdict> {
        self.replace(("POLICY", policy.to_owned()))
    }

    /// Replaces the module, keeps the policy, and waits for Envoy's verdict.
    ///
    /// # Errors
    /// When the file can't be replaced or Envoy does not notice.
    pub fn replace_module(&self, module: &Path) -> io::Result<Verdict> {
        self.replace(("MODULE", module.display().to_string()))
    }

    fn replace(&self, (name, value): (&'static str, String)) -> io::Result<Verdict> {
        let mut values = self.values.clone();
        values.insert(name, value);
        // Envoy leaves a resource alone whose text is the same as before.
        let number = self.replaced.fetch_add(1, Ordering::Relaxed);
        let text = fill(&self.template, &values).map_err(io::Error::other)?;
        let before = self.outcomes()?;
        rename_into(&self.file, &format!("{text}# {number}\n"))?;
        wait_for("Envoy's verdict on a configuration", || {
            let after = self.outcomes().ok()?;
            if after.rejected > before.rejected {
                return Some(Verdict::Rejected);
            }
            (after.accepted > before.accepted).then_some(Verdict::Accepted)
        })
        .map_err(io::Error::other)
    }

    fn outcomes(&self) -> io::Result<Outcomes> {
        let statistics = self.admin.statistics()?;
        let count = |name: &str| {
            let name = format!("{STATISTICS}{name}");
            statistics.get(&name).copied().unwrap_or_default()
        };
        Ok(Outcomes {
            accepted: count("update_success"),
            rejected: count("update_rejected"),
        })
    }
}

struct Outcomes {
    accepted: u64,
    rejected: u64,
}

pub(super) fn write(template: &str, values: &Values, file: &Path) -> Result<(), LaunchError> {
    let text = fill(template, values)?;
    rename_into(file, &text).map_err(|cause| LaunchError::File(file.to_path_buf(), cause))
}

/// Envoy must never see half a file.
fn rename_into(file: &Path, text: &str) -> io::Result<()> {
    let draft = file.with_extension("draft");
    fs::write(&draft, text)?;
    fs::rename(&draft, file)
}
