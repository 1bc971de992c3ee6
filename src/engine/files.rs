//! What became of a site's files: parsed, or remembered.
//!
//! In: sources, and what memory knows of them. Out: memory that knows all of them, and from it their
//! documents in order, with their own problems. A file is read when its stamp does not prove its bytes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;

use super::remember::{Memory, Parsed};
use super::{PROGRAM, desk};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::memory::{Counts, HashMap, Memo, Spool, each};
use crate::parse::data::{self, DataDocument};
use crate::parse::front_matter::Spelling;
use crate::parse::highlight::Highlighter;
use crate::parse::{self, Document, Text};
use crate::scan::{self, Inputs, Source};

/// So few changed files are parsed while memory is thawed.
const FEW: usize = 64;

/// Documents by their files, each with the hash of the bytes that it was made from.
type Ahead = HashMap<Arc<str>, (Fingerprint, Document)>;

/// What makes documents of a site's pages.
pub(super) struct Parser<'h> {
    settings: parse::Settings,
    highlighter: &'h Highlighter,
    spool: Option<Arc<Spool>>,
    is_fleeting: bool,
    ahead: Mutex<Ahead>,
}

impl<'h> Parser<'h> {
    pub(super) fn new(inputs: &Inputs, highlighter: &'h Highlighter, memory: &Memory) -> Self {
        let (spool, is_fleeting) = (memory.spool.clone(), memory.is_fleeting);
        let settings = parse::Settings::of(&inputs.config);
        Self { settings, highlighter, spool, is_fleeting, ahead: Mutex::default() }
    }

    /// Parses the files of which no stamp proves that memory knows them, if they are few: one thread, while memory
    /// is thawed.
    pub(super) fn look_ahead(&self, inputs: &Inputs) {
        let changed: Vec<_> =
            inputs.pages.iter().filter(|source| source.remembered.is_none()).take(FEW + 1).collect();
        if changed.len() <= FEW {
            let documents = changed.into_iter().filter_map(|source| {
                // What cannot be read is read once more, and told then.
                let bytes = source.load().ok()?;
                let document = self.anew(&source.path, &bytes);
                Some((Arc::clone(&source.path), (Fingerprint::of_bytes(&bytes), document)))
            });
            *self.lock() = documents.collect();
        }
    }

    fn parse(&self, path: &Arc<str>, bytes: &[u8]) -> Document {
        let ahead = self.lock().remove(path).filter(|(hash, _)| *hash == Fingerprint::of_bytes(bytes));
        ahead.map_or_else(|| self.anew(path, bytes), |(_, document)| document)
    }

    fn anew(&self, path: &Arc<str>, bytes: &[u8]) -> Document {
        let keep = |body| match &self.spool {
            spool if self.is_fleeting => Text::passing(body, spool.as_ref()),
            Some(spool) => Text::new(body).put_away(spool),
            None => Text::new(body),
        };
        parse::parse_with(path, bytes, (&self.settings, self.highlighter), keep)
    }

