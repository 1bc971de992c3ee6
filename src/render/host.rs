//! Files for hosts and other programs: `_headers`, `_redirects`, `llms.txt`.
//!
//! In: the settings and the site. Out: their views, then their text. What an author wrote never ends
//! a line or begins another rule.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use super::Context;
use crate::assemble::{Cause, Page, PageId, Section, State};
use crate::config::Host;

/// `_headers`: <https://docs.netlify.com/routing/headers/>, which Cloudflare reads too.
#[derive(Debug, Clone, Serialize)]
pub struct HeadersView {
    base: String,
    policy: String,
    /// Files whose name changes with their bytes.
    fixed: Vec<String>,
}

/// What pages may load and run unless the site says otherwise. Pictures may come from any site, since a
/// writer may show them; scripts and styles come from the site's own files and never from a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self' https:; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";
/// What the search needs beside: WebAssembly, and nothing else that is made at run time.
const SEARCHED: (&str, &str) = ("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");
/// Hosts read so many rules (<https://developers.cloudflare.com/pages/configuration/headers/>).
const RULES: usize = 90;

pub(super) fn headers(context: &Context<'_>) -> HeadersView {
    let own = &context.config.publish.content_security_policy;
    let fingerprinted =
        context.site.theme_files.iter().filter(|(name, url)| url.trim_start_matches('/') != *name);
    // Two names may lead to one file.
    let files: BTreeSet<String> = fingerprinted.map(|(_, url)| literal(&context.urls.path(url))).collect();
    let cards = (!context.site.cards.is_empty()).then(|| context.urls.path("/cards/*"));
    HeadersView {
        base: context.urls.path("/"),
        policy: match (own.is_empty(), &context.site.search) {
            (false, _) => own.clone(),
            (true, None) => POLICY.to_owned(),
            (true, Some(_)) => POLICY.replace(SEARCHED.0, SEARCHED.1),
        },
        fixed: cards.into_iter().chain(files).take(RULES).collect(),
    }
}

impl HeadersView {
    pub(super) fn to_text(&self) -> Vec<u8> {
        let Self { base, policy, fixed } = self;
        let mut text = format!(
            "{base}*\n  Content-Security-Policy: {policy}\n  X-Content-Type-Options: nosniff\n  \
             Referrer-Policy: strict-origin-when-cross-origin\n  Cross-Origin-Opener-Policy: same-origin\n  \
             Permissions-Policy: camera=(), geolocation=(), microphone=(), browsing-topics=()\n"
        );
        for file in fixed {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{file}\n  Cache-Control: public, max-age=31536000, immutable\n");
        }
        text.into_bytes()
    }
}

/// `_redirects`: <https://docs.netlify.com/routing/redirects/>, which Cloudflare reads too.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectsView {
    /// From where to where.
    rules: Vec<(String, String)>,
    host: Host,
}

pub(super) fn redirects(context: &Context<'_>) -> RedirectsView {
    let rule = |route: &crate::assemble::Route| {
        let Cause::Alias(page) = route.cause else { return None };
        let page = context.site.pages.get(page)?;
        Some((context.urls.path(&route.url), context.urls.path(&page.url)))
    };
    let rules = context.site.routes.values().filter_map(rule).collect();
    RedirectsView { rules, host: context.config.publish.host }
}

impl RedirectsView {
    pub(super) fn to_text(&self) -> Vec<u8> {
        // Netlify prefers a file that is there, such as the page for hosts that know no redirects.
        let status = if self.host == Host::Netlify { "301!" } else { "301" };
        let mut text = String::new();
        for (from, to) in &self.rules {
            let _ = writeln!(text, "{} {} {status}", literal(from), literal(to));
        }
        text.into_bytes()
    }
}

/// An address in which nothing stands for something else.
fn literal(url: &str) -> String {
    let mut literal = String::with_capacity(url.len());
    for sign in url.chars() {
        match sign {
            ':' | '*' | '#' | ' ' | '\n' | '\r' | '\t' => {
                let _ = write!(literal, "%{:02X}", u32::from(sign));
            }
            sign => literal.push(sign),
        }
    }
    literal
}

/// `llms.txt`: <https://llmstxt.org/>
#[derive(Debug, Clone, Serialize)]
pub struct LlmsView {
    title: String,
    description: String,
    /// Title, then title, address and description of each page.
    sections: Vec<(String, Vec<[String; 3]>)>,
}

pub(super) fn llms(context: &Context<'_>) -> LlmsView {
    let site = context.site;
    let listed = |id: PageId| {
        let page = site.pages.get(id)?;
        let is_listed = page.state == State::Published && !page.front.noindex;
        is_listed.then(|| entry(context, id, page))
    };
    let section = |section: &Section| {
        let title = site.pages.get(section.page)?.document.title.clone();
        let pages: Vec<_> = section.pages.iter().filter_map(|id| listed(*id)).collect();
        (!pages.is_empty()).then_some((title, pages))
    };
    LlmsView {
        title: context.config.title.clone(),
        description: context.config.description.clone(),
        sections: site.sections.iter().filter_map(section).collect(),
    }
}

/// A page that says the same as Markdown is named by that.
fn entry(context: &Context<'_>, id: PageId, page: &Page) -> [String; 3] {
    let said = page.front.description.clone().unwrap_or_else(|| page.document.summary.clone());
    let twin = context.twin(id, page);
    let url = twin.as_deref().unwrap_or(&page.url);
    [page.document.title.clone(), context.urls.absolute(url), said]
}

impl LlmsView {
    pub(super) fn to_text(&self) -> Vec<u8> {
        let mut text = format!("# {}\n", line(&self.title));
        if !self.description.is_empty() {
            let _ = write!(text, "\n> {}\n", line(&self.description));
        }
        for (title, pages) in &self.sections {
            let _ = write!(text, "\n## {}\n\n", line(title));
            for [title, url, said] in pages {
                let title = line(title).replace(['[', ']'], "");
                let colon = if said.is_empty() { "" } else { ": " };
                let _ = writeln!(text, "- [{title}]({}){colon}{}", url.replace(['(', ')'], ""), line(said));
            }
        }
        text.into_bytes()
    }
}

/// A text in one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_an_address_begins_another_rule() {
        let rules = vec![("/a b\n/* /evil 301/:splat".to_owned(), "/x#y".to_owned())];
        let view = RedirectsView { rules, host: Host::Cloudflare };
        assert_eq!(view.to_text(), b"/a%20b%0A/%2A%20/evil%20301/%3Asplat /x%23y 301\n");
    }

    #[test]
    fn nothing_in_a_title_begins_another_entry() {
        let pages =
            vec![["A [b]\n- c".to_owned(), "https://example.com/(a)/".to_owned(), "x\n\n## y".to_owned()]];
        let view = LlmsView {
            title: "S".to_owned(),
            description: String::new(),
            sections: vec![("T\n".to_owned(), pages)],
        };
        let expected = "# S\n\n## T\n\n- [A b - c](https://example.com/a/): x ## y\n";
        assert_eq!(String::from_utf8(view.to_text()).unwrap(), expected);
    }
}
