//! Where links lead, and what they say about it.
//!
//! In: a page. Out: findings at the link. Whether an address answers is not asked here; whether a
//! page of the site is there, is found when the site is linked.

use memchr::memmem;

use super::markup::{self, Markup};
use super::{Opened, Sheet};
use crate::config::{host, is_external};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A web address in a page: that of a link, or one in its text, which becomes a link by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address<'a> {
    target: &'a str,
    span: Span,
    /// Whether it stands in running text, outside of links.
    bare: bool,
}

/// All of a page.
pub(super) fn addresses<'a>(sheet: &Sheet<'a>) -> Vec<Address<'a>> {
    let links = sheet.reading.links.iter();
    let links = links.map(|link| Address { target: link.target.as_str(), span: link.span, bare: false });
    links.chain(bare(sheet)).chain(in_html(sheet)).collect()
}

/// Addresses of links in a writer's own HTML.
fn in_html<'a>(sheet: &Sheet<'a>) -> impl Iterator<Item = Address<'a>> + use<'a> {
    let text = sheet.text;
    sheet.reading.html.iter().flat_map(move |html| {
        let written = text.get(html.start as usize..html.end as usize).unwrap_or_default();
        markup::read(written).filter_map(move |tag| {
            let Markup::Open { name, attributes, at, .. } = tag else { return None };
            let target = attributes.get("href").filter(|_| name.eq_ignore_ascii_case("a"))?;
            Some(Address { target, span: Span::from(at).shifted(html.start as usize), bare: false })
        })
    })
}

/// Addresses in running text, outside of links.
fn bare<'a>(sheet: &Sheet<'a>) -> impl Iterator<Item = Address<'a>> + use<'a> {
    let reading = sheet.reading;
    reading.blocks.iter().flat_map(move |block| {
        let inside = |span: Span| {
            reading.links.iter().any(|link| link.span.start <= span.start && span.end <= link.span.end)
        };
        let found = memmem::find_iter(block.text.as_bytes(), b"http").filter_map(move |at| {
            let rest = &block.text[at..];
            let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme))?;
            let ends =
                |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '|' | '`');
            let end = rest.find(ends).unwrap_or(rest.len());
            let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_']);
            (url.len() > scheme.len()).then(|| Address {
                target: url,
                span: block.place(at..at + url.len()),
                bare: true,
            })
        });
        found.filter(move |address| !inside(address.span)).collect::<Vec<_>>()
    })
}

/// Links that anybody on the way can read and change (`link-insecure`).
pub(super) fn insecure(sheet: &Opened<'_>, found: &mut Vec<Diagnostic>) {
    for &Address { target, span, .. } in &sheet.addresses {
        let Some(rest) =
            target.get(..7).filter(|head| head.eq_ignore_ascii_case("http://")).map(|_| &target[7..])
        else {
            continue;
        };
        if host(target).is_some_and(is_local) {
            continue;
        }
        let message = format!("`{target}` is not encrypted");
        let help = format!("use `https://{rest}`, if it answers there");
        found.push(sheet.finding(Code::LinkInsecure, span, message).help(help));
    }
}

/// Links to the writer's own machine or network (`link-localhost`).
pub(super) fn localhost(sheet: &Opened<'_>, found: &mut Vec<Diagnostic>) {
    for &Address { target, span, .. } in &sheet.addresses {
        if is_local_address(target) {
            let message = format!("`{target}` works on your machine only");
            let help = "link to the page's file, as in `nurse.md`, or to its public address; an example belongs into `code`";
            found.push(sheet.finding(Code::LinkLocalhost, span, message).help(help));
        }
    }
}

/// Whether an address leads to a machine that no reader reaches.
#[must_use]
pub fn is_local_address(target: &str) -> bool {
    is_external(target) && host(target).is_some_and(is_local)
}

