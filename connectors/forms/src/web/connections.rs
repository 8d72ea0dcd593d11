//! Connections: how many there are at a time, and how long somebody may take to say or to take something. The web server in front has
//! bounds of its own; these hold when it has none.

use std::convert::Infallible;
use std::io::{self, ErrorKind, IoSlice};
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::Sleep;

use super::idle::{Arriving, Idle, Watched};

/// What is waited for, and how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// So many connections at a time; others wait until one ends.
    pub(super) connections: usize,
    /// The head of a request must be there after so long; so must the next one on a connection that was answered.
    pub(super) head: Duration,
    /// Whoever takes nothing of an answer for so long is waited for no longer.
    pub(super) taking: Duration,
    /// While all places are taken, a connection makes room for another on which no whole request came, or nothing was taken, for so long.
    pub(super) crowded: Duration,
}

impl Patience {
    /// What holds in service.
    pub(super) const USUAL: Self =
        Self { connections: 512, head: Duration::from_secs(30), taking: Duration::from_secs(30), crowded: Duration::from_secs(5) };
}

/// After a fault of accepting itself (no file handles are left, for example) the next try is so much later.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers requests until `ended`; then takes no more connections and waits for what was begun.
pub(super) async fn serve<A, F>(listener: TcpListener, patience: Patience, answer: A, ended: impl Future<Output = ()>)
where
    A: Fn(IpAddr, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(patience.connections));
    let idle = Arc::new(Idle::default());
    let (ending, open) = watch::channel(());
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience.head);
    let mut ended = pin!(ended);
    loop {
        let accepted = async {
            let place = tokio::select! {
                biased;
                place = places.clone().acquire_owned() => place,
                () = idle.make_room(patience.crowded) => places.clone().acquire_owned().await,
            };
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut ended => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let watched = idle.watch();
                let service = service(peer.ip(), answer.clone(), watched.clone());
                let stream = TokioIo::new(Impatient { stream, patience: patience.taking, waiting: None, watched: watched.clone() });
                let served = serve_one(builder.serve_connection(stream, service), watched, open.clone());
                tokio::spawn(async move {
                    let _place = place;
                    served.await;
                });
            }
            // Somebody who went away at once is no fault of ours.
            Err(error)
                if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop((listener, open));
    ending.send_replace(());
    ending.closed().await;
}

/// Answers the requests of one connection, and notes when it works and when it rests.
fn service<A, F>(
    peer: IpAddr,
    answer: A,
    watched: Arc<Watched>,
) -> impl HttpService<Incoming, ResBody = Body, Error = Infallible, Future: Send>
where
    A: Fn(IpAddr, Request) -> F,
    F: Future<Output = Response<Body>> + Send,
{
    service_fn(move |request: hyper::Request<Incoming>| {
        let watched = watched.clone();
        let request = request.map(|body| Body::new(Arriving::new(body, watched.clone())));
        let answered = answer(peer, request);
        async move {
            let answer = answered.await;
            watched.rests();
            Ok::<_, Infallible>(answer)
        }
    })
}

