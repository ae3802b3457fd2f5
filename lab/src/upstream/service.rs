//! A request becomes an answer: the table of what the service offers.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{HeaderMap, Request, Response, StatusCode, header};
use serde_json::{Value, json};

use super::database::Database;
use super::recorder::Recorder;
use super::{grpc, orders, pace, sql, upgrade};

pub(super) type Body = BoxBody<Bytes, Infallible>;

/// A request that has arrived completely.
pub(super) struct Arrived {
    pub(super) head: Parts,
    pub(super) body: Bytes,
}

impl Arrived {
    pub(super) fn header(&self, name: &str) -> &str {
        text(&self.head.headers, name)
    }
}

/// Serves every connection.
#[derive(Clone)]
pub(super) struct Service {
    recorder: Arc<Recorder>,
    database: Arc<Database>,
}

impl Service {
    pub(super) fn new(recorder: Arc<Recorder>, database: Arc<Database>) -> Self {
        Self { recorder, database }
    }

    async fn answer(self, request: Request<Incoming>) -> Result<Response<Body>, hyper::Error> {
        let (head, body) = request.into_parts();
        let number = self.recorder.head(&head);
        if head.headers.contains_key(header::UPGRADE) {
            return Ok(upgrade::answer(Request::from_parts(head, body)));
        }
        if head.uri.path() == grpc::STREAM {
            return Ok(grpc::converse(body, Arc::clone(&self.recorder), number));
        }
        let collected = body.collect().await?;
        let trailers = collected.trailers().cloned();
        let body = collected.to_bytes();
        self.recorder.end(number, &body, trailers.as_ref());
        Ok(self.route(Arrived { head, body }).await)
    }

    async fn route(&self, request: Arrived) -> Response<Body> {
        if request
            .header("content-type")
            .starts_with("application/grpc")
        {
            return grpc::answer(request);
        }
        let path = request.head.uri.path().to_owned();
        match path.as_str() {
            "/sql" => sql::answer(&self.database, &request),
            "/events" => pace::events(&request),
            "/slow" => pace::slow(&request).await,
            path if path == orders::PATH || path.starts_with(orders::ITEM) => {
                orders::answer(&self.database, &request)
            }
            _ => echo(&request),
        }
    }
}

impl hyper::service::Service<Request<Incoming>> for Service {
    type Response = Response<Body>;
    type Error = hyper::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        Box::pin(self.clone().answer(request))
    }
}

/// An answer in JSON.
pub(super) fn json(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Full::from(body.to_string()).boxed());
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json"),
    );
    response
}

/// The first header of that name, or nothing.
pub(super) fn text<'head>(headers: &'head HeaderMap, name: &str) -> &'head str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn echo(request: &Arrived) -> Response<Body> {
    json(
        StatusCode::OK,
        &json!({
            "method": request.head.method.as_str(),
            "path": request.head.uri.path(),
            "body_bytes": request.body.len(),
        }),
    )
}
