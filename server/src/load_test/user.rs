//! One user: a reader, a member of the community and a writer in one, doing one thing after another.

use std::{sync::Arc, time::Duration};

use backend::time::{SystemTime, Time};
use domain::{
    community::{LikeWish, Liked, NewPost, NewReply, PostAnswer, ReplyAnswer},
    studio::{ChapterAnswer, SceneAnswer, SceneEdit, StoryAnswer, StoryEdit},
};
use http::{Method, StatusCode};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde::Serialize;
use tokio::time::{Instant, sleep_until};

use super::{
    actions::{Read, Write},
    options::LoadTest,
    oracle::{Fact, Floor, Kept, Memory, Oracle, Said},
    stage::{Set, Stage, text, titled},
    tally::{Kind, Tally},
};
use crate::{
    client::{Client, NoReply, Reply, Session},
    progress::Progress,
};

/// How many posts one board gets at most, so that a page of it shows them all.
const MAX_POSTS: i64 = 60;

/// One of many.
pub(super) struct User {
    account: usize,
    /// Is it the first of the two devices of its account?
    first_device: bool,
    client: Client,
    stage: Arc<Stage>,
    oracle: Arc<Oracle>,
    rng: StdRng,
    write_share: f64,
    pace: Option<Duration>,
    /// When the first action begins, behind the others' of the same pace.
    offset: Duration,
    memory: Memory,
    tally: Tally,
    /// When the action was to begin: what made it late belongs to its time.
    due: Instant,
    progress: Progress,
}

impl User {
    /// The user `index`; two neighbours share an account.
    pub(super) fn new(index: u16, client: Client, stage: Arc<Stage>, oracle: Arc<Oracle>, asked: &LoadTest) -> Self {
        let pace = asked.pace();
        User {
            account: usize::from(index / 2),
            first_device: index.is_multiple_of(2),
            client,
            stage,
            oracle,
            rng: StdRng::seed_from_u64(asked.seed.wrapping_mul(1009).wrapping_add(u64::from(index))),
            write_share: asked.write_share,
            pace,
            offset: pace.unwrap_or_default().mul_f64(f64::from(index) / f64::from(asked.users)),
            memory: Memory::default(),
            tally: Tally::default(),
            due: Instant::now(),
            progress: Progress::hidden(),
        }
    }

    /// Acts until `end`, and tells what it saw.
    pub(super) async fn act_until(mut self, end: Instant, progress: Progress) -> Tally {
        self.progress = progress;
        let mut next = Instant::now() + self.offset;
        loop {
            if let Some(pace) = self.pace {
                sleep_until(next).await;
                self.due = next;
                next += pace;
            } else {
                self.due = Instant::now();
            }
            if self.due >= end {
                return self.tally;
            }
            self.act().await;
        }
    }

    async fn act(&mut self) {
        let stage = Arc::clone(&self.stage);
        let own = &stage.sets[self.account];
        if self.rng.random_bool(self.write_share) {
            let write = Write::choose(&mut self.rng);
            let result = self.write(write, own).await;
            self.note(result);
        } else {
            let read = Read::choose(&mut self.rng);
            let any = stage.sets.choose(&mut self.rng).expect("there is at least one account");
            let set = if read.is_public() { any } else { own };
            let result = self.read(read, set).await;
            self.note(result.map(drop));
        }
    }

    fn note(&mut self, result: Result<(), NoReply>) {
        if let Err(missing) = result {
            self.tally.missing(missing, SystemTime.now());
        }
    }

    /// Reads a view and has the oracle judge it.
    async fn read(&mut self, read: Read, set: &Set) -> Result<Reply, NoReply> {
        let path = read.path(set, &mut self.rng);
        // Half of all readers have no session.
        let session = (!read.is_public() || self.account.is_multiple_of(2)).then(|| self.session());
        let floor = self.oracle.floor();
        let answer = self.get(&path, session.as_ref()).await?;
        self.judge(&path, read, set, &floor, &answer)?;
        Ok(answer)
    }

    fn judge(&mut self, path: &str, read: Read, set: &Set, floor: &Floor, answer: &Reply) -> Result<(), NoReply> {
        let sights = read.sights(set, answer)?;
        self.oracle.judge(path, floor, &mut self.memory, &sights);
        Ok(())
    }

    async fn write(&mut self, write: Write, own: &Set) -> Result<(), NoReply> {
        match write {
            Write::SaveScene => self.save_scene(own).await,
            Write::PublishChapter => self.publish_chapter(own).await,
            Write::RenameStory => self.rename_story(own).await,
            Write::AddPost => self.add_post().await,
            Write::AddReply => self.add_reply().await,
            Write::Like => self.like().await,
        }
    }

