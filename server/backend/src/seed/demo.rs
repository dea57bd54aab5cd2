//! The demo: a library that someone would want to read, and people who have.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    community::{LikeWish, NewPost, NewReply},
    id::{PostId, ReplyId, StoryId},
    studio::{NewChapter, NewPart, NewScene, NewStory},
    user::{Role, User},
};

use super::{
    Cast, LogIn, Outcome,
    manuscript::{self, Manuscript},
    talk::{self, Remark, Thread},
};
use crate::{Backend, Error, RateLimits, limits::Limits, time::SetTime};

/// The accounts that are printed.
pub(super) const LOG_INS: [LogIn; 3] = [
    LogIn { username: WRITER, password: "mira-writes-novels", role: Role::Writer },
    LogIn { username: "noor", password: "noor-reads-novels", role: Role::Reader },
    LogIn { username: "dev", password: "dev-sees-caches", role: Role::Developer },
];
/// Whose novels they are.
pub(super) const WRITER: &str = "mira";
/// People who talk; nobody can log in as one of them.
const CHORUS: [&str; 5] = ["tamsin-reads", "otto_k", "halfpasttwo", "wren-and-ink", "p-lindgren"];

/// How long ago the demo's history begins.
const BEGINS: TimeDelta = TimeDelta::days(6);
const BETWEEN_POSTS: TimeDelta = TimeDelta::hours(9);
const BETWEEN_REPLIES: TimeDelta = TimeDelta::minutes(11);
const BETWEEN_OTHER_THINGS: TimeDelta = TimeDelta::minutes(1);

/// Plants everything, on a backend whose clock shows the past and which nobody has to slow down.
pub(super) async fn plant(backend: &Backend) -> Result<Outcome, Error> {
    let time = Arc::new(SetTime::at(backend.time.now() - BEGINS));
    let backend =
        Backend { time: Arc::<SetTime>::clone(&time), limits: Limits::new(RateLimits::Off), ..backend.clone() };
    let mut demo = Demo { backend, time, cast: Cast::new(), novels: Vec::new() };

    demo.invite().await?;
    for manuscript in manuscript::all() {
        demo.write_novel(manuscript).await?;
    }
    for thread in interleaved(talk::all()) {
        demo.open(thread).await?;
    }
    Ok(Outcome::Planted)
}

struct Demo {
    backend: Backend,
    time: Arc<SetTime>,
    cast: Cast,
    novels: Vec<(&'static str, StoryId)>,
}

impl Demo {
    async fn invite(&mut self) -> Result<(), Error> {
        let chorus = CHORUS.map(|username| (username, unguessable(), Role::Reader));
        let log_ins = LOG_INS.map(|log_in| (log_in.username, log_in.password.to_owned(), log_in.role));
        for (username, password, role) in log_ins.into_iter().chain(chorus) {
            let email = format!("{username}@example.org");
            let user = self.backend.create_user(username, &email, &password, role).await?;
            self.cast.insert(username, user);
        }
        Ok(())
    }

    fn person(&self, username: &str) -> User {
        self.cast.get(username).cloned().expect("everyone in the demo was invited")
    }

    async fn write_novel(&mut self, novel: Manuscript) -> Result<(), Error> {
        let author = &self.person(WRITER);
        let head = NewStory {
            title: novel.title.to_owned(),
            summary: Some(novel.summary.to_owned()),
            genre: Some(novel.genre.to_owned()),
        };
        let story = self.backend.create_story(author, head).await?.value().id;

        let mut parts = Vec::new();
        for title in novel.parts {
            let part = NewPart { title: title.to_owned(), summary: None };
            parts.push(self.backend.add_part(author, story, part).await?.value().id);
        }
        for chapter in novel.chapters {
            let head = NewChapter {
                title: chapter.title.to_owned(),
                summary: None,
                part_id: chapter.part.and_then(|part| parts.get(part).copied()),
            };
            let id = self.backend.add_chapter(author, story, head).await?.value().id;
            for scene in chapter.scenes {
                self.time.advance(BETWEEN_OTHER_THINGS);
                let scene = NewScene { title: scene.title.to_owned(), content: Some(scene.content) };
                self.backend.add_scene(author, id, scene).await?;
            }
        }
        if novel.published {
            self.backend.publish_story(author, story).await?;
        }
        self.novels.push((novel.title, story));
        Ok(())
    }

