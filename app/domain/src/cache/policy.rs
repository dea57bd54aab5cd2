//! How long each view lives, and for whom.

use super::{Audience, Key, PageType};

/// Who may share a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Everyone; a proxy may keep it as long as it asks before each use.
    Public,
    /// One person's browser may keep it, and must ask before each use.
    Personal,
    /// Drafts: nobody on the way may keep it.
    Private,
}

/// How long a view lives in each layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The page type the view belongs to.
    pub page_type: PageType,
    /// Lifetime in the server cache, in seconds.
    pub server_ttl_secs: u32,
    /// For how long after that the server cache still keeps the view, in seconds. If nothing that it depends on was
    /// written meanwhile, it may be shown while the database is slow or fails.
    pub grace_secs: u32,
    /// For how long the server cache remembers that there is no such view, in seconds; 0 is never.
    ///
    /// Only a view that cannot come to be without one of its tags being touched may have more than 0.
    pub missing_secs: u32,
    /// Lifetime in localStorage, in seconds.
    pub storage_ttl_secs: u32,
    /// How long a browser shows the view without asking again, in seconds.
    pub fresh_secs: u32,
    pub sharing: Sharing,
}

const MINUTE: u32 = 60;

/// Half a minute spares the database a reader who reloads, or a link that went round; it is forgotten before it is missed.
const MISSING_SECS: u32 = 30;

impl Key {
    /// How long this view lives: the times of the seed.
    pub fn policy(&self) -> Policy {
        let (page_type, server_minutes, missing_secs) = match self {
            Key::Shelf(_)
            | Key::Story { .. }
            | Key::Outline { .. }
            | Key::Chapter { .. }
            | Key::ChapterScenes { .. }
            | Key::Scene { .. }
            | Key::Characters { .. }
            | Key::Character { .. }
            | Key::Settings { .. }
            | Key::Setting { .. } => (PageType::Writing, 3, MISSING_SECS),
            Key::Novels(_) => (PageType::Browse, 30, MISSING_SECS),
            Key::Novel(_) | Key::Reading { .. } | Key::Progress { .. } => (PageType::Reading, 30, MISSING_SECS),
            // A new post does not touch the tag of its replies.
            Key::Replies(_) => (PageType::Community, 30, 0),
            Key::Forums | Key::Feed { .. } | Key::Board { .. } | Key::Post { .. } => {
                (PageType::Community, 30, MISSING_SECS)
            }
        };
        let sharing = match (page_type, self.audience()) {
            (PageType::Writing, _) => Sharing::Private,
            (PageType::Reading | PageType::Browse | PageType::Community, Audience::User(_)) => Sharing::Personal,
            (PageType::Reading | PageType::Browse | PageType::Community, Audience::Public) => Sharing::Public,
        };
        Policy {
            page_type,
            server_ttl_secs: server_minutes * MINUTE,
            grace_secs: server_minutes * MINUTE,
            missing_secs,
            storage_ttl_secs: page_type.storage_ttl_secs(),
            fresh_secs: 5,
            sharing,
        }
    }
}

impl PageType {
    /// How long a view of such a page lives in localStorage, in seconds: the times of the seed.
    pub fn storage_ttl_secs(self) -> u32 {
        match self {
            PageType::Writing | PageType::Community => 30 * MINUTE,
            PageType::Reading | PageType::Browse => 60 * MINUTE,
        }
    }
}

impl Sharing {
    /// The `Cache-Control` header of an answer.
    pub fn cache_control(self) -> &'static str {
        match self {
            Sharing::Public => "public, max-age=0, must-revalidate",
            Sharing::Personal => "private, max-age=0, must-revalidate",
            Sharing::Private => "private, no-store",
        }
    }

    /// The stricter of two, for an answer made of several views.
    pub fn stricter(self, other: Sharing) -> Sharing {
        match (self, other) {
            (Sharing::Private, _) | (_, Sharing::Private) => Sharing::Private,
            (Sharing::Personal, _) | (_, Sharing::Personal) => Sharing::Personal,
            (Sharing::Public, Sharing::Public) => Sharing::Public,
        }
    }
}
