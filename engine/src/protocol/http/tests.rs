//! Plain HTTP: effect, reach and resource of a request.

use super::*;
use crate::document;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ORDERS: &str = "{paths: [/v1/orders, '/v1/orders/{id}', /v1/orders/search], filters: [status], limit: limit, upgrades: WebSocket}";

fn protocol(text: &str) -> Box<dyn Protocol> {
    let node = document::read(text.as_bytes()).unwrap();
    compile(&mut Reader::default(), &node, "http", &Given::default()).unwrap()
}

fn head(fields: &[(&str, &str)]) -> Head {
    let mut head = Head::default();
    for (name, value) in fields {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    head
}

fn one(options: &str, method: &str, path: &str, query: &str) -> Result<Action, &'static str> {
    let head = head(&[(":method", method)]);
    let request = Request {
        head: &head,
        path,
        query,
        body: b"",
        analyses: &crate::sql::Cache::default(),
        wanted: crate::message::Wanted::default(),
    };
    let intent = protocol(options).read(&request);
    intent
        .map(|mut intent| intent.actions.remove(0))
        .map_err(|refusal| refusal.code)
}

fn reach(options: &str, path: &str, query: &str) -> Result<Reach, &'static str> {
    one(options, "DELETE", path, query).map(|action| action.reach)
}

#[test]
fn methods_have_effects() {
    for (method, effect) in [
        ("GET", Effect::Read),
        ("HEAD", Effect::Read),
        ("OPTIONS", Effect::Read),
        ("POST", Effect::Create),
        ("PUT", Effect::Update),
        ("PATCH", Effect::Update),
        ("DELETE", Effect::Delete),
    ] {
        assert_eq!(
            one(ORDERS, method, "/v1/orders", "").unwrap().effect,
            effect
        );
    }
    for method in ["TRACE", "delete", "PURGE", ""] {
        assert_eq!(one(ORDERS, method, "/v1/orders", ""), Err("http.method"));
    }
}

#[test]
fn an_item_is_a_key_and_a_collection_is_everything() {
    assert_eq!(reach(ORDERS, "/v1/orders/7", ""), Ok(Reach::Key));
    assert_eq!(reach(ORDERS, "/v1/orders", ""), Ok(Reach::All));
    assert_eq!(reach(ORDERS, "/v1/orders/", ""), Ok(Reach::All));
    // Spelled out beats a parameter: this is no item of that name.
    assert_eq!(reach(ORDERS, "/v1/orders/search", ""), Ok(Reach::All));
    assert_eq!(reach("{}", "/v1/orders/7", ""), Ok(Reach::All));
}

#[test]
fn only_declared_parameters_narrow_a_call() {
    assert_eq!(
        reach(ORDERS, "/v1/orders", "status=old"),
        Ok(Reach::Filtered)
    );
    assert_eq!(reach(ORDERS, "/v1/orders", "status="), Ok(Reach::All));
    assert_eq!(reach(ORDERS, "/v1/orders", "invented=1"), Ok(Reach::All));
    assert_eq!(
        reach(ORDERS, "/v1/orders", "limit=10"),
        Ok(Reach::Limited(10))
    );
    assert_eq!(reach(ORDERS, "/v1/orders", "limit=all"), Ok(Reach::All));
    assert_eq!(reach(ORDERS, "/v1/orders", "limit=1000000"), Ok(Reach::All));
    assert_eq!(
        reach(ORDERS, "/v1/orders", "status=a&Status=b"),
        Err("parameters.ambiguous")
    );
    assert_eq!(
        reach(ORDERS, "/v1/orders", "a=1&a=2"),
        Err("parameters.repeated")
    );
}

#[test]
fn the_resource_is_the_template_or_the_path() {
    let name = |options, path| {
        one(options, "GET", path, "").map(|mut action| action.resources.remove(0).to_string())
    };
    assert_eq!(
        name(ORDERS, "/v1/orders/7").unwrap(),
        "path:/v1/orders/{id}"
    );
    assert_eq!(name("{}", "/v1/orders/7").unwrap(), "path:/v1/orders/7");
    assert_eq!(
        name(ORDERS, "/v1/orders/7/items"),
        Err("http.path_undeclared")
    );
}

