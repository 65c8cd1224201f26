//! How long a connection may be silent: between requests, and while it sends a request's headers.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::task::AtomicWaker;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::Notify,
    time::{Instant, Sleep, sleep_until},
};

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing of a request has come.
    Idle,
    /// Some of its headers have come.
    Headers,
    /// The server responds to it. The time limit of requests applies.
    Responding,
}

/// The state of a connection, shared by its stream, its requests and the slots that connections hold.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    waker: AtomicWaker,
    first_byte: Notify,
    header_timeout: Duration,
    idle_timeout: Duration,
}

#[derive(Clone, Copy, Debug)]
struct State {
    phase: Phase,
    since: Instant,
    deadline: Instant,
    /// Whether the connection must give up its slot.
    evicted: bool,
    /// Whether something has been read.
    begun: bool,
}

impl Activity {
    /// A new connection has as long for its first request as for a request's headers.
    pub(super) fn new(header_timeout: Duration, idle_timeout: Duration) -> Self {
        let now = Instant::now();
        Self {
            state: Mutex::new(State {
                phase: Phase::Idle,
                since: now,
                deadline: now + header_timeout,
                evicted: false,
                begun: false,
            }),
            waker: AtomicWaker::new(),
            first_byte: Notify::new(),
            header_timeout,
            idle_timeout,
        }
    }

    /// A request has come.
    pub(super) fn responding(&self) {
        self.state().phase = Phase::Responding;
    }

    /// The response is complete.
    pub(super) fn idle(&self) {
        let mut state = self.state();
        state.phase = Phase::Idle;
        state.since = Instant::now();
        state.deadline = state.since + self.idle_timeout;
    }

    /// Since when the connection has been idle; `None` if it is not, or if it ends already.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.phase == Phase::Idle && !state.evicted).then_some(state.since)
    }

    /// Ends the connection if it is idle.
    pub(super) fn evict(&self) {
        self.state().evicted = true;
        self.waker.wake();
    }

    /// Completes when something has been read. For one caller.
    pub(super) async fn first_byte(&self) {
        if !self.state().begun {
            self.first_byte.notified().await;
        }
    }

    fn received(&self) {
        let mut state = self.state();
        if !state.begun {
            state.begun = true;
            self.first_byte.notify_one();
        }
        if state.phase == Phase::Idle {
            state.phase = Phase::Headers;
            state.deadline = Instant::now() + self.header_timeout;
        }
    }

    /// The response is on its way, so the client is not yet silent.
    fn sent(&self) {
        let mut state = self.state();
        if state.phase == Phase::Idle {
            state.deadline = Instant::now() + self.idle_timeout;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that ends, as if the client had closed it, when the connection has been silent for too long.
pub(super) struct IdleTimeoutStream<S> {
    stream: S,
    activity: Arc<Activity>,
    timer: Pin<Box<Sleep>>,
}

impl<S> IdleTimeoutStream<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Self {
        let timer = Box::pin(sleep_until(activity.state().deadline));
        Self {
            stream,
            activity,
            timer,
        }
    }

    /// Completes when the connection has been silent for too long.
    fn poll_timeout(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.activity.waker.register(context.waker());
        loop {
            let state = *self.activity.state();
            match state.phase {
                Phase::Responding => return Poll::Pending,
                Phase::Idle if state.evicted => return Poll::Ready(()),
                Phase::Idle | Phase::Headers => {}
            }
            if state.deadline <= Instant::now() {
                return Poll::Ready(());
            }
            if self.timer.deadline() != state.deadline {
                self.timer.as_mut().reset(state.deadline);
            }
            ready!(self.timer.as_mut().poll(context));
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for IdleTimeoutStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(read) => {
                self.activity.received();
                Poll::Ready(read)
            }
            Poll::Pending => self.poll_timeout(context).map(Ok),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for IdleTimeoutStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.activity.sent();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.activity.sent();
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
