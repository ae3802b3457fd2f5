//! The guarded service: HTTP/1.1 and HTTP/2 in front of a real database.
//!
//! It trusts its callers completely, as internal services do. What it saw and what is left in its
//! tables is the proof of what the guard let through.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::{io, thread};

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use self::database::Database;
use self::recorder::{Recorder, Seen};
use self::service::Service;

pub mod database;
pub mod recorder;

mod grpc;
mod orders;
mod pace;
mod service;
mod sql;
mod upgrade;

/// The running service; it stops when dropped.
pub struct Upstream {
    address: SocketAddr,
    recorder: Arc<Recorder>,
    database: Arc<Database>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Upstream {
    /// Starts the service on a port that the system chooses.
    ///
    /// # Errors
    /// When there is no port or no thread to be had.
    pub fn start(database: Database) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let recorder = Arc::new(Recorder::default());
        let database = Arc::new(database);
        let service = Service::new(Arc::clone(&recorder), Arc::clone(&database));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("upstream".to_owned())
            .spawn(move || runtime.block_on(serve(listener, service, stopped)))?;
        Ok(Self {
            address,
            recorder,
            database,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// What it has seen of the call with this user agent; `None` if not even the head.
    #[must_use]
    pub fn seen(&self, agent: &str) -> Option<Seen> {
        self.recorder.by_agent(agent)
    }

    /// How many calls it has seen.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.recorder.calls()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        // Either may be gone already when the service has died; then there is nothing to stop.
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

async fn serve(
    listener: std::net::TcpListener,
    service: Service,
    mut stopped: oneshot::Receiver<()>,
) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => return,
        };
        if let Ok((stream, _)) = accepted {
            let service = service.clone();
            tokio::spawn(async move {
                let builder = auto::Builder::new(TokioExecutor::new());
                let stream = TokioIo::new(stream);
                // A peer that goes away in the middle is its own business.
                let _ = builder
                    .serve_connection_with_upgrades(stream, service)
                    .await;
            });
        }
    }
}