/// Serves one connection to its end: its own, that of its patience, or the endpoint's, when what was begun is still answered.
async fn serve_one<S>(connection: http1::Connection<TokioIo<Impatient>, S>, watched: Arc<Watched>, mut open: watch::Receiver<()>)
where
    S: HttpService<Incoming, ResBody = Body, Error = Infallible>,
{
    let mut connection = pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = watched.ended() => Ok(()),
        _ = open.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A connection that breaks when the other side takes nothing for too long.
struct Impatient {
    stream: TcpStream,
    patience: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    watched: Arc<Watched>,
}

impl Impatient {
    fn bounded<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = None;
            self.watched.takes();
            return written;
        }
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(self.patience)));
        ready!(waiting.as_mut().poll(context));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Impatient {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Impatient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bounded(context, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.bounded(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};
    use std::sync::Mutex;
    use std::thread;

    use tokio::sync::{Notify, oneshot};

    use super::*;

    const LONG: Duration = Duration::from_secs(600);
    const SHORT: Duration = Duration::from_millis(100);
    const PATIENT: Patience = Patience { connections: 64, head: LONG, taking: LONG, crowded: LONG };

    /// What the endpoint was asked for, in order.
    type Asked = Arc<Mutex<Vec<String>>>;

    /// Serves until the value that comes back is used or dropped; each answer waits for `may_answer`, and has `size` bytes.
    fn served(
        patience: Patience,
        size: usize,
        may_answer: Option<Arc<Notify>>,
    ) -> (SocketAddr, Asked, oneshot::Sender<()>, thread::JoinHandle<()>) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Asked::default());
        listener.set_nonblocking(true).unwrap();
        let (end, ended) = oneshot::channel();
        let seen = asked.clone();
        let serving = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let answer = move |_, request: Request| {
                    let (seen, may_answer) = (seen.clone(), may_answer.clone());
                    async move {
                        let path = request.uri().path().to_owned();
                        let _ = axum::body::to_bytes(request.into_body(), 64).await;
                        seen.lock().unwrap().push(path);
                        if let Some(may_answer) = may_answer {
                            may_answer.notified().await;
                        }
                        Response::new(Body::from(vec![b'a'; size]))
                    }
                };
                serve(TcpListener::from_std(listener).unwrap(), patience, answer, async { drop(ended.await) }).await;
            });
        });
        (address, asked, end, serving)
    }

    fn said(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).unwrap();
        // A connection that is never ended is no reason to wait for ever: it is an error then.
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    }

    fn heard(mut stream: TcpStream) -> io::Result<String> {
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn a_head_that_does_not_come_to_its_end_ends_the_connection() {
        let (address, asked, _end, _) = served(Patience { head: SHORT, ..PATIENT }, 1, None);
        for text in ["", "GET", "GET /a HTTP/1.1\r\nHost: a\r\n", "GET /a HTTP/1.1\r\nHost: a\r\nX: "] {
            let heard = heard(said(address, text)).unwrap();
            assert!(!heard.contains("200 OK"), "{heard}");
        }
        assert!(asked.lock().unwrap().is_empty());
        // Nor is one kept for ever that was answered and says no more.
        assert!(heard(said(address, "GET /b HTTP/1.1\r\nHost: a\r\n\r\n")).unwrap().contains("200 OK"));
    }

    #[test]
    fn whoever_takes_nothing_of_an_answer_is_not_waited_for() {
        const LARGE: usize = 64 << 20;
        let (address, _, _end, _) = served(Patience { taking: SHORT, connections: 1, ..PATIENT }, LARGE, None);
        let deaf = said(address, "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        // The only place is free again although the first one is still there.
        let mut second = said(address, "GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let mut first = [0; 15];
        second.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        drop(deaf);
    }

    #[test]
    fn beyond_the_bound_a_connection_waits_until_another_one_ends() {
        let (address, asked, _end, _) = served(Patience { connections: 1, ..PATIENT }, 1, None);
        let mut first = said(address, "");
        let mut second = None;
        // However often the first one asks meanwhile, the second is not even looked at.
        for _ in 0..100 {
            first.write_all(b"GET /first HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            let mut answer = Vec::new();
            while !answer.ends_with(b"\r\n\r\na") {
                let mut byte = [0];
                first.read_exact(&mut byte).unwrap();
                answer.extend(byte);
            }
            second.get_or_insert_with(|| said(address, "GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        }
        drop(first);
        assert!(heard(second.unwrap()).unwrap().contains("200 OK"));
        let asked = asked.lock().unwrap();
        assert_eq!((asked.len(), asked.last().unwrap().as_str()), (101, "/second"));
    }

    #[test]
    fn whoever_ends_no_request_keeps_nobody_out() {
        let may_answer = Arc::new(Notify::new());
        let (address, asked, _end, _) = served(Patience { connections: 3, crowded: SHORT, ..PATIENT }, 1, Some(may_answer.clone()));
        let begun = said(address, "GET /begun HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        while asked.lock().unwrap().is_empty() {
            thread::yield_now();
        }
        let silent: Vec<TcpStream> =
            ["", "GET /", "GET / HTTP/1.1\r\nHost: a\r\n", "POST /held-back HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"]
                .map(|text| said(address, text))
                .into();
        let other = said(address, "GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        while asked.lock().unwrap().len() < 2 {
            thread::yield_now();
        }
        // What is being answered is not idle, however long it takes.
        thread::sleep(3 * SHORT);
        may_answer.notify_waiters();
        for answered in [begun, other] {
            assert!(heard(answered).unwrap().contains("200 OK"));
        }
        drop(silent);
    }

    #[test]
    fn what_was_begun_is_answered_when_the_endpoint_ends_and_nothing_else_is_begun() {
        let may_answer = Arc::new(Notify::new());
        let (address, asked, end, serving) = served(PATIENT, 1, Some(may_answer.clone()));
        let idle = said(address, "");
        let begun = said(address, "GET /begun HTTP/1.1\r\nHost: a\r\n\r\n");
        while asked.lock().unwrap().is_empty() {
            thread::yield_now();
        }
        end.send(()).unwrap();
        // Ended as soon as nobody has asked for anything on it.
        assert_eq!(heard(idle).unwrap(), "");
        assert!(!serving.is_finished());
        may_answer.notify_one();
        assert!(heard(begun).unwrap().contains("200 OK"));
        serving.join().unwrap();
        assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
    }
}
