//! The `lictor render` and `lictor completions` commands as others run them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[path = "process/lictor.rs"]
mod process;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use process::{Folder, lictor};
use serde_json::Value;

const POLICY: &str = "# Comments stay.
lictor: v1
apis: [{name: reports, match: {path: /sql}, sql: {dialect: postgres, at: $.query}}]
rules:
- {id: no-drops, effect: deny, match: {action.effect: drop}, reason: \"It's ${GONE}, `x`.\"}

default: allow
";
const KEYS: &str = r#"{"keys": [{"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "it's",
  "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
  "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;
const SETTINGS: [&str; 6] = [
    "--set",
    "APP=shop",
    "--set",
    "URL=oci://registry.example.com/lictor:1",
    "--set",
    "SHA256=00ff",
];

fn folder() -> Folder {
    Folder::with(&[("policy.yaml", POLICY), ("keys.json", KEYS)])
}

fn json(folder: &Folder, form: &str, settings: &[&str]) -> Value {
    let arguments = ["render", "policy.yaml", "--json", "--as", form];
    let arguments: Vec<_> = arguments.iter().chain(settings).copied().collect();
    folder.run(&arguments).ended(0).json()
}

#[test]
fn a_document_is_printed_with_its_included_files() {
    let folder = folder();
    assert_eq!(folder.run(&["render", "policy.yaml"]).ended(0).out, POLICY);
    folder.write("more.yaml", "- {id: more, effect: deny, match: {}}\n");
    folder.write(
        "policy.yaml",
        &POLICY.replace("lictor: v1", "lictor: v1\ninclude: more.yaml"),
    );
    let run = folder.run(&["render", "policy.yaml"]).ended(0);
    assert!(!run.out.contains("include"), "{}", run.out);
    folder.write("whole.yaml", &run.out);
    let run = folder
        .run(&["check", "whole.yaml", "--mistakes-only"])
        .ended(0);
    assert!(run.out.contains("2 rules"), "{}", run.out);
}

#[test]
fn every_form_holds_the_policy_as_it_is() {
    let folder = folder();
    let text = |value: &Value| value.as_str().expect("text").trim_end().to_owned();
    let told = json(&folder, "configuration", &[]);
    assert_eq!(told["value"], POLICY);
    let told = json(&folder, "ecds", &[]);
    let config = &told["resources"][0]["typed_config"]["config"];
    assert_eq!(text(&config["configuration"]["value"]), POLICY.trim_end());
    assert_eq!(config["allow_on_headers_stop_iteration"], true);
    let told = json(&folder, "envoyfilter", &SETTINGS);
    let patch = &told["spec"]["configPatches"][0]["patch"]["value"]["typed_config"]["config"];
    assert_eq!(text(&patch["configuration"]["value"]), POLICY.trim_end());
    assert_eq!(told["metadata"]["namespace"], "default");
    let told = json(&folder, "wasmplugin", &SETTINGS);
    assert_eq!(
        told["spec"]["pluginConfig"]["rules"][0]["reason"],
        "It's ${GONE}, `x`."
    );
    let settings: Vec<_> = SETTINGS
        .iter()
        .map(|one| one.replace("APP", "GATEWAY"))
        .collect();
    let settings: Vec<_> = settings.iter().map(String::as_str).collect();
    let told = json(&folder, "envoy-gateway", &settings);
    assert_eq!(told["spec"]["wasm"][0]["config"]["lictor"], "v1");
}

#[test]
fn what_is_missing_or_unknown_is_named() {
    let folder = folder();
    let run = folder
        .run(&["render", "policy.yaml", "--as", "envoy"])
        .ended(2);
    assert!(
        run.errors
            .contains("`--set NAME=VALUE` for `ISSUER`, `JWKS`"),
        "{}",
        run.errors
    );
    let run = folder
        .run(&["render", "policy.yaml", "--as", "ecds", "--set", "PORT=1"])
        .ended(2);
    assert!(
        run.errors.contains("has no placeholder `PORT`"),
        "{}",
        run.errors
    );
    folder.write("policy.yaml", &POLICY.replace("deny", "dney"));
    let run = folder.run(&["render", "policy.yaml"]).ended(2);
    assert!(
        run.out.is_empty() && run.errors.contains("policy.yaml:5:26"),
        "{}",
        run.errors
    );
}

/// Envoy and the filter, where the suites that need them run.
fn envoy() -> Option<(PathBuf, PathBuf)> {
    let envoy = PathBuf::from(env::var_os("ENVOY_BIN")?);
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/lictor.wasm");
    let module = env::var_os("LICTOR_WASM").map_or(built, PathBuf::from);
    let module = fs::canonicalize(module).ok()?;
    envoy.is_file().then_some((envoy, module))
}

#[test]
fn envoy_takes_what_is_rendered() {
    let Some((envoy, module)) = envoy() else {
        println!("not run: no ENVOY_BIN, or no module");
        return;
    };
    let folder = folder();
    let module = format!("MODULE={}", module.display());
    let arguments = [
        "render",
        "policy.yaml",
        "--as",
        "envoy",
        "--set",
        "ISSUER=https://idp.example.com",
        "--set",
        "JWKS=@keys.json",
        "--set",
        &module,
        "--set",
        "LISTENER_PORT=0",
        "--set",
        "ADMIN_PORT=0",
    ];
    let rendered = folder.run(&arguments).ended(0).out;
    folder.write("envoy.yaml", &rendered);
    let output = Command::new(envoy)
        .args(["--mode", "validate", "-c"])
        .arg(folder.path().join("envoy.yaml"))
        .output()
        .expect("Envoy runs");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
}

#[test]
fn shells_are_told_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let run = lictor(&["completions", shell], "").ended(0);
        for command in ["check", "test", "render", "sql"] {
            assert!(run.out.contains(command), "{shell}: {command}");
        }
    }
    lictor(&["completions", "cobol"], "").ended(2);
}
