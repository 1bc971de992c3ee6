//! How image files are put together: segments, chunks and blocks.
//!
//! In: the bytes of a file. Out: its parts in order, up to where it ends or stops making sense.
//! Decodes no pixel.

/// A part of a JPEG file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Segment<'a> {
    /// A marker with its data.
    Block {
        /// The second byte of its marker.
        marker: u8,
        /// Without marker and length.
        data: &'a [u8],
        /// With them.
        whole: &'a [u8],
    },
    /// Pixels, and single markers among them.
    Scan(&'a [u8]),
    /// The end of the image.
    End,
}

/// The parts of a JPEG file in order; ends early where the file makes no sense.
pub(super) struct Segments<'a> {
    bytes: &'a [u8],
    at: usize,
    in_scan: bool,
}

impl<'a> Segments<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let at = if bytes.starts_with(&[0xff, 0xd8]) { 2 } else { bytes.len() };
        Self { bytes, at, in_scan: false }
    }

    /// From here to the next marker that is none of those within a scan.
    fn scan(&mut self) -> Option<Segment<'a>> {
        let rest = self.bytes.get(self.at..)?;
        let end = rest
            .windows(2)
            .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff))
            .unwrap_or(rest.len());
        self.at += end;
        self.in_scan = false;
        Some(Segment::Scan(rest.get(..end)?))
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        if self.in_scan {
            return self.scan();
        }
        let start = self.at;
        let mut at = start;
        if *self.bytes.get(at)? != 0xff {
            return None;
        }
        while *self.bytes.get(at)? == 0xff {
            at += 1;
        }
        let marker = *self.bytes.get(at)?;
        at += 1;
        if marker == 0xd9 {
            self.at = self.bytes.len();
            return Some(Segment::End);
        }
        let len = usize::from(u16::from_be_bytes(self.bytes.get(at..at + 2)?.try_into().ok()?));
        let end = at + len;
        let data = self.bytes.get(at + 2..end)?;
        self.at = end;
        self.in_scan = marker == 0xda;
        Some(Segment::Block { marker, data, whole: self.bytes.get(start..end)? })
    }
}

/// A part of a PNG or a RIFF file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk<'a> {
    pub(super) kind: [u8; 4],
    pub(super) data: &'a [u8],
    /// With kind, length, and what else belongs to it.
    pub(super) whole: &'a [u8],
}

/// The chunks of a PNG file, up to `IEND`.
pub(super) fn png_chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut at = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") { 8 } else { bytes.len() };
    std::iter::from_fn(move || {
        let rest = bytes.get(at..)?;
        let len = usize::try_from(u32::from_be_bytes(rest.get(..4)?.try_into().ok()?)).ok()?;
        let kind: [u8; 4] = rest.get(4..8)?.try_into().ok()?;
        let end = len.checked_add(12)?;
        let chunk = Chunk { kind, data: rest.get(8..end - 4)?, whole: rest.get(..end)? };
        at = if kind == *b"IEND" { bytes.len() } else { at + end };
        Some(chunk)
    })
}

/// The chunks of a WebP file.
pub(super) fn riff_chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let len = bytes.get(4..8).and_then(|len| <[u8; 4]>::try_from(len).ok()).map_or(0, u32::from_le_bytes);
    let end = usize::try_from(len).map_or(0, |len| len.saturating_add(8)).min(bytes.len());
    let bytes = if is_webp { &bytes[..end] } else { &[] };
    let mut at = 12;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..)?;
        let kind: [u8; 4] = rest.get(..4)?.try_into().ok()?;
        let len = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
        let end = len.checked_add(8)?;
        let data = rest.get(8..end)?;
        // Chunks of odd length are padded, save by some writers at the very end.
        let padded = (end + end % 2).min(rest.len());
        at += padded;
        Some(Chunk { kind, data, whole: &rest[..padded] })
    })
}

/// A part of a GIF file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block<'a> {
    /// Header and global colours.
    Head(&'a [u8]),
    /// An extension: its label, its first sub-block, all of it.
    Extension(u8, &'a [u8], &'a [u8]),
    /// A frame.
    Frame(&'a [u8]),
    /// The end.
    End,
}

/// The blocks of a GIF file (`GIF89a`), up to its trailer.
pub(super) fn gif_blocks(bytes: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        if at == 0 {
            let flags = *bytes.get(10)?;
            at = 13 + colours(flags);
            return Some(Block::Head(bytes.get(..at)?));
        }
        match *bytes.get(at)? {
            0x21 => {
                let label = *bytes.get(at + 1)?;
                let first = usize::from(*bytes.get(at + 2)?);
                let name = bytes.get(at + 3..at + 3 + first)?;
                at = sub_blocks(bytes, at + 2)?;
                Some(Block::Extension(label, name, bytes.get(start..at)?))
            }
            0x2c => {
                let flags = *bytes.get(at + 9)?;
                at = sub_blocks(bytes, at + 11 + colours(flags))?;
                Some(Block::Frame(bytes.get(start..at)?))
            }
            0x3b => {
                at = bytes.len();
                Some(Block::End)
            }
            _ => None,
        }
    })
}

/// Bytes of the table of colours that flags announce.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Where a chain of sub-blocks ends.
fn sub_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let len = usize::from(*bytes.get(at)?);
        at += 1 + len;
        if len == 0 {
            return Some(at);
        }
    }
}

/// A box of an ISO base media file (ISO/IEC 14496-12): its type, and where its content lies.
pub(super) fn boxes(bytes: &[u8], from: usize, to: usize) -> impl Iterator<Item = ([u8; 4], usize, usize)> {
    let mut at = from;
    std::iter::from_fn(move || {
        let head = bytes.get(at..at.checked_add(8)?.min(to))?;
        let short = u32::from_be_bytes(head.get(..4)?.try_into().ok()?);
        let kind: [u8; 4] = head.get(4..8)?.try_into().ok()?;
        let (header, len) = match short {
            0 => (8, to - at),
            1 => {
                let long: [u8; 8] = bytes.get(at + 8..at + 16)?.try_into().ok()?;
                (16, usize::try_from(u64::from_be_bytes(long)).ok()?)
            }
            len => (8, usize::try_from(len).ok()?),
        };
        let end = at.checked_add(len).filter(|end| len >= header && *end <= to)?;
        let start = at + header;
        at = end;
        Some((kind, start, end))
    })
}
