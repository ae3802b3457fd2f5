//! A client as a process of its own, which makes its next call when it is told to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lictor_lab::workspace;
use serde_json::Value;

use crate::judge::postgres;

pub(super) struct Client {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Client {
    /// A client that presents this token where it has a place for one of that kind.
    pub(super) fn start(name: &str, port: u16, token: &str) -> Self {
        let mut child = peer("call", name)
            .arg(port.to_string())
            .env("TOKEN", token)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|cause| panic!("the client {name}: {cause}"));
        Self {
            input: child.stdin.take().expect("a pipe"),
            output: BufReader::new(child.stdout.take().expect("a pipe")),
            child,
        }
    }

    /// What its next call came to.
    pub(super) fn next_call(&mut self) -> Value {
        self.input.write_all(b"\n").expect("a client that runs");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("readable");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the client ended, saying {line:?}"))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `tests/peers/peer.py` in the environment that `cargo xtask test` makes.
pub(super) fn peer(command: &str, name: &str) -> Command {
    let python = tool("PEERS_PYTHON", "tools/peers/bin/python3");
    assert!(
        python.is_file(),
        "no {}: `cargo xtask test` makes it, or set PEERS_PYTHON",
        python.display()
    );
    let mut peer = Command::new(python);
    peer.arg(workspace::root().join("tests/peers/peer.py"))
        .args([command, name])
        .env("ETCD_BIN", tool("ETCD_BIN", "tools/etcd/usr/bin"))
        .env("POSTGRAPHILE", tool("POSTGRAPHILE", POSTGRAPHILE))
        .env("POSTGRES_BIN", postgres::binaries().unwrap_or_default())
        // A proxy of the machine must not get between.
        .env("NO_PROXY", "*")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    peer
}

const POSTGRAPHILE: &str = "tools/postgraphile-4.14.1/node_modules/postgraphile/cli.js";

fn tool(variable: &str, ours: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| workspace::target().join(ours), PathBuf::from)
}
