//! HTTP/2 with prior knowledge (RFC 9113), one call per connection, and gRPC on top of it.

use std::io;
use std::net::SocketAddr;

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use h2::{Ping, PingPong, Reason, RecvStream, SendStream};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use tokio::net::TcpStream;

use super::Answer;
use crate::call::Call;
use crate::deadline::PATIENCE;
use crate::fields::pairs;

/// Sends a call and reads its answer.
///
/// # Errors
/// When the connection or the stream fails, for example by RST_STREAM.
pub fn send(address: SocketAddr, call: &Call) -> io::Result<Answer> {
    run(async {
        let (answer, mut body, _) = open(address, call).await?;
        // A refusal may come, and the stream end, before the body is through: then the answer
        // tells more than the failure to send.
        let sent = send_body(&mut body, call).await;
        match read(answer).await {
            Ok(answer) => Ok(answer),
            Err(cause) => sent.and(Err(cause)),
        }
    })
}

/// Sends a call's head and body without its end, then gives it up by RST_STREAM.
///
/// A ping in between: a peer that answers it has taken in what came before, so the call was
/// under way when it was given up.
///
/// # Errors
/// When the connection fails.
pub fn abandon(address: SocketAddr, call: &Call) -> io::Result<()> {
    run(async {
        let (answer, mut body, mut pings) = open(address, call).await?;
        for piece in &call.pieces {
            send_piece(&mut body, piece).await?;
        }
        pings.ping(Ping::opaque()).await.map_err(broken)?;
        body.send_reset(Reason::CANCEL);
        match answer.await {
            Err(cause) if cause.is_reset() => Ok(()),
            Err(cause) => Err(broken(cause)),
            Ok(_) => Err(io::Error::other(
                "an answer came to a call that was given up",
            )),
        }
    })
}

fn run<T>(exchange: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async { tokio::time::timeout(PATIENCE, exchange).await? })
}

type Opened = (ResponseFuture, SendStream<Bytes>, PingPong);

async fn open(address: SocketAddr, call: &Call) -> io::Result<Opened> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, mut connection) = h2::client::handshake(stream).await.map_err(broken)?;
    let pings = connection
        .ping_pong()
        .ok_or_else(|| io::Error::other("a new connection has no pings"))?;
    tokio::spawn(connection);
    let mut sender: SendRequest<Bytes> = sender.ready().await.map_err(broken)?;
    let ends = call.pieces.is_empty() && call.trailers.is_empty();
    let (answer, body) = sender.send_request(request(call)?, ends).map_err(broken)?;
    Ok((answer, body, pings))
}

fn request(call: &Call) -> io::Result<Request<()>> {
    let mut request = Request::builder()
        .method(call.method.as_str())
        .uri(format!("http://{}{}", call.host, call.path))
        .body(())
        .map_err(io::Error::other)?;
    *request.headers_mut() = fields(&call.headers)?;
    Ok(request)
}

fn fields(pairs: &[(String, String)]) -> io::Result<HeaderMap> {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let name = HeaderName::try_from(name).map_err(io::Error::other)?;
        map.append(
            name,
            HeaderValue::try_from(value).map_err(io::Error::other)?,
        );
    }
    Ok(map)
}

async fn send_body(stream: &mut SendStream<Bytes>, call: &Call) -> io::Result<()> {
    let last = call.pieces.len().saturating_sub(1);
    for (place, piece) in call.pieces.iter().enumerate() {
        send_piece(stream, piece).await?;
        if place == last && call.trailers.is_empty() {
            stream.send_data(Bytes::new(), true).map_err(broken)?;
        }
    }
    if !call.trailers.is_empty() {
        stream
            .send_trailers(fields(&call.trailers)?)
            .map_err(broken)?;
    }
    Ok(())
}

/// Sends no more than the peer's window allows at a time.
async fn send_piece(stream: &mut SendStream<Bytes>, piece: &[u8]) -> io::Result<()> {
    let mut rest = Bytes::copy_from_slice(piece);
    while !rest.is_empty() {
        stream.reserve_capacity(rest.len());
        let window = std::future::poll_fn(|context| stream.poll_capacity(context)).await;
        let window = window.ok_or_else(|| io::Error::other("the stream is closed"))?;
        let window = window.map_err(broken)?;
        let part = rest.split_to(window.min(rest.len()));
        stream.send_data(part, false).map_err(broken)?;
    }
    Ok(())
}

async fn read(answer: ResponseFuture) -> io::Result<Answer> {
    let (head, mut stream) = answer.await.map_err(broken)?.into_parts();
    let body = read_body(&mut stream).await?;
    let trailers = stream.trailers().await.map_err(broken)?.unwrap_or_default();
    Ok(Answer {
        status: head.status.as_u16(),
        headers: pairs(&head.headers),
        body,
        trailers: pairs(&trailers),
    })
}

async fn read_body(stream: &mut RecvStream) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(piece) = stream.data().await {
        let piece = piece.map_err(broken)?;
        stream
            .flow_control()
            .release_capacity(piece.len())
            .map_err(broken)?;
        body.extend(piece);
    }
    Ok(body)
}

fn broken(cause: h2::Error) -> io::Error {
    io::Error::other(cause)
}
