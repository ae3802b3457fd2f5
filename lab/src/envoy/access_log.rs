//! The JSON access log, one record per exchange, as it grows.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::call::Call;
use crate::deadline::{TimedOut, wait_for};

/// The access log of one Envoy.
#[derive(Debug)]
pub struct AccessLog {
    path: PathBuf,
    read: Mutex<SoFar>,
}

#[derive(Debug, Default)]
struct SoFar {
    bytes: u64,
    records: Vec<Value>,
}

impl AccessLog {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            read: Mutex::default(),
        }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything logged so far. A line that is no JSON becomes null.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn records(&self) -> io::Result<Vec<Value>> {
        let mut so_far = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        so_far.read_on(&self.path)?;
        Ok(so_far.records.clone())
    }

    /// Waits for a record that fits.
    ///
    /// # Errors
    /// When none comes in time.
    pub fn wait(&self, what: &str, fits: impl Fn(&Value) -> bool) -> Result<Value, TimedOut> {
        wait_for(what, || {
            let mut so_far = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            so_far.read_on(&self.path).ok()?;
            so_far.records.iter().find(|record| fits(record)).cloned()
        })
    }

    /// Waits for the record of a call.
    ///
    /// # Errors
    /// When none comes in time.
    pub fn of(&self, call: &Call) -> Result<Value, TimedOut> {
        let agent = call.agent();
        self.wait(&format!("the record of {agent}"), |record| {
            record.get("agent").and_then(Value::as_str) == Some(agent)
        })
    }
}

impl SoFar {
    /// Reads whole lines only: the last one may still be on its way.
    fn read_on(&mut self, path: &Path) -> io::Result<()> {
        let mut file = match File::open(path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        file.seek(SeekFrom::Start(self.bytes))?;
        let mut new = Vec::new();
        file.read_to_end(&mut new)?;
        for line in new.split_inclusive(|byte| *byte == b'\n') {
            if line.ends_with(b"\n") {
                self.bytes += line.len() as u64;
                self.records
                    .push(serde_json::from_slice(line).unwrap_or_default());
            }
        }
        Ok(())
    }
}
