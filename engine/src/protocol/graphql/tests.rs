//! Requests to actions: transport, operations, variables, and what fields mean by flavour.

use super::*;
use crate::document;
use crate::message::Wanted;
use crate::sql::Cache;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod flavours;

fn protocol(text: &str) -> Box<dyn Protocol> {
    let node = document::read(text.as_bytes()).unwrap();
    let mut reader = Reader::default();
    let protocol = compile(&mut reader, &node, "graphql", &Given::default());
    let mistakes = reader.into_mistakes();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    protocol.unwrap()
}

struct Sent<'a> {
    method: &'a str,
    query: &'a str,
    media: &'a str,
    body: &'a str,
}

const POST: Sent<'_> = Sent {
    method: "POST",
    query: "",
    media: "application/json",
    body: "",
};

fn send(definition: &str, sent: &Sent<'_>) -> Result<Vec<Action>, &'static str> {
    let mut head = Head::default();
    head.headers.push(b":method", sent.method.as_bytes());
    if !sent.media.is_empty() {
        head.headers.push(b"content-type", sent.media.as_bytes());
    }
    let request = Request {
        head: &head,
        path: "/graphql",
        query: sent.query,
        body: sent.body.as_bytes(),
        analyses: &Cache::default(),
        wanted: Wanted {
            body: false,
            arguments: true,
        },
    };
    let intent = protocol(definition).read(&request);
    intent
        .map(|intent| intent.actions)
        .map_err(|refusal| refusal.code)
}

fn post(definition: &str, body: &str) -> Result<Vec<Action>, &'static str> {
    send(definition, &Sent { body, ..POST })
}

fn told(actions: &[Action]) -> String {
    let told = actions.iter().map(|action| {
        let resources = action.resources.iter().map(ToString::to_string);
        let resources: Vec<String> = resources.collect();
        let reach = match action.reach {
            crate::action::Reach::Limited(rows) => format!("limited({rows})"),
            other => other.name().to_owned(),
        };
        format!("{} {reach} {}", action.effect.name(), resources.join("+"))
    });
    told.collect::<Vec<_>>().join("; ")
}

fn body(query: &str) -> String {
    serde_json::json!({ "query": query }).to_string()
}

/// What a query does.
fn does(definition: &str, query: &str) -> String {
    match post(definition, &body(query)) {
        Ok(actions) => told(&actions),
        Err(code) => code.to_owned(),
    }
}

