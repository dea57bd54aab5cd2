//! Files that commands write: whole or not at all, and never in the place of another unless that was asked for.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;
use tempfile::NamedTempFile;

/// May a file that is there be replaced?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    Keep,
    Replace,
}

impl From<bool> for Existing {
    fn from(overwrite: bool) -> Self {
        if overwrite { Existing::Replace } else { Existing::Keep }
    }
}

/// A file that could not be written; `Display` is one sentence that says what to change.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something has this name already.
    #[error("{path} is there already; choose another name, or add --overwrite.")]
    Exists { path: String },
    /// The system does not let us.
    #[error("{path} cannot be written ({cause}).")]
    Unwritable { path: String, cause: io::Error },
}

/// A file in the making. Dropped before it is [kept](NewFile::keep), it leaves no trace.
pub(crate) struct NewFile {
    path: PathBuf,
    existing: Existing,
    made: NamedTempFile,
}

impl NewFile {
    /// Begins the file that will be at `path`; only its owner may read it.
    ///
    /// # Errors
    /// Refuses a name that is taken, unless it may be, and a folder that cannot be written to.
    pub(crate) fn begin(path: &Path, existing: Existing) -> Result<Self, FileError> {
        if existing == Existing::Keep && path.exists() {
            return Err(taken(path));
        }
        let made = NamedTempFile::new_in(folder(path)).map_err(|cause| unwritable(path, cause))?;
        Ok(NewFile { path: path.to_owned(), existing, made })
    }

    /// Where its content goes.
    pub(crate) fn content(&mut self) -> &mut File {
        self.made.as_file_mut()
    }

    /// Says that it could not be filled.
    pub(crate) fn failed(&self, cause: io::Error) -> FileError {
        unwritable(&self.path, cause)
    }

    /// Gives it its name, once all of it is on the disk.
    ///
    /// # Errors
    /// As for [`NewFile::begin`]: somebody may have taken the name meanwhile.
    pub(crate) fn keep(self) -> Result<(), FileError> {
        let NewFile { path, existing, made } = self;
        made.as_file().sync_all().map_err(|cause| unwritable(&path, cause))?;
        let kept = match existing {
            Existing::Keep => made.persist_noclobber(&path),
            Existing::Replace => made.persist(&path),
        };
        match kept {
            Ok(_) => {
                File::open(folder(&path)).and_then(|folder| folder.sync_all()).map_err(|cause| unwritable(&path, cause))
            }
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(taken(&path)),
            Err(error) => Err(unwritable(&path, error.error)),
        }
    }
}

/// Writes `value` to `path` as JSON for people.
///
/// # Errors
/// As for [`NewFile::begin`].
pub(crate) fn write_json(path: &Path, existing: Existing, value: &impl Serialize) -> Result<(), FileError> {
    let mut file = NewFile::begin(path, existing)?;
    let written = serde_json::to_vec_pretty(value).map_err(io::Error::from);
    match written.and_then(|json| file.content().write_all(&json)) {
        Ok(()) => file.keep(),
        Err(cause) => Err(file.failed(cause)),
    }
}

/// The folder of `path`.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

fn taken(path: &Path) -> FileError {
    FileError::Exists { path: path.display().to_string() }
}

fn unwritable(path: &Path, cause: io::Error) -> FileError {
    FileError::Unwritable { path: path.display().to_string(), cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let mut dropped = NewFile::begin(&path, Existing::Keep).unwrap();
        dropped.content().write_all(b"half").unwrap();

        drop(dropped);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

        write_json(&path, Existing::Keep, &[1]).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "[\n  1\n]");
    }

    #[test]
    fn a_file_that_is_there_stays_unless_it_may_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        let late = NewFile::begin(&path, Existing::Keep).unwrap();
        std::fs::write(&path, "old").unwrap();

        assert!(matches!(late.keep(), Err(FileError::Exists { .. })));
        assert!(matches!(write_json(&path, Existing::Keep, &1), Err(FileError::Exists { .. })));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");

        write_json(&path, Existing::Replace, &1).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "1");
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();

        let refused = write_json(&folder.path().join("no/such"), Existing::Keep, &1).unwrap_err();

        assert!(refused.to_string().contains("no/such cannot be written"), "{refused}");
    }
}
