//! The file: what its lines say, and whether it is whole.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
};

use chrono::{DateTime, Utc};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::table::Table;

/// The form that this program writes. It grows when the tables change so that older rows do not fit.
const FORMAT: u32 = 1;
/// The longest line that is read: a scene with its published text is far below.
const MAX_LINE_BYTES: u64 = 64 << 20;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    /// Tells that it is ours, and in which form.
    pub(super) fictures_backup: u32,
    pub(super) made_at: DateTime<Utc>,
    /// Where the invalidation log stood.
    pub(super) position: u64,
}

/// Every other line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Line {
    /// A table and one of its rows.
    Row(Table, Box<RawValue>),
    /// The last line: how many rows there were.
    End(BTreeMap<Table, u64>),
}

/// What a backup says it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    pub rows: u64,
    pub made_at: DateTime<Utc>,
    pub(super) position: u64,
}

/// A file that is no backup, or no longer a whole one; `Display` is one sentence.
#[derive(Debug, thiserror::Error)]
pub enum Damaged {
    /// It begins like no file of ours.
    #[error("this is no backup of Fictures")]
    Foreign,
    /// A newer version of the program wrote it.
    #[error("a newer version of Fictures made this backup (format {0}); restore it with that version")]
    Newer(u32),
    /// It ends too early, or the disk or network has changed it.
    #[error("this backup is damaged in line {line}: {cause}")]
    Broken { line: u64, cause: String },
    /// It holds another number of rows than it says.
    #[error("this backup is not whole: it holds {found} rows, and should hold {told}")]
    Incomplete { found: u64, told: u64 },
}

impl Head {
    pub(super) fn now(made_at: DateTime<Utc>, position: u64) -> Self {
        Head { fictures_backup: FORMAT, made_at, position }
    }
}

/// Writes a backup, row by row.
pub(super) struct Writer<W: Write> {
    out: GzEncoder<W>,
    counts: BTreeMap<Table, u64>,
}

impl<W: Write> Writer<W> {
    pub(super) fn begin(out: W, head: &Head) -> io::Result<Self> {
        let mut writer = Writer { out: GzEncoder::new(out, Compression::default()), counts: BTreeMap::new() };
        writer.line(head)?;
        Ok(writer)
    }

    pub(super) fn row(&mut self, table: Table, row: &impl Serialize) -> io::Result<()> {
        let row = serde_json::value::to_raw_value(row)?;
        *self.counts.entry(table).or_default() += 1;
        self.line(&Line::Row(table, row))
    }

    /// Writes the last line, and says how many rows there are.
    pub(super) fn end(mut self) -> io::Result<u64> {
        let (counts, rows) = (self.counts.clone(), self.counts.values().sum());
        self.line(&Line::End(counts))?;
        self.out.finish()?.flush()?;
        Ok(rows)
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }
}

/// Reads a whole backup, and says what it holds.
///
/// # Errors
/// Refuses what is no backup, or no longer a whole one.
pub fn read(file: impl Read) -> Result<Contents, Damaged> {
    let mut reader = Reader::begin(file)?;
    while let Some((table, row)) = reader.next()? {
        table.check(&row).map_err(|error| reader.broken(&error))?;
    }
    Ok(reader.contents())
}

/// Reads a backup, row by row.
pub(super) struct Reader<R: Read> {
    lines: BufReader<GzDecoder<R>>,
    line: u64,
    head: Head,
    counts: BTreeMap<Table, u64>,
}

impl<R: Read> Reader<R> {
    pub(super) fn begin(file: R) -> Result<Self, Damaged> {
        let mut lines = BufReader::new(GzDecoder::new(file));
        let first = next_line(&mut lines).ok().flatten().ok_or(Damaged::Foreign)?;
        let told: FormatAlone = serde_json::from_str(&first).map_err(|_| Damaged::Foreign)?;
        if told.fictures_backup > FORMAT {
            return Err(Damaged::Newer(told.fictures_backup));
        }
        let head = serde_json::from_str(&first).map_err(|error| broken(1, &error))?;
        Ok(Reader { lines, line: 1, head, counts: BTreeMap::new() })
    }

    /// The next row; none behind the last, which is only the last if all are there.
    pub(super) fn next(&mut self) -> Result<Option<(Table, Box<RawValue>)>, Damaged> {
        self.line += 1;
        let line = next_line(&mut self.lines).map_err(|error| self.broken(&error))?;
        let line = line.ok_or_else(|| self.broken(&"it ends here"))?;
        match serde_json::from_str(&line).map_err(|error| self.broken(&error))? {
            Line::Row(table, row) => {
                *self.counts.entry(table).or_default() += 1;
                Ok(Some((table, row)))
            }
            Line::End(told) if told == self.counts => match next_line(&mut self.lines) {
                Ok(None) => Ok(None),
                Ok(Some(_)) => Err(self.broken(&"something follows its end")),
                Err(error) => Err(self.broken(&error)),
            },
            Line::End(told) => {
                Err(Damaged::Incomplete { found: self.counts.values().sum(), told: told.values().sum() })
            }
        }
    }

    pub(super) fn contents(&self) -> Contents {
        let Head { made_at, position, .. } = self.head;
        Contents { rows: self.counts.values().sum(), made_at, position }
    }

    /// Says that the line that was read last is not what it should be.
    pub(super) fn broken(&self, cause: &dyn std::fmt::Display) -> Damaged {
        broken(self.line, cause)
    }
}

/// Whatever else a head may hold in a form that is not known yet.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FormatAlone {
    fictures_backup: u32,
}

fn broken(line: u64, cause: &dyn std::fmt::Display) -> Damaged {
    Damaged::Broken { line, cause: cause.to_string() }
}

/// The next line without its end; none at the end of the file.
fn next_line(lines: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    lines.take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop() != Some(b'\n') {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the line has no end"));
    }
    String::from_utf8(line).map(Some).map_err(io::Error::other)
}

#[cfg(test)]
mod tests;
