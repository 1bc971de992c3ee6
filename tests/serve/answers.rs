//! What a well-meaning request gets.

use crate::preview::{Folder, Preview, Reply};

fn ask(preview: &Preview, request: &str, headers: &str) -> Reply {
    let request =
        format!("{request} HTTP/1.1\r\nHost: {}\r\n{headers}Connection: close\r\n\r\n", preview.address);
    preview.ask(&request).unwrap()
}

#[test]
fn pages_files_and_redirects() {
    let folder = Folder::new();
    folder.write("static/app.webmanifest", "{}");
    folder.write("static/.well-known/security.txt", "Contact: nobody");
    let preview = Preview::start(&folder);
    let page = preview.get("/guides/nurse/");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("access-control-allow-origin"), None);
    assert!(
        page.text().contains(&format!("http://{}/careers/guides/nurse/", preview.address)),
        "its own address"
    );
    let script =
        page.text().find("<script src=\"/__guidepost/client.js\" data-guidepost=\"/__guidepost/\"").unwrap();
    assert!(page.text()[script..].contains("</body>"));
    assert!(preview.get("/guides/pilot/").text().contains("class=\"guidepost-badge\""));
    assert!(!page.text().contains("guidepost-badge"));
    for (path, status, media_type) in [
        ("/atom.xml", 200, "application/atom+xml; charset=utf-8"),
        ("/feed.json", 200, "application/feed+json; charset=utf-8"),
        ("/sitemap.xml", 200, "application/xml; charset=utf-8"),
        ("/robots.txt", 200, "text/plain; charset=utf-8"),
        ("/film.mp4", 200, "video/mp4"),
        ("/app.webmanifest", 200, "application/manifest+json; charset=utf-8"),
        ("/.well-known/security.txt", 200, "text/plain; charset=utf-8"),
        ("/nowhere/", 404, "text/html; charset=utf-8"),
    ] {
        let reply = preview.get(path);
        assert_eq!((reply.status, reply.header("content-type")), (status, Some(media_type)), "{path}");
    }
    assert!(preview.get("/nowhere/").text().contains("/__guidepost/client.js"));
    for (path, to) in [
        ("/careers/guides/nurse?a=b", "/careers/guides/nurse/?a=b"),
        ("/careers", "/careers/"),
        ("/", "/careers/"),
    ] {
        let reply = ask(&preview, &format!("GET {path}"), "");
        assert_eq!((reply.status, reply.header("location")), (307, Some(to)), "{path}");
    }
    assert_eq!(ask(&preview, "GET /guides/nurse/", "").status, 404, "outside the base path");
}

#[test]
fn heads_tags_and_parts() {
    let folder = Folder::new();
    let preview = Preview::start(&folder);
    let page = preview.get("/guides/nurse/");
    let head = ask(&preview, "HEAD /careers/guides/nurse/", "");
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("content-length"), Some(page.body.len().to_string().as_str()));
    for path in ["/careers/guides/nurse/", "/careers/film.mp4"] {
        let tag = ask(&preview, &format!("GET {path}"), "").header("etag").unwrap().to_owned();
        let again = ask(&preview, &format!("GET {path}"), &format!("If-None-Match: W/{tag}, \"x\"\r\n"));
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let other = ask(&preview, &format!("GET {path}"), "If-None-Match: \"x\"\r\n");
        assert_eq!(other.status, 200, "{path}");
    }
    for (range, status, body, says) in [
        ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
        ("bytes=7-", 206, "789", Some("bytes 7-9/10")),
        ("bytes=-3", 206, "789", Some("bytes 7-9/10")),
        ("bytes=-99", 206, "0123456789", Some("bytes 0-9/10")),
        ("bytes=8-99", 206, "89", Some("bytes 8-9/10")),
        ("bytes=10-", 416, "the file has no such part\n", Some("bytes */10")),
        ("bytes=0-1,3-4", 200, "0123456789", None),
        ("bytes=4-2", 200, "0123456789", None),
        ("lines=1-2", 200, "0123456789", None),
    ] {
        let reply = ask(&preview, "GET /careers/film.mp4", &format!("Range: {range}\r\n"));
        let found = (reply.status, reply.text(), reply.header("content-range"));
        assert_eq!(found, (status, body.to_owned(), says), "{range}");
    }
    let stale = ask(&preview, "GET /careers/film.mp4", "Range: bytes=2-4\r\nIf-Range: \"x\"\r\n");
    assert_eq!(stale.status, 200);
}

