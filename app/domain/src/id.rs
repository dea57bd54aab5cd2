//! One identifier type per entity, so that a chapter is never taken for a scene.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, de};

/// How many characters an identifier has.
pub const LENGTH: usize = 21;

/// The 64 characters of the nanoid alphabet: URL-safe, so an id is its own path segment.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// Some text that is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has {LENGTH} characters of A–Z a–z 0–9 _ -")]
pub struct NotAnId;

/// The 21 characters behind every typed id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Id([u8; LENGTH]);

impl Id {
    /// Maps each byte to one of 64 characters. The bytes must come from a cryptographic generator: ids are not secret,
    /// but nobody should be able to guess the next one.
    fn from_random(bytes: [u8; LENGTH]) -> Self {
        Id(bytes.map(|byte| ALPHABET[usize::from(byte & 63)]))
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("an id holds characters of the alphabet only")
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let bytes: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| NotAnId)?;
        if bytes.iter().all(|byte| ALPHABET.contains(byte)) { Ok(Id(bytes)) } else { Err(NotAnId) }
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Id);

        impl $name {
            /// Makes an id of random bytes; the caller brings the generator.
            pub fn from_random(bytes: [u8; LENGTH]) -> Self {
                $name(Id::from_random(bytes))
            }

            /// The 21 characters.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.parse().map($name)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": format!("^[A-Za-z0-9_-]{{{LENGTH}}}$") })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person with an account.
    UserId;
    /// A novel.
    StoryId;
    /// A group of chapters.
    PartId;
    /// A chapter of a novel.
    ChapterId;
    /// A scene of a chapter: the unit of writing.
    SceneId;
    /// A person in a novel.
    CharacterId;
    /// A place in a novel.
    SettingId;
    /// A post on a novel's board.
    PostId;
    /// An answer to a post.
    ReplyId;
    /// A thing in the trash: the id that what was removed has anyway.
    TrashId;
}

/// What can go to the trash is found there by the id it has.
macro_rules! removable {
    ($($name:ident),*) => {$(
        impl From<$name> for TrashId {
            fn from(id: $name) -> Self {
                TrashId(id.0)
            }
        }
    )*};
}

removable!(StoryId, PartId, ChapterId, SceneId, CharacterId, SettingId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_ids_of_the_test_data_are_ids() {
        for text in ["g6Jy-EoFLW_TuyxHVjIci", "FjmVo1UY6qRweYQPrOoWP", "4dAQF4PpmSBTRRGxxU7IZ"] {
            assert_eq!(text.parse::<StoryId>().expect("an id").to_string(), text);
        }
    }

    #[test]
    fn text_of_another_length_or_alphabet_is_refused() {
        for text in [
            "",
            "short",
            "g6Jy-EoFLW_TuyxHVjIci1",
            "g6Jy EoFLW_TuyxHVjIci",
            "g6Jy-EoFLW_TuyxHVjIcé",
            &"a".repeat(10_000),
        ] {
            assert_eq!(text.parse::<StoryId>(), Err(NotAnId));
        }
    }

    #[test]
    fn any_random_bytes_make_an_id_that_parses() {
        let id = SceneId::from_random(std::array::from_fn(|i| u8::try_from(i * 12).expect("21 × 12 fits a byte")));
        assert_eq!(id.to_string().parse(), Ok(id));
    }
}
