//! A look at named files alone.
//!
//! In: the inputs of the last scan and the files that a watcher named. Out: the inputs if nothing else
//! has changed, where the names are those of known pages, data and templates. Whoever glances must
//! [`scan`] before long: that nothing else has changed is a guess, which makes the first answer quick
//! and no more.
//!
//! [`scan`]: super::scan

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Inputs, Source, Stamp, Stamps, is_litter, theme};

/// The inputs of the last scan with the named files as they are now; `None` when only a scan can tell.
/// `stamps` are those that the last build left: they know what it read.
#[must_use]
pub fn glance(former: &Inputs, stamps: &Stamps, suspects: &BTreeSet<PathBuf>) -> Option<Inputs> {
    let mut inputs = former.clone();
    let Inputs { pages, data, templates, .. } = &mut inputs;
    for source in pages.iter_mut().chain(&mut *data).filter(|source| source.remembered.is_none()) {
        source.remembered = Some(stamps.files.get(&source.path)?.1);
    }
    let mut named = Vec::with_capacity(suspects.len());
    for file in suspects {
        if let Some(source) = pages.iter_mut().chain(&mut *data).find(|source| source.file == *file) {
            let metadata = fs::symlink_metadata(file).ok().filter(fs::Metadata::is_file)?;
            let Source { stamp, remembered, path, .. } = source;
            (*stamp, *remembered) = (Stamp::of(&metadata), None);
            named.push(path.clone());
        } else if let Some(template) = templates.iter_mut().find(|known| known.file.as_ref() == Some(file)) {
            fs::symlink_metadata(file).ok().filter(fs::Metadata::is_file)?;
            *template = theme::read_again(template)?;
        } else if !is_passing(file) {
            return None;
        }
    }
    inputs.stamps = stamps.clone();
    for path in named {
        inputs.stamps.files.remove(&path);
    }
    Some(inputs)
}

/// Whether a file is one that no build looks at, be it there or not.
fn is_passing(file: &Path) -> bool {
    file.file_name().and_then(|name| name.to_str()).is_some_and(is_litter)
}
