//! A corpus file becomes cases.
//!
//! ```yaml
//! policy: {…}              # optional: a document of its own instead of corpus/policy.yaml
//! cases:
//! - name: says what is claimed
//!   as: {sub: dana}        # claims of the verified token; absent: nobody
//!   tokens: {pods: {…}}    # more verified tokens, by the key that Envoy leaves them under
//!   peer: spiffe://a/b     # the name in the peer's certificate
//!   sql: DROP TABLE users  # short for a POST of {"query": …} to /sql
//!   request: {method: GET, path: /v1/orders, headers: {name: value}, body: text}
//!   expect: {decision: deny, …}
//! ```

use serde_json::{Map, Value, json};

use lictor_engine::document::{self, Content, Node};

/// One case.
pub struct Case {
    /// What is claimed.
    pub name: String,
    /// The document, as bytes of a plugin configuration.
    pub policy: Vec<u8>,
    /// Claims of each verified token, by its key.
    pub tokens: Map<String, Value>,
    /// The name in the peer's certificate.
    pub peer: Option<String>,
    /// Header fields, pseudo header fields included.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What must come of it.
    pub expect: Map<String, Value>,
}

const KEYS: [&str; 7] = ["name", "as", "tokens", "peer", "sql", "request", "expect"];

pub fn read(file: &[u8], shared_policy: &[u8]) -> Vec<Case> {
    let file = json_of(&document::read(file).unwrap_or_else(|mistake| panic!("{mistake}")));
    let policy = match file.get("policy") {
        Some(policy) => policy.to_string().into_bytes(),
        None => shared_policy.to_vec(),
    };
    let cases = file["cases"].as_array().expect("a corpus file has cases");
    cases.iter().map(|case| one(case, &policy)).collect()
}

fn one(case: &Value, policy: &[u8]) -> Case {
    let name = case["name"].as_str().expect("a case has a name").to_owned();
    for key in case.as_object().unwrap().keys() {
        assert!(KEYS.contains(&key.as_str()), "{name}: unknown key `{key}`");
    }
    let sql = case.get("sql").map(|statement| {
        json!({"method": "POST", "path": "/sql", "headers": {"content-type": "application/json"},
               "body": json!({"query": statement}).to_string()})
    });
    let request = sql
        .as_ref()
        .or(case.get("request"))
        .expect("a case has `sql` or `request`");
    let mut headers = vec![
        (
            ":method".to_owned(),
            text(request, "method").unwrap_or("GET").to_owned(),
        ),
        (
            ":path".to_owned(),
            text(request, "path")
                .expect("a request has a path")
                .to_owned(),
        ),
        (
            ":authority".to_owned(),
            text(request, "host").unwrap_or("shop.internal").to_owned(),
        ),
    ];
    for (name, value) in request
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        // A list stands for a field that is sent several times.
        for value in value.as_array().unwrap_or(&vec![value.clone()]) {
            headers.push((
                name.clone(),
                value.as_str().expect("a header value is text").to_owned(),
            ));
        }
    }
    Case {
        name,
        policy: policy.to_vec(),
        tokens: tokens(case),
        peer: text(case, "peer").map(str::to_owned),
        headers,
        body: body(request),
        expect: case["expect"]
            .as_object()
            .expect("a case has `expect`")
            .clone(),
    }
}

/// Those of `tokens`, and the one of `as` under the key that the recommended Envoy uses.
fn tokens(case: &Value) -> Map<String, Value> {
    let listed = case.get("tokens").and_then(Value::as_object);
    let mut tokens = listed.cloned().unwrap_or_default();
    if let Some(claims) = case.get("as") {
        tokens.insert("jwt".to_owned(), claims.clone());
    }
    tokens
}

/// `body` as text, or `body_hex` for bytes that are none.
fn body(request: &Value) -> Vec<u8> {
    match text(request, "body_hex") {
        None => text(request, "body")
            .unwrap_or_default()
            .as_bytes()
            .to_vec(),
        Some(digits) => digits
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect(),
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

fn json_of(node: &Node) -> Value {
    match &node.content {
        Content::Null => Value::Null,
        Content::Bool(value) => json!(value),
        Content::Number(value) if value.fract() == 0.0 => json!(*value as i64),
        Content::Number(value) => json!(value),
        Content::Text(text) => json!(text),
        Content::List(nodes) => nodes.iter().map(json_of).collect(),
        Content::Mapping(entries) => {
            let members = entries
                .iter()
                .map(|(key, node)| (key.text.clone(), json_of(node)));
            Value::Object(members.collect())
        }
    }
}
