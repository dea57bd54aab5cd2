//! The accounts and stories that a load test plays with: its own, made at the start and taken away at the end.

use domain::{
    community::{NewPost, PostAnswer},
    id::{ChapterId, PostId, SceneId, StoryId},
    studio::{ChapterAnswer, NewChapter, NewScene, NewStory, SceneAnswer, StoryAnswer},
    user::{NewAccount, Role},
};
use http::{Method, StatusCode};
use serde::{Serialize, de::DeserializeOwned};

use super::LoadTestError;
use crate::client::{Client, NoReply, Session};

/// How many scenes the chapter of each account has.
const SCENES: usize = 3;
/// What stands before a version in a title or a text.
const MARK: &str = "Version v";
/// A paragraph of the length that people write.
const PARAGRAPH: &str = "The ferry left the island late, and with it went the last light. Nobody on the quay spoke of the \
letter, though each of them had read it, and each had decided alone what it meant. She counted the lamps along the wall, as \
she had done when she was a child, and came to a number that she did not remember.";

/// Everything the users act upon.
pub(super) struct Stage {
    pub(super) sets: Vec<Set>,
}

/// What one account has: a published story with one chapter, and a post on its board.
pub(super) struct Set {
    pub(super) session: Session,
    pub(super) story: StoryId,
    pub(super) title_version: i64,
    pub(super) chapter: ChapterId,
    /// Each scene, and its version when it was published.
    pub(super) scenes: Vec<(SceneId, i64)>,
    pub(super) post: PostId,
}

impl Stage {
    /// Registers one account for each two of `users`, and gives it something to write.
    ///
    /// # Errors
    /// Says which server could not be used, and why.
    pub(super) async fn set(client: &Client, users: u16) -> Result<Self, LoadTestError> {
        let run = format!("{:06x}", rand::random::<u32>() & 0x00ff_ffff);
        let mut sets = Vec::new();
        for index in 0..users.div_ceil(2) {
            let unusable = |NoReply { base, cause, .. }| LoadTestError::Unusable { base, cause };
            sets.push(Set::make(client, &run, index).await.map_err(unusable)?);
        }
        Ok(Stage { sets })
    }

    /// Puts the stories into the trash, so that readers of a real installation are rid of them.
    pub(super) async fn clear(&self, client: &Client) {
        for set in &self.sets {
            let path = format!("/studio/api/story/{}", set.story);
            if client.send(Method::DELETE, &path, Some(&set.session), None::<&()>).await.is_err() {
                tracing::warn!(story = %set.story, "a story of the load test stayed");
            }
        }
    }
}

impl Set {
    async fn make(client: &Client, run: &str, index: u16) -> Result<Self, NoReply> {
        let session = register(client, run, index).await?;
        let told = Told { client, session: &session };
        let title = titled(1);
        let StoryAnswer { story } =
            told.create("/studio/api/stories", &NewStory { title, summary: None, genre: None }).await?;
        let chapters = format!("/studio/api/story/{}/chapters", story.id);
        let new = NewChapter { title: "Only chapter".to_owned(), summary: None, part_id: None };
        let ChapterAnswer { chapter } = told.create(&chapters, &new).await?;
        let mut scenes = Vec::new();
        for number in 1..=SCENES {
            let new = NewScene { title: format!("Scene {number}"), content: Some(text(1, "first")) };
            let path = format!("/studio/api/chapters/{}/scenes", chapter.id);
            let SceneAnswer { scene } = told.create(&path, &new).await?;
            scenes.push((scene.id, scene.version));
        }
        told.publish(story.id).await?;
        let new = NewPost {
            story_id: story.id,
            title: "The first post".to_owned(),
            content: PARAGRAPH.to_owned(),
            kind: None,
        };
        let PostAnswer { post } = told.create("/community/api/posts", &new).await?;
        Ok(Set { session, story: story.id, title_version: story.version, chapter: chapter.id, scenes, post: post.id })
    }
}

/// One account, giving orders.
struct Told<'a> {
    client: &'a Client,
    session: &'a Session,
}

impl Told<'_> {
    async fn create<T: DeserializeOwned>(&self, path: &str, new: &impl Serialize) -> Result<T, NoReply> {
        self.client.send(Method::POST, path, Some(self.session), Some(new)).await?.read()
    }

    async fn publish(&self, story: StoryId) -> Result<(), NoReply> {
        let path = format!("/studio/api/story/{story}/publication");
        let StoryAnswer { .. } = self.client.send(Method::PUT, &path, Some(self.session), None::<&()>).await?.read()?;
        Ok(())
    }
}

async fn register(client: &Client, run: &str, index: u16) -> Result<Session, NoReply> {
    let username = format!("load-{run}-{index}");
    let account = NewAccount {
        email: format!("{username}@example.org"),
        password: format!("{:032x}", rand::random::<u128>()),
        username,
        role: Some(Role::Writer),
    };
    let answer = client.send(Method::POST, "/api/auth/register", None, Some(&account)).await?;
    if answer.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(answer.wrong("it limits how often one may sign up".to_owned()));
    }
    answer.read::<serde_json::Value>()?;
    answer.session().ok_or_else(|| answer.wrong("signing up opened no session".to_owned()))
}

/// A title that tells its version.
pub(super) fn titled(version: i64) -> String {
    format!("A story under load. {MARK}{version}.")
}

/// A text that tells its version, and which save it came from.
pub(super) fn text(version: i64, token: &str) -> String {
    let paragraphs = [PARAGRAPH; 8].join("\n\n");
    format!("{MARK}{version}. Token {token}.\n\n{paragraphs}")
}

/// The version that a title or a text tells.
pub(super) fn version_in(text: &str) -> Option<i64> {
    let (_, behind) = text.split_once(MARK)?;
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_its_version() {
        assert_eq!(version_in(&text(12, "abc")), Some(12));
        assert_eq!(version_in(&format!("<p>{}</p>", titled(3))), Some(3));
        assert_eq!(version_in("The salt road"), None);
    }
}
