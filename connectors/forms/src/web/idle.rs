//! Connections on which nothing is being answered. While all places are taken, the one that has said nothing for longest makes room: whoever opens
//! hundreds and never ends a request keeps nobody out.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::sync::Notify;
use tokio::time::Instant;

/// All of them: since when each is idle, and what ends it.
#[derive(Debug, Default)]
pub(super) struct Idle {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    next: u64,
    idle: BTreeMap<u64, (Instant, Arc<Notify>)>,
}

/// One connection; it is forgotten when this is dropped.
#[derive(Debug)]
pub(super) struct Watched {
    all: Arc<Idle>,
    number: u64,
    end: Arc<Notify>,
}

impl Idle {
    /// A connection that was just opened.
    pub(super) fn watch(self: &Arc<Self>) -> Arc<Watched> {
        let number = {
            let mut known = self.known();
            known.next += 1;
            known.next
        };
        let watched = Watched { all: self.clone(), number, end: Arc::default() };
        watched.rests();
        Arc::new(watched)
    }

    /// Waits until a connection has been idle for so long, and ends the one that has been for longest.
    pub(super) async fn make_room(&self, patience: Duration) {
        loop {
            let longest = self.known().idle.iter().map(|(number, (since, _))| (*since, *number)).min();
            match longest {
                Some((since, number)) if since.elapsed() >= patience => {
                    if let Some((_, end)) = self.known().idle.remove(&number) {
                        end.notify_one();
                        return;
                    }
                }
                Some((since, _)) => tokio::time::sleep_until(since + patience).await,
                None => tokio::time::sleep(patience).await,
            }
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    /// A request is being answered.
    pub(super) fn works(&self) {
        self.all.known().idle.remove(&self.number);
    }

    /// Nothing is waited for but what the other side says or takes.
    pub(super) fn rests(&self) {
        self.all.known().idle.insert(self.number, (Instant::now(), self.end.clone()));
    }

    /// The other side took something: it rests since now, if it does.
    pub(super) fn takes(&self) {
        if let Some((since, _)) = self.all.known().idle.get_mut(&self.number) {
            *since = Instant::now();
        }
    }

    /// When it has to make room.
    pub(super) async fn ended(&self) {
        self.end.notified().await;
    }
}

/// The body of a request: once all of it is there, its connection is idle no longer. Whoever sends a head and holds the rest back is.
pub(super) struct Arriving {
    body: Incoming,
    watched: Arc<Watched>,
}

impl Arriving {
    /// A body whose head has come.
    pub(super) fn new(body: Incoming, watched: Arc<Watched>) -> Self {
        let arriving = Self { body, watched };
        arriving.look();
        arriving
    }

    fn look(&self) {
        if self.body.is_end_stream() {
            self.watched.works();
        }
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        match frame {
            Poll::Ready(None) => self.watched.works(),
            Poll::Ready(Some(_)) => self.look(),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.works();
    }
}
