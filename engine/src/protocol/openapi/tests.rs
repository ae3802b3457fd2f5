//! Requests to operations of an OpenAPI document.

use super::*;
use crate::action::Arguments;
use crate::document;
use crate::message::Wanted;
use crate::sql::Cache;
use crate::value::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ORDERS: &str = r##"
openapi: 3.0.3
servers: [{url: "https://api.example.com/{version}", variables: {version: {default: v1}}}]
paths:
  /orders:
    parameters: [{name: limit, in: query, schema: {type: integer}}]
    get:
      operationId: listOrders
      x-lictor: {limit: limit, filters: [status]}
      parameters:
      - {name: status, in: query, schema: {type: string, enum: [open, closed]}}
      responses: {"200": {content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}}}
    post:
      operationId: createOrder
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
      responses: {"201": {description: made}}
    delete:
      operationId: deleteOrders
      x-lictor: {bulk: [ids, all]}
      responses: {"204": {description: gone}}
  /orders/{id}:
    parameters: [{$ref: "#/components/parameters/Id"}]
    get: {operationId: getOrder, responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}}
    patch:
      operationId: changeOrder
      requestBody: {$ref: "#/components/requestBodies/Order"}
      responses: {"204": {description: done}}
    delete: {operationId: deleteOrder, responses: {"204": {description: gone}}}
  /orders/{id}:cancel:
    post: {operationId: cancelOrder, x-lictor: {effect: update, resource: "table:orders"}, responses: {"204": {description: done}}}
  /orders/search:
    post:
      operationId: searchOrders
      x-lictor: {effect: read, reach: filtered, labels: [internal]}
      responses: {"200": {description: found}}
  /files:
    put: {operationId: upload, requestBody: {content: {application/octet-stream: {}, "image/*": {}}}, responses: {"204": {description: done}}}
components:
  parameters: {Id: {name: id, in: path, required: true, schema: {type: integer}}}
  requestBodies: {Order: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}
  schemas:
    Order:
      properties:
        id: {type: integer}
        customer: {$ref: "#/components/schemas/Customer"}
        address: {type: object, properties: {street: {type: string, x-lictor: {labels: [pii]}}}}
        parent: {$ref: "#/components/schemas/Order"}
    Customer:
      type: object
      properties:
        email: {$ref: "#/components/schemas/Email"}
        tags: {type: array, items: {type: string}}
    Email: {type: string, x-lictor: {labels: [pii]}}
    Payment: {x-lictor: {labels: [financial]}, type: object}
"##;

fn protocol(text: &str) -> Box<dyn Protocol> {
    let node = document::read(text.as_bytes()).unwrap();
    let mut reader = Reader::default();
    let protocol = compile(&mut reader, &node, "openapi", &Given::default());
    let mistakes = reader.into_mistakes();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    protocol.unwrap()
}

fn with(options: &str) -> String {
    let inner = ORDERS.replace('\n', "\n  ");
    format!("{options}\ndocument:\n{inner}\n")
}

struct Sent<'a> {
    call: &'a str,
    media: &'a str,
    body: &'a str,
}

fn send(protocol: &dyn Protocol, sent: &Sent<'_>) -> Result<Vec<Action>, &'static str> {
    let (method, target) = sent.call.split_once(' ').unwrap();
    let mut head = Head::default();
    head.headers.push(b":method", method.as_bytes());
    head.headers.push(b":path", target.as_bytes());
    if !sent.media.is_empty() {
        head.headers.push(b"content-type", sent.media.as_bytes());
    }
    let (path, query) = path::split(target);
    let held = protocol.body(&head).map_err(|refusal| refusal.code)?;
    let body = if held == Body::Held { sent.body } else { "" };
    let request = Request {
        head: &head,
        path,
        query,
        body: body.as_bytes(),
        analyses: &Cache::default(),
        wanted: Wanted {
            body: false,
            arguments: true,
        },
    };
    let intent = protocol.read(&request);
    intent
        .map(|intent| intent.actions)
        .map_err(|refusal| refusal.code)
}

fn one(call: &str) -> Result<Action, &'static str> {
    one_with(call, "")
}

