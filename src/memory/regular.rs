//! Files, and nothing else that may stand under a file's name.
//!
//! In: a path. Out: the regular file there, open. A pipe would make whoever opens it wait for a
//! writer, a device may be read without end, and a link in a place of ours may lead anywhere.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// Opens a regular file for reading, and nothing else: a named pipe that took a file's place since
/// it was looked at must not make the build wait for a writer.
pub(crate) fn open(file: &Path) -> io::Result<File> {
    regular(OpenOptions::new().read(true), Links::Followed, file)
}

/// All bytes of a regular file.
pub(crate) fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(file)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a regular file.
pub(crate) fn text(file: &Path) -> io::Result<String> {
    String::from_utf8(read(file)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Opens a file of ours to write to, or makes it; what it holds stays. A link there is refused.
pub(crate) fn own(file: &Path) -> io::Result<File> {
    regular(OpenOptions::new().create(true).truncate(false).read(true).write(true), Links::Refused, file)
}

/// Makes a file of ours anew. Whatever has its name is left over, or leads elsewhere: it goes, and nothing is
/// written through it.
pub(crate) fn anew(file: &Path) -> io::Result<File> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    File::create_new(file)
}

/// Whether a folder is there, and is no link to another.
pub(crate) fn is_folder(folder: &Path) -> bool {
    std::fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Links {
    Followed,
    Refused,
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "other systems have no such flags"))]
fn regular(options: &mut OpenOptions, links: Links, file: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        // Has no effect on regular files; a pipe opens at once and is then refused below.
        let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        if links == Links::Refused {
            flags |= OFlags::NOFOLLOW;
        }
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    let handle = options.open(file)?;
    let metadata = handle.metadata()?;
    if links == Links::Refused && has_other_names(&metadata) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it has another name, as a hard link"));
    }
    if metadata.is_file() {
        return Ok(handle);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"))
}

/// Whether a file is also known by another name, which may be somebody else's.
#[cfg(unix)]
pub(crate) fn has_other_names(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.is_file() && metadata.nlink() > 1
}

#[cfg(not(unix))]
pub(crate) fn has_other_names(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn pipes_folders_and_links_out_are_no_files_of_ours() {
        let folder = tempfile::TempDir::new().unwrap();
        let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
        let outside = folder.path().join("outside");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        std::os::unix::fs::symlink(&outside, &link).unwrap();
        for place in [&pipe, &folder.path().to_owned()] {
            assert_eq!(open(place).unwrap_err().to_string(), "not a regular file");
            assert!(own(place).is_err());
        }
        assert!(own(&link).is_err() && !outside.exists());
        std::fs::write(&outside, "precious").unwrap();
        assert!(own(&link).is_err());
        assert_eq!(read(&link).unwrap(), b"precious");
        own(&outside).unwrap();
        assert_eq!(read(&outside).unwrap(), b"precious");
        let other = folder.path().join("other");
        std::fs::hard_link(&outside, &other).unwrap();
        assert!(own(&other).is_err());
        std::fs::remove_file(&other).unwrap();
        anew(&link).unwrap();
        assert_eq!((read(&link).unwrap(), read(&outside).unwrap()), (Vec::new(), b"precious".to_vec()));
        assert!(anew(folder.path()).is_err());
    }
}
