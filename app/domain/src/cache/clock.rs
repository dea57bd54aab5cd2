//! The causal position of a write.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Serialize, de};

use super::NotAKey;

/// `<epoch>.<seq>`: the position of a write in the invalidation log.
///
/// Positions of one epoch are ordered; two epochs cannot be compared, so whoever meets an unknown epoch must ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    epoch: u32,
    seq: u64,
}

impl Clock {
    /// The position `seq` of `epoch`.
    pub fn new(epoch: u32, seq: u64) -> Self {
        Clock { epoch, seq }
    }

    /// Which history this position belongs to.
    pub fn epoch(self) -> u32 {
        self.epoch
    }

    /// The position in the invalidation log.
    pub fn seq(self) -> u64 {
        self.seq
    }

    /// The later of two positions; `other` if they cannot be compared.
    pub fn later(self, other: Clock) -> Clock {
        if self > other { self } else { other }
    }
}

impl PartialOrd for Clock {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.epoch == other.epoch).then(|| self.seq.cmp(&other.seq))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}.{}", self.epoch, self.seq)
    }
}

impl FromStr for Clock {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (epoch, seq) = text.split_once('.').filter(|(epoch, _)| epoch.len() == 8).ok_or(NotAKey)?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !hex(epoch) || !digits(seq) {
            return Err(NotAKey);
        }
        let epoch = u32::from_str_radix(epoch, 16).map_err(|_| NotAKey)?;
        Ok(Clock { epoch, seq: seq.parse().map_err(|_| NotAKey)? })
    }
}

impl Serialize for Clock {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
