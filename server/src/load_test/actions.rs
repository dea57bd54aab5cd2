//! What users do, and what each of it shows.

use domain::{
    community::{Forums, PostAnswer, Posts, Replies},
    reading::{NovelContents, Novels, Reading},
    studio::{Outline, SceneAnswer, Scenes, Stories},
};
use rand::{Rng, seq::IndexedRandom};

use super::{
    oracle::{Fact, Sight},
    stage::{Set, version_in},
};
use crate::client::{NoReply, Reply};

/// Something to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Read {
    Novels,
    Novel,
    Chapter,
    Boards,
    Board,
    Post,
    Replies,
    Shelf,
    Outline,
    ChapterScenes,
    Scene,
}

/// Something to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Write {
    SaveScene,
    PublishChapter,
    RenameStory,
    AddPost,
    AddReply,
    Like,
}

/// How often each is read, of 100: many readers, a community, a few writers.
const READS: [(Read, u32); 11] = [
    (Read::Novels, 12),
    (Read::Novel, 14),
    (Read::Chapter, 28),
    (Read::Boards, 5),
    (Read::Board, 8),
    (Read::Post, 8),
    (Read::Replies, 7),
    (Read::Shelf, 4),
    (Read::Outline, 5),
    (Read::ChapterScenes, 3),
    (Read::Scene, 6),
];

/// How often each is written, of 100.
const WRITES: [(Write, u32); 6] = [
    (Write::SaveScene, 50),
    (Write::PublishChapter, 12),
    (Write::RenameStory, 5),
    (Write::AddPost, 8),
    (Write::AddReply, 10),
    (Write::Like, 15),
];

impl Read {
    pub(super) fn choose(rng: &mut impl Rng) -> Self {
        weighted(&READS, rng)
    }

    /// Where it is read. Studio views are read by their own author only.
    pub(super) fn path(self, set: &Set, rng: &mut impl Rng) -> String {
        let Set { story, chapter, post, .. } = set;
        match self {
            Read::Novels => "/novels/api/stories?limit=100".to_owned(),
            Read::Novel => format!("/novels/api/story/{story}"),
            Read::Chapter => format!("/novels/api/chapters/{chapter}"),
            Read::Boards => "/community/api/stories".to_owned(),
            Read::Board => format!("/community/api/posts?storyId={story}&limit=100"),
            Read::Post => format!("/community/api/posts/{post}"),
            Read::Replies => format!("/community/api/posts/{post}/replies"),
            Read::Shelf => "/studio/api/stories".to_owned(),
            Read::Outline => format!("/studio/api/story/{story}/chapters"),
            Read::ChapterScenes => format!("/studio/api/chapters/{chapter}/scenes"),
            Read::Scene => {
                let scene = set.scenes.choose(rng).expect("every set has scenes").0;
                format!("/studio/api/scenes/{scene}")
            }
        }
    }

    /// Is it read by anyone, without a session?
    pub(super) fn is_public(self) -> bool {
        match self {
            Read::Novels | Read::Novel | Read::Chapter | Read::Boards | Read::Board | Read::Post | Read::Replies => {
                true
            }
            Read::Shelf | Read::Outline | Read::ChapterScenes | Read::Scene => false,
        }
    }

    /// The versions that an answer shows.
    ///
    /// # Errors
    /// Says what is wrong with the answer.
    pub(super) fn sights(self, set: &Set, answer: &Reply) -> Result<Vec<Sight>, NoReply> {
        Ok(match self {
            Read::Novels => {
                let found = answer.read::<Novels>()?.stories.into_iter();
                found.filter_map(|novel| title(Fact::Title(novel.id), &novel.title)).collect()
            }
            Read::Novel => {
                let NovelContents { story, .. } = answer.read()?;
                title(Fact::Title(story.id), &story.title).into_iter().collect()
            }
            Read::Chapter => {
                let Reading { chapter, scenes, .. } = answer.read()?;
                let texts = scenes.iter().filter_map(|scene| title(Fact::Published(scene.id), &scene.html));
                texts.chain(title(Fact::Title(chapter.story_id), &chapter.story_title)).collect()
            }
            Read::Boards => {
                let Forums { stories } = answer.read()?;
                stories.iter().map(|board| sight(Fact::Posts(board.id), board.post_count)).collect()
            }
            Read::Board => {
                let Posts { posts, next, .. } = answer.read()?;
                let whole = next.is_none().then(|| sight(Fact::Posts(set.story), count(posts.len())));
                whole.into_iter().chain(posts.iter().map(|p| sight(Fact::Replies(p.id), p.reply_count))).collect()
            }
            Read::Post => {
                let PostAnswer { post } = answer.read()?;
                vec![sight(Fact::Replies(post.id), post.reply_count)]
            }
            Read::Replies => {
                let Replies { replies } = answer.read()?;
                vec![sight(Fact::Replies(set.post), count(replies.len()))]
            }
            Read::Shelf => {
                let Stories { stories } = answer.read()?;
                stories.iter().map(|story| sight(Fact::Title(story.id), story.version)).collect()
            }
            Read::Outline => {
                let Outline { chapters, .. } = answer.read()?;
                let heads = chapters.iter().flat_map(|chapter| &chapter.scenes);
                heads.map(|scene| sight(Fact::Working(scene.id), scene.version)).collect()
            }
            Read::ChapterScenes => {
                let Scenes { scenes } = answer.read()?;
                scenes.iter().map(|scene| sight(Fact::Working(scene.id), scene.version)).collect()
            }
            Read::Scene => {
                let SceneAnswer { scene } = answer.read()?;
                // The text tells its version too: a fresh number above an old text would be stale all the same.
                let told = version_in(&scene.content).unwrap_or_default();
                vec![sight(Fact::Working(scene.id), scene.version.min(told))]
            }
        })
    }
}

impl Write {
    pub(super) fn choose(rng: &mut impl Rng) -> Self {
        weighted(&WRITES, rng)
    }
}

fn weighted<T: Copy>(choices: &[(T, u32)], rng: &mut impl Rng) -> T {
    choices.choose_weighted(rng, |(_, weight)| *weight).expect("some weight is above zero").0
}

fn sight(fact: Fact, seen: i64) -> Sight {
    Sight { fact, seen }
}

/// What a marked text shows; other people's texts are not marked.
fn title(fact: Fact, text: &str) -> Option<Sight> {
    version_in(text).map(|seen| sight(fact, seen))
}

fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}