fn one_with(call: &str, body: &str) -> Result<Action, &'static str> {
    let media = if body.is_empty() {
        ""
    } else {
        "application/json"
    };
    let sent = Sent { call, media, body };
    send(&*protocol(ORDERS), &sent).map(|mut actions| actions.remove(0))
}

fn told(action: &Action) -> String {
    let resources = action.resources.iter().map(ToString::to_string);
    let reach = match action.reach {
        Reach::Limited(rows) => format!("limited({rows})"),
        other => other.name().to_owned(),
    };
    let resources = resources.collect::<Vec<_>>().join("+");
    format!(
        "{} {} {reach} {resources}",
        action.operation,
        action.effect.name()
    )
}

fn columns(action: &Action) -> String {
    let told = action.columns.iter().map(|used| {
        let doubt = if used.is_certain { "" } else { "?" };
        format!("{}{doubt} {}", used.column, used.usage.name())
    });
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn an_operation_is_an_action() {
    for (call, expected) in [
        ("GET /v1/orders", "listOrders read all path:/v1/orders"),
        ("GET /v1/orders/", "listOrders read all path:/v1/orders"),
        ("HEAD /v1/orders", "listOrders read all path:/v1/orders"),
        (
            "GET /v1/orders?limit=5",
            "listOrders read limited(5) path:/v1/orders",
        ),
        (
            "GET /v1/orders?limit=100000",
            "listOrders read all path:/v1/orders",
        ),
        (
            "GET /v1/orders?status=open",
            "listOrders read filtered path:/v1/orders",
        ),
        ("GET /v1/orders/7", "getOrder read key path:/v1/orders/{id}"),
        (
            "DELETE /v1/orders",
            "deleteOrders delete all path:/v1/orders",
        ),
        (
            "DELETE /v1/orders?ids=1,2",
            "deleteOrders delete limited(2) path:/v1/orders",
        ),
        (
            "DELETE /v1/orders?ids=1&all=true",
            "deleteOrders delete all path:/v1/orders",
        ),
        (
            "POST /v1/orders/7:cancel",
            "cancelOrder update key table:orders+path:/v1/orders/{id}:cancel",
        ),
        (
            "POST /v1/orders/search",
            "searchOrders read filtered path:/v1/orders/search",
        ),
        (
            "OPTIONS /v1/orders/7",
            "OPTIONS read none path:/v1/orders/{id}",
        ),
    ] {
        assert_eq!(
            one(call).map(|action| told(&action)).as_deref(),
            Ok(expected),
            "{call}"
        );
    }
    for (body, expected) in [
        (
            r#"{"id":1}"#,
            "createOrder create limited(1) path:/v1/orders",
        ),
        (
            r#"[{"id":1},{"id":2}]"#,
            "createOrder create limited(2) path:/v1/orders",
        ),
    ] {
        assert_eq!(told(&one_with("POST /v1/orders", body).unwrap()), expected);
    }
}

#[test]
fn what_is_not_described_is_refused() {
    for (call, code) in [
        ("GET /orders", "openapi.operation_unknown"),
        ("GET /v1/orders/7/items", "openapi.operation_unknown"),
        ("PUT /v1/orders", "openapi.method_unknown"),
        ("get /v1/orders", "openapi.method_unknown"),
        ("GET /v1/orders/seven", "openapi.parameter_invalid"),
        ("GET /v1/orders/1,2", "openapi.parameter_invalid"),
        ("GET /v1/orders/-", "openapi.parameter_invalid"),
        ("GET /v1/orders?status=lost", "openapi.parameter_invalid"),
        ("GET /v1/orders?limit=all", "openapi.parameter_invalid"),
        ("GET /v1/orders?limit=1&limit=2", "parameters.repeated"),
        ("GET /v1/orders?Status=open", "parameters.ambiguous"),
        ("POST /v1/orders?_method=DELETE", "http.method_override"),
    ] {
        assert_eq!(one(call).err(), Some(code), "{call}");
    }
    let media = |call, media| {
        send(
            &*protocol(ORDERS),
            &Sent {
                call,
                media,
                body: "x",
            },
        )
        .err()
    };
    assert_eq!(
        media("POST /v1/orders", "text/plain"),
        Some("openapi.media_unknown")
    );
    assert_eq!(media("POST /v1/orders", ""), Some("openapi.media_unknown"));
    assert_eq!(media("PUT /v1/files", "application/octet-stream"), None);
    assert_eq!(media("PUT /v1/files", "image/png"), None);
    assert_eq!(
        media("PUT /v1/files", "text/html"),
        Some("openapi.media_unknown")
    );
    assert_eq!(
        media("POST /v1/orders", "application/x-www-form-urlencoded"),
        Some("openapi.media_unknown")
    );
}

#[test]
fn options_let_more_or_less_pass() {
    let lenient = protocol(&with("unknown: allow\nbase_path: /api/"));
    let call = |call| {
        let sent = Sent {
            call,
            media: "",
            body: "",
        };
        send(&*lenient, &sent).map(|actions| told(&actions[0]))
    };
    assert_eq!(
        call("GET /api/orders/7").as_deref(),
        Ok("getOrder read key path:/api/orders/{id}")
    );
    assert_eq!(
        call("DELETE /else/where").as_deref(),
        Ok("DELETE delete all path:/else/where")
    );
    assert_eq!(call("PURGE /else/where"), Err("openapi.operation_unknown"));
    let strict = protocol(&with("unknown_parameters: deny"));
    let call = |call| {
        send(
            &*strict,
            &Sent {
                call,
                media: "",
                body: "",
            },
        )
        .map(drop)
    };
    assert_eq!(call("GET /v1/orders?limit=1"), Ok(()));
    assert_eq!(
        call("GET /v1/orders?limit=1&debug=1"),
        Err("openapi.parameter_unknown")
    );
}

#[test]
fn properties_are_columns() {
    let whole = "Customer.email output, Customer.tags output, Order.address output, \
                 Order.customer output, Order.id output, Order.parent output, \
                 Order.address.street output";
    assert_eq!(columns(&one("GET /v1/orders/7").unwrap()), whole);
    assert_eq!(columns(&one("GET /v1/orders").unwrap()), whole);
    let change = |body| columns(&one_with("PATCH /v1/orders/7", body).unwrap());
    assert_eq!(change(r#"{"id":1}"#), "Order.id written");
    assert_eq!(
        change(r#"{"customer":{"email":"x"}}"#),
        "Customer.email written, Customer.tags written, Order.customer written"
    );
    assert_eq!(columns(&one("DELETE /v1/orders/7").unwrap()), "");
    assert_eq!(columns(&one("POST /v1/orders/search").unwrap()), "");
}

#[test]
fn labels_stand_in_the_document() {
    let protocol = protocol(ORDERS);
    let told = protocol
        .labels()
        .iter()
        .map(|label| format!("{} {:?} {}", label.label, label.kind, label.pattern));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "pii Column Order.address.street",
            "pii Column Customer.email",
            "pii Table Email",
            "financial Table Payment",
            "internal Path /v1/orders/search",
        ]
    );
}

#[test]
fn arguments_have_the_types_of_the_document() {
    let action = one_with("PATCH /v1/orders/7?dry=yes", r#"{"id":[1]}"#).unwrap();
    let Arguments::Known(arguments) = action.arguments else {
        panic!("expected arguments");
    };
    assert_eq!(
        serde_json::to_value(&*arguments).unwrap(),
        serde_json::json!({"id": 7, "dry": "yes", "body": {"id": [1]}})
    );
    let sent = Sent {
        call: "PUT /v1/files",
        media: "image/png",
        body: "x",
    };
    let action = send(&*protocol(ORDERS), &sent).unwrap().remove(0);
    assert_eq!(action.arguments, Arguments::Unknown);
}

#[test]
fn schemas_may_hold_themselves_and_leave_things_open() {
    let text = |schema: &str| {
        format!(
            "openapi: 3.1.0\npaths: {{/a: {{get: {{operationId: op, responses: {{'200': {{content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{A: {{allOf: [{{$ref: '#/components/schemas/B'}}, {{properties: {{x: {{type: string}}}}}}]}}, B: {{properties: {{a: {{$ref: '#/components/schemas/A'}}}}}}}}}}\n"
        )
    };
    for (schema, expected) in [
        (
            "{$ref: '#/components/schemas/A'}",
            "A.a output, A.x output, B.a output",
        ),
        ("{}", "op.* output"),
        ("{type: object}", "op.* output"),
        ("{additionalProperties: {type: string}}", "op.* output"),
        ("{type: string}", ""),
        ("{$ref: '#/components/schemas/Lost'}", "op.* output"),
        (
            "{type: array, items: {properties: {y: {type: [string, 'null']}}}}",
            "op.y output",
        ),
    ] {
        let sent = Sent {
            call: "GET /a",
            media: "",
            body: "",
        };
        let found = send(&*protocol(&text(schema)), &sent).unwrap();
        assert_eq!(columns(&found[0]), expected, "{schema}");
    }
    let many: String = (0..300)
        .map(|n| format!("p{n}: {{type: string}},"))
        .collect();
    let sent = Sent {
        call: "GET /a",
        media: "",
        body: "",
    };
    let found = send(
        &*protocol(&text(&format!("{{properties: {{{many}}}}}"))),
        &sent,
    )
    .unwrap();
    assert_eq!(columns(&found[0]), "*? output");
}

#[test]
fn mistakes_of_a_document_are_told() {
    let paths = "paths: {/a: {get: {responses: {}}}}";
    for (text, code) in [
        ("{file: x.yaml}".to_owned(), "api.file"),
        ("{document: {file: x.yaml}}".to_owned(), "api.file"),
        (format!("swagger: '2.0'\n{paths}"), "openapi.version"),
        ("openapi: 3.2.0".to_owned(), "openapi.version"),
        ("openapi: 3.0.0\npaths: {}".to_owned(), "openapi.empty"),
        (
            "openapi: 3.0.0\npaths: {'/{': {get: {}}}".to_owned(),
            "api.path_template",
        ),
        (
            "openapi: 3.0.0\npaths: {/a: {$ref: 'other.yaml#/a'}}".to_owned(),
            "openapi.reference",
        ),
        (
            format!(
                "openapi: 3.0.0\n{}",
                paths.replace("responses", "x-lictor: {effct: read}, responses")
            ),
            "document.unknown_key",
        ),
        (
            format!(
                "openapi: 3.0.0\n{}",
                paths.replace("responses", "x-lictor: {resource: orders}, responses")
            ),
            "openapi.resource",
        ),
        ("{documant: {}}".to_owned(), "document.missing_key"),
    ] {
        let node = document::read(text.as_bytes()).unwrap();
        let mut reader = Reader::default();
        compile(&mut reader, &node, "openapi", &Given::default());
        let mistakes = reader.into_mistakes();
        assert!(
            mistakes.iter().any(|one| one.code == code),
            "{text}: {mistakes:?}"
        );
    }
}

#[test]
fn a_name_of_the_path_goes_before_the_same_name_elsewhere() {
    let text = "openapi: 3.0.0
paths:
  /a/{id}:
    get:
      parameters:
      - {name: id, in: header}
      - {name: id, in: query}
      - {name: id, in: path}
      responses: {'204': {}}
";
    let sent = Sent {
        call: "GET /a/7?id=8",
        media: "",
        body: "",
    };
    let action = send(&*protocol(text), &sent).unwrap().remove(0);
    let Arguments::Known(arguments) = action.arguments else {
        panic!("expected arguments");
    };
    assert_eq!(arguments.member("id"), Some(&Value::from("7")));
}
