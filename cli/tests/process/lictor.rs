//! The command as others run it, and folders to run it in.

#![allow(dead_code, reason = "no test needs all of it")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use serde_json::Value;

/// What a run printed, and its exit code.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub errors: String,
}

impl Run {
    pub fn json(&self) -> Value {
        let parsed = serde_json::from_str(&self.out);
        parsed.unwrap_or_else(|_| panic!("no JSON: {}{}", self.out, self.errors))
    }

    /// The same run, which must have ended so.
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.errors);
        self
    }
}

/// A folder that is gone again when the value is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("lictor-cli-{}-{number}", process::id()));
        fs::create_dir_all(&path).expect("writable");
        Self(path)
    }

    /// A folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("readable")
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        run(command(arguments).current_dir(&self.0), "")
    }

    pub fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        run(command(arguments).current_dir(&self.0), input)
    }

    /// Goes on until it is killed; its standard output is a pipe.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = command(arguments);
        let command = command.current_dir(&self.0).stdout(Stdio::piped());
        command.spawn().expect("it starts")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn lictor(arguments: &[&str], input: &str) -> Run {
    run(&mut command(arguments), input)
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lictor"));
    command.args(arguments);
    command
}

fn run(command: &mut Command, input: &str) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // It may end without reading, or print before it has read everything.
    let writer = std::thread::spawn(move || {
        let _ = pipe.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("written");
    Run {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        errors: String::from_utf8(output.stderr).expect("text"),
    }
}