#[test]
fn the_script_and_the_source_of_a_page() {
    let folder = Folder::new();
    let settings = folder.read("site.toml") + "[serve]\neditor = \"vscode\"\nhosts = [\"preview.test\"]\n";
    folder.write("site.toml", &settings);
    let preview = Preview::start(&folder);
    let script = ask(&preview, "GET /__guidepost/client.js", "");
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    let source = ask(&preview, "GET /__guidepost/source?path=/careers/guides/nurse/", "");
    let source: serde_json::Value = serde_json::from_slice(&source.body).unwrap();
    assert_eq!(source["file"], "content/guides/nurse.md");
    assert_eq!(source["text"], folder.read("content/guides/nurse.md"));
    let editor = source["editor"].as_str().unwrap();
    assert!(editor.starts_with("vscode://file/") && editor.ends_with("nurse.md:{line}:{column}"), "{editor}");
    for path in
        ["/careers/atom.xml", "/careers/../site.toml", "/etc/passwd", "content/guides/nurse.md", "%00"]
    {
        let reply = ask(&preview, &format!("GET /__guidepost/source?path={path}"), "");
        assert_eq!(reply.status, 404, "{path}");
    }
    let invited = preview.ask("GET /careers/ HTTP/1.1\r\nHost: Preview.test:80\r\nConnection: close\r\n\r\n");
    assert_eq!(invited.unwrap().status, 200);
}

/// Opened by itself, a drawing could read what the preview alone may.
#[test]
fn a_drawing_is_shown_without_what_could_act_on_a_reader() {
    let folder = Folder::new();
    let drawing =
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script><path d=\"M0 0\"/></svg>";
    folder.write("static/act.svg", drawing);
    let preview = Preview::start(&folder);
    let reply = preview.get("/act.svg");
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/svg+xml; charset=utf-8")));
    assert!(reply.text().contains("<path") && !reply.text().contains("script"), "{}", reply.text());
    let state =
        preview.until_state("the drawing is told of", |state| state["diagnostics"] != serde_json::json!([]));
    assert_eq!(state["diagnostics"][0]["code"], "drawing-unsafe");
    let build = preview.build();
    folder.write("static/act.svg", &drawing.replace("M0 0", "M1 1"));
    preview.until_shows("/act.svg", "M1 1");
    preview.assert_build(build + 1, "one change of a drawing");
}

#[test]
fn a_base_path_that_is_written_in_per_cent_is_served() {
    let folder = Folder::new();
    let settings = folder.read("site.toml");
    folder.write("site.toml", &settings.replace("/careers/", "/caf%C3%A9/"));
    let preview = Preview::start(&folder);
    for (path, status) in
        [("/", 307), ("/caf%C3%A9", 307), ("/caf%C3%A9/guides/nurse/", 200), ("/guides/nurse/", 404)]
    {
        assert_eq!(ask(&preview, &format!("GET {path}"), "").status, status, "{path}");
    }
    let source = ask(&preview, "GET /__guidepost/source?path=/caf%25C3%25A9/guides/nurse/", "");
    assert_eq!(source.status, 200);
}

#[test]
fn drafts_can_be_hidden() {
    let folder = Folder::new();
    let preview = Preview::start_with(&folder.root(), &["--no-drafts"]);
    assert_eq!(preview.get("/guides/pilot/").status, 404);
    assert_eq!(preview.get("/guides/nurse/").status, 200);
}
