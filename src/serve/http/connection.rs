//! Connections: as many as there is room for, and none for ever.
//!
//! In: a listener. Out: requests to the router. A connection that has not yet asked for anything is
//! the first to go when there is no room for a new one, so that no number of slow ones keeps a
//! browser out.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A request's head must be there within this time.
const HEAD: Duration = Duration::from_secs(20);
/// Longest head of a request, in bytes.
const LONGEST_HEAD: usize = 64 << 10;
/// Most connections, whatever the system allows.
const MOST: usize = 2048;

/// The address that a connection was made to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Local(pub(super) SocketAddr);

/// Takes connections until the program ends.
pub(super) async fn accept(listener: TcpListener, router: Router) {
    let table = Arc::new(Table::new());
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let seat = table.seat();
            tokio::spawn(answer(stream, router.clone(), seat));
        } else {
            // Out of file handles, most likely: make room and go on.
            table.make_room();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn answer(stream: TcpStream, router: Router, seat: Seat) {
    let Ok(local) = stream.local_addr() else { return };
    // Small answers should not wait for more to come.
    let _ = stream.set_nodelay(true);
    let at = Arc::clone(&seat.at);
    let clock = Arc::clone(&seat.table);
    let service = tower::util::MapRequest::new(router, move |mut request: Request<hyper::body::Incoming>| {
        at.store(clock.now(), Ordering::Relaxed);
        request.extensions_mut().insert(Local(local));
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::select! {
        // How a connection ends is the browser's business.
        _ = connection => {}
        () = seat.leave.notified() => {}
    }
}

/// Who is connected.
#[derive(Debug)]
struct Table {
    most: usize,
    clock: AtomicU64,
    seats: Mutex<HashMap<u64, Taken>>,
}

#[derive(Debug)]
struct Taken {
    /// When its last request came; 0 before the first.
    at: Arc<AtomicU64>,
    leave: Arc<Notify>,
}

/// One connection's place; it is free again when this is dropped.
#[derive(Debug)]
struct Seat {
    number: u64,
    at: Arc<AtomicU64>,
    leave: Arc<Notify>,
    table: Arc<Table>,
}

impl Table {
    fn new() -> Self {
        Self { most: most(), clock: AtomicU64::new(1), seats: Mutex::default() }
    }

    fn now(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Taken>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seat(self: &Arc<Self>) -> Seat {
        if self.lock().len() >= self.most {
            self.make_room();
        }
        let number = self.now();
        let (at, leave) = (Arc::new(AtomicU64::new(0)), Arc::new(Notify::new()));
        self.lock().insert(number, Taken { at: Arc::clone(&at), leave: Arc::clone(&leave) });
        Seat { number, at, leave, table: Arc::clone(self) }
    }

    /// Ends the connection that has asked for nothing for the longest time.
    fn make_room(&self) {
        let mut seats = self.lock();
        let idle = seats.iter().min_by_key(|(number, taken)| (taken.at.load(Ordering::Relaxed), **number));
        if let Some(number) = idle.map(|(number, _)| *number)
            && let Some(taken) = seats.remove(&number)
        {
            taken.leave.notify_one();
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.table.lock().remove(&self.number);
    }
}

/// Half of the files that the system lets this program open, so that there are some for the site. Most
/// systems let a program have more than they give it at first; that is asked for.
#[cfg(unix)]
fn most() -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let wanted = 2 * MOST as u64;
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(limit.maximum.map_or(wanted, |most| most.min(wanted)));
        // Where that is not allowed, fewer connections are.
        let _ = setrlimit(Resource::Nofile, limit);
    }
    let limit = getrlimit(Resource::Nofile).current.and_then(|limit| usize::try_from(limit).ok());
    (limit.unwrap_or(MOST) / 2).clamp(16, MOST)
}

#[cfg(not(unix))]
fn most() -> usize {
    MOST / 2
}
