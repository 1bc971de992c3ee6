//! The server: requests in, answers from the newest edition out.
//!
//! In: connections. Out: pages, files, and the stream that keeps browsers up to date. A request
//! names a route or nothing: no path from a request is ever opened.

mod answer;
mod connection;
mod file;
mod gate;
mod own;
mod path;

use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::any;

pub(super) use own::streams;

use super::edition::Board;
use crate::error::Error;

/// Where the preview's own addresses lie.
const OWN: &str = "/__guidepost/";

/// Answers until the program ends.
pub(super) async fn serve(listener: TcpListener, board: Arc<Board>) -> Result<(), Error> {
    let listener = tokio::net::TcpListener::from_std(listener)
        .map_err(|error| Error::io("listen with", "the server", &error))?;
    let router = Router::new()
        .route("/__guidepost/client.js", any(own::client))
        .route("/__guidepost/events", any(own::events))
        .route("/__guidepost/state", any(own::state))
        .route("/__guidepost/source", any(own::source))
        .fallback(answer::answer)
        .layer(middleware::from_fn_with_state(Arc::clone(&board), gate::guard))
        .with_state(board);
    connection::accept(listener, router).await;
    Ok(())
}
