//! A request for a page or a file to its answer.
//!
//! In: a request that passed the gate. Out: the bytes that a build writes at that address, with the
//! preview's script in pages, and photographs as they are; a way to the right address; or the site's own
//! page for what is missing.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::path::{self, Found};
use super::{OWN, file, gate};
use crate::assemble::{Cause, FeedKind, Route};
use crate::serve::edition::{Board, Edition};
use crate::serve::shelf::{Held, is_page};

/// The output of the page for what is missing.
const NOT_FOUND: &str = "404.html";

pub(super) async fn answer(State(board): State<Arc<Board>>, request: Request) -> Response {
    let Some(path) = path::decode(request.uri().path()) else {
        return gate::refusal(StatusCode::BAD_REQUEST, "no site can have this address");
    };
    let Some(edition) = board.edition().await else {
        return gate::refusal(StatusCode::SERVICE_UNAVAILABLE, "the preview is ending");
    };
    let base = &edition.plan.inputs.config.base_url.path;
    let below = path::below(&path, base);
    if below.is_none() && (path == "/" || path::below(&format!("{path}/"), base) == Some("")) {
        return redirect(base);
    }
    let routes = &edition.plan.site.routes;
    let wanted = match below {
        // What was there before somebody made a mistake is still shown.
        Some(below) => path::find(below, |path| routes.contains_key(path) || board.shelf.has(path)),
        None => Found::Nothing,
    };
    let asked = Asked { board: &board, edition: &edition, headers: request.headers() };
    match wanted {
        Found::Output(output) => asked.output(&output).await,
        Found::Folder => redirect(&with_query(&format!("{}/", request.uri().path()), request.uri().query())),
        Found::Nothing => asked.missing().await,
    }
}

fn with_query(path: &str, query: Option<&str>) -> String {
    query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
}

fn redirect(to: &str) -> Response {
    let headers = [(header::LOCATION, to.to_owned()), (header::CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::TEMPORARY_REDIRECT, headers).into_response()
}

/// What is asked, and of what.
struct Asked<'a> {
    board: &'a Board,
    edition: &'a Edition,
    headers: &'a HeaderMap,
}

impl Asked<'_> {
    async fn output(&self, output: &str) -> Response {
        let route = self.edition.plan.site.routes.get(output);
        if let Some(index) = route.and_then(|route| route.cause.original()) {
            let Some(asset) = self.edition.plan.inputs.assets.get(index) else {
                return self.missing().await;
            };
            return file::answer(asset, output, self.headers, |bytes| self.with_script(&bytes, None)).await;
        }
        let held = match route {
            Some(_) => self.board.output(self.edition, output).await,
            None => self.board.shelf.last(output),
        };
        match held {
            Some(held) => self.rendered(StatusCode::OK, output, route, &held),
            None if is_page(output) => self.unready(),
            None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }

    /// The site's own page for what is missing.
    async fn missing(&self) -> Response {
        let held = match self.edition.plan.site.routes.get(NOT_FOUND) {
            None => None,
            Some(route) if route.cause.original().is_some() => None,
            Some(_) => self.board.output(self.edition, NOT_FOUND).await,
        };
        match held {
            Some(held) => self.rendered(StatusCode::NOT_FOUND, NOT_FOUND, None, &held),
            None => gate::refusal(StatusCode::NOT_FOUND, "there is no such page"),
        }
    }

    /// A page that could never be rendered: the script in it shows why, and when it can.
    fn unready(&self) -> Response {
        let page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
                    <title>Not rendered yet</title>\n</head>\n<body>\n\
                    <p>This page cannot be rendered yet. The problems are shown here and in the terminal.</p>\n\
                    </body>\n</html>\n";
        let headers =
            [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
        (headers, self.with_script(page.as_bytes(), None)).into_response()
    }

    fn rendered(&self, status: StatusCode, output: &str, route: Option<&Route>, held: &Held) -> Response {
        let mut tag = held.digest.short(32);
        let mut body = held.bytes.clone();
        if is_page(output) {
            tag = format!("{tag}-{}-{}", self.board.server, self.board.changes());
            body = self.with_script(&body, self.state(route));
        }
        let tag = format!("\"{tag}\"");
        let headers: [(HeaderName, String); 3] = [
            (header::CONTENT_TYPE, media_type(output, route)),
            (header::CACHE_CONTROL, "no-cache".to_owned()),
            (header::ETAG, tag.clone()),
        ];
        if status == StatusCode::OK && file::is_unchanged(self.headers, &tag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (status, headers, Body::from(body)).into_response()
    }

    /// The mark of a page that is not published.
    fn state(&self, route: Option<&Route>) -> Option<&'static str> {
        use crate::assemble::State;
        let Some(Route { cause: Cause::Page(id), .. }) = route else { return None };
        match self.edition.plan.site.pages.get(*id)?.state {
            State::Published => None,
            State::Draft => Some("Draft"),
            State::Future => Some("Not yet published"),
            State::Expired => Some("Expired"),
        }
    }

    /// A page with the preview's script before the end of its body.
    fn with_script(&self, bytes: &[u8], state: Option<&str>) -> Bytes {
        let badge =
            state.map(|state| format!("<div class=\"guidepost-badge\" style=\"{BADGE}\">{state}</div>\n"));
        let script = format!(
            "<script src=\"{OWN}client.js\" data-guidepost=\"{OWN}\" data-server=\"{}\" data-build=\"{}\"></script>\n",
            self.board.server,
            self.board.changes()
        );
        let added = badge.unwrap_or_default() + &script;
        let end = b"</body>";
        let at = bytes.windows(end.len()).rposition(|window| window.eq_ignore_ascii_case(end));
        let (before, after) = bytes.split_at(at.unwrap_or(bytes.len()));
        [before, added.as_bytes(), after].concat().into()
    }
}

/// How the mark of an unpublished page looks, whatever the theme.
const BADGE: &str = "position:fixed;inset-block-end:1rem;inset-inline-start:1rem;z-index:2147483000;\
    padding:.25rem .75rem;border-radius:1rem;background:#7a3e00;color:#fff;font:600 .875rem/1.5 system-ui,sans-serif;\
    pointer-events:none";

/// The media type of an output.
fn media_type(output: &str, route: Option<&Route>) -> String {
    match route.map(|route| &route.cause) {
        Some(Cause::Feed(FeedKind::Atom, _)) => "application/atom+xml; charset=utf-8".to_owned(),
        Some(Cause::Feed(FeedKind::Json, _)) => "application/feed+json; charset=utf-8".to_owned(),
        _ => file::media_type(output),
    }
}
