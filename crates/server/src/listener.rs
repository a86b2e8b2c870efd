//! Binding ports and serving on them until the process is told to stop.
//!
//! The loop is our own because `axum::serve` waits for the head of a request for ever: a few
//! hundred connections that send nothing would be all it takes to stop the server (slowloris).

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONNECTION, HeaderValue, TRANSFER_ENCODING};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::process::{Resource, getrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

/// How long requests in flight may take to finish after the signal.
const GRACE: Duration = Duration::from_secs(10);

/// Pause after a connection could not be accepted, which normally means: no more files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// What one listener allows its clients.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Connections at the same time; whoever comes later waits to be accepted.
    connections: u32,
    /// The head of a request has to be there after this time, and a connection without a request
    /// is closed after it.
    head: Duration,
    /// The same, once half of the connections are taken.
    head_when_crowded: Duration,
    /// Longest head of a request, in bytes (431 above it, RFC 6585 §5).
    head_bytes: usize,
}

impl Limits {
    fn of_this_process() -> Self {
        Self {
            connections: connections(getrlimit(Resource::Nofile).current),
            head: Duration::from_secs(10),
            head_when_crowded: Duration::from_secs(3),
            head_bytes: 64 * 1024,
        }
    }
}

/// A process has at most two listeners, and needs some files for itself: databases, logs, epoll.
fn connections(files: Option<u64>) -> u32 {
    const OWN_FILES: u64 = 48;
    const MOST: u64 = 4096;
    const FEWEST: u64 = 8;
    let each = files.map_or(MOST, |files| files.saturating_sub(OWN_FILES) / 2);
    u32::try_from(each.clamp(FEWEST, MOST)).unwrap_or(u32::MAX)
}

/// Binds `address`; `what` and `flag` name it in the error.
pub(crate) async fn bind(
    what: &str,
    flag: &str,
    address: SocketAddr,
) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bail!(
            "{address} is in use, so the {what} cannot listen there: stop the other program or choose another port with {flag}"
        ),
        Err(error) => {
            return Err(error).with_context(|| {
                format!("the {what} cannot listen on {address}; choose another address with {flag}")
            });
        }
    };
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}

/// A signal that Ctrl-C or SIGTERM was received, shared by all servers of the process.
#[derive(Debug, Clone)]
pub(crate) struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Starts to listen for SIGINT and SIGTERM.
    pub(crate) fn install() -> anyhow::Result<Self> {
        let (told, receiver) = watch::channel(false);
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            let _ = told.send(true);
        });
        Ok(Self(receiver))
    }

    /// One that a test tells.
    #[cfg(test)]
    pub(crate) fn by_hand() -> (watch::Sender<bool>, Self) {
        let (told, receiver) = watch::channel(false);
        (told, Self(receiver))
    }

    /// Whether the process is to stop.
    pub(crate) fn is_told(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when the process is to stop.
    pub(crate) async fn wait(mut self) {
        // An error means that the sender is gone, which is as good a reason to stop.
        let _ = self.0.wait_for(|told| *told).await;
    }
}

/// Serves `router` until `shutdown`, then lets requests in flight finish for at most 10 s.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    serve_within(Limits::of_this_process(), listener, router, shutdown).await
}

async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let places = Arc::new(Semaphore::new(limits.connections as usize));
    let mut told = pin!(shutdown.clone().wait());
    loop {
        let (place, stream, peer) = tokio::select! {
            () = &mut told => break,
            next = next(&listener, &places) => next?,
        };
        let crowded = places.available_permits() < limits.connections as usize / 2;
        let head = if crowded {
            limits.head_when_crowded
        } else {
            limits.head
        };
        let connection = Connection {
            stream,
            peer,
            router: router.clone(),
        };
        let shutdown = shutdown.clone();
        tokio::spawn(async move {
            connection.converse(head, limits.head_bytes, shutdown).await;
            drop(place);
        });
    }
    drop(listener);
    // Each connection holds a place, so all places are free when all connections are closed.
    if tokio::time::timeout(GRACE, places.acquire_many(limits.connections))
        .await
        .is_err()
    {
        tracing::warn!("requests still in flight after {GRACE:?} were cut off");
    }
    Ok(())
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> anyhow::Result<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let place = Arc::clone(places).acquire_owned().await?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Ok((place, stream, peer)),
            // The client went away before it was accepted.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// One client.
struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
}