    async fn open(&mut self, thread: Thread) -> Result<(), Error> {
        self.time.advance(BETWEEN_POSTS);
        let (_, story_id) = *self
            .novels
            .iter()
            .find(|(title, _)| *title == thread.novel)
            .expect("people talk about novels of the demo");
        let post =
            NewPost { story_id, title: thread.title.to_owned(), content: thread.content, kind: Some(thread.kind) };
        let post = self.backend.add_post(&self.person(thread.author), post).await?.value().id;

        for name in thread.likes {
            self.time.advance(BETWEEN_OTHER_THINGS);
            self.backend.like(&self.person(name), post, LikeWish { liked: Some(true) }).await?;
        }
        self.discuss(post, thread.replies).await
    }

    async fn discuss(&mut self, post: PostId, replies: Vec<Remark>) -> Result<(), Error> {
        // The replies from the root to the last one, by depth.
        let mut above: Vec<ReplyId> = Vec::new();
        for remark in replies {
            self.time.advance(BETWEEN_REPLIES);
            above.truncate(remark.depth);
            let reply = NewReply { content: remark.content, parent_reply_id: above.last().copied() };
            let saved = self.backend.add_reply(&self.person(remark.author), post, reply).await?;
            above.push(saved.value().id);
        }
        Ok(())
    }
}

/// One thread about each novel in turn, as people would.
fn interleaved(threads: Vec<Thread>) -> Vec<Thread> {
    let mut numbered: Vec<(usize, Thread)> = Vec::with_capacity(threads.len());
    for thread in threads {
        let before = numbered.iter().filter(|(_, other)| other.novel == thread.novel).count();
        numbered.push((before, thread));
    }
    numbered.sort_by_key(|(before, _)| *before);
    numbered.into_iter().map(|(_, thread)| thread).collect()
}

/// A password that is told to nobody.
fn unguessable() -> String {
    let bytes: [u8; 32] = rand::random();
    bytes.map(|byte| format!("{byte:02x}")).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_who_speaks_is_invited() {
        let invited: Vec<_> = LOG_INS.iter().map(|log_in| log_in.username).chain(CHORUS).collect();

        for thread in talk::all() {
            let speakers = thread.replies.iter().map(|reply| reply.author);
            for name in speakers.chain(thread.likes.iter().copied()).chain([thread.author]) {
                assert!(invited.contains(&name), "{name}");
            }
        }
    }

    #[test]
    fn nobody_likes_a_post_twice_or_their_own() {
        for thread in talk::all() {
            let mut likes = thread.likes.clone();
            likes.sort_unstable();
            likes.dedup();
            assert_eq!(likes.len(), thread.likes.len(), "{}", thread.title);
            assert!(!likes.contains(&thread.author), "{}", thread.title);
        }
    }

    #[test]
    fn the_history_ends_before_the_present() {
        let threads = talk::all();
        let replies: usize = threads.iter().map(|thread| thread.replies.len()).sum();
        let other: usize = threads.iter().map(|thread| thread.likes.len()).sum::<usize>()
            + manuscript::all()
                .iter()
                .flat_map(|novel| &novel.chapters)
                .map(|chapter| chapter.scenes.len())
                .sum::<usize>();
        let times = |step: TimeDelta, count: usize| step * i32::try_from(count).unwrap();

        let length =
            times(BETWEEN_POSTS, threads.len()) + times(BETWEEN_REPLIES, replies) + times(BETWEEN_OTHER_THINGS, other);

        assert!(length < BEGINS, "{length}");
    }
}
