//! Who may ask, and how.
//!
//! In: requests. Out: those that this machine's own browser, or one that was invited, makes of the
//! preview itself; all others are refused. A name that somebody points at this machine (DNS
//! rebinding) and a page of another site must not be able to read a draft.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ALLOW, HOST, ORIGIN, RETRY_AFTER};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::connection::Local;
use crate::serve::edition::Board;

/// Lets a request pass or refuses it, and marks every answer as for this site alone.
pub(super) async fn guard(State(board): State<Arc<Board>>, request: Request, next: Next) -> Response {
    let hosts = board.hosts();
    let local = request.extensions().get::<Local>().map(|local| local.0.ip());
    let mut response = match judge(&request, local, &hosts) {
        Ok(()) => next.run(request).await,
        Err((status, why)) => refusal(status, why),
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

/// An answer in plain words.
pub(super) fn refusal(status: StatusCode, why: &'static str) -> Response {
    let mut response = (status, format!("{why}\n")).into_response();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        // As soon as a page that follows is closed, there is room.
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn judge(
    request: &Request,
    local: Option<IpAddr>,
    hosts: &[String],
) -> Result<(), (StatusCode, &'static str)> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "the preview is only read"));
    }
    if request.uri().authority().is_some() {
        return Err((StatusCode::BAD_REQUEST, "the preview is no proxy; ask for a path"));
    }
    let host = the_only(request.headers(), &HOST)
        .and_then(|host| host.parse::<Authority>().ok())
        // A user's name belongs to an address, and to no host.
        .filter(|host| !host.as_str().contains('@'))
        .ok_or((StatusCode::BAD_REQUEST, "the request does not say which host it is for"))?;
    if !is_ours(host.host(), local, hosts) {
        return Err((
            StatusCode::MISDIRECTED_REQUEST,
            "this host name is not the preview's; if it should be, add it to `hosts` under `[serve]` in `site.toml`",
        ));
    }
    if is_foreign(request.headers(), &host) {
        return Err((StatusCode::FORBIDDEN, "other sites may not read the preview"));
    }
    Ok(())
}

/// The value of a header that is there exactly once.
fn the_only<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether a host is this machine by a loopback name, by the address that the connection was made
/// to, or by a name that the settings list.
fn is_ours(host: &str, local: Option<IpAddr>, hosts: &[String]) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match address {
        Ok(address) => {
            address.is_loopback() || local.is_some_and(|local| local.to_canonical() == address.to_canonical())
        }
        Err(_) => host == "localhost" || host.ends_with(".localhost") || hosts.contains(&host),
    }
}

/// Whether a page of another site makes the request: its origin is not ours, whatever it is.
fn is_foreign(headers: &HeaderMap, host: &Authority) -> bool {
    headers.get_all(ORIGIN).iter().any(|origin| {
        let origin = origin.to_str().unwrap_or_default();
        let authority = origin.strip_prefix("http://").and_then(|rest| rest.parse::<Authority>().ok());
        authority.is_none_or(|authority| authority != *host)
    })
}

/// Whether a browser says that a request comes from a page of the preview, or does not say.
pub(super) fn is_same_origin(headers: &HeaderMap) -> bool {
    let says = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    says.is_none_or(|says| says == b"same-origin" || says == b"none")
}
