//! `check --external` against servers on this machine that misbehave in every way.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use support::Site;

/// What a server was asked: `HEAD /ok`, in order.
type Asked = Arc<Mutex<Vec<String>>>;

struct Server {
    origin: String,
    asked: Asked,
    /// Most requests that it worked on at one time.
    busiest: Arc<AtomicUsize>,
}

impl Server {
    /// A server that answers each path in its own way, and `robots.txt` with this text.
    fn start(robots: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (asked, busiest, now) =
            (Asked::default(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (log, most) = (Arc::clone(&asked), Arc::clone(&busiest));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, most, now) = (Arc::clone(&log), Arc::clone(&most), Arc::clone(&now));
                std::thread::spawn(move || serve(stream.unwrap(), robots, &log, &most, &now));
            }
        });
        Self { origin, asked, busiest }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, robots: &str, log: &Asked, most: &AtomicUsize, now: &AtomicUsize) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).unwrap_or(0) == 0 || header.trim().is_empty() {
                break;
            }
        }
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap().to_owned(), words.next().unwrap_or("/").to_owned());
        let asked = format!("{method} {path}");
        let before = {
            let mut log = log.lock().unwrap();
            log.push(asked.clone());
            log.iter().filter(|other| other.ends_with(&format!(" {path}"))).count()
        };
        // Who is not answered in time goes on to the next.
        let is_left = matches!(path.as_str(), "/silent" | "/endless");
        most.fetch_max(now.fetch_add(usize::from(!is_left), Ordering::SeqCst) + 1, Ordering::SeqCst);
        // Held a moment, so that another request would be seen beside it, and given back before the
        // answer, after which the next may come at once.
        std::thread::park_timeout(std::time::Duration::from_millis(5));
        now.fetch_sub(usize::from(!is_left), Ordering::SeqCst);
        let done = answer(&mut stream, &method, &path, before, robots);
        if !done {
            return;
        }
    }
}

/// Answers a request; false closes the connection.
fn answer(stream: &mut TcpStream, method: &str, path: &str, times: usize, robots: &str) -> bool {
    let mut say = |status: &str, more: &str, body: &str| {
        let body = if method == "HEAD" { "" } else { body };
        let length = body.len();
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{more}\r\n{body}").is_ok()
    };
    match path {
        "/robots.txt" if robots.is_empty() => say("404 Not Found", "", ""),
        "/robots.txt" => say("200 OK", "", robots),
        "/no-head" if method == "HEAD" => say("405 Method Not Allowed", "", ""),
        "/lies-to-head" if method == "HEAD" => say("404 Not Found", "", ""),
        "/missing" => say("404 Not Found", "", "nothing"),
        "/gone" => say("410 Gone", "", ""),
        "/moved" => say("301 Moved Permanently", "Location: /moved-again\r\n", ""),
        "/moved-again" => say("308 Permanent Redirect", "Location: ok\r\n", ""),
        "/for-now" => say("302 Found", "Location: /ok\r\n", ""),
        "/moved-to-nothing" => say("301 Moved Permanently", "Location: /missing\r\n", ""),
        "/round" => say("301 Moved Permanently", "Location: /round\r\n", ""),
        "/nowhere" => say("302 Found", "", ""),
        "/out" => say("302 Found", "Location: javascript:alert(1)\r\n", ""),
        "/blocked" => say("403 Forbidden", "", ""),
        "/busy" if times < 3 => say("503 Service Unavailable", "Retry-After: 0\r\n", ""),
        "/always-busy" => say("503 Service Unavailable", "Retry-After: 0\r\n", ""),
        "/broken" => say("500 Internal Server Error", "", ""),
        "/drops" => false,
        "/garbage" => {
            let _ = stream.write_all(b"\x00\x01 this is no answer\r\n\r\n");
            false
        }
        "/page" | "/page-in-part" | "/page-packed" | "/page-of-text" | "/page-without-end" => {
            page(stream, method, path)
        }
        "/page-moved" => say("301 Moved Permanently", "Location: /page\r\n", ""),
        "/page-for-now" => say("307 Temporary Redirect", "Location: /page\r\n", ""),
        "/silent" => {
            std::thread::park_timeout(std::time::Duration::from_mins(1));
            false
        }
        "/endless" => {
            let head = stream.write_all(b"HTTP/1.1 200 OK\r\n");
            let line = format!("X-More: {}\r\n", "x".repeat(1000));
            head.is_ok() && (0..10_000).all(|_| stream.write_all(line.as_bytes()).is_ok())
        }
        _ => say("200 OK", "", "ok"),
    }
}

