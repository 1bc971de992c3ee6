//! What an ill-meaning request gets: a refusal, or nothing. The preview lives on.

use std::cell::Cell;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::preview::{DEADLINE, Folder, Preview, Reply};
use crate::tally;

const SECRET: &str = "the-secret-of-this-machine";

/// Spellings by which servers of this kind have given away what they should not.
const SPELLINGS: &[&str] = &[
    "/careers/.env?raw",
    "/careers/.env?raw??",
    "/careers/.env?.svg?.wasm?init",
    "/careers/site.toml?import&raw??",
    "/careers/site.toml?x=/note.txt",
    "/careers/content/guides/nurse.md?inline&import",
    "/careers/.env#/note.txt",
    "/careers/.env/",
    "/careers/.ENV",
    "/careers/.env.",
    "/careers/.env%20",
    "/careers/..env",
    "/careers/public/../.env",
];

thread_local! {
    /// How many ill-meaning requests this test has made.
    static MADE: Cell<usize> = const { Cell::new(0) };
}

fn count(requests: usize) {
    MADE.set(MADE.get() + requests);
    let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
    tally::note(&format!("requests-{test}"), "requests", MADE.get());
}

fn refused(reply: Option<Reply>, request: &str) {
    count(1);
    if let Some(reply) = reply {
        assert!((400..500).contains(&reply.status), "{request:?} got {}\n{}", reply.head, reply.text());
        assert!(!reply.text().contains(SECRET), "{request:?} got the secret");
        assert_eq!(reply.header("access-control-allow-origin"), None, "{request:?}");
    }
}

fn alive(preview: &Preview) {
    assert!(preview.get("/guides/nurse/").text().contains("Old text."));
}

#[test]
fn no_path_leads_out_of_the_site() {
    let folder = Folder::new();
    for path in
        ["secret.txt", ".env", ".git/config", "content/.hidden.md", "static/.env", "careers-secret/x.txt"]
    {
        folder.write(path, SECRET);
    }
    std::fs::write(folder.root().with_file_name("outside.txt"), SECRET).unwrap();
    let preview = Preview::start(&folder);
    let up = [
        "..",
        "%2e%2e",
        "%2E%2e",
        ".%2e",
        "%252e%252e",
        "%c0%ae%c0%ae",
        "%e0%80%ae%e0%80%ae",
        "..%00",
        "..%20",
        "...",
        "..;",
        "%uff0e%uff0e",
        "%ff",
        "..\\",
        "..%5c",
        "%5c..",
    ];
    let targets = [
        "secret.txt",
        ".env",
        ".git/config",
        "site.toml",
        "content/guides/nurse.md",
        "outside.txt",
        "etc/passwd",
    ];
    let mut paths: Vec<String> = Vec::new();
    for up in up {
        for slash in ["/", "%2f", "%5c", "//", "\\"] {
            for target in targets {
                paths.push(format!("/careers/{up}{slash}{target}"));
            }
            paths.push(format!("/careers/guides/{up}{slash}{up}{slash}{up}{slash}{up}{slash}etc/passwd"));
        }
    }
    let root = folder.root().display().to_string();
    paths.extend(
        [
            "/careers/.env",
            "/careers/.git/config",
            "/careers/.hidden.md",
            "/careers//etc/passwd",
            "//etc/passwd",
            "/careers/@fs/etc/passwd",
            "/careers/nurse.md",
            "/careers/content/guides/nurse.md",
            "/careers/site.toml",
            "/careers-secret/x.txt",
            "/careers/guides%00/nurse/",
            "/careers/guides/nurse/%00",
            "/careers/note.txt%00.html",
            "/careers/note.txt/",
            "/careers/note.txt::$DATA",
            "/careers/NOTE.TXT",
            "/careers/guides/nurse/index.html/..",
            "/careers/C:/Windows/win.ini",
            "/careers/static/note.txt",
            "/.env",
            "/secret.txt",
            "/__guidepost/",
            "/__guidepost/../careers/.env",
            "/careers/guides/%0d%0aSet-Cookie:x=y",
            "/careers/index.html/index.html",
            "/careers/./index.html",
            "/careers/guides//nurse/",
            "/careers/file:///etc/passwd",
        ]
        .map(str::to_owned),
    );
    paths.extend(SPELLINGS.iter().map(|&path| path.to_owned()));
    paths.push(format!("/careers{root}/secret.txt"));
    for path in paths {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", preview.address);
        refused(preview.ask(&request), &request);
    }
    // What follows these signs is no path: the answer is the page before them.
    for (path, shows) in [("/#/../.env", "Welcome."), ("/note.txt?/../../.env", "A note.")] {
        count(1);
        let text = preview.get(path).text();
        assert!(text.contains(shows) && !text.contains(SECRET), "{path}: {text}");
    }
    alive(&preview);
}

