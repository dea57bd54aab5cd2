//! Which views are worth being loaded before anybody asks for them.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    id::{ChapterId, PostId, StoryId},
    page::{MAX_LIMIT, Page},
    reading::{NovelsQuery, Sort},
};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select};

use crate::{
    Backend, Error,
    entity::{chapter, id, invalidation_event as log, scene},
    reading::is_public,
};

/// How far back a change counts as new.
const NEW: TimeDelta = TimeDelta::hours(24);
/// How many stories, chapters and posts are chosen because they changed.
const MAX_CHANGED: u64 = 100;

/// A view that anyone may see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Choice {
    Novels(NovelsQuery),
    Forums,
    Feed,
    Board(StoryId),
    Chapter(ChapterId),
    Post(PostId),
    Replies(PostId),
}

impl Backend {
    /// What most people will come for, each view once; those that say what else is worth it are loaded on the way.
    pub(super) async fn worth_warming(&self) -> Result<BTreeSet<Choice>, Error> {
        let popular = NovelsQuery { sort: Sort::Popular, ..NovelsQuery::first() };
        let top = NovelsQuery { page: Page::new(Some(MAX_LIMIT), None), ..popular.clone() };
        let fronts = [Choice::Novels(NovelsQuery::first()), Choice::Novels(popular), Choice::Forums, Choice::Feed];
        let mut chosen = BTreeSet::from(fronts);

        let top = self.novels(top).await?.value()?.stories.into_iter().map(|novel| novel.id);
        let since = self.time.now() - NEW;
        for story in top.chain(self.changed_stories(since).await?) {
            if chosen.insert(Choice::Board(story)) {
                chosen.extend(self.first_chapter(story).await?.map(Choice::Chapter));
            }
        }
        chosen.extend(self.changed_chapters(since).await?.into_iter().map(Choice::Chapter));
        for post in self.changed_posts(since).await? {
            chosen.extend([Choice::Post(post), Choice::Replies(post)]);
        }
        Ok(chosen)
    }

    /// Where the readers of a novel begin; its contents are loaded on the way.
    async fn first_chapter(&self, story: StoryId) -> Result<Option<ChapterId>, Error> {
        match self.novel(story).await {
            Ok(view) => Ok(view.value()?.chapters.first().map(|line| line.id)),
            // Gone since it was listed.
            Err(Error::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stories of which something changed that readers see.
    async fn changed_stories(&self, since: DateTime<Utc>) -> Result<Vec<StoryId>, Error> {
        let seen = ["story", "chapter", "part", "post"];
        let rows = changes(since, log::Column::StoryId).filter(log::Column::Entity.is_in(seen));
        let rows: Vec<Option<String>> = rows.into_tuple().all(self.database.read()).await?;
        rows.iter().flatten().map(|row| Ok(id(row)?)).collect()
    }

    /// Posts that were written, edited, liked or answered.
    async fn changed_posts(&self, since: DateTime<Utc>) -> Result<Vec<PostId>, Error> {
        let rows = changes(since, log::Column::EntityId).filter(log::Column::Entity.eq("post"));
        let rows: Vec<String> = rows.into_tuple().all(self.database.read()).await?;
        rows.iter().map(|row| Ok(id(row)?)).collect()
    }

    /// Chapters of which text was published.
    async fn changed_chapters(&self, since: DateTime<Utc>) -> Result<Vec<ChapterId>, Error> {
        let rows: Vec<String> = scene::Entity::find()
            .select_only()
            .column(scene::Column::ChapterId)
            .join(JoinType::InnerJoin, scene::Relation::Story.def())
            .join(JoinType::InnerJoin, scene::Relation::Chapter.def())
            .filter(scene::Column::PublishedAt.gte(since))
            .filter(scene::Column::DeletedAt.is_null())
            .filter(chapter::Column::Status.eq("published"))
            .filter(chapter::Column::DeletedAt.is_null())
            .filter(is_public())
            .group_by(scene::Column::ChapterId)
            .order_by_desc(scene::Column::PublishedAt.max())
            .limit(MAX_CHANGED)
            .into_tuple()
            .all(self.database.read())
            .await?;
        rows.iter().map(|row| Ok(id(row)?)).collect()
    }
}

/// What `column` of the log says of changes that everyone may know of, the newest first and each once.
fn changes(since: DateTime<Utc>, column: log::Column) -> Select<log::Entity> {
    log::Entity::find()
        .select_only()
        .column(column)
        .filter(log::Column::CreatedAt.gte(since))
        .filter(log::Column::Audience.eq("public"))
        .filter(column.is_not_null())
        .group_by(column)
        .order_by_desc(log::Column::Seq.max())
        .limit(MAX_CHANGED)
}