/// A page with sections, whole or spoilt on its way.
fn page(stream: &mut TcpStream, method: &str, path: &str) -> bool {
    let html = "<!doctype html><h2 ID='pay'>Pay</h2><a name=\"old\"></a><h2 id=user-content-list>List</h2>\
                <p id=\"a&amp;b\" data-id=\"false\"><!-- <i id='comment'> --><script>\"<i id='script'>\"</script>\
                <h2 id=\"caf\u{e9}\">Caf\u{e9}</h2>";
    let kind = if path == "/page-of-text" { "text/plain" } else { "Text/HTML; charset=utf-8" };
    let coding = if path == "/page-packed" { "Content-Encoding: br\r\n" } else { "" };
    // More than comes, or more than anybody reads.
    let length = match path {
        "/page-in-part" => html.len() + 1000,
        "/page-without-end" => 1 << 40,
        _ => html.len(),
    };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{coding}Content-Length: {length}\r\n\r\n");
    let head = stream.write_all(head.as_bytes()).is_ok();
    if method == "HEAD" {
        return head;
    }
    let mut going = head && stream.write_all(html.as_bytes()).is_ok();
    let filling = "x".repeat(64 * 1024);
    while path == "/page-without-end" && going {
        going = stream.write_all(filling.as_bytes()).is_ok();
    }
    going && path != "/page-in-part"
}

fn site(links: &[String], settings: &str) -> Site {
    let site = Site::empty();
    site.write(
        "site.toml",
        &format!("title = \"T\"\nbase_url = \"https://t.example/\"\n[checks.external]\npause = 0\ntimeout = 2\n{settings}"),
    );
    let list: Vec<String> = links.iter().map(|link| format!("- [It]({link})")).collect();
    let list = list.join("\n");
    site.write("content/_index.md", &format!("---\ntitle: Home\n---\n{list}\n"));
    site
}

const RULES: &str = "link-external-dead,link-external-fragment,link-external-moved,link-external-unchecked";

fn check(site: &Site) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(["check", "--external", "--format", "short", "--today", "2026-11-22"])
        .args(["--only", RULES])
        .arg("--root")
        .arg(site.root())
        .env("GITHUB_ACTIONS", "")
        .env("NO_PROXY", "*")
        .output()
        .unwrap()
}

/// What is said of each path: level, rule and words, without the address.
fn said(output: &Output, origin: &str) -> BTreeMap<String, String> {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    let lines = text.lines().filter_map(|line| {
        let (_, finding) = line.split_once(": ")?;
        let path = finding.split('`').nth(1)?.strip_prefix(origin)?;
        Some((path.to_owned(), finding.replace(origin, "")))
    });
    lines.collect()
}

#[test]
fn every_kind_of_answer_is_told_apart() {
    let server = Server::start("");
    let paths = [
        "/ok",
        "/no-head",
        "/lies-to-head",
        "/for-now",
        "/busy",
        "/missing",
        "/gone",
        "/moved",
        "/moved-to-nothing",
        "/round",
        "/nowhere",
        "/out",
        "/blocked",
        "/always-busy",
        "/broken",
        "/drops",
        "/garbage",
        "/silent",
        "/endless",
    ];
    let links: Vec<String> = paths.iter().map(|path| format!("{}{path}", server.origin)).collect();
    let site = site(&links, "");
    let output = check(&site);
    let said = said(&output, &server.origin);
    for fine in ["/ok", "/no-head", "/lies-to-head", "/for-now", "/busy"] {
        assert_eq!(said.get(fine), None, "{fine}");
    }
    for (path, rule, words) in [
        ("/missing", "warning[link-external-dead]", "it answers 404"),
        ("/gone", "warning[link-external-dead]", "it answers 410"),
        ("/moved-to-nothing", "warning[link-external-dead]", "it answers 404"),
        ("/round", "warning[link-external-dead]", "it leads on and on"),
        ("/moved", "info[link-external-moved]", "leads on to `/ok` for good"),
        ("/nowhere", "info[link-external-unchecked]", "does not say where to go"),
        ("/out", "info[link-external-unchecked]", "it leads on to `javascript:alert(1)`"),
        ("/blocked", "info[link-external-unchecked]", "it does not let programs in (403)"),
        ("/always-busy", "info[link-external-unchecked]", "it answers 503"),
        ("/broken", "info[link-external-unchecked]", "it answers 500"),
        ("/drops", "info[link-external-unchecked]", "the connection was lost"),
        ("/garbage", "info[link-external-unchecked]", "it does not answer as web servers do"),
        ("/silent", "info[link-external-unchecked]", "it does not answer in time"),
        ("/endless", "info[link-external-unchecked]", ""),
    ] {
        let found = said.get(path).unwrap_or_else(|| panic!("nothing is said of {path}: {said:#?}"));
        assert!(found.contains(rule) && found.contains(words), "{path}: {found}");
    }
    assert_eq!(server.busiest.load(Ordering::SeqCst), 1, "a host is asked for one thing at a time");
    let asked = server.asked();
    let of = |path: &str| asked.iter().filter(|line| line.ends_with(path)).cloned().collect::<Vec<_>>();
    assert_eq!(of(" /no-head"), ["HEAD /no-head", "GET /no-head"]);
    assert_eq!(of(" /ok").first().map(String::as_str), Some("HEAD /ok"));
    assert_eq!(of(" /always-busy").len(), 3, "asked again twice");
    assert_eq!(of("robots.txt").len(), 1);
}

