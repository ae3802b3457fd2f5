//! A small REST API over the table `orders`. Deleting the collection deletes every order, which is
//! exactly what such APIs get wrong.

use hyper::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::database::{Database, Failure};
use super::service::{Arrived, Body, json};

/// The collection.
pub(super) const PATH: &str = "/v1/orders";
/// What the path of one order starts with.
pub(super) const ITEM: &str = "/v1/orders/";

type Reply = Result<(StatusCode, Value), Failure>;

pub(super) fn answer(database: &Database, request: &Arrived) -> Response<Body> {
    let reply = match request.head.uri.path().strip_prefix(ITEM) {
        None => collection(database, request),
        Some(id) => match id.parse() {
            Ok(id) => item(database, request, id),
            Err(_) => Ok(problem(StatusCode::NOT_FOUND, "no such order")),
        },
    };
    match reply {
        Ok((status, body)) => json(status, &body),
        Err(cause) => json(
            StatusCode::BAD_REQUEST,
            &json!({"error": cause.to_string()}),
        ),
    }
}

fn collection(database: &Database, request: &Arrived) -> Reply {
    match request.head.method {
        Method::GET | Method::HEAD => {
            let selected = Selection::of(request);
            let text = format!("SELECT * FROM orders {} LIMIT ?", selected.condition);
            let mut parameters = selected.parameters;
            parameters.push(selected.limit);
            let orders = database.rows(&text, &parameters)?;
            Ok((StatusCode::OK, json!({"orders": orders})))
        }
        Method::POST => {
            let order = document(request);
            let parameters = [field(&order, "customer_id"), field(&order, "item")];
            database.rows(
                "INSERT INTO orders (customer_id, item, status) VALUES (?, ?, 'open')",
                &parameters,
            )?;
            Ok((StatusCode::CREATED, order))
        }
        Method::DELETE => {
            let selected = Selection::of(request);
            let text = format!("DELETE FROM orders {}", selected.condition);
            database.rows(&text, &selected.parameters)?;
            Ok((
                StatusCode::OK,
                json!({"deleted": "all that were asked for"}),
            ))
        }
        _ => Ok(problem(
            StatusCode::METHOD_NOT_ALLOWED,
            "GET, POST or DELETE",
        )),
    }
}

fn item(database: &Database, request: &Arrived, id: i64) -> Reply {
    let id = Value::from(id);
    match request.head.method {
        Method::GET | Method::HEAD => {
            let orders = database.rows("SELECT * FROM orders WHERE id = ?", &[id])?;
            Ok(match orders.into_iter().next() {
                Some(order) => (StatusCode::OK, order),
                None => problem(StatusCode::NOT_FOUND, "no such order"),
            })
        }
        Method::PATCH => {
            let order = document(request);
            let parameters = [field(&order, "status"), id];
            database.rows("UPDATE orders SET status = ? WHERE id = ?", &parameters)?;
            Ok((StatusCode::OK, order))
        }
        Method::DELETE => {
            database.rows("DELETE FROM orders WHERE id = ?", &[id])?;
            Ok((StatusCode::OK, json!({"deleted": 1})))
        }
        _ => Ok(problem(
            StatusCode::METHOD_NOT_ALLOWED,
            "GET, PATCH or DELETE",
        )),
    }
}

/// What a query selects out of the collection: by `status`, `customer` and `limit`. A parameter
/// of any other name narrows nothing.
struct Selection {
    condition: String,
    parameters: Vec<Value>,
    limit: Value,
}

impl Selection {
    fn of(request: &Arrived) -> Self {
        let query = request.head.uri.query().unwrap_or_default();
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let number = |name| Some(Value::from(value(name)?.parse::<i64>().ok()?));
        let filters = [
            ("status = ?", value("status").map(Value::from)),
            ("customer_id = ?", number("customer")),
        ];
        let mut tests = vec!["1"];
        let mut parameters = Vec::new();
        for (test, parameter) in filters {
            if let Some(parameter) = parameter {
                tests.push(test);
                parameters.push(parameter);
            }
        }
        Self {
            condition: format!("WHERE {}", tests.join(" AND ")),
            parameters,
            // Less than zero is no limit at all.
            limit: number("limit").unwrap_or_else(|| Value::from(-1)),
        }
    }
}

fn document(request: &Arrived) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

fn field(document: &Value, name: &str) -> Value {
    document.get(name).cloned().unwrap_or_default()
}

fn problem(status: StatusCode, detail: &str) -> (StatusCode, Value) {
    (status, json!({"error": detail}))
}