#[test]
fn a_method_in_a_parameter_is_refused() {
    assert_eq!(
        one("{}", "POST", "/v1", "_method=DELETE"),
        Err("http.method_override")
    );
    assert_eq!(
        one("{}", "POST", "/v1", "_Method=DELETE"),
        Err("http.method_override")
    );
    let head = head(&[
        (":method", "POST"),
        ("content-type", "application/x-www-form-urlencoded"),
    ]);
    let request = Request {
        head: &head,
        path: "/v1",
        query: "",
        body: b"a=1&_method=delete",
        analyses: &crate::sql::Cache::default(),
        wanted: crate::message::Wanted::default(),
    };
    assert_eq!(
        protocol("{}").read(&request).unwrap_err().code,
        "http.method_override"
    );
}

#[test]
fn a_json_body_is_read_in_one_way_only() {
    let head = head(&[(":method", "POST"), ("content-type", "application/json")]);
    let code = |body: &[u8]| {
        let request = Request {
            head: &head,
            path: "/v1",
            query: "",
            body,
            analyses: &crate::sql::Cache::default(),
            wanted: crate::message::Wanted::default(),
        };
        protocol("{}")
            .read(&request)
            .map(drop)
            .map_err(|refusal| refusal.code)
    };
    assert_eq!(code(br#"{"a":1}"#), Ok(()));
    assert_eq!(code(br#"{"a":1,"a":2}"#), Err("json.duplicate_key"));
    assert_eq!(code(b"{} x"), Err("json.trailing_data"));
    assert_eq!(code(b"\xff"), Err("content.not_utf8"));
}

#[test]
fn only_bodies_that_are_read_are_held() {
    let body = |fields: &[(&str, &str)]| {
        protocol(ORDERS)
            .body(&head(fields))
            .map_err(|refusal| refusal.code)
    };
    assert_eq!(
        body(&[("content-type", "application/json")]),
        Ok(Body::Held)
    );
    assert_eq!(body(&[("content-type", "image/png")]), Ok(Body::Streamed));
    assert_eq!(
        body(&[("content-type", "application/grpc")]),
        Ok(Body::Streamed)
    );
    assert_eq!(
        body(&[
            ("content-type", "application/json"),
            ("content-encoding", "br")
        ]),
        Err("content.encoded")
    );
    assert_eq!(body(&[("upgrade", "websocket")]), Ok(Body::Streamed));
    assert_eq!(body(&[("upgrade", "h2c")]), Err("http.upgrade"));
    assert_eq!(
        protocol("{}")
            .body(&head(&[("upgrade", "websocket")]))
            .unwrap_err()
            .code,
        "http.upgrade"
    );
}

#[test]
fn grpc_is_a_call_of_its_method() {
    let head = head(&[
        (":method", "POST"),
        ("content-type", "application/grpc+proto"),
    ]);
    let request = Request {
        head: &head,
        path: "/shop.Orders/Cancel",
        query: "",
        body: b"",
        analyses: &crate::sql::Cache::default(),
        wanted: crate::message::Wanted::default(),
    };
    let action = protocol("{}").read(&request).unwrap().actions.remove(0);
    assert_eq!(action.effect, Effect::Call);
    assert_eq!(action.resources[0].to_string(), "method:shop.Orders/Cancel");
}

#[test]
fn several_items_in_one_segment_are_several() {
    for (path, expected) in [
        ("/v1/orders/1", Reach::Key),
        ("/v1/orders/1,2,3", Reach::Limited(3)),
        ("/v1/orders/*", Reach::All),
    ] {
        assert_eq!(reach(ORDERS, path, ""), Ok(expected), "{path}");
    }
}

#[test]
fn flags_make_a_call_a_bulk_one() {
    let options = "{paths: ['/v1/orders/{id}', /v1/orders], bulk: [all, ids]}";
    assert_eq!(reach(options, "/v1/orders/1", "all=true"), Ok(Reach::All));
    assert_eq!(reach(options, "/v1/orders/1", "all=false"), Ok(Reach::Key));
    assert_eq!(
        reach(options, "/v1/orders", "ids=1,2"),
        Ok(Reach::Limited(2))
    );
}

#[test]
fn a_path_can_say_what_it_does() {
    let options = "{paths: [{path: /v1/orders/search, methods: POST, effect: read, reach: filtered}, '/v1/orders/{id}']}";
    let action = one(options, "POST", "/v1/orders/search", "").unwrap();
    assert_eq!(
        (action.effect, action.reach),
        (Effect::Read, Reach::Filtered)
    );
    let action = one(options, "DELETE", "/v1/orders/search", "").unwrap();
    assert_eq!((action.effect, action.reach), (Effect::Delete, Reach::Key));
    let only = "{paths: [{path: /v1/orders, methods: [GET]}]}";
    assert_eq!(one(only, "POST", "/v1/orders", ""), Err("http.method"));
}
