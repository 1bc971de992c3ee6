//! The manifest: what in the output folder is ours.
//!
//! In: the output folder. Out: its files that a build of ours wrote. One line per file, sorted:
//! path, length and BLAKE3 digest in hexadecimal, with tabs between; no dates, so that equal sites
//! have equal manifests. Deletes nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::refuse;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::memory::regular;

/// Its name in the output folder.
pub(super) const NAME: &str = ".guidepost-files";

/// So many lines are written by one thread.
const AT_ONCE: usize = 1 << 10;

/// What we wrote into one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) len: u64,
    pub(super) digest: Fingerprint,
}

/// Files by their path below the output folder.
pub(super) type Manifest = BTreeMap<String, Owned>;

/// What to do about one that is not ours.
const REMEDY: &str = "delete it and build with `--force`; no file is lost, but old pages stay";

/// The manifest of a folder; `None` when it has none.
pub(super) fn read(output: &Path, shown: &Path) -> Result<Option<Manifest>, Error> {
    let shown = shown.join(NAME);
    let text = match regular::read(&output.join(NAME)).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => return Err(Error::new("read", shown, "it is no text").with_help(REMEDY)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            return Err(Error::io("read", shown, &error).with_help(REMEDY));
        }
        Err(error) => return Err(Error::io("read", shown, &error)),
    };
    let lines: Vec<&str> = text.lines().collect();
    let read = |(index, line): (usize, &&str)| {
        entry(line).ok_or_else(|| {
            Error::new("read", &shown, format!("line {} is not one of ours", index + 1)).with_help(REMEDY)
        })
    };
    let entries = lines.par_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(entries.into_iter().collect()))
}

fn entry(line: &str) -> Option<(String, Owned)> {
    let mut fields = line.split('\t');
    let (path, len, digest) = (fields.next()?, fields.next()?, fields.next()?);
    // A path out of the folder would be one to delete by: whoever wrote it, it was not us.
    refuse::path(path).ok()?;
    let owned = Owned { len: len.parse().ok()?, digest: Fingerprint::from_hex(digest)? };
    fields.next().is_none().then(|| (path.to_owned(), owned))
}

/// The text of a manifest of these files, sorted by path.
pub(super) fn to_text(files: &[(&str, Owned)]) -> String {
    let lines = |files: &[(&str, Owned)]| {
        let mut text = String::with_capacity(files.len() * 128);
        for (path, owned) in files {
            // Writing to a string cannot fail.
            let _ = write!(text, "{path}\t{}\t", owned.len);
            owned.digest.write_hex(&mut text);
            text.push('\n');
        }
        text
    };
    files.par_chunks(AT_ONCE).map(lines).collect()
}
