//! What the preview has to say, for whoever writes it down.

use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::error::Error;

/// One thing to say.
#[derive(Debug, Clone, Copy)]
pub enum News<'a> {
    /// The site can be looked at.
    Ready {
        /// Its addresses, the first of which is the one to use here.
        urls: &'a [String],
        /// The address for other devices, when there is one.
        lan: Option<&'a str>,
        /// Pages of the site.
        pages: usize,
        /// How long that took.
        took: Duration,
    },
    /// A change has been taken in.
    Rebuilt(Rebuilt),
    /// Problems that were not there before.
    Problems(&'a [Diagnostic]),
    /// All problems are mended.
    Mended,
    /// The site cannot be read at all; what was there before is still shown.
    Trouble(&'a Error),
    /// Something to know.
    Note(&'a str),
    /// How long each part of a rebuild took, for those who ask.
    Split(Split),
}

/// What a rebuild did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuilt {
    /// From noticing the change to the first page that shows it.
    pub took: Duration,
    /// Files parsed.
    pub parsed: usize,
    /// Outputs rendered.
    pub rendered: usize,
}

/// How long each part of a rebuild took, up to the moment when it could be seen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Split {
    /// From the first event until the scan began.
    pub settle: Duration,
    /// Finding what is there.
    pub scan: Duration,
    /// Reading and parsing what changed.
    pub parse: Duration,
    /// Linking.
    pub assemble: Duration,
    /// Rendering the pages that are looked at.
    pub render: Duration,
}

impl std::fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { took, parsed, rendered } = self;
        write!(f, "rebuilt in {} ms ({parsed} parsed, {rendered} rendered)", took.as_millis())
    }
}

impl std::fmt::Display for Split {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let micros = |time: Duration| time.as_micros();
        write!(
            f,
            "settle {} us, scan {} us, parse {} us, assemble {} us, render {} us",
            micros(self.settle),
            micros(self.scan),
            micros(self.parse),
            micros(self.assemble),
            micros(self.render)
        )
    }
}
