//! What every page of a build shares.
//!
//! In: the settings and the site. Out: a [`SiteView`]. Since every page depends on it,
//! it holds nothing that an edit of a page's text changes.

use serde_json::{Value, json};

use super::{FeedLink, LinkView, SearchLink, SiteView, Urls};
use crate::assemble::route::FeedOf;
use crate::assemble::{Cause, Chosen, FeedKind, SEARCH_INDEX, Site};
use crate::config::Config;

/// Media type of a feed.
pub(in crate::render) fn media_type(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Atom => "application/atom+xml",
        FeedKind::Json => "application/feed+json",
    }
}

/// What every page of a build shares.
#[must_use]
pub fn site_view(config: &Config, site: &Site) -> SiteView {
    let urls = Urls::new(&config.base_url);
    let feeds = site.routes.values().filter_map(|route| match route.cause {
        Cause::Feed(kind, FeedOf::Site) => Some(FeedLink {
            title: config.title.clone(),
            url: urls.path(&route.url),
            media_type: media_type(kind),
        }),
        _ => None,
    });
    SiteView {
        title: config.title.clone(),
        description: config.description.clone(),
        url: urls.path("/"),
        permalink: urls.absolute("/"),
        lang: config.lang.clone(),
        nav: site.nav.iter().map(|(title, url)| LinkView::plain(title, Some(nav_url(urls, url)))).collect(),
        assets: site.theme_files.iter().map(|(name, url)| (name.clone(), urls.path(url))).collect(),
        feeds: feeds.collect(),
        taxonomies: config
            .taxonomies
            .iter()
            .zip(&*site.taxonomies)
            .filter(|(_, index)| !index.terms.is_empty())
            .map(|(taxonomy, index)| LinkView::plain(&taxonomy.title, Some(urls.path(&index.url))))
            .collect(),
        search: site
            .search
            .as_ref()
            .map(|url| SearchLink { url: urls.path(url), index: urls.path(SEARCH_INDEX) }),
        theme: site.theme.iter().map(|(name, chosen)| (name.clone(), option(urls, chosen))).collect(),
        extra: config.extra.clone(),
    }
}

/// An option of the theme, as templates read it.
fn option(urls: Urls<'_>, chosen: &Chosen) -> Value {
    match chosen {
        Chosen::Unset => Value::Null,
        Chosen::Plain(value) => value.clone(),
        Chosen::Colour(palette) => json!(palette),
        Chosen::File(url, size) => {
            let (width, height) = size.unzip();
            json!({ "url": urls.path(url), "width": width, "height": height })
        }
        Chosen::Font(faces) => {
            let face = |(url, media_type, weight, style): &(String, &str, String, &str)| json!({ "url": urls.path(url), "media_type": media_type, "weight": weight, "style": style });
            faces.iter().map(face).collect()
        }
        Chosen::Links(links) => {
            links.iter().map(|(title, url)| json!({ "title": title, "url": nav_url(urls, url) })).collect()
        }
    }
}

/// Site paths lie below the base path; absolute URLs, with or without a scheme, stay.
fn nav_url(urls: Urls<'_>, url: &str) -> String {
    if url.starts_with('/') && !url.starts_with("//") { urls.path(url) } else { url.to_owned() }
}