    /// A thread that panicked while it held the lock left the map whole.
    fn lock(&self) -> MutexGuard<'_, Ahead> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Parses every page whose bytes or settings changed.
pub(super) fn parse_pages(inputs: &Inputs, parser: &Parser<'_>, memory: &mut Memory) -> Counts {
    let settings = Fingerprint::of(&parser.settings);
    let fingerprint = Fingerprint::combine(&[Fingerprint::of_bytes(PROGRAM.as_bytes()), settings]);
    let known = memory.settings.replace(fingerprint);
    let parse = |path: &Arc<str>, bytes: &[u8]| parser.parse(path, bytes);
    let is_asked = memory.desk.reads || desk::asks(inputs);
    let proof = if memory.is_fleeting && !is_asked { Proof::None } else { Proof::Hash };
    parse_sources(&inputs.pages, (fingerprint, known, proof), &mut memory.documents, parse)
}

/// Parses every data file whose bytes changed: no setting bears on them.
pub(super) fn parse_data(inputs: &Inputs, memory: &mut Memory) -> Counts {
    let fingerprint = Fingerprint::of_bytes(PROGRAM.as_bytes());
    parse_sources(&inputs.data, (fingerprint, Some(fingerprint), Proof::Hash), &mut memory.data, data::parse)
}

/// What is noted of a file's bytes, to know them again.
#[derive(Clone, Copy)]
enum Proof {
    /// Their hash.
    Hash,
    /// Nothing: nobody will ask.
    None,
}

impl Proof {
    fn of(self, bytes: &[u8]) -> Fingerprint {
        match self {
            Self::Hash => Fingerprint::of_bytes(bytes),
            Self::None => Fingerprint::of_bytes(b""),
        }
    }
}

/// Parses every file that changed, or whose settings are not the `known` ones, and forgets those
/// that are gone.
fn parse_sources<D: Send + Sync>(
    sources: &[Source],
    (settings, known, proof): (Fingerprint, Option<Fingerprint>, Proof),
    memory: &mut Memo<Arc<str>, Parsed<D>>,
    parse: impl Fn(&Arc<str>, &[u8]) -> D + Sync,
) -> Counts {
    let trusted = known == Some(settings);
    // Of the others a stamp proves that they are what memory knows.
    let is_known = |source: &Source| {
        let known = || memory.get(&source.path).and_then(Parsed::source);
        trusted && source.remembered.is_some() && source.remembered == known()
    };
    let unproved: Vec<&Source> = sources.iter().filter(|source| !is_known(source)).collect();
    let counts = memory.map(
        &unproved,
        |source| {
            // Also one whose stamp proves that it is another than memory knows: it may have changed since.
            let loaded = match source.load() {
                Ok(bytes) => Loaded::Read(proof.of(&bytes), bytes),
                Err(error) => Loaded::Failed(error),
            };
            let path = Fingerprint::of_bytes(source.path.as_bytes());
            let key = Fingerprint::combine(&[settings, path, loaded.fingerprint()]);
            (Arc::clone(&source.path), key, (*source, loaded))
        },
        |(source, loaded)| parse_source(source, loaded, &parse),
        |_, _| {},
    );
    // All that there are have been remembered: more are some that are gone.
    if memory.count() > sources.len() {
        let known: std::collections::HashSet<&Arc<str>> = sources.iter().map(|source| &source.path).collect();
        memory.retain(|path| known.contains(path));
    }
    counts + Counts { fresh: 0, unchanged: sources.len() - unproved.len() }
}

/// A content file's bytes, or what stands for them.
enum Loaded {
    /// Read now, with their hash.
    Read(Fingerprint, Vec<u8>),
    /// Not to be read.
    Failed(std::io::Error),
}

impl Loaded {
    fn fingerprint(&self) -> Fingerprint {
        match self {
            Self::Read(hash, _) => *hash,
            Self::Failed(error) => Fingerprint::of_bytes(error.to_string().as_bytes()),
        }
    }
}

fn parse_source<D>(source: &Source, loaded: Loaded, parse: impl Fn(&Arc<str>, &[u8]) -> D) -> Parsed<D> {
    let read = match loaded {
        Loaded::Read(hash, bytes) => Ok((hash, bytes)),
        Loaded::Failed(error) => Err(error),
    };
    match read {
        Ok((hash, bytes)) => {
            let document = Arc::new(parse(&source.path, &bytes));
            Parsed::Document { source: hash, document, outline: OnceLock::new(), kept: None }
        }
        // Gone since the folder was listed: as if it had never been there.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Parsed::Unreadable(Vec::new()),
        Err(error) => Parsed::Unreadable(vec![scan::unreadable(&source.path, &error)]),
    }
}

/// What became of files, in the order of their paths, with their own problems. What must not be
/// remembered (unreadable files, a block whose highlighting was given up) is forgotten here.
pub(super) fn documents<D: FromFile + Send + Sync>(
    sources: &[Source],
    memory: &mut Memo<Arc<str>, Parsed<D>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Arc<D>> {
    let known = |source: &Source| {
        Some(match memory.get(&source.path)? {
            Parsed::Document { document, .. } => {
                let own = document.diagnostics().to_vec();
                (Some(Arc::clone(document)), own, document.is_memorable())
            }
            Parsed::Unreadable(found) => (None, found.clone(), false),
        })
    };
    let known = each(sources, || (), |(), _, source| known(source));
    let mut documents = Vec::with_capacity(sources.len());
    for (source, known) in sources.iter().zip(known) {
        let Some((document, own, is_memorable)) = known else { continue };
        documents.extend(document);
        diagnostics.extend(own);
        if !is_memorable {
            memory.forget(&source.path);
        }
    }
    documents
}

/// What the engine needs to know of a parsed file, whatever it holds.
pub(super) trait FromFile {
    /// Its own problems.
    fn diagnostics(&self) -> &[Diagnostic];
    /// Whether it depends on the file and the settings alone.
    fn is_memorable(&self) -> bool;
}

impl FromFile for Document {
    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
    fn is_memorable(&self) -> bool {
        self.memorable
    }
}

impl FromFile for DataDocument {
    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
    fn is_memorable(&self) -> bool {
        true
    }
}

/// What is nobody's mistake but worth knowing for those who ask: keys in other spellings, each told once,
/// at the first page that has it.
pub(super) fn notes(pages: &[Arc<Document>]) -> Vec<Diagnostic> {
    type Found<'p> = BTreeMap<(&'p str, &'p str), (&'p Spelling, &'p Arc<str>, usize)>;
    fn of<'p>(mut all: Found<'p>, page: &'p Arc<Document>) -> Found<'p> {
        for spelling in &page.front.spellings {
            let key = (spelling.written.value.as_str(), spelling.means.as_str());
            all.entry(key).and_modify(|(.., others)| *others += 1).or_insert((spelling, &page.path, 0));
        }
        all
    }
    fn joined<'p>(mut all: Found<'p>, later: Found<'p>) -> Found<'p> {
        for (key, (spelling, path, others)) in later {
            let known = all.entry(key);
            known.and_modify(|(.., before)| *before += others + 1).or_insert((spelling, path, others));
        }
        all
    }
    let all = pages.par_iter().fold(Found::new, of).reduce(Found::new, joined);
    all.into_values().map(|(spelling, path, others)| spelling.note(path, others)).collect()
}
