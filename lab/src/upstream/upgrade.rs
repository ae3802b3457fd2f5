//! An upgrade to an echo: 101, then every byte comes back. Frames are not looked into.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue, UPGRADE};
use hyper::upgrade::Upgraded;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::copy;

use super::service::Body;

pub(super) fn answer(request: Request<Incoming>) -> Response<Body> {
    let protocol = request.headers().get(UPGRADE).cloned();
    tokio::spawn(async move {
        if let Ok(stream) = hyper::upgrade::on(request).await {
            echo(stream).await;
        }
    });
    let mut response = Response::new(Empty::<Bytes>::new().boxed());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.extend(protocol.map(|protocol| (UPGRADE, protocol)));
    response
}

async fn echo(stream: Upgraded) {
    let (mut reader, mut writer) = tokio::io::split(TokioIo::new(stream));
    // Ends when the client goes away, which is no fault.
    let _ = copy(&mut reader, &mut writer).await;
}
