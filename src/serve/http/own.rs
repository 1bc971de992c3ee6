//! The preview's own addresses: the script, the stream, and what the script asks for.
//!
//! In: requests of the script. Out: how things stand, and the source of a page. Changes nothing.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::gate;
use super::path::{self, Found};
use crate::assemble::Cause;
use crate::scan;
use crate::serve::edition::Board;
use crate::serve::problem;

/// The script that every page is given.
const CLIENT: &str = include_str!("../client.js");
/// A stream says that it is alive this often.
const ALIVE: Duration = Duration::from_secs(15);

/// Streams that may be open at once.
pub(super) const STREAMS: usize = 64;

pub(super) async fn client() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], CLIENT)
        .into_response()
}

/// How things stand.
pub(super) async fn state(State(board): State<Arc<Board>>, headers: HeaderMap) -> Response {
    if !gate::is_same_origin(&headers) {
        return gate::refusal(StatusCode::FORBIDDEN, "other sites may not read the preview");
    }
    let mut states = board.states();
    let state = match states.wait_for(|state| !state.is_empty()).await {
        Ok(state) => state.to_string(),
        Err(_) => return gate::refusal(StatusCode::SERVICE_UNAVAILABLE, "the preview is ending"),
    };
    json_answer(state)
}

/// How things stand, now and whenever that changes.
pub(super) async fn events(State(board): State<Arc<Board>>, headers: HeaderMap) -> Response {
    if !gate::is_same_origin(&headers) {
        return gate::refusal(StatusCode::FORBIDDEN, "other sites may not follow the preview");
    }
    let Ok(permit) = Arc::clone(&board.streams).try_acquire_owned() else {
        return gate::refusal(StatusCode::SERVICE_UNAVAILABLE, "too many pages follow the preview already");
    };
    let mut states = board.states();
    states.mark_changed();
    let stream = futures_util::stream::unfold((states, permit), next_event);
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(stream)).into_response()
}

type Stream = (watch::Receiver<Arc<str>>, OwnedSemaphorePermit);

async fn next_event((mut states, permit): Stream) -> Option<(Result<String, std::io::Error>, Stream)> {
    let event = match tokio::time::timeout(ALIVE, states.changed()).await {
        Err(_) => ": alive\n\n".to_owned(),
        Ok(Err(_)) => return None,
        Ok(Ok(())) => {
            let state = states.borrow_and_update();
            if state.is_empty() {
                ": soon\n\n".to_owned()
            } else {
                format!("event: state\ndata: {}\n\n", &**state)
            }
        }
    };
    Some((Ok(event), (states, permit)))
}

/// A query for a page's source.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    path: String,
}

/// The source of a page, for the link to its line.
pub(super) async fn source(
    State(board): State<Arc<Board>>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Response {
    if !gate::is_same_origin(&headers) {
        return gate::refusal(StatusCode::FORBIDDEN, "other sites may not read the preview");
    }
    let missing = || gate::refusal(StatusCode::NOT_FOUND, "no source file makes this page");
    let (Ok(Query(Asked { path })), Some(edition)) = (asked, board.edition().await) else {
        return missing();
    };
    let plan = &edition.plan;
    let routes = &plan.site.routes;
    let Some(path) = path::decode(&path) else { return missing() };
    let Some(below) = path::below(&path, &plan.inputs.config.base_url.path) else { return missing() };
    let Found::Output(output) = path::find(below, |path| routes.contains_key(path)) else {
        return missing();
    };
    let id = match routes.get(&output).map(|route| &route.cause) {
        Some(Cause::Page(id)) => Some(*id),
        Some(Cause::SectionPage { section, .. }) => {
            plan.site.sections.get(*section).map(|section| section.page)
        }
        Some(Cause::NotFound) => plan.site.not_found,
        _ => None,
    };
    let page = id.and_then(|id| plan.site.pages.get(id));
    let known =
        page.and_then(|page| plan.inputs.pages.iter().find(|source| source.path == page.document.path));
    let Some(source) = known else { return missing() };
    let Some(text) = scan::text(&plan.inputs.root, &source.path) else { return missing() };
    let editor = Some(plan.inputs.config.serve.editor.as_str()).filter(|editor| !editor.is_empty());
    let editor = editor.and_then(|editor| problem::editor_url(editor, &plan.inputs.root, &source.path));
    json_answer(json!({ "file": &*source.path, "editor": editor, "text": text }).to_string())
}

fn json_answer(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], text).into_response()
}

/// Room for as many streams as may be open at once.
pub(in crate::serve) fn streams() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(STREAMS))
}