impl Connection {
    /// Answers requests until the client goes, breaks a rule, or the process is told to stop.
    async fn converse(self, head: Duration, head_bytes: usize, shutdown: Shutdown) {
        let Self {
            stream,
            peer,
            router,
        } = self;
        let spoken = AtomicBool::new(false);
        let service = service_fn(|request| {
            spoken.store(true, Ordering::Relaxed);
            answer(router.clone(), peer, request)
        });
        let mut connection = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(head)
                .max_buf_size(head_bytes)
                .serve_connection(TokioIo::new(stream), service)
        );
        // Errors are the client's: a broken request was answered by hyper, a broken connection
        // cannot be.
        let outcome = tokio::select! {
            outcome = connection.as_mut() => outcome,
            () = shutdown.wait() => {
                if !spoken.load(Ordering::Relaxed) {
                    // Browsers open connections ahead of time; nothing is lost with those.
                    return;
                }
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(%peer, %error, "a connection ended early");
        }
    }
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    request: hyper::Request<Incoming>,
) -> Result<axum::response::Response, std::convert::Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    // RFC 9112 §6.1: a sender of both Transfer-Encoding and Content-Length may want two servers to
    // see two different requests, and the connection has to be closed. hyper has taken the length
    // away by now, so every chunked request is the last one.
    let chunked = request.headers().contains_key(TRANSFER_ENCODING);
    let mut response = router.oneshot(request).await?;
    if chunked {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, sleep, timeout};

    use super::*;

    const LIMITS: Limits = Limits {
        connections: 4,
        head: Duration::from_millis(600),
        head_when_crowded: Duration::from_millis(200),
        head_bytes: 8192,
    };

    struct Server {
        address: SocketAddr,
        stop: watch::Sender<bool>,
        task: JoinHandle<anyhow::Result<()>>,
    }

    impl Server {
        async fn start() -> Self {
            let any = SocketAddr::from(([127, 0, 0, 1], 0));
            let (listener, address) = bind("test", "--test", any).await.unwrap();
            let router = Router::new()
                .route(
                    "/",
                    get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()),
                )
                .route("/", post(async |body: String| body))
                .route(
                    "/slow",
                    get(async || sleep(Duration::from_millis(300)).await),
                );
            let (stop, told) = watch::channel(false);
            let task = tokio::spawn(serve_within(LIMITS, listener, router, Shutdown(told)));
            Self {
                address,
                stop,
                task,
            }
        }

        async fn connect(&self, text: &str) -> TcpStream {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            stream.write_all(text.as_bytes()).await.unwrap();
            stream
        }

        /// Everything that comes back until the server closes.
        async fn say(&self, text: &str) -> String {
            read_all(self.connect(text).await).await
        }
    }

    async fn read_all(mut stream: TcpStream) -> String {
        let mut text = Vec::new();
        let read = timeout(Duration::from_secs(5), stream.read_to_end(&mut text)).await;
        // A reset after the answer is an end too.
        let _ = read.expect("the server closes");
        String::from_utf8(text).unwrap()
    }

    const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    #[tokio::test]
    async fn a_request_is_answered_and_knows_its_client() {
        let server = Server::start().await;
        let answer = server.say(GET).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("127.0.0.1:"), "{answer}");
    }

    #[tokio::test]
    async fn a_client_that_never_finishes_its_head_is_let_go() {
        let server = Server::start().await;
        for start in ["", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
            let started = Instant::now();
            server.say(start).await;
            assert!(started.elapsed() < Duration::from_secs(2), "{start:?}");
        }
    }

    #[tokio::test]
    async fn silent_clients_in_all_places_do_not_keep_others_out() {
        let server = Server::start().await;
        let mut silent = Vec::new();
        for _ in 0..12 {
            silent.push(server.connect("GET / HTTP/1.1\r\n").await);
        }
        let started = Instant::now();
        let answer = server.say(GET).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{:?}",
            started.elapsed()
        );
    }

    #[tokio::test]
    async fn a_head_that_is_too_long_is_refused() {
        let server = Server::start().await;
        let cookie = "a".repeat(20_000);
        let request = format!("GET / HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n");
        let answer = server.say(&request).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }

    #[tokio::test]
    async fn a_request_with_two_lengths_is_the_last_of_its_connection() {
        let server = Server::start().await;
        let smuggled = "0\r\n\r\nGET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
        for lengths in [
            "Content-Length: 3\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 3",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: +5",
            "Transfer-Encoding: identity",
        ] {
            let request = format!("POST / HTTP/1.1\r\nHost: x\r\n{lengths}\r\n\r\n{smuggled}");
            let answer = server.say(&request).await;
            assert_eq!(
                answer.matches("HTTP/1.1 ").count(),
                1,
                "{lengths}: {answer}"
            );
            assert!(
                answer.to_lowercase().contains("connection: close"),
                "{lengths}: {answer}"
            );
        }
    }

    #[tokio::test]
    async fn stopping_waits_for_requests_and_not_for_silent_connections() {
        let server = Server::start().await;
        let silent = server.connect("").await;
        let slow = server
            .connect("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            .await;
        let mut kept = server.connect("GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        kept.read_u8().await.unwrap();
        sleep(Duration::from_millis(50)).await;
        server.stop.send(true).unwrap();
        let started = Instant::now();
        assert!(read_all(slow).await.starts_with("HTTP/1.1 200"));
        server.task.await.unwrap().unwrap();
        assert!(
            started.elapsed() < Duration::from_millis(550),
            "{:?}",
            started.elapsed()
        );
        assert_eq!(read_all(silent).await, "");
    }

    #[test]
    fn connections_leave_files_for_the_server_itself() {
        for (files, expected) in [
            (Some(64), 8),
            (Some(1024), 488),
            (Some(1 << 20), 4096),
            (None, 4096),
            (Some(10), 8),
        ] {
            assert_eq!(connections(files), expected, "{files:?}");
        }
    }
}
