//! Where data leads: the links and image files that its records name.
//!
//! In: the records, and everything that is published. Out: problems at the records. What a page
//! shows of such a record is simply without it.

use std::sync::Arc;

use super::Shared;
use crate::assemble::Kind;
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Spanned;

/// Reports links and files of records that lead nowhere.
pub(super) fn check(shared: &Shared<'_>, found: &mut Vec<Diagnostic>) {
    let facts = shared.facts;
    for promo in facts.promos.values() {
        if let Some(action) = &promo.cta {
            link(shared, &promo.path, &action.href, found);
        }
        if let Some(image) = &promo.image {
            file(shared, &promo.path, image, found);
        }
    }
    for author in facts.authors.values() {
        if let Some(photo) = &author.photo {
            file(shared, &author.path, photo, found);
        }
    }
    for image in facts.images.values() {
        if let Some(name) = &image.file {
            file(shared, &image.path, name, found);
        }
    }
}

fn link(shared: &Shared<'_>, path: &Arc<str>, written: &Spanned<String>, found: &mut Vec<Diagnostic>) {
    let Some(home) = shared.entries.iter().find(|entry| entry.kind == Kind::Home) else { return };
    let is_elsewhere = ["://", "mailto:", "tel:"].iter().any(|sign| written.value.contains(sign));
    if is_elsewhere || shared.resolver.target(home, &written.value).is_some() {
        return;
    }
    let message = format!("there is no page `{}`", written.value);
    let help = "write a page's path, such as `@quiz/first-steps`, or a full web address";
    found.push(Diagnostic::new(Code::LinkBroken, Arc::clone(path), written.span, message).help(help));
}

/// The id of an image is checked with the other ids.
fn file(shared: &Shared<'_>, path: &Arc<str>, written: &Spanned<String>, found: &mut Vec<Diagnostic>) {
    let Some(home) = shared.entries.iter().find(|entry| entry.kind == Kind::Home) else { return };
    let is_file = written.value.contains(['.', '/']) && !shared.facts.images.contains_key(&written.value);
    if !is_file || shared.resolver.image(home, &written.value).is_some() {
        return;
    }
    let message = format!("there is no image file `{}`", written.value);
    let help = "put it into `static/`, or correct its path";
    found.push(Diagnostic::new(Code::ImageMissing, Arc::clone(path), written.span, message).help(help));
}
