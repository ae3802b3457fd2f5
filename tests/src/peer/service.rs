//! A service as a process of its own: it says its port, keeps what it saw, and ends with the value.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Stdio};

use lictor_lab::workspace::Folder;
use serde_json::Value;

use super::MARK;
use super::client::peer;

pub(super) struct Service {
    child: Child,
    // Its input: that it ends tells the process to end what it started itself.
    input: Option<ChildStdin>,
    address: SocketAddr,
    record: PathBuf,
    read: usize,
}

impl Service {
    pub(super) fn start(name: &str, folder: &Folder) -> Self {
        let record = folder.file("shop");
        let mut child = peer("serve", name)
            .arg(&record)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|cause| panic!("the service of {name}: {cause}"));
        let output = child.stdout.take().expect("a pipe");
        let mut port = String::new();
        BufReader::new(output)
            .read_line(&mut port)
            .expect("readable");
        let port = port.trim().parse();
        let port: u16 = port.unwrap_or_else(|_| panic!("the service of {name} told no port"));
        Self {
            input: child.stdin.take(),
            child,
            address: (Ipv4Addr::LOCALHOST, port).into(),
            record,
            read: 0,
        }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests that came since the last time. Those of a real service, which keeps something
    /// else in that place, are not known.
    pub(super) fn new_requests(&mut self) -> Option<Vec<Value>> {
        let text = String::from_utf8(fs::read(&self.record).ok()?).ok()?;
        let lines = text.lines().map(serde_json::from_str);
        let all: Vec<Value> = lines.collect::<Result<_, _>>().ok()?;
        let new = all.iter().skip(self.read);
        let new = new.filter(|request| request["path"] != MARK);
        let new = new.cloned().collect();
        self.read = all.len();
        Some(new)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.input.take());
        // It may have ended by itself, which is as good.
        let _ = self.child.wait();
    }
}