    /// Reads a scene and saves another text upon it, as the editor does.
    async fn save_scene(&mut self, own: &Set) -> Result<(), NoReply> {
        let (scene, _) = *own.scenes.choose(&mut self.rng).expect("every set has scenes");
        let path = format!("/studio/api/scenes/{scene}");
        let session = self.session();
        let floor = self.oracle.floor();
        let answer = self.get(&path, Some(&session)).await?;
        self.judge(&path, Read::Scene, own, &floor, &answer)?;
        let SceneAnswer { scene: base } = answer.read()?;

        let token = format!("{:016x}", self.rng.random::<u64>());
        let content = Some(text(base.version + 1, &token));
        let edit = SceneEdit { content, version: Some(base.version), ..SceneEdit::default() };
        let answer = self.send(Method::PATCH, &path, Some(&edit)).await?;
        if answer.status == StatusCode::CONFLICT {
            self.tally.conflict();
            return Ok(());
        }
        let SceneAnswer { scene: saved } = answer.read()?;
        self.oracle.acknowledge(Fact::Working(scene), saved.version);
        self.oracle.keep(Kept { scene, account: self.account, token });
        Ok(())
    }

    async fn publish_chapter(&mut self, own: &Set) -> Result<(), NoReply> {
        let working: Vec<_> =
            own.scenes.iter().map(|(scene, _)| (*scene, self.oracle.acknowledged(Fact::Working(*scene)))).collect();
        let path = format!("/studio/api/chapters/{}/publication", own.chapter);
        let ChapterAnswer { .. } = self.send(Method::PUT, &path, None::<&()>).await?.read()?;
        for (scene, version) in working {
            self.oracle.acknowledge(Fact::Published(scene), version);
        }
        Ok(())
    }

    async fn rename_story(&mut self, own: &Set) -> Result<(), NoReply> {
        let path = format!("/studio/api/story/{}", own.story);
        let session = self.session();
        let StoryAnswer { story } = self.get(&path, Some(&session)).await?.read()?;
        let title = Some(titled(story.version + 1));
        let edit = StoryEdit { title, version: Some(story.version), ..StoryEdit::default() };
        let answer = self.send(Method::PATCH, &format!("{path}/write"), Some(&edit)).await?;
        if answer.status == StatusCode::CONFLICT {
            self.tally.conflict();
            return Ok(());
        }
        let StoryAnswer { story } = answer.read()?;
        self.oracle.acknowledge(Fact::Title(story.id), story.version);
        Ok(())
    }

    async fn add_post(&mut self) -> Result<(), NoReply> {
        let stage = Arc::clone(&self.stage);
        let set = stage.sets.choose(&mut self.rng).expect("there is at least one account");
        if self.oracle.acknowledged(Fact::Posts(set.story)) >= MAX_POSTS {
            return self.add_reply().await;
        }
        let new = NewPost {
            story_id: set.story,
            title: format!("Post {:08x}", self.rng.random::<u32>()),
            content: "What did the letter say?".to_owned(),
            kind: None,
        };
        let PostAnswer { post } = self.send(Method::POST, "/community/api/posts", Some(&new)).await?.read()?;
        self.oracle.count(Fact::Posts(set.story));
        self.oracle.heard(Said { post: post.id, reply: None });
        Ok(())
    }

    async fn add_reply(&mut self) -> Result<(), NoReply> {
        let post = self.any_post();
        let content = format!("Reply {:016x}", self.rng.random::<u64>());
        let new = NewReply { content: content.clone(), parent_reply_id: None };
        let path = format!("/community/api/posts/{post}/replies");
        let ReplyAnswer { .. } = self.send(Method::POST, &path, Some(&new)).await?.read()?;
        self.oracle.count(Fact::Replies(post));
        self.oracle.heard(Said { post, reply: Some(content) });
        Ok(())
    }

    /// Sets a like and reads it back. Only one of the two devices of an account does, so nobody else can undo it.
    async fn like(&mut self) -> Result<(), NoReply> {
        if !self.first_device {
            return self.add_reply().await;
        }
        let path = format!("/community/api/posts/{}", self.any_post());
        let liked = self.rng.random();
        let wish = LikeWish { liked: Some(liked) };
        let Liked { .. } = self.send(Method::POST, &format!("{path}/like"), Some(&wish)).await?.read()?;

        let session = self.session();
        let PostAnswer { post } = self.get(&path, Some(&session)).await?.read()?;
        if post.liked != liked {
            self.oracle.accuse(format!("{path}: liked is {}, but {liked} was acknowledged", post.liked));
        }
        Ok(())
    }

    fn any_post(&mut self) -> domain::id::PostId {
        self.stage.sets.choose(&mut self.rng).expect("there is at least one account").post
    }

    fn session(&self) -> Session {
        self.stage.sets[self.account].session.clone()
    }

    async fn get(&mut self, path: &str, session: Option<&Session>) -> Result<Reply, NoReply> {
        let answer = self.client.get(path, session).await?;
        self.time(Kind::Read, &answer);
        Ok(answer)
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<&impl Serialize>) -> Result<Reply, NoReply> {
        let session = self.session();
        let answer = self.client.send(method, path, Some(&session), body).await?;
        self.time(Kind::Write, &answer);
        Ok(answer)
    }

    fn time(&mut self, kind: Kind, answer: &Reply) {
        self.tally.answered(kind, self.due.elapsed(), answer);
        self.progress.add(1);
        // What comes after in the same action begins now.
        self.due = Instant::now();
    }
}
