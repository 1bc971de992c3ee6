//! A running `guidepost serve` with a site of its own.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take before it has failed.
pub(crate) const DEADLINE: Duration = Duration::from_mins(1);

/// The site that every test starts from.
const SITE: &[(&str, &str)] = &[
    ("site.toml", "title = \"Care\"\nbase_url = \"https://example.com/careers/\"\n[taxonomies.tags]\n"),
    ("content/_index.md", "---\ntitle: Home\n---\nWelcome.\n"),
    ("content/guides/_index.md", "---\ntitle: Guides\n---\nAll guides.\n"),
    ("content/guides/nurse.md", "---\ntitle: Nurse\ntags: [care]\n---\nOld text.\n"),
    ("content/guides/welder.md", "---\ntitle: Welder\ntags: [metal]\n---\nSparks fly.\n"),
    ("content/guides/pilot.md", "---\ntitle: Pilot\ndraft: true\n---\nNot yet.\n"),
    ("static/note.txt", "A note.\n"),
    ("static/film.mp4", "0123456789"),
];

/// A site's folder.
pub(crate) struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in SITE {
            folder.write(path, text);
        }
        folder
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Writes a file in place, as `cat >` does.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

/// A running preview.
pub(crate) struct Preview {
    child: Child,
    /// `127.0.0.1:1616`
    pub(crate) address: String,
    lines: Mutex<Receiver<String>>,
    said: Arc<Mutex<String>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Preview {
    pub(crate) fn start(folder: &Folder) -> Self {
        Self::start_with(&folder.root(), &[])
    }

    pub(crate) fn start_with(root: &Path, arguments: &[&str]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_guidepost"));
        program.args(["serve", "--port", "0", "--color", "never", "--root"]).arg(root).args(arguments);
        Self::start_program(program)
    }

    /// A program that becomes `guidepost serve`.
    pub(crate) fn start_program(mut program: Command) -> Self {
        let mut child =
            program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let said = Arc::new(Mutex::new(String::new()));
        let streams: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let (sender, said) = (sender.clone(), Arc::clone(&said));
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    {
                        let mut said = said.lock().unwrap();
                        said.push_str(&line);
                        said.push('\n');
                    }
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        let mut preview = Self { child, address: String::new(), lines: Mutex::new(lines), said };
        let line = preview.wait_for_line("serving at http://");
        let rest = line.split("http://").nth(1).unwrap();
        rest.split('/').next().unwrap().clone_into(&mut preview.address);
        preview
    }

    /// Waits until the terminal shows a line with this text in it.
    pub(crate) fn wait_for_line(&self, text: &str) -> String {
        let until = Instant::now() + DEADLINE;
        loop {
            match self.lines.lock().unwrap().recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(error) => panic!("{text:?} was never said, but\n{}\n({error})", self.said()),
            }
        }
    }

    /// All that the terminal shows so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks for a page below the base path.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask(&format!(
            "GET /careers{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        ))
        .expect("an answer")
    }

    /// Sends a request as it is; `None` when the connection is closed without an answer.
    pub(crate) fn ask(&self, request: &str) -> Option<Reply> {
        self.ask_bytes(request.as_bytes())
    }

    pub(crate) fn ask_bytes(&self, request: &[u8]) -> Option<Reply> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        // A server that has read enough may close while the rest is being sent.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        parse(&answer)
    }

    /// Waits until a page is as it should be; hands it over.
    pub(crate) fn until(&self, path: &str, what: &str, fits: impl Fn(&Reply) -> bool) -> Reply {
        let until = Instant::now() + DEADLINE;
        loop {
            let reply = self.get(path);
            if fits(&reply) {
                return reply;
            }
            assert!(
                Instant::now() < until,
                "{path} never {what}; it is {}\n{}\nthe terminal:\n{}",
                reply.head,
                reply.text(),
                self.said()
            );
            thread::yield_now();
        }
    }

    pub(crate) fn until_shows(&self, path: &str, text: &str) -> Reply {
        self.until(path, &format!("shows {text:?}"), |reply| {
            reply.status == 200 && reply.text().contains(text)
        })
    }

    /// How things stand, as the script is told.
    pub(crate) fn state(&self) -> serde_json::Value {
        let request =
            format!("GET /__guidepost/state HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        serde_json::from_slice(&self.ask(&request).unwrap().body).unwrap()
    }

    /// How many changes have been published.
    pub(crate) fn build(&self) -> u64 {
        self.state()["build"].as_u64().unwrap()
    }

    /// Waits until so many changes have been told of, and shows that there were no more.
    pub(crate) fn assert_build(&self, build: u64, why: &str) {
        let state = self.until_state(why, |state| state["build"].as_u64() >= Some(build));
        assert_eq!(state["build"], build, "{why}\n{}", self.said());
    }

    /// Waits until the state fits.
    pub(crate) fn until_state(
        &self,
        what: &str,
        fits: impl Fn(&serde_json::Value) -> bool,
    ) -> serde_json::Value {
        let events = self.events();
        let until = Instant::now() + DEADLINE;
        loop {
            match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(state) if fits(&state) => return state,
                Ok(_) => {}
                Err(error) => {
                    panic!("the state never {what} ({error}); it is {:#}\n{}", self.state(), self.said())
                }
            }
        }
    }

    /// Every state, as it comes over the stream.
    pub(crate) fn events(&self) -> Receiver<serde_json::Value> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!("GET /__guidepost/events HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).unwrap();
        let (sender, receiver) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if let Some(data) = line.strip_prefix("data: ")
                    && sender.send(serde_json::from_str(data).unwrap()).is_err()
                {
                    return;
                }
            }
        });
        receiver
    }

    /// Sends a signal by its name; returns the exit code.
    pub(crate) fn end(self, signal: &str) -> Option<i32> {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.process().to_string()]).status();
        assert!(sent.unwrap().success());
        self.ended()
    }

    /// Waits until it ends; returns the exit code.
    pub(crate) fn ended(mut self) -> Option<i32> {
        let until = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < until, "it does not end");
            thread::yield_now();
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn parse(answer: &[u8]) -> Option<Reply> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = answer[end + 4..].to_vec();
    let mut reply = Reply { status, head, body };
    if reply.header("transfer-encoding").is_some() {
        reply.body = unchunk(&reply.body);
    }
    Some(reply)
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).unwrap_or_default();
        let size = usize::from_str_radix(size, 16).unwrap_or(0);
        if size == 0 || rest.len() < end + 2 + size {
            break;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = rest.get(end + 4 + size..).unwrap_or_default();
    }
    body
}

/// A page without what the preview adds to it.
pub(crate) fn without_script(page: &str) -> String {
    let mut page = page.to_owned();
    for (start, end) in
        [("<div class=\"guidepost-badge\"", "</div>\n"), ("<script src=\"/__guidepost/", "</script>\n")]
    {
        if let Some(from) = page.find(start) {
            let to = from + page[from..].find(end).unwrap() + end.len();
            page.replace_range(from..to, "");
        }
    }
    page
}
