//! A message to its actions: a REST call from its head alone, a statement in a JSON body.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use lictor_benches::{call, document, statement};
use lictor_engine::message::{Request, Wanted};
use lictor_engine::sql::Cache;

fn decode(criterion: &mut Criterion) {
    let guard = document::compiled(&document::text(10));
    let [reports, orders] = guard.apis.as_slice() else {
        panic!("the bench's document has two APIs");
    };
    let (read, post) = (call::read(), call::post());
    let body = call::body(statement::MEDIUM);
    let known = Cache::default();
    let rest = Request {
        head: &read,
        path: "/v1/orders/4711",
        query: "status=open&limit=20",
        body: b"",
        analyses: &known,
        wanted: Wanted::default(),
    };
    let report = Request {
        head: &post,
        path: "/sql",
        query: "",
        body: &body,
        analyses: &known,
        wanted: Wanted::default(),
    };

    let mut group = criterion.benchmark_group("decode");
    group.bench_function("http", |bencher| {
        bencher.iter(|| orders.protocol.read(black_box(&rest)));
    });
    group.bench_function("sql in json, seen before", |bencher| {
        bencher.iter(|| reports.protocol.read(black_box(&report)));
    });
    group.bench_function("sql in json, new", |bencher| {
        bencher.iter(|| {
            let analyses = &Cache::default();
            reports
                .protocol
                .read(black_box(&Request { analyses, ..report }))
        });
    });
    group.finish();
}

/// Requests of about 1 KiB.
const DOCUMENT: &str = "
lictor: v1
apis:
- {name: shop, match: {}, graphql: {flavour: hasura, tables: {orders: orders, customer: customers}}}
- name: orders
  match: {}
  openapi:
    openapi: 3.1.0
    paths:
      /v1/orders/{id}:
        patch:
          operationId: changeOrder
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
          parameters: [{name: id, in: path, schema: {type: integer}}]
          responses: {'204': {}}
    components: {schemas: {Order: {properties: {status: {type: string}, note: {type: string}, total: {type: number}}}}}
rules: []
default: allow
";

fn decode_apis(criterion: &mut Criterion) {
    let guard = document::compiled(DOCUMENT);
    let [shop, orders] = guard.apis.as_slice() else {
        panic!("the bench's document has two APIs");
    };
    let field =
        "orders(where: {customer: {country: {_eq: $country}}, total: {_gt: 100}}, limit: 20) {
        id status total placed_at customer { id name city } lines_summary note reference channel }";
    let query = format!("query Page($country: String!) {{ a: {field} b: {field} c: {field} }}");
    let graphql = serde_json::json!({"query": query, "variables": {"country": "NL"}, "operationName": "Page"});
    let change = serde_json::json!({"status": "open", "total": 12.5, "note": "n".repeat(940)});
    let post = call::post();
    let patch = call::patch();
    let known = Cache::default();
    let (graphql, change) = (graphql.to_string(), change.to_string());
    let request = Request {
        head: &post,
        path: "/graphql",
        query: "",
        body: graphql.as_bytes(),
        analyses: &known,
        wanted: Wanted::default(),
    };
    let changing = Request {
        head: &patch,
        path: "/v1/orders/4711",
        body: change.as_bytes(),
        ..request
    };
    assert!(shop.protocol.read(&request).is_ok() && orders.protocol.read(&changing).is_ok());
    let mut group = criterion.benchmark_group("decode");
    group.bench_function("graphql, 1 KiB", |bencher| {
        bencher.iter(|| shop.protocol.read(black_box(&request)));
    });
    group.bench_function("openapi, 1 KiB", |bencher| {
        bencher.iter(|| orders.protocol.read(black_box(&changing)));
    });
    group.finish();
}

/// Calls of built-in APIs, each with a body of one KiB whose statements were seen before.
fn declared(criterion: &mut Criterion) {
    let known = Cache::default();
    let mut group = criterion.benchmark_group("decode a declared API");
    for (name, path, target, body) in call::declared() {
        let guard = document::compiled(&document::of_api(name));
        let Some(api) = guard.apis.first() else {
            panic!("the bench's document has an API");
        };
        let head = call::declared_head(target);
        let request = Request {
            head: &head,
            path,
            query: "",
            body: &body,
            analyses: &known,
            wanted: Wanted::default(),
        };
        if let Err(refusal) = api.protocol.read(&request) {
            panic!("{name}: {}", refusal.code);
        }
        group.bench_function(name, |bencher| {
            bencher.iter(|| api.protocol.read(black_box(&request)));
        });
    }
    group.finish();
}

/// A call of a tool of one KiB, whose statement was seen before, and one without SQL.
fn decode_mcp(criterion: &mut Criterion) {
    let guard = document::compiled(
        "{lictor: v1, apis: [{name: tools, match: {}, mcp: {dialect: postgres}}], rules: [], default: allow}",
    );
    let [tools] = guard.apis.as_slice() else {
        panic!("the bench's document has an API");
    };
    let call = |arguments: serde_json::Value| {
        let params = serde_json::json!({"name": "note", "arguments": arguments, "_meta": {"progressToken": 7}});
        let call = serde_json::json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params});
        call.to_string()
    };
    let plain =
        call(serde_json::json!({"title": "t", "labels": ["a", "b"], "text": "n".repeat(860)}));
    let sql = call(
        serde_json::json!({"sql": "SELECT total FROM orders WHERE id = 7", "text": "n".repeat(830)}),
    );
    let post = call::post();
    let known = Cache::default();
    let mut group = criterion.benchmark_group("decode");
    for (name, body) in [("mcp, 1 KiB", &plain), ("mcp with sql, 1 KiB", &sql)] {
        let request = Request {
            head: &post,
            path: "/mcp",
            query: "",
            body: body.as_bytes(),
            analyses: &known,
            wanted: Wanted::default(),
        };
        assert!(tools.protocol.read(&request).is_ok());
        group.bench_function(name, |bencher| {
            bencher.iter(|| tools.protocol.read(black_box(&request)));
        });
    }
    group.finish();
}

criterion_group!(benches, decode, decode_apis, decode_mcp, declared);
criterion_main!(benches);
