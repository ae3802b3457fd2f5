//! How long Envoy takes to load `lictor.wasm`: from its start until it says that it is ready,
//! with the filter and without.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::module::Module;
use crate::workspace::Workspace;

const ROUNDS: usize = 3;
const DEADLINE: Duration = Duration::from_secs(60);
const PAUSE_BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// Median times from start to ready.
pub struct LoadTime {
    /// With the filter.
    pub with: Duration,
    /// The same configuration without it.
    pub without: Duration,
}

/// Starts Envoy a few times each way, in turns.
///
/// # Errors
///
/// When Envoy does not become ready.
pub fn measure(workspace: &Workspace, envoy: &Path) -> Result<LoadTime, Failure> {
    let folder = workspace.path("target/load-time");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let policy_path = workspace.path("envoy/lictor.yaml");
    let policy = fs::read_to_string(&policy_path).map_err(Failure::file(&policy_path))?;
    let filter = filter(&Module::LICTOR.path(workspace), &policy);
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        with.push(start(&folder, envoy, &filter)?);
        without.push(start(&folder, envoy, "")?);
    }
    Ok(LoadTime {
        with: median(with),
        without: median(without),
    })
}

fn start(folder: &Path, envoy: &Path, filter: &str) -> Result<Duration, Failure> {
    let config = folder.join("envoy.yaml");
    fs::write(&config, bootstrap(filter)).map_err(Failure::file(&config))?;
    let address_file = folder.join("admin-address");
    // Left over from the round before, it would name a port that nobody listens on.
    fs::remove_file(&address_file).ok();
    let log = folder.join("envoy.log");
    let started = Instant::now();
    let mut envoy = Running::start(envoy, &config, &address_file, &log)?;
    while !is_ready(&address_file) {
        if started.elapsed() > DEADLINE || envoy.has_ended() {
            return Err(Failure::Refused(format!(
                "Envoy did not become ready, see {}",
                log.display()
            )));
        }
        std::thread::sleep(PAUSE_BETWEEN_LOOKS);
    }
    Ok(started.elapsed())
}

struct Running(Child);

impl Running {
    fn start(
        envoy: &Path,
        config: &Path,
        address_file: &Path,
        log: &PathBuf,
    ) -> Result<Self, Failure> {
        let output = fs::File::create(log).map_err(Failure::file(log))?;
        Command::new(envoy)
            .args([
                "--concurrency",
                "1",
                "--disable-hot-restart",
                "--log-level",
                "warning",
                "-c",
            ])
            .arg(config)
            .arg("--admin-address-path")
            .arg(address_file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .spawn()
            .map(Self)
            .map_err(|source| Failure::Start {
                command: "envoy".to_owned(),
                source,
            })
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn is_ready(address_file: &Path) -> bool {
    let Ok(address) = fs::read_to_string(address_file) else {
        return false;
    };
    let Ok(mut admin) = TcpStream::connect(address.trim()) else {
        return false;
    };
    let mut reply = String::new();
    admin
        .write_all(b"GET /ready HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n\r\n")
        .is_ok()
        && admin.read_to_string(&mut reply).is_ok()
        && reply.starts_with("HTTP/1.1 200")
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn bootstrap(filter: &str) -> String {
    format!(
        r#"admin: {{address: {{socket_address: {{address: 127.0.0.1, port_value: 0}}}}}}
static_resources:
  listeners:
  - address: {{socket_address: {{address: 127.0.0.1, port_value: 0}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: main
          route_config: {{virtual_hosts: [{{name: all, domains: ["*"], routes: [{{match: {{prefix: /}}, direct_response: {{status: 200}}}}]}}]}}
          http_filters:
{filter}          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
"#
    )
}

fn filter(module: &Path, policy: &str) -> String {
    let policy: String = policy
        .lines()
        .map(|line| format!("                    {line}\n"))
        .collect();
    format!(
        r#"          - name: lictor
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm
              config:
                name: lictor
                root_id: lictor
                allow_on_headers_stop_iteration: true
                vm_config:
                  vm_id: lictor
                  runtime: envoy.wasm.runtime.v8
                  code: {{local: {{filename: {module:?}}}}}
                configuration:
                  "@type": type.googleapis.com/google.protobuf.StringValue
                  value: |
{policy}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_ignores_one_slow_start() {
        let times = [90, 5000, 100].map(Duration::from_millis);
        assert_eq!(median(times.to_vec()), Duration::from_millis(100));
    }

    #[test]
    fn policy_stands_deeper_than_its_key() {
        let text = filter(Path::new("lictor.wasm"), "lictor: v1\nrules: []\n");
        assert!(text.contains("value: |\n                    lictor: v1\n"));
    }
}