/// Whoever is not this machine finds nobody at the port: another address of it is as far away as another machine.
#[cfg(target_os = "linux")]
#[test]
fn nobody_else_is_answered() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    let port: u16 = preview.address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
    let elsewhere = std::net::Ipv4Addr::new(127, 0, 0, 2);
    // This one would be reached by every address, were it meant for all.
    let all = std::net::TcpListener::bind((std::net::Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    TcpStream::connect((elsewhere, all.local_addr().unwrap().port())).unwrap();
    let refusal = TcpStream::connect((elsewhere, port)).unwrap_err();
    assert_eq!(refusal.kind(), std::io::ErrorKind::ConnectionRefused);
    alive(&preview);
}

#[test]
fn links_that_lead_out_are_not_followed() {
    let folder = Folder::new();
    let outside = folder.root().with_file_name("outside.txt");
    std::fs::write(&outside, SECRET).unwrap();
    std::os::unix::fs::symlink(&outside, folder.path("static/link.txt")).unwrap();
    std::os::unix::fs::symlink("/etc", folder.path("static/etc")).unwrap();
    let preview = Preview::start(&folder);
    for path in ["/link.txt", "/etc/passwd", "/etc/"] {
        refused(Some(preview.get(path)), path);
    }
    // Nor is a file that turns into such a link after it was found.
    assert_eq!(preview.get("/note.txt").status, 200);
    alive(&preview);
}

#[test]
fn foreign_hosts_and_origins_are_refused() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    let own = preview.address.clone();
    let port = own.rsplit(':').next().unwrap();
    let paths = [
        "/careers/guides/nurse/",
        "/careers/note.txt",
        "/__guidepost/events",
        "/__guidepost/state",
        "/__guidepost/client.js",
    ];
    for path in paths {
        for host in [
            "evil.example",
            &format!("evil.example:{port}"),
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil-localhost",
            "192.0.2.7",
            "[2001:db8::1]",
            "0.0.0.0",
            "2130706433x",
            "",
            "a b",
            "127.0.0.1@evil.example",
            "evil.example@127.0.0.1",
            "[::ffff:192.0.2.7]",
            "[::1%25lo]",
            "[localhost]",
            "0x7f.1",
            "127.1",
            "evil.example\\@127.0.0.1",
        ] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            refused(preview.ask(&request), &request);
        }
        for request in [
            format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n"),
            format!("GET {path} HTTP/1.0\r\n\r\n"),
            format!("GET {path} HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
            format!("GET http://evil.example{path} HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n"),
            format!("GET http://{own}{path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
            format!("CONNECT {own} HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n"),
        ] {
            refused(preview.ask(&request), &request);
        }
        for origin in [
            "http://evil.example",
            "null",
            "https://127.0.0.1",
            &format!("https://{own}"),
            "http://127.0.0.1:1",
            &format!("http://localhost:{port}"),
            &format!("http://{own}.evil.example"),
            "",
        ] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: {own}\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n"
            );
            refused(preview.ask(&request), &request);
        }
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "NONSENSE"] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: {own}\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n"
            );
            refused(preview.ask(&request), &request);
        }
    }
    for path in ["/__guidepost/events", "/__guidepost/state", "/__guidepost/source?path=/careers/"] {
        for site in ["cross-site", "same-site"] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: {own}\r\nSec-Fetch-Site: {site}\r\nConnection: close\r\n\r\n"
            );
            refused(preview.ask(&request), &request);
        }
    }
    for host in [
        own.clone(),
        format!("localhost:{port}"),
        format!("care.localhost:{port}"),
        format!("LOCALHOST:{port}"),
        "127.0.0.1".to_owned(),
    ] {
        let request = format!("GET /careers/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(preview.ask(&request).unwrap().status, 200, "{host}");
    }
    let request =
        format!("GET /careers/ HTTP/1.1\r\nHost: {own}\r\nOrigin: http://{own}\r\nConnection: close\r\n\r\n");
    assert_eq!(preview.ask(&request).unwrap().status, 200);
    alive(&preview);
}

