//! Colour profiles: whether one matters, and how a WebP file carries it.
//!
//! In: a profile (ICC.1:2022). Out: whether it is more than a long way to say sRGB; a WebP file with
//! it inside. Converts no colour.

/// What browsers assume when nothing is said.
const USUAL: &[u8] = b"sRGB";
/// Longer profiles are for printing, and larger than the picture saved.
const LONGEST: usize = 64 * 1024;

/// Whether an image looks wrong without its profile: only then is it carried along.
pub(super) fn matters(profile: &[u8]) -> bool {
    let is_rgb = profile.get(16..20) == Some(b"RGB ");
    let described = profile.iter().filter(|byte| **byte != 0).copied().collect::<Vec<u8>>();
    is_rgb && profile.len() <= LONGEST && memchr::memmem::find(&described, USUAL).is_none()
}

/// Puts a profile into a lossy WebP file that has none (RFC 9649, 2.7).
pub(super) fn embed(webp: &[u8], profile: &[u8], (width, height): (u32, u32)) -> Option<Vec<u8>> {
    let chunks = webp.get(12..)?;
    let (mut flags, chunks) = match chunks.get(..4)? {
        b"VP8X" => (*chunks.get(8)?, chunks.get(18..)?),
        _ => (0, chunks),
    };
    flags |= 0x20;
    let mut out = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    out.extend([flags, 0, 0, 0]);
    for side in [width, height] {
        out.extend(side.checked_sub(1)?.to_le_bytes().get(..3)?);
    }
    out.extend(b"ICCP");
    out.extend(u32::try_from(profile.len()).ok()?.to_le_bytes());
    out.extend(profile);
    out.resize(out.len() + profile.len() % 2, 0);
    out.extend(chunks);
    let len = u32::try_from(out.len() - 8).ok()?.to_le_bytes();
    out.get_mut(4..8)?.copy_from_slice(&len);
    Some(out)
}