/// Names and addresses that no reader reaches (RFC 6761, RFC 6762, RFC 1918).
fn is_local(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    if let Ok(address) = host.parse::<std::net::IpAddr>() {
        return match address {
            std::net::IpAddr::V4(address) => {
                address.is_loopback()
                    || address.is_private()
                    || address.is_unspecified()
                    || address.is_link_local()
            }
            std::net::IpAddr::V6(address) => address.is_loopback() || address.is_unspecified(),
        };
    }
    host == "localhost" || [".localhost", ".local", ".internal"].iter().any(|end| host.ends_with(end))
}

/// What says nothing about where a link leads.
const POOR: &[&str] = &[
    "here",
    "click here",
    "click",
    "this",
    "this link",
    "link",
    "this page",
    "page",
    "this article",
    "this one",
    "more",
    "read more",
    "learn more",
    "see more",
    "see here",
    "read this",
    "go here",
    "find out more",
    "more info",
    "more information",
    "details",
    "website",
    "this website",
    "this site",
];

/// Links whose text does not name their target (`link-text-poor`).
pub(super) fn poor_text(sheet: &Opened<'_>, found: &mut Vec<Diagnostic>) {
    const HELP: &str = "name the target: readers of a list of links see this text alone";
    for link in &sheet.reading.links {
        let text = link.text.trim().trim_matches(|c: char| c.is_ascii_punctuation() || c == '…').trim();
        let is_bare = link.bare || (is_external(&link.target) && is_external(&link.text));
        if is_bare && !link.target.starts_with("mailto:") && is_external(&link.target) {
            let message = "the text of this link is its address";
            found.push(sheet.finding(Code::LinkTextPoor, link.span, message).help(HELP));
        } else if sheet.english && POOR.contains(&text.to_lowercase().as_str()) {
            let message = format!("the link text `{}` means nothing out of its sentence", link.text.trim());
            found.push(sheet.finding(Code::LinkTextPoor, link.span, message).help(HELP));
        }
    }
    for address in sheet.addresses.iter().filter(|address| address.bare) {
        found.push(
            sheet
                .finding(Code::LinkTextPoor, address.span, "the text of this link is its address")
                .help(HELP),
        );
    }
}

/// Words of which one stands in every honest disclosure.
const DISCLOSURES: &[&str] = &[
    "commission",
    "affiliate",
    "advertis",
    "sponsored",
    "we are paid",
    "we may be paid",
    "werbung",
    "provision",
    "publicit",
];

/// The first link that earns money with nothing above it that says so (`affiliate-undisclosed`).
pub(super) fn undisclosed(sheet: &Opened<'_>, found: &mut Vec<Diagnostic>) {
    let first =
        sheet.addresses.iter().filter(|link| sheet.earners.earns(link.target)).min_by_key(|link| link.span);
    let Some(first) = first else { return };
    let by_card = sheet.disclosed.is_some_and(|from| from < first.span.start);
    let disclosed = by_card
        || sheet.reading.blocks.iter().take_while(|block| block.span.start <= first.span.start).any(
            |block| {
                let text = block.text.to_lowercase();
                DISCLOSURES.iter().any(|word| text.contains(word))
            },
        );
    if !disclosed {
        let message = format!("`{}` earns a commission, and nothing above it says so", first.target);
        let help =
            "say so in a sentence above the first such link: the law asks for it, and readers trust it";
        found.push(sheet.finding(Code::AffiliateUndisclosed, first.span, message).help(help));
    }
}

/// Every web address of a page with its place.
pub(super) fn external(sheet: &Opened<'_>) -> Vec<(String, Span)> {
    sheet
        .addresses
        .iter()
        .filter(|link| is_external(link.target))
        .map(|link| (link.target.to_owned(), link.span))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_addresses_are_known() {
        for local in ["localhost", "127.0.0.1", "::1", "192.168.1.2", "10.0.0.1", "0.0.0.0", "a.local"] {
            assert!(is_local(local), "{local}");
        }
        for public in ["example.com", "8.8.8.8", "local.example.com", "localhost.example.com"] {
            assert!(!is_local(public), "{public}");
        }
    }
}
