//! Search and replace over a whole story.
//!
//! A search reads every text once and is not cached: hardly anybody asks the same twice.

mod pattern;
mod replace;

use domain::{
    error::Entity as Kind,
    id::{ChapterId, SceneId, StoryId},
    studio::{Hit, HitField, Hits, MAX_HITS, Outline, Search},
    user::User,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use self::pattern::{Found, Pattern};
use super::{outline, require_own, writer};
use crate::{Backend, Error, entity::scene};

/// How many scenes are read at a time: of the longest, some thirty megabytes.
const BATCH: usize = 16;

/// The text of a scene.
#[derive(FromQueryResult)]
struct Text {
    id: String,
    title: String,
    body: String,
    version: i64,
}

impl Backend {
    /// Finds words in the titles and the working text of all scenes, in reading order; at most a thousand hits.
    ///
    /// The time it takes grows with the text and with nothing else, whatever the expression is.
    ///
    /// # Errors
    /// Refuses readers, stories that are not the author's, and a query that is too long or cannot be understood.
    pub async fn search(&self, author: &User, story: StoryId, search: Search) -> Result<Hits, Error> {
        let author = writer(author)?;
        let hits = self.database.snapshot(async |snapshot| {
            require_own(snapshot, author, story, Kind::Story).await?;
            let pattern = Pattern::new(search, "q")?;
            let outline = outline::load(snapshot, story).await?;
            find(snapshot, &outline, pattern).await
        });
        hits.await
    }
}

async fn find(snapshot: &DatabaseTransaction, outline: &Outline, pattern: Pattern) -> Result<Hits, Error> {
    let scenes: Vec<(ChapterId, SceneId)> = outline
        .chapters
        .iter()
        .flat_map(|chapter| chapter.scenes.iter().map(|scene| (chapter.chapter.id, scene.id)))
        .collect();
    let mut hits = Vec::new();
    for batch in scenes.chunks(BATCH) {
        let mut texts = texts(snapshot, batch).await?;
        texts.sort_by_key(|text| batch.iter().position(|(_, scene)| scene.as_str() == text.id));
        let (pattern, batch) = (pattern.clone(), batch.to_vec());
        // Away from the threads that answer requests: a long novel takes a while.
        let searching = tokio::task::spawn_blocking(move || {
            let found =
                texts.iter().zip(batch).flat_map(|(text, (chapter, scene))| in_scene(&pattern, text, chapter, scene));
            found.take(MAX_HITS + 1).collect::<Vec<Hit>>()
        });
        hits.extend(searching.await.map_err(|_| Error::Unavailable)?);
        if hits.len() > MAX_HITS {
            break;
        }
    }
    let truncated = hits.len() > MAX_HITS;
    hits.truncate(MAX_HITS);
    Ok(Hits { hits, truncated })
}

async fn texts(snapshot: &DatabaseTransaction, batch: &[(ChapterId, SceneId)]) -> Result<Vec<Text>, Error> {
    let rows = scene::Entity::find()
        .select_only()
        .columns([scene::Column::Id, scene::Column::Title, scene::Column::Body, scene::Column::Version])
        .filter(scene::Column::Id.is_in(batch.iter().map(|(_, scene)| scene.as_str())));
    Ok(rows.into_model().all(snapshot).await?)
}

fn in_scene(pattern: &Pattern, text: &Text, chapter: ChapterId, scene: SceneId) -> Vec<Hit> {
    let fields = [(HitField::Title, &text.title), (HitField::Content, &text.body)];
    let found = fields
        .into_iter()
        .flat_map(|(field, within)| pattern.find(within, MAX_HITS + 1).into_iter().map(move |found| (field, found)));
    let hit = |(field, Found { start, length, before, text: matched, after }): (HitField, Found)| Hit {
        scene_id: scene,
        chapter_id: chapter,
        scene_title: text.title.clone(),
        version: text.version,
        field,
        start,
        length,
        before,
        text: matched,
        after,
    };
    found.map(hit).collect()
}
