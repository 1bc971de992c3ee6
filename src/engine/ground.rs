//! What an output stands on: all that its view can see, told without making the view.
//!
//! In: everything that a site is linked from. Out: the *ground*, a fingerprint of all of it but the words of
//! pages; and for an output whose view sees no words but those of one page, the proof that it is as it
//! was. A view that is not made costs nothing: after an edit, thousands are not. All is taken down when the
//! site is linked: by the time an output is rendered, memory may know a newer text. Renders nothing.

use std::sync::Arc;

use super::remember::Parsed;
use super::{Memory, PROGRAM, Plan};
use crate::assemble::{Cause, PageId, Route, Site};
use crate::fingerprint::Fingerprint;
use crate::memory::each;
use crate::parse::Document;
use crate::scan::{Inputs, Source};

/// The fingerprint of all that a site is linked from, save the words of its pages. `frame` is that of all
/// besides documents and data. Nothing for a build that leaves nothing to another.
pub(super) fn of_site(
    inputs: &Inputs,
    pages: &[Arc<Document>],
    frame: Fingerprint,
    memory: &Memory,
) -> Option<Fingerprint> {
    if memory.is_fleeting {
        return None;
    }
    let data = |source: &Source| memory.data.fingerprint(&source.path);
    let mut all = vec![frame];
    all.extend(inputs.data.iter().filter_map(data));
    all.extend(each(pages, || (), |(), _, page| outline(page, memory)));
    Some(Fingerprint::combine(&all))
}

/// What the outputs of a plan stand on.
#[derive(Debug)]
pub(super) struct Ground {
    /// That of the site, and what it is rendered with.
    common: Fingerprint,
    /// What each page's document was made from; nothing where data alone made the page, which the common
    /// ground covers, or where nobody remembers.
    words: Vec<Option<Fingerprint>>,
}

/// The ground of a site that was linked from what memory holds now. Whoever renders it later may find other
/// documents there.
pub(super) fn ground(
    of_site: Option<Fingerprint>,
    site: &Site,
    inputs: &Inputs,
    memory: &Memory,
) -> Option<Ground> {
    let theme = memory.theme.as_ref()?.fingerprint;
    let common = Fingerprint::combine(&[of_site?, theme, Fingerprint::of(&(PROGRAM, inputs.pictures))]);
    let words = each(
        &site.pages,
        || (),
        |(), _, page| {
            if page.generated { None } else { memory.documents.fingerprint(&page.document.path) }
        },
    );
    Some(Ground { common, words })
}

/// What other pages can see of a document, remembered once it was asked for.
fn outline(document: &Arc<Document>, memory: &Memory) -> Fingerprint {
    match memory.documents.get(&document.path) {
        Some(Parsed::Document { document: known, outline, .. }) if Arc::ptr_eq(document, known) => {
            *outline.get_or_init(|| document.outline())
        }
        _ => document.outline(),
    }
}

/// What proves that an output is the one made for the same proof. Nothing for an output that may show words of
/// more than one page.
pub(super) fn proof(plan: &Plan, path: &str, route: &Route) -> Option<Fingerprint> {
    let ground = plan.ground.as_ref()?;
    let path = Fingerprint::of_bytes(path.as_bytes());
    let mut all = vec![ground.common, path];
    match words(&plan.site, route) {
        Words::Of(id) => {
            let page = plan.site.pages.get(id)?;
            // What data alone made, the ground covers.
            if !page.generated {
                all.push((*ground.words.get(id)?)?);
            }
        }
        Words::None => {}
        Words::OfMany => return None,
    }
    Some(Fingerprint::combine(&all))
}

/// Whose words an output may show.
enum Words {
    None,
    Of(PageId),
    OfMany,
}

fn words(site: &Site, route: &Route) -> Words {
    let page = match route.cause {
        Cause::Page(id) | Cause::Markdown(id) | Cause::Card(id) | Cause::Alias(id) => Some(id),
        Cause::SectionPage { section, .. } => site.sections.get(section).map(|section| section.page),
        Cause::Taxonomy(taxonomy) => site.taxonomies.get(taxonomy).and_then(|taxonomy| taxonomy.page),
        Cause::Term { .. } | Cause::Sitemap(_) | Cause::Robots | Cause::Redirects => None,
        _ => return Words::OfMany,
    };
    page.map_or(Words::None, Words::Of)
}
