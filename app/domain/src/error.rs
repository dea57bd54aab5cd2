//! Why a request was refused.

use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    community::{Post, Reply},
    studio::{Chapter, Character, Outline, Part, Scene, Setting, Story},
};

/// A refusal, in terms a person can act on.
///
/// It carries no cause: causes are logged where they happen and stay on the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Error {
    /// Nobody is signed in, or the session has ended.
    #[error("Log in to continue.")]
    SignedOut,
    /// The name or the password is wrong; deliberately not said which.
    #[error("This name and password do not match.")]
    WrongCredentials,
    /// Signed in, but in a role that may not do this.
    #[error("Your account may not do this.")]
    Forbidden,
    /// Also the answer for things that exist but are not yours to see.
    #[error("There is no such {0}.")]
    NotFound(Entity),
    /// A value that breaks a rule.
    #[error("The {field} {problem}.")]
    Invalid { field: String, problem: Problem },
    /// Someone else has this name or address.
    #[error("This {field} is taken.")]
    Taken { field: String },
    /// The stored version is not the one the edit was made from; nothing was changed.
    #[error("This changed since you opened it.")]
    Conflict(Box<Current>),
    /// An edit must name the version it was made from.
    #[error("Say which version this edit was made from.")]
    VersionRequired,
    /// What would be restored belongs into something that is in the trash too; nothing was changed.
    #[error("The {parent} “{title}” is in the trash: restore it first.")]
    ParentInTrash { parent: Entity, title: String },
    /// Slow down.
    #[error("Too many requests: try again in {retry_after_secs} s.")]
    TooMany { retry_after_secs: u64 },
}

impl Error {
    /// A refusal of one field.
    pub fn invalid(field: &str, problem: Problem) -> Self {
        Error::Invalid { field: field.to_owned(), problem }
    }

    /// The field to blame, if one is.
    pub fn field(&self) -> Option<&str> {
        match self {
            Error::Invalid { field, .. } | Error::Taken { field } => Some(field),
            Error::VersionRequired => Some("version"),
            Error::SignedOut
            | Error::WrongCredentials
            | Error::Forbidden
            | Error::NotFound(_)
            | Error::Conflict(_)
            | Error::ParentInTrash { .. }
            | Error::TooMany { .. } => None,
        }
    }
}

/// A kind of thing, for sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    User,
    Story,
    Part,
    Chapter,
    Scene,
    Character,
    Setting,
    Revision,
    TrashItem,
    Post,
    Reply,
    Alert,
    Page,
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Entity::User => "person",
            Entity::Story => "story",
            Entity::Part => "part",
            Entity::Chapter => "chapter",
            Entity::Scene => "scene",
            Entity::Character => "character",
            Entity::Setting => "setting",
            Entity::Revision => "revision",
            Entity::TrashItem => "thing in the trash",
            Entity::Post => "post",
            Entity::Reply => "reply",
            Entity::Alert => "alert",
            Entity::Page => "page",
        })
    }
}

/// What is wrong with a value; reads on after "The title …".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    Empty,
    TooShort {
        min: usize,
    },
    TooLong {
        max: usize,
    },
    TooManyEntries {
        max: usize,
    },
    Missing,
    Contradiction,
    ControlCharacters,
    Characters,
    TooCommon,
    NotAnEmail,
    NotAllowed,
    Unknown,
    WrongType,
    DoesNotBelong,
    /// A regular expression that cannot be understood, or would be too large.
    NotAnExpression,
    /// A place that the text does not have, or two that overlap.
    NotThere,
    /// Text that is not in the form it is said to be in.
    Unreadable,
    /// A list that is too long.
    TooMany {
        max: usize,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Empty => f.write_str("is empty"),
            Problem::TooShort { min } => write!(f, "needs at least {min} characters"),
            Problem::TooLong { max } => write!(f, "may have at most {max} characters"),
            Problem::TooManyEntries { max } => write!(f, "may have at most {max} entries"),
            Problem::Missing => f.write_str("is missing"),
            Problem::Contradiction => f.write_str("contradicts another field"),
            Problem::ControlCharacters => f.write_str("holds control characters"),
            Problem::Characters => f.write_str("may hold only letters, digits, _ and -"),
            Problem::TooCommon => f.write_str("is too easy to guess"),
            Problem::NotAnEmail => f.write_str("is not an e-mail address"),
            Problem::NotAllowed => f.write_str("is not one of the allowed values"),
            Problem::Unknown => f.write_str("is not a field of this request"),
            Problem::WrongType => f.write_str("has the wrong type"),
            Problem::NotAnExpression => f.write_str("is not a regular expression, or too large a one"),
            Problem::NotThere => f.write_str("are not where they should be, or overlap"),
            Problem::Unreadable => f.write_str("cannot be read"),
            Problem::TooMany { max } => write!(f, "may be at most {max}"),
            Problem::DoesNotBelong => f.write_str("belongs elsewhere"),
        }
    }
}

/// The stored entity, as it stands, for whoever lost a race.
///
/// It stays JSON until somebody asks for it: a browser that shows a refusal must not know how to read every entity.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Current(Box<RawValue>);

impl Current {
    /// A stored story.
    pub fn story(story: &Story) -> Self {
        Current::of(story)
    }

    /// A stored part.
    pub fn part(part: &Part) -> Self {
        Current::of(part)
    }

    /// The stored order of a story, for a move that was made from another.
    pub fn outline(outline: &Outline) -> Self {
        Current::of(outline)
    }

    /// A stored chapter.
    pub fn chapter(chapter: &Chapter) -> Self {
        Current::of(chapter)
    }

    /// A stored scene.
    pub fn scene(scene: &Scene) -> Self {
        Current::of(scene)
    }

    /// A stored character.
    pub fn character(character: &Character) -> Self {
        Current::of(character)
    }

    /// A stored place.
    pub fn setting(setting: &Setting) -> Self {
        Current::of(setting)
    }

    /// A stored post.
    pub fn post(post: &Post) -> Self {
        Current::of(post)
    }

    /// A stored reply.
    pub fn reply(reply: &Reply) -> Self {
        Current::of(reply)
    }

    fn of<T: Serialize>(entity: &T) -> Self {
        Current(serde_json::value::to_raw_value(entity).expect("an entity has string keys only, so it is JSON"))
    }

    /// Reads the entity; `None` if it is of another kind.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.0.get()).ok()
    }
}

impl PartialEq for Current {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl From<Current> for Error {
    fn from(current: Current) -> Self {
        Error::Conflict(Box::new(current))
    }
}
