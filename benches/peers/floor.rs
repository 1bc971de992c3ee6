//! The least that any generator must do: list and read every source, make the folders, write the
//! bytes. `floor SITE PUBLIC OUT` reads what lies in `SITE/content` and `SITE/static`, writes files of
//! the names and lengths found in `PUBLIC` into `OUT`, with two threads, and prints the seconds that
//! took and the seconds of processor time (0 where the system does not say).

#![expect(clippy::print_stdout, reason = "a bench says what it measured")]

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

const THREADS: usize = 2;

fn main() -> io::Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    // `cargo bench` runs every bench, and this one has nothing to do by itself.
    let [site, public, out] = &arguments[..] else { return Ok(()) };
    let mut outputs = Vec::new();
    list(public, &mut outputs)?;
    let mut wanted = Vec::with_capacity(outputs.len());
    for file in outputs {
        let length = fs::metadata(&file)?.len();
        wanted.push((out.join(file.strip_prefix(public).map_err(io::Error::other)?), length));
    }
    wanted.sort();
    let longest = wanted.iter().map(|(_, length)| *length).max().unwrap_or_default();
    let bytes = vec![b'x'; usize::try_from(longest).map_err(io::Error::other)?];

    let busy = AtomicU64::new(0);
    let start = Instant::now();
    let before = processor_time();
    let mut sources = Vec::new();
    list(&site.join("content"), &mut sources)?;
    list(&site.join("static"), &mut sources)?;
    busy.fetch_add(processor_time() - before, Ordering::Relaxed);
    in_two(&sources, &busy, |half| {
        let mut buffer = Vec::new();
        half.iter().try_for_each(|source| {
            buffer.clear();
            File::open(source)?.read_to_end(&mut buffer).map(drop)
        })
    })?;
    in_two(&wanted, &busy, |half| {
        let mut folder = Path::new("");
        half.iter().try_for_each(|(file, length)| {
            let parent = file.parent().unwrap_or(Path::new(""));
            if parent != folder {
                fs::create_dir_all(parent)?;
                folder = parent;
            }
            let length = usize::try_from(*length).map_err(io::Error::other)?;
            File::create(file)?.write_all(&bytes[..length])
        })
    })?;
    let wall = start.elapsed().as_secs_f64();
    println!("{wall:.6} {:.6}", std::time::Duration::from_nanos(busy.into_inner()).as_secs_f64());
    Ok(())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// Does the work on the halves of a list at once, and adds up what both took of the processors.
fn in_two<'a, T: Sync>(
    items: &'a [T],
    busy: &AtomicU64,
    work: impl Fn(&'a [T]) -> io::Result<()> + Sync,
) -> io::Result<()> {
    let timed = |half| {
        let outcome = work(half);
        busy.fetch_add(processor_time(), Ordering::Relaxed);
        outcome
    };
    thread::scope(|scope| {
        let halves = items.chunks(items.len().div_ceil(THREADS).max(1));
        let threads: Vec<_> = halves.map(|half| scope.spawn(|| timed(half))).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread failed"))))
    })
}

/// Nanoseconds that this thread has run, where the system says.
fn processor_time() -> u64 {
    let said = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    said.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or_default()
}