#[test]
fn good_answers_are_kept_and_hosts_may_ask_to_be_left_alone() {
    let server = Server::start("User-agent: *\nDisallow: /private\n");
    let links: Vec<String> =
        ["/ok", "/private/x", "/skipped/1"].iter().map(|path| format!("{}{path}", server.origin)).collect();
    let site = site(&links, &format!("ignore = [\"{}/skipped/*\"]\n", server.origin));
    let output = check(&site);
    let first = said(&output, &server.origin);
    assert!(first["/private/x"].contains("robots.txt"), "{first:?}");
    assert_eq!(first.len(), 1);
    assert_eq!(server.asked(), ["GET /robots.txt", "HEAD /ok"]);
    let output = check(&site);
    assert_eq!(said(&output, &server.origin), first, "what is remembered is told again");
    assert_eq!(server.asked().len(), 2, "and nobody is asked again");
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(words.contains("2 web addresses: 0 asked for, 2 known"), "{words}");
}

#[test]
fn a_section_that_a_page_lacks_is_told() {
    let server = Server::start("");
    let links = [
        "/page",
        "/page#pay",
        "/page#old",
        "/page#list",
        "/page#a&b",
        "/page#caf%C3%A9",
        "/page#top",
        "/page#:~:text=Pay",
        "/page#/route",
        "/page#Pay",
        "/page#comment",
        "/page#script",
        "/page#false",
        "/page-for-now#pay",
        "/page-for-now#wages",
        "/page-moved#fees",
        "/page-of-text#wages",
        "/page-in-part#wages",
        "/page-packed#wages",
        "/page-without-end#wages",
        "/missing#wages",
    ];
    let site = site(&links.map(|link| format!("{}{link}", server.origin)), "");
    let output = check(&site);
    let told = |output: &Output| {
        let text = String::from_utf8(output.stderr.clone()).unwrap().replace(&server.origin, "");
        let told = text.lines().filter_map(|line| Some(line.split_once(": ")?.1.to_owned()));
        let mut told: Vec<String> = told.collect();
        told.sort();
        told
    };
    let lacks = |page: &str, id: &str| {
        format!("info[link-external-fragment]: `{page}` answers, but nothing on that page has the id `{id}`")
    };
    let expected = [
        lacks("/page-for-now", "wages"),
        lacks("/page-moved", "fees"),
        lacks("/page", "Pay"),
        lacks("/page", "comment"),
        lacks("/page", "false"),
        lacks("/page", "script"),
        "info[link-external-moved]: `/page-moved` leads on to `/page#fees` for good".to_owned(),
        "warning[link-external-dead]: `/missing` leads nowhere: it answers 404: there is nothing".to_owned(),
    ];
    assert_eq!(told(&output), expected);
    let of = |wanted: &str| server.asked().iter().filter(|line| *line == wanted).count();
    assert_eq!((of("HEAD /page-of-text"), of("GET /page-of-text"), of("HEAD /page")), (1, 1, 3));
    // What is known is told again, and nobody is asked; a page is read again for another section.
    let before = server.asked().len();
    assert_eq!(told(&check(&site)), expected);
    assert_eq!(server.asked().len(), before);
    let page = site.read("content/_index.md");
    site.write("content/_index.md", &page.replace("/page-of-text#wages", "/page-of-text#fees"));
    assert_eq!(told(&check(&site)), expected);
    assert_eq!((of("HEAD /page-of-text"), of("GET /page-of-text"), of("HEAD /page")), (2, 2, 3));
}

#[test]
fn a_page_can_allow_itself_a_dead_link() {
    let server = Server::start("");
    let site = site(&[format!("{}/gone", server.origin)], "");
    let page = site.read("content/_index.md");
    let allow = "title: Home\nallow:\n  - { check: link-external-dead, reason: \"kept for the record\", until: 2027-01-01 }\n";
    site.write("content/_index.md", &page.replace("title: Home\n", allow));
    let output = check(&site);
    assert!(said(&output, &server.origin).is_empty());
    assert!(server.asked().contains(&"HEAD /gone".to_owned()));
}
