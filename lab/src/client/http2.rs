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

/// A stream that was spoken step by step.
#[derive(Debug, Default)]
pub struct Conversation {
    /// What came back, head and trailers included.
    pub answer: Answer,
    /// Whether the stream was broken off by RST_STREAM.
    pub was_reset: bool,
    /// How many steps were spoken, each after the answer that the one before it waits for.
    pub spoken: usize,
}

/// Speaks a stream step by step: sends a piece, then waits until that many bytes have come back
/// in all, then sends the next.
///
/// # Errors
/// When the connection fails, or an answer does not come.
pub fn converse(
    address: SocketAddr,
    call: &Call,
    steps: &[(&[u8], usize)],
) -> io::Result<Conversation> {
    run(async {
        // A call without a piece would end with its head.
        let (answer, mut body, _) = open(address, &call.clone().piece(Vec::new())).await?;
        let mut listener = Listener {
            answer: Some(answer),
            stream: None,
            heard: Conversation::default(),
            is_over: false,
        };
        for (piece, back) in steps {
            if listener.is_over || send_piece(&mut body, piece).await.is_err() {
                break;
            }
            listener.heard.spoken += 1;
            while !listener.is_over && listener.heard.answer.body.len() < *back {
                listener.listen().await?;
            }
        }
        // Refused where the stream is over already.
        let _ = body.send_data(Bytes::new(), true);
        while !listener.is_over {
            listener.listen().await?;
        }
        Ok(listener.heard)
    })
}

struct Listener {
    answer: Option<ResponseFuture>,
    stream: Option<RecvStream>,
    heard: Conversation,
    is_over: bool,
}

impl Listener {
    /// Takes in the next thing that comes.
    async fn listen(&mut self) -> io::Result<()> {
        if let Some(answer) = self.answer.take() {
            match answer.await {
                Ok(response) => {
                    let (head, stream) = response.into_parts();
                    self.heard.answer.status = head.status.as_u16();
                    self.heard.answer.headers = pairs(&head.headers);
                    self.stream = Some(stream);
                }
                Err(cause) => self.ended_by(&cause),
            }
            return Ok(());
        }
        let stream = self.stream.as_mut();
        let stream = stream.ok_or_else(|| io::Error::other("no answer to listen to"))?;
        match stream.data().await {
            Some(Ok(piece)) => {
                let released = stream.flow_control().release_capacity(piece.len());
                released.map_err(broken)?;
                self.heard.answer.body.extend(piece);
            }
            Some(Err(cause)) => self.ended_by(&cause),
            None => {
                self.is_over = true;
                match stream.trailers().await {
                    Ok(trailers) => {
                        self.heard.answer.trailers = pairs(&trailers.unwrap_or_default());
                    }
                    Err(cause) => self.ended_by(&cause),
                }
            }
        }
        Ok(())
    }

    fn ended_by(&mut self, cause: &h2::Error) {
        self.is_over = true;
        self.heard.was_reset = cause.is_reset();
    }
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
