//! A child of this program that may hang, and is killed.
//!
//! In: code to read, through the [`Highlighter`] that [`highlighter`] makes. Out: what the child
//! answers, or why it did not. Knows nothing of grammars beyond handing work to them in the child.
//!
//! Reading code may never return (see [`Grammars::read`]), and a thread cannot be stopped. So the
//! reading is done by children of the same program: `guidepost __highlight`, which runs
//! [`child_main`]. A child is started at the first block that needs one, lives for many, and serves
//! one thread at a time; there are never more than there are threads asking. A child that misses
//! its deadline is killed, and the next block gets a new one. A child whose parent is gone finds
//! its standard input closed and ends, even in the middle of a hang.
//!
//! Messages are a length, four bytes with the least first, and that many bytes of `postcard`.

pub mod memory;
pub mod room;

use std::io::{self, BufReader, Read, Write};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::parse::highlight::{GaveUp, Grammars, Highlighter, Reading};

/// The argument that makes the program a highlighting child. Not for people.
pub const COMMAND: &str = "__highlight";

/// How long one block may take.
pub const LIMIT: Duration = Duration::from_secs(10);

/// The longest message that is believed; a longer one is not ours.
const LONGEST: u32 = 1 << 28;

/// Grammars nest deeply on hostile code, and Oniguruma recurses.
const STACK: usize = 16 << 20;

/// A highlighter that has `program` read, at most `limit` for each block.
///
/// Starts nothing before the first block is read. Children end with the highlighter.
#[must_use]
pub fn highlighter(program: PathBuf, limit: Duration) -> Highlighter {
    let pool = Pool { program, limit, idle: Mutex::new(Vec::new()) };
    Highlighter::new(move |language, code| pool.ask(language, code))
}

/// Where this program is.
///
/// # Errors
/// When the system does not say.
pub fn this_program() -> io::Result<PathBuf> {
    // On Linux the link leads to the very file that runs, even when an update has replaced it
    // since: parent and child then always speak the same version of the messages.
    if cfg!(target_os = "linux") { Ok(PathBuf::from("/proc/self/exe")) } else { std::env::current_exe() }
}

/// What the program does as a child: answers messages until its input ends.
///
/// # Errors
/// When the input cannot be read. An output nobody reads any more is no error.
pub fn child_main(mut input: impl Read, output: impl Write + Send + 'static) -> io::Result<()> {
    let (requests, inbox) = mpsc::sync_channel(1);
    // The work is done in a thread that nobody waits for, so that the end of the input ends the
    // process whatever the work is doing.
    thread::Builder::new().stack_size(STACK).spawn(move || answer(&inbox, output))?;
    while let Some(request) = receive(&mut input)? {
        if requests.send(request).is_err() {
            break;
        }
    }
    Ok(())
}

fn answer(inbox: &Receiver<Vec<u8>>, mut output: impl Write) {
    let grammars = Grammars::new();
    while let Ok(request) = inbox.recv() {
        let reading = match postcard::from_bytes::<(&str, &str)>(&request) {
            Ok((language, code)) => {
                std::panic::catch_unwind(AssertUnwindSafe(|| grammars.read(language, code)))
                    .unwrap_or_else(|_| Reading::Broken("the highlighter failed on it".to_owned()))
            }
            Err(error) => Reading::Broken(error.to_string()),
        };
        let Ok(reply) = postcard::to_stdvec(&reading) else { return };
        if send(&mut output, &reply).is_err() {
            return;
        }
    }
}

/// Children that wait for work.
struct Pool {
    program: PathBuf,
    limit: Duration,
    idle: Mutex<Vec<Worker>>,
}

/// Why a child gave no answer.
enum Failure {
    /// It was still at it when the time was up.
    Late,
    /// It is gone, or says what it should not.
    Lost(String),
}

impl Pool {
    fn ask(&self, language: &str, code: &str) -> Result<Reading, GaveUp> {
        let request = postcard::to_stdvec(&(language, code)).map_err(|error| GaveUp(error.to_string()))?;
        let waiting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(worker) = waiting {
            // One that died while it waited says nothing about this block, so a new one is asked.
            match self.ask_worker(worker, &request) {
                Err(Failure::Lost(_)) => {}
                answer => return answer.map_err(|failure| self.gave_up(failure)),
            }
        }
        Worker::start(&self.program)
            .map_err(|error| GaveUp(format!("the highlighter could not be started: {error}")))
            .and_then(|worker| self.ask_worker(worker, &request).map_err(|failure| self.gave_up(failure)))
    }

    /// Asks one child, which is kept if it answers and dropped, that is killed, if not.
    fn ask_worker(&self, mut worker: Worker, request: &[u8]) -> Result<Reading, Failure> {
        let reading = worker.ask(request, self.limit)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        Ok(reading)
    }

    fn gave_up(&self, failure: Failure) -> GaveUp {
        GaveUp(match failure {
            Failure::Late => format!("it took longer than {:?}", self.limit),
            Failure::Lost(why) => format!("the highlighter stopped: {why}"),
        })
    }
}

/// One child.
struct Worker {
    child: Child,
    requests: ChildStdin,
    replies: Receiver<io::Result<Vec<u8>>>,
}

impl Worker {
    fn start(program: &PathBuf) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(requests), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("it has no pipes"));
        };
        let (sender, replies) = mpsc::channel();
        // Pipes have no read deadline that every system knows; a channel has.
        thread::Builder::new().spawn(move || {
            let mut answers = BufReader::new(answers);
            while let Some(reply) = receive(&mut answers).transpose() {
                let failed = reply.is_err();
                if sender.send(reply).is_err() || failed {
                    break;
                }
            }
        })?;
        Ok(Self { child, requests, replies })
    }

    fn ask(&mut self, request: &[u8], limit: Duration) -> Result<Reading, Failure> {
        let lost = |error: &dyn std::fmt::Display| Failure::Lost(error.to_string());
        send(&mut self.requests, request).map_err(|error| lost(&error))?;
        match self.replies.recv_timeout(limit) {
            Ok(Ok(reply)) => postcard::from_bytes(&reply).map_err(|error| lost(&error)),
            Ok(Err(error)) => Err(lost(&error)),
            Err(RecvTimeoutError::Timeout) => Err(Failure::Late),
            Err(RecvTimeoutError::Disconnected) => Err(lost(&"it ended without an answer")),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Fails only for a child that has ended, and then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(output: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = u32::try_from(message.len())
        .ok()
        .filter(|length| *length <= LONGEST)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the code is too long"))?;
    let mut framed = Vec::with_capacity(message.len() + 4);
    framed.extend_from_slice(&length.to_le_bytes());
    framed.extend_from_slice(message);
    output.write_all(&framed)?;
    output.flush()
}

/// The next message; `None` when the other side has ended between two.
fn receive(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        outcome => outcome?,
    }
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its answer makes no sense"));
    }
    let mut message = Vec::new();
    let read = input.take(u64::from(length)).read_to_end(&mut message)?;
    if read < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_survive_the_pipe() {
        let mut pipe = Vec::new();
        send(&mut pipe, b"one").unwrap();
        send(&mut pipe, b"").unwrap();
        let mut input = pipe.as_slice();
        assert_eq!(receive(&mut input).unwrap(), Some(b"one".to_vec()));
        assert_eq!(receive(&mut input).unwrap(), Some(Vec::new()));
        assert_eq!(receive(&mut input).unwrap(), None);
        assert!(receive(&mut &pipe[..5]).is_err());
        assert!(receive(&mut &b"\nrunning 0 tests"[..]).is_err());
    }
}
