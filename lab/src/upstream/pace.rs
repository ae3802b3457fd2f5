//! Answers that take their time: server-sent events, and one that comes late.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Frame};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::json;
use tokio::time::{Interval, interval, sleep};

use super::service::{Arrived, Body, json};

const EVENTS: u32 = 3;
const BETWEEN_EVENTS: Duration = Duration::from_millis(20);

/// Three events, a little apart; without end where the query is `endless`.
pub(super) fn events(request: &Arrived) -> Response<Body> {
    let is_endless = request.head.uri.query() == Some("endless");
    let events = Events {
        sent: 0,
        last: if is_endless { u32::MAX } else { EVENTS },
        clock: interval(BETWEEN_EVENTS),
    };
    let mut response = Response::new(events.boxed());
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response
}

/// Answers after the number of milliseconds that the query is: `/slow?250`.
pub(super) async fn slow(request: &Arrived) -> Response<Body> {
    let query = request.head.uri.query().unwrap_or_default();
    let wait_ms = query.parse().unwrap_or(100);
    sleep(Duration::from_millis(wait_ms)).await;
    json(StatusCode::OK, &json!({"waited_ms": wait_ms}))
}

struct Events {
    sent: u32,
    last: u32,
    clock: Interval,
}

impl HttpBody for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.sent == self.last {
            return Poll::Ready(None);
        }
        self.clock.poll_tick(context).map(|_| {
            self.sent += 1;
            let event = format!("data: {}\n\n", self.sent);
            Some(Ok(Frame::data(Bytes::from(event))))
        })
    }
}
