//! A gRPC-looking echo: every message comes back, the status in trailers; for a stream as it
//! comes, without waiting for its end.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as HttpBody, Frame, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Response, StatusCode};

use super::recorder::Recorder;
use super::service::{Arrived, Body};

/// The method that is answered while it still speaks.
pub(super) const STREAM: &str = "/etcdserverpb.Watch/Watch";

pub(super) fn answer(request: Arrived) -> Response<Body> {
    let body =
        Full::<Bytes>::new(request.body).with_trailers(std::future::ready(Some(Ok(trailers()))));
    response(body.boxed())
}

/// What comes in goes out at once, and is noted piece by piece.
pub(super) fn converse(body: Incoming, recorder: Arc<Recorder>, number: usize) -> Response<Body> {
    let echo = Echo {
        body,
        recorder,
        number,
        received: Vec::new(),
        is_over: false,
    };
    response(echo.boxed())
}

fn response(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::OK;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}

fn trailers() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    trailers
}

struct Echo {
    body: Incoming,
    recorder: Arc<Recorder>,
    number: usize,
    received: Vec<u8>,
    is_over: bool,
}

impl HttpBody for Echo {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
        match frame.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(data))) => {
                self.received.extend_from_slice(&data);
                self.recorder.end(self.number, &self.received, None);
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
            // Its end, its trailers, or a client that went away.
            _ => {
                self.is_over = true;
                Poll::Ready(Some(Ok(Frame::trailers(trailers()))))
            }
        }
    }
}
