//! Room for calls inside calls.
//!
//! In: work, and how many threads are to share it. Out: the same work, on stacks as large as the system
//! gives. Knows nothing of what the work is.
//!
//! What a template's values hold inside each other is written, compared and dropped by calls of that depth,
//! and a choice of many is read so; the engine has no bound for it. A stack takes memory as it is used, and
//! hardly ever is. So each thread that works has one that is larger than what one template may take, and
//! the watch over [`memory`](super::memory) tells of it before the stack ends.

use std::io;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// What each thread gets where the system gives it.
const MOST: usize = 1 << if usize::BITS > 32 { 32 } else { 27 };

/// What is not halved any more when the system refuses it.
const LEAST: usize = 8 << 20;

/// Starts a thread with as much room as it can have while others have as much.
///
/// # Errors
/// When the system gives no thread at all.
pub fn start(name: &str, threads: usize, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let (work, mut room) = (Arc::new(Mutex::new(Some(work))), most(threads));
    loop {
        let mine = Arc::clone(&work);
        let builder = thread::Builder::new().name(name.to_owned()).stack_size(room);
        let started = builder.spawn(move || {
            let work = mine.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(work) = work {
                work();
            }
        });
        match started {
            Err(_) if room > LEAST => room /= 2,
            outcome => return outcome,
        }
    }
}

/// Starts the threads of the whole program. Where there are none to be had, this one is all there is.
pub fn share(threads: usize) {
    let seat = |_| {
        let (sender, seat) = mpsc::channel::<rayon::ThreadBuilder>();
        let work = move || seat.recv().into_iter().for_each(rayon::ThreadBuilder::run);
        start("worker", threads, work).ok().map(|_| sender)
    };
    // They are there before the pool is: one that could not start would be the end of it, and of this program.
    let mut seats: Vec<Sender<rayon::ThreadBuilder>> = (0..threads).map_while(seat).collect();
    if seats.is_empty() {
        return alone();
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(seats.len());
    let pool = pool.spawn_handler(|thread| {
        let taken = seats.pop().is_some_and(|seat| seat.send(thread).is_ok());
        if taken { Ok(()) } else { Err(io::ErrorKind::OutOfMemory.into()) }
    });
    // Only a second call can fail, and then the first one holds.
    let _ = pool.build_global();
}

/// Makes this thread the only one that works: the order of all that is done is then the same in every run.
pub fn alone() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    // Only a second call can fail, and then the first one holds.
    let _ = pool.build_global();
}

/// Does work in this thread, with room.
pub fn here<T>(work: impl FnOnce() -> T) -> T {
    let mut room = most(1);
    // What a thread gets this one gets too; asking without a thread would end the program at a refusal.
    while room >= LEAST {
        let given = thread::Builder::new().stack_size(room).spawn(|| ());
        if given.is_ok_and(|thread| thread.join().is_ok()) {
            return stacker::grow(room, work);
        }
        room /= 2;
    }
    work()
}

/// What one of so many threads asks for. Where the program's addresses are limited, three quarters are left
/// for what the threads work on.
fn most(threads: usize) -> usize {
    let share = |limit: u64| usize::try_from(limit / 4).unwrap_or(usize::MAX) / threads.max(1);
    addresses().map_or(MOST, |limit| share(limit).clamp(LEAST, MOST))
}

#[cfg(unix)]
fn addresses() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::As).current
}

#[cfg(not(unix))]
fn addresses() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls itself so often, on a stack of its own.
    fn deep(level: usize) -> usize {
        let taken = [level; 64];
        if level == 0 { 0 } else { deep(std::hint::black_box(taken)[0] - 1) + 1 }
    }

    #[test]
    fn there_is_room_in_this_thread_and_in_others() {
        const LEVELS: usize = 100_000;
        assert_eq!(here(|| deep(LEVELS)), LEVELS);
        let (sender, said) = mpsc::channel();
        start("deep", 1, move || sender.send(deep(LEVELS)).unwrap()).unwrap().join().unwrap();
        assert_eq!(said.recv().unwrap(), LEVELS);
    }

    #[test]
    fn a_panic_leaves_as_it_came() {
        let outcome = std::panic::catch_unwind(|| here(|| -> () { std::panic::resume_unwind(Box::new(7)) }));
        assert_eq!(outcome.unwrap_err().downcast_ref::<i32>(), Some(&7));
    }
}
