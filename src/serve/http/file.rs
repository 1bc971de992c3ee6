//! A file that is published as it is, to its answer.
//!
//! In: an asset of the current edition and a request's headers. Out: all of it or a part. Opens the
//! file that the asset names, and no other.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::RangeInclusive;
use std::path::Path;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use super::gate;
use crate::scan::{self, Asset, AssetContent, Stamp};

/// A page among the files is read whole, to be given the script, up to this size.
const LONGEST_PAGE: u64 = 8 << 20;

pub(super) async fn answer(
    asset: &Asset,
    output: &str,
    asked: &HeaderMap,
    with_script: impl Fn(Bytes) -> Bytes,
) -> Response {
    let media_type = media_type(output);
    let tag = format!("\"{}\"", asset.fingerprint.short(32));
    let is_page = media_type.starts_with("text/html");
    let (mut file, len, is_current) = match &asset.content {
        AssetContent::Embedded(bytes) => {
            let bytes = Bytes::copy_from_slice(bytes);
            return embedded(bytes, &media_type, &tag, asked, is_page.then_some(&with_script));
        }
        AssetContent::File(path) => match open(path, asset.stamp).await {
            Ok(opened) => opened,
            // Gone since the last look: the next one is on its way.
            Err(_) => return gate::refusal(StatusCode::NOT_FOUND, "this file is gone"),
        },
    };
    if is_page && len <= LONGEST_PAGE {
        let read = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map(|_| bytes)
        });
        return match read.await {
            Ok(Ok(bytes)) => whole(with_script(bytes.into()).into(), None, &media_type, None),
            _ => gate::refusal(StatusCode::NOT_FOUND, "this file cannot be read"),
        };
    }
    // A file that changed since it was hashed has no tag until the next look.
    let tag = is_current.then_some(tag.as_str());
    if tag.is_some_and(|tag| is_unchanged(asked, tag)) {
        return unchanged(tag);
    }
    match range(asked, len, tag) {
        Range::Whole => {
            let stream = ReaderStream::with_capacity(tokio::fs::File::from_std(file), 64 << 10);
            whole(Body::from_stream(stream), Some(len), &media_type, tag)
        }
        Range::Part(part) => {
            if file.seek(SeekFrom::Start(*part.start())).is_err() {
                return gate::refusal(StatusCode::NOT_FOUND, "this file cannot be read");
            }
            let length = part.end() - part.start() + 1;
            let reader = tokio::fs::File::from_std(file).take(length);
            partial(
                Body::from_stream(ReaderStream::with_capacity(reader, 64 << 10)),
                &part,
                len,
                &media_type,
                tag,
            )
        }
        Range::Beyond => beyond(len),
    }
}

/// The media type of a file, by its name.
pub(super) fn media_type(output: &str) -> String {
    let suffix = output.rsplit_once('.').map_or("", |(_, suffix)| suffix).to_ascii_lowercase();
    let known = match suffix.as_str() {
        "js" | "mjs" => "text/javascript",
        "webmanifest" => "application/manifest+json",
        "xml" => "application/xml",
        "md" => "text/markdown",
        "ico" => "image/x-icon",
        _ => mime_guess::from_ext(&suffix).first_raw().unwrap_or("application/octet-stream"),
    };
    let is_text = known.starts_with("text/") || known.ends_with("xml") || known.ends_with("json");
    if is_text { format!("{known}; charset=utf-8") } else { known.to_owned() }
}

/// Whether the browser has this version already.
pub(super) fn is_unchanged(asked: &HeaderMap, tag: &str) -> bool {
    let strong = |known: &str| known.trim().trim_start_matches("W/") == tag;
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.trim() == "*" || value.split(',').any(strong))
}

