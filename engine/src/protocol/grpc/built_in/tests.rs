//! The table: every schema compiles, and every method says what it does.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn every_schema_compiles() {
    for service in TABLE {
        let compiled = compile(&embedded::text(service.schema).unwrap());
        assert!(compiled.is_ok(), "{}: {:?}", service.name, compiled.err());
    }
}

#[test]
fn every_path_of_json_leads_to_a_method() {
    for (service, paths) in [
        (
            &etcd::SERVICE,
            &["/v3/kv/range", "/v3/auth/role/add", "/v3/kv/txn"][..],
        ),
        (&spanner::SERVICE, &[]),
    ] {
        let (schema, _) = compile(&embedded::text(service.schema).unwrap()).unwrap();
        for path in paths {
            let (method, _) = transcoded(service, "POST", path).unwrap();
            assert!(schema.method(method).is_some(), "{path} {method}");
        }
    }
    let spanner = "/v1/projects/p/instances/i/databases/d";
    for (method, path, found) in [
        ("POST", "/sessions/s:executeSql", Some("ExecuteSql")),
        ("POST", "/sessions/s:executesql", None),
        ("GET", "/sessions/s:executeSql", None),
        ("DELETE", "", Some("DropDatabase")),
        ("PATCH", "/ddl", Some("UpdateDatabaseDdl")),
        ("POST", "/sessions/s:adaptMessage", None),
    ] {
        let read = transcoded(&spanner::SERVICE, method, &format!("{spanner}{path}"));
        let read = read.map(|(path, _)| path.rsplit_once('/').unwrap().1);
        assert_eq!(read, found, "{method} {path}");
    }
}

fn transcoded(
    service: &BuiltIn,
    http_method: &str,
    path: &str,
) -> Option<(&'static str, Vec<(&'static str, String)>)> {
    let request = Request {
        head: &crate::message::Head::default(),
        path,
        query: "",
        body: &[],
        analyses: &crate::sql::Cache::default(),
        wanted: crate::message::Wanted::default(),
    };
    service.transcode.unwrap()(http_method, &request)
}