#[test]
fn what_is_too_long_or_is_no_request_is_refused() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    let own = &preview.address;
    let long = "x".repeat(2 << 20);
    let many = (0..5_000).map(|number| format!("X-{number}: y\r\n")).collect::<Vec<_>>().concat();
    let parts = (0..2_000).map(|number| format!("{number}-{number},")).collect::<Vec<_>>().concat();
    for request in [
        format!("GET /careers/ HTTP/1.1\r\nHost: {own}\r\nX: {long}\r\n\r\n"),
        format!("GET /careers/{long} HTTP/1.1\r\nHost: {own}\r\n\r\n"),
        format!("GET /careers/ HTTP/1.1\r\nHost: {own}\r\n{many}\r\n"),
        format!(
            "GET /careers/ HTTP/1.1\r\nHost: {own}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
        ),
        "\r\n\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\u{2}\u{0}".to_owned(),
        "GET\r\n\r\n".to_owned(),
        "GET /careers/ HTTP/9.9\r\n\r\n".to_owned(),
        long.clone(),
    ] {
        count(1);
        let start: String = request.chars().take(90).collect();
        let mut stream = TcpStream::connect(own).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let _ = stream.write_all(request.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split(' ').nth(1).unwrap_or_default();
        let fits = answer.is_empty() || status.starts_with('4') || start.contains("Content-Length");
        assert!(fits, "{start:?} got {}", answer.chars().take(200).collect::<String>());
    }
    let request = format!(
        "GET /careers/film.mp4 HTTP/1.1\r\nHost: {own}\r\nRange: bytes={parts}5-6\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(preview.ask(&request).unwrap().body, b"0123456789");
    alive(&preview);
}

/// How many files this process may open, after asking for as many as there are.
pub(crate) fn handles() -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.map_or(usize::MAX, |most| usize::try_from(most).unwrap())
}

/// Ten thousand connections that send a byte and then nothing: each new one is let in, and readers are.
#[test]
fn slow_connections_keep_nobody_out() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    let most = handles().saturating_sub(200);
    let mut slow = std::collections::VecDeque::new();
    for number in 0..10_000 {
        count(1);
        let mut stream = TcpStream::connect(&preview.address).unwrap();
        let start: &[u8] =
            if number % 2 == 0 { b"G" } else { b"GET /careers/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " };
        let _ = stream.write_all(start);
        slow.push_back(stream);
        if slow.len() > most {
            slow.pop_front();
        }
        if number % 1_000 == 999 {
            alive(&preview);
        }
    }
    alive(&preview);
    // Stalled downloads do not keep anybody out either.
    let large = vec![b'x'; 8 << 20];
    std::fs::write(folder.path("static/large.bin"), large).unwrap();
    preview.until("/large.bin", "is there", |reply| reply.status == 200 && reply.body.len() == 8 << 20);
    let mut stalled = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(&preview.address).unwrap();
        let request = format!("GET /careers/large.bin HTTP/1.1\r\nHost: {}\r\n\r\n", preview.address);
        stream.write_all(request.as_bytes()).unwrap();
        stalled.push(stream);
    }
    alive(&preview);
}

#[test]
fn followers_are_counted() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    let streams: Vec<_> = (0..64).map(|_| preview.events()).collect();
    for stream in &streams {
        stream.recv().unwrap();
    }
    let request =
        format!("GET /__guidepost/events HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", preview.address);
    let reply = preview.ask(&request).unwrap();
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("1")), "{}", reply.head);
    assert_eq!(reply.text(), "too many pages follow the preview already\n");
    alive(&preview);
}
