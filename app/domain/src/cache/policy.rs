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
    /// Lifetime in localStorage, in seconds.
    pub storage_ttl_secs: u32,
    /// How long a browser shows the view without asking again, in seconds.
    pub fresh_secs: u32,
    pub sharing: Sharing,
}

const MINUTE: u32 = 60;

impl Key {
    /// How long this view lives: the times of the seed.
    pub fn policy(&self) -> Policy {
        let (page_type, server_minutes, storage_minutes) = match self {
            Key::Shelf(_)
            | Key::Story { .. }
            | Key::Outline { .. }
            | Key::Chapter { .. }
            | Key::ChapterScenes { .. }
            | Key::Scene { .. }
            | Key::Characters { .. }
            | Key::Character { .. }
            | Key::Settings { .. }
            | Key::Setting { .. } => (PageType::Writing, 3, 30),
            Key::Novels(_) => (PageType::Browse, 30, 60),
            Key::Novel(_) | Key::Reading { .. } | Key::Progress { .. } => (PageType::Reading, 30, 60),
            Key::Forums | Key::Feed { .. } | Key::Board { .. } | Key::Post { .. } | Key::Replies(_) => {
                (PageType::Community, 30, 30)
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
            storage_ttl_secs: storage_minutes * MINUTE,
            fresh_secs: 5,
            sharing,
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