fn embedded(
    bytes: Bytes,
    media_type: &str,
    tag: &str,
    asked: &HeaderMap,
    with_script: Option<impl Fn(Bytes) -> Bytes>,
) -> Response {
    if let Some(with_script) = with_script {
        return whole(with_script(bytes).into(), None, media_type, None);
    }
    if is_unchanged(asked, tag) {
        return unchanged(Some(tag));
    }
    let len = bytes.len() as u64;
    match range(asked, len, Some(tag)) {
        Range::Whole => whole(bytes.into(), Some(len), media_type, Some(tag)),
        Range::Part(part) => {
            let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
            let slice = bytes.slice(index(*part.start())..=index(*part.end()));
            partial(slice.into(), &part, len, media_type, Some(tag))
        }
        Range::Beyond => beyond(len),
    }
}

/// Opens a file; says whether it is the one that was hashed.
async fn open(path: &Path, stamp: Option<Stamp>) -> std::io::Result<(File, u64, bool)> {
    let path = path.to_owned();
    let opened = tokio::task::spawn_blocking(move || {
        let file = scan::open(&path)?;
        let metadata = file.metadata()?;
        let is_current = stamp == Some(Stamp::of(&metadata));
        Ok((file, metadata.len(), is_current))
    });
    opened.await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}

/// Which part of a file is asked for (RFC 9110, 14). Several parts at once are not cut: the whole is
/// a correct answer, and no amount of parts makes it a dear one.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    Whole,
    Part(RangeInclusive<u64>),
    Beyond,
}

fn range(asked: &HeaderMap, len: u64, tag: Option<&str>) -> Range {
    if let Some(condition) = asked.get(header::IF_RANGE)
        && condition.to_str().ok() != tag
    {
        return Range::Whole;
    }
    let Some(value) = asked.get(header::RANGE).and_then(|value| value.to_str().ok()) else {
        return Range::Whole;
    };
    let Some(spec) = value.strip_prefix("bytes=").filter(|spec| !spec.contains(',')) else {
        return Range::Whole;
    };
    let Some((first, last)) = spec.split_once('-') else { return Range::Whole };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (number(first), number(last)) {
        (Some(first), _) if first >= len => Range::Beyond,
        (Some(first), None) if last.trim().is_empty() => Range::Part(first..=len - 1),
        (Some(first), Some(last)) if first <= last => Range::Part(first..=last.min(len - 1)),
        (None, Some(0)) if first.trim().is_empty() => Range::Beyond,
        (None, Some(_)) if first.trim().is_empty() && len == 0 => Range::Beyond,
        (None, Some(count)) if first.trim().is_empty() => Range::Part(len.saturating_sub(count)..=len - 1),
        _ => Range::Whole,
    }
}

fn whole(body: Body, len: Option<u64>, media_type: &str, tag: Option<&str>) -> Response {
    let mut response = body.into_response();
    describe(&mut response, media_type, tag);
    if let Some(len) = len {
        response.headers_mut().insert(header::CONTENT_LENGTH, len.into());
    }
    response
}

fn partial(
    body: Body,
    part: &RangeInclusive<u64>,
    len: u64,
    media_type: &str,
    tag: Option<&str>,
) -> Response {
    let (start, end) = (part.start(), part.end());
    let mut response = whole(body, Some(end - start + 1), media_type, tag);
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    set(&mut response, header::CONTENT_RANGE, &format!("bytes {start}-{end}/{len}"));
    response
}

fn beyond(len: u64) -> Response {
    let mut response = gate::refusal(StatusCode::RANGE_NOT_SATISFIABLE, "the file has no such part");
    set(&mut response, header::CONTENT_RANGE, &format!("bytes */{len}"));
    response
}

fn unchanged(tag: Option<&str>) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    set(&mut response, header::CACHE_CONTROL, "no-cache");
    if let Some(tag) = tag {
        set(&mut response, header::ETAG, tag);
    }
    response
}

fn describe(response: &mut Response, media_type: &str, tag: Option<&str>) {
    set(response, header::CONTENT_TYPE, media_type);
    set(response, header::CACHE_CONTROL, "no-cache");
    set(response, header::ACCEPT_RANGES, "bytes");
    if let Some(tag) = tag {
        set(response, header::ETAG, tag);
    }
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    // What we put into headers is ASCII.
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
