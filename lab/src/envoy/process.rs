//! One Envoy process: its output goes to a file, its memory and time are read from `/proc`, and it
//! ends with the value.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Linux counts process time in hundredths of a second, whatever the kernel's own clock.
const TICK: Duration = Duration::from_millis(10);
/// Where the two times stand after the command's name in `/proc/<pid>/stat`.
const USER_TIME: usize = 11;
const SYSTEM_TIME: usize = 12;

const LAST_LINES: usize = 30;

/// A child process.
#[derive(Debug)]
pub struct Process {
    child: Child,
    output: PathBuf,
}

impl Process {
    pub(super) fn spawn(mut command: Command, output: PathBuf) -> io::Result<Self> {
        let file = File::create(&output)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()?;
        Ok(Self { child, output })
    }

    /// Whether it has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything it wrote to its standard output and error.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn output(&self) -> io::Result<String> {
        fs::read(&self.output).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The last lines it wrote, for an error message.
    #[must_use]
    pub fn last_words(&self) -> String {
        let output = self.output().unwrap_or_default();
        let lines: Vec<&str> = output.lines().collect();
        let start = lines.len().saturating_sub(LAST_LINES);
        lines.get(start..).unwrap_or_default().join("\n")
    }

    /// Resident memory in KiB.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn memory_kib(&self) -> io::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        status
            .lines()
            .find_map(|line| {
                line.strip_prefix("VmRSS:")?
                    .split_whitespace()
                    .next()?
                    .parse()
                    .ok()
            })
            .ok_or_else(|| unreadable("VmRSS"))
    }

    /// Processor time used so far, of all threads, user and system.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn processor_time(&self) -> io::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id()))?;
        let (_, fields) = stat.rsplit_once(") ").ok_or_else(|| unreadable("stat"))?;
        let fields: Vec<&str> = fields.split(' ').collect();
        let ticks = |place: usize| fields.get(place)?.parse::<u32>().ok();
        match (ticks(USER_TIME), ticks(SYSTEM_TIME)) {
            (Some(user), Some(system)) => Ok(TICK * user + TICK * system),
            _ => Err(unreadable("stat")),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unreadable(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("no {what} in /proc"))
}