#[test]
fn each_root_field_is_an_action() {
    for (query, expected) in [
        ("{users{id}}", "read unknown field:query.users"),
        (
            "{a:users{id} b:users{id}}",
            "read unknown field:query.users; read unknown field:query.users",
        ),
        ("mutation{pay(id:1){ok}}", "call unknown field:mutation.pay"),
        (
            "subscription{news{text}}",
            "read unknown field:subscription.news",
        ),
        ("{__schema{types{name}}}", "read all object:schema"),
        ("{__typename}", "read none field:query.__typename"),
        (
            "{...F} fragment F on Query{users{id} ...G} fragment G on Query{orders{id}}",
            "read unknown field:query.users; read unknown field:query.orders",
        ),
        (
            "{... on Query @include(if:false){users{id}}}",
            "read unknown field:query.users",
        ),
        ("{a{id} ...F}", "graphql.fragment_unknown"),
        ("{...F} fragment F on Q{...F}", "graphql.too_deep"),
        ("{a{...F}} fragment F on A{a{...F}}", "graphql.too_large"),
        ("{a(b:$c){id}}", "graphql.variable_unknown"),
        (
            "{a{id}} fragment F on A{...F}",
            "read unknown field:query.a",
        ),
    ] {
        let found = does("{}", query);
        // Which of the two bounds is met first is no matter.
        let found = match expected {
            "graphql.too_large" => found.replace("too_deep", "too_large"),
            _ => found,
        };
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn fragments_that_double_are_bounded() {
    let mut query = "{...F0}".to_owned();
    for level in 0..20 {
        let next = level + 1;
        query.push_str(&format!(" fragment F{level} on Q{{...F{next} ...F{next}}}"));
    }
    query.push_str(" fragment F20 on Q{a}");
    assert_eq!(does("{}", &query), "graphql.too_large");
    let aliases: String = (0..200).map(|n| format!("a{n}:users{{id}} ")).collect();
    assert_eq!(does("{}", &format!("{{{aliases}}}")), "graphql.too_large");
}

#[test]
fn a_large_variable_counts_each_time_that_it_is_used() {
    let uses: String = (0..100).map(|n| format!("a{n}:$v ")).collect();
    let request = serde_json::json!({
        "query": format!("query($v:String){{f({uses}){{id}}}}"),
        "variables": {"v": "x".repeat(100_000)},
    });
    assert_eq!(post("{}", &request.to_string()), Err("graphql.too_large"));
}

#[test]
fn the_operation_is_the_one_that_is_named() {
    let two = "query A{users{id}} mutation B{pay{ok}}";
    for (name, expected) in [
        ("\"A\"", "read unknown field:query.users"),
        ("\"B\"", "call unknown field:mutation.pay"),
        ("\"b\"", "graphql.operation_unknown"),
        ("\"\"", "graphql.operation_unknown"),
        ("null", "graphql.operation_unknown"),
        ("7", "graphql.request_malformed"),
    ] {
        let request = format!("{{\"query\":\"{two}\",\"operationName\":{name}}}");
        let found = match post("{}", &request) {
            Ok(actions) => told(&actions),
            Err(code) => code.to_owned(),
        };
        assert_eq!(found, expected, "{name}");
    }
    let one = r#"{"query":"query A{users{id}}","operationName":"Z"}"#;
    assert_eq!(post("{}", one).unwrap_err(), "graphql.operation_unknown");
}

#[test]
fn arguments_have_variables_and_defaults_in_place() {
    let request = r#"{"query":"query($a:Int=5,$b:Int,$c:[Int],$d:Int=1){f(a:$a,b:$b,c:$c,d:$d,e:[$a,$b],g:{h:$b,i:RED})}","variables":{"c":[1],"d":null,"z":9}}"#;
    let action = post("{}", request).unwrap().remove(0);
    let crate::action::Arguments::Known(arguments) = action.arguments else {
        panic!("expected arguments");
    };
    assert_eq!(
        serde_json::to_value(&*arguments).unwrap(),
        serde_json::json!({"a": 5, "c": [1], "d": null, "e": [5, null], "g": {"i": "RED"}})
    );
}

#[test]
fn what_servers_could_read_differently_is_refused() {
    for (request, code) in [
        (r#"{"query":"{a}","query":"{b}"}"#, "json.duplicate_key"),
        (
            r#"{"query":"{a}","Query":"{b}"}"#,
            "graphql.request_malformed",
        ),
        (
            r#"{"query":"{a}","documentId":"x"}"#,
            "graphql.member_unknown",
        ),
        (r#"{"query":["{a}"]}"#, "graphql.request_malformed"),
        (
            r#"{"query":"{a}","variables":"{}"}"#,
            "graphql.request_malformed",
        ),
        (
            r#"{"query":"{a}","variables":[]}"#,
            "graphql.request_malformed",
        ),
        (
            r#"{"query":"{a}","extensions":1}"#,
            "graphql.request_malformed",
        ),
        (r#"{"query":null}"#, "graphql.request_malformed"),
        (r#"{"query":""}"#, "graphql.syntax"),
        (r#""{a}""#, "graphql.request_malformed"),
        ("\u{feff}{}", "content.byte_order_mark"),
        (r#"[{"query":"{a}"},7]"#, "graphql.request_malformed"),
    ] {
        assert_eq!(post("{}", request), Err(code), "{request}");
    }
    let both = |query| Sent {
        query,
        body: r#"{"query":"{a}"}"#,
        ..POST
    };
    for query in [
        "query={b}",
        "variables={}",
        "operationName=B",
        "extensions={}",
        "Query={b}",
    ] {
        let code = send("{}", &both(query)).unwrap_err();
        assert!(
            ["graphql.two_places", "parameters.ambiguous"].contains(&code),
            "{query}: {code}"
        );
    }
    assert_eq!(
        send("{}", &both("documentId=x")),
        Err("graphql.member_unknown")
    );
    assert!(send("{}", &both("api-version=2")).is_ok());
}

#[test]
fn methods_and_media_types_choose_the_form() {
    let get = |query| Sent {
        method: "GET",
        query,
        media: "",
        body: "",
    };
    let found = send("{}", &get("query=%7Busers%7Bid%7D%7D&variables=%7B%7D")).unwrap();
    assert_eq!(told(&found), "read unknown field:query.users");
    let raw = Sent {
        media: "application/graphql; charset=utf-8",
        body: "{users{id}}",
        ..POST
    };
    assert_eq!(
        told(&send("{}", &raw).unwrap()),
        "read unknown field:query.users"
    );
    let batch = post("{}", r#"[{"query":"{a}"},{"query":"mutation{b}"}]"#).unwrap();
    assert_eq!(
        told(&batch),
        "read unknown field:query.a; call unknown field:mutation.b"
    );
    assert_eq!(post("{}", "[]"), Ok(vec![]), "which the session refuses");
    for (sent, code) in [
        (get("query=mutation%7Bpay%7D"), "graphql.get_mutation"),
        (get(""), "graphql.request_malformed"),
        (
            Sent {
                body: r#"{"query":"mutation{a}"}"#,
                ..get("query=%7Ba%7D")
            },
            "graphql.two_places",
        ),
        (
            Sent {
                method: "PUT",
                ..POST
            },
            "graphql.method",
        ),
        (
            Sent {
                media: "text/plain",
                body: r#"{"query":"{a}"}"#,
                ..POST
            },
            "graphql.type_unexpected",
        ),
        (
            Sent {
                media: "",
                body: r#"{"query":"{a}"}"#,
                ..POST
            },
            "graphql.type_unexpected",
        ),
        (
            Sent {
                media: "application/x-www-form-urlencoded",
                body: "query={a}",
                ..POST
            },
            "graphql.type_unexpected",
        ),
    ] {
        assert_eq!(send("{}", &sent), Err(code));
    }
    let mut head = Head::default();
    head.headers.push(b"upgrade", b"websocket");
    assert_eq!(protocol("{}").body(&head).unwrap_err().code, "http.upgrade");
}

#[test]
fn a_hash_stands_for_a_query_that_is_known() {
    let query = "{users{id}}";
    let hash = definition::sha256(query);
    let known = format!("persisted: {{\"{hash}\": \"{query}\"}}");
    let extensions =
        |hash: &str| serde_json::json!({"persistedQuery": {"version": 1, "sha256Hash": hash}});
    let alone = |hash: &str| serde_json::json!({"extensions": extensions(hash)}).to_string();
    let found = post(&known, &alone(&hash)).unwrap();
    assert_eq!(told(&found), "read unknown field:query.users");
    assert_eq!(post("{}", &alone(&hash)), Err("graphql.persisted_unknown"));
    let with = |hash: &str| {
        serde_json::json!({"query": query, "extensions": extensions(hash)}).to_string()
    };
    assert!(post("{}", &with(&hash)).is_ok());
    let other = definition::sha256("mutation{drop}");
    assert_eq!(post("{}", &with(&other)), Err("graphql.persisted_mismatch"));
}

#[test]
fn mistakes_of_a_definition_are_told() {
    let hash = definition::sha256("{a");
    for (text, code) in [
        ("flavour: apollo".to_owned(), "document.unexpected"),
        ("persisted: {file: x.json}".to_owned(), "api.file"),
        (
            "persisted: {abc: '{a}'}".to_owned(),
            "graphql.persisted_hash",
        ),
        (
            format!("persisted: {{\"{hash}\": '{{a'}}"),
            "graphql.persisted_query",
        ),
        (
            "fields: [{effect: read}]".to_owned(),
            "document.missing_key",
        ),
        (
            "fields: [{field: a, effect: reed}]".to_owned(),
            "document.unexpected",
        ),
    ] {
        let node = document::read(text.as_bytes()).unwrap();
        let mut reader = Reader::default();
        compile(&mut reader, &node, "graphql", &Given::default());
        assert_eq!(reader.into_mistakes()[0].code, code, "{text}");
    }
}

/// A multipart body of these parts; a name that starts with `@` is a file's.
fn upload(parts: &[(&str, &str)]) -> Result<Vec<Action>, &'static str> {
    let mut body = String::new();
    for (name, content) in parts {
        let (name, file) = match name.strip_prefix('@') {
            Some(name) => (name, "; filename=\"f\""),
            None => (*name, ""),
        };
        body.push_str(&format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        ));
    }
    body.push_str("--x--\r\n");
    let sent = Sent {
        media: "multipart/form-data; boundary=x",
        body: &body,
        ..POST
    };
    send("{}", &sent)
}

#[test]
fn files_come_with_a_request() {
    const ONE: &str =
        r#"{"query":"mutation($f:Upload!){add(file:$f){id}}","variables":{"f":null}}"#;
    const FILE: (&str, &str) = ("@0", "\u{0}\u{1}");
    let map = |text| ("map", text);
    let found = upload(&[("operations", ONE), map(r#"{"0":["variables.f"]}"#), FILE]).unwrap();
    assert_eq!(told(&found), "call unknown field:mutation.add");
    let two = format!("[{ONE},{ONE}]");
    let places = r#"{"0":["0.variables.f","1.variables.f"]}"#;
    let found = upload(&[("operations", &two), map(places), FILE]).unwrap();
    assert_eq!(found.len(), 2);
    for parts in [
        &[map("{}"), ("operations", ONE)][..],
        &[("operations", ONE)],
        &[("operations", ONE), map("[]")],
        &[("operations", ONE), map(r#"{"0":["query"]}"#), FILE],
        &[("operations", ONE), map(r#"{"0":["variables"]}"#), FILE],
        &[("operations", ONE), map(r#"{"0":["variables.g"]}"#), FILE],
        &[("operations", ONE), map(r#"{"0":[]}"#), FILE],
        &[("operations", ONE), map(r#"{"1":["variables.f"]}"#), FILE],
        &[("operations", ONE), map("{}"), FILE],
        &[
            ("operations", ONE),
            map(r#"{"0":["variables.f"]}"#),
            ("0", "x"),
        ],
        &[("@operations", ONE), map("{}")],
    ] {
        assert_eq!(upload(parts), Err("graphql.upload_malformed"), "{parts:?}");
    }
    let twice = [("operations", ONE), map("{}"), ("operations", ONE)];
    assert_eq!(upload(&twice), Err("content.multipart"));
}
