//! Lists of posts: the feed over all boards, and one story's board.

use chrono::{DateTime, Utc};
use domain::{
    cache::{Audience, Key},
    community::{Posts, StoryRef},
    error::Entity as Kind,
    id::{PostId, StoryId},
    page::{Cursor, Page},
    user::User,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use super::{post::to_wire, public_story};
use crate::{
    Backend, Error,
    cache::View,
    cursor,
    entity::{id, post, story},
    reading::is_public,
};

impl Backend {
    /// The newest posts of all boards, or of the board of `story`, as `visitor` sees them.
    ///
    /// # Errors
    /// Refuses a cursor that was not minted here, and a story that is not public.
    pub async fn posts(
        &self,
        visitor: Option<&User>,
        story: Option<StoryId>,
        page: Page,
    ) -> Result<View<Posts>, Error> {
        let audience = visitor.map_or(Audience::Public, |user| Audience::User(user.id));
        let wanted = Wanted { story, audience, limit: page.limit(), after: page.after.as_ref().map(open).transpose()? };
        let key = match story {
            Some(story) => Key::Board { story, audience, page },
            None => Key::Feed { audience, page },
        };

        self.read(&key, move |snapshot| Box::pin(async move { wanted.load(snapshot).await })).await
    }
}

struct Wanted {
    story: Option<StoryId>,
    audience: Audience,
    limit: u32,
    after: Option<(DateTime<Utc>, PostId)>,
}

impl Wanted {
    async fn load(&self, snapshot: &DatabaseTransaction) -> Result<Posts, Error> {
        if let Some(story) = self.story {
            let missing = || domain::Error::NotFound(Kind::Story);
            public_story(snapshot, story.as_str()).await?.ok_or_else(missing)?;
        }
        let mut rows = self.rows(snapshot).await?;
        let more = rows.len() > usize::try_from(self.limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let next = rows.last().filter(|_| more).map(cursor_behind);

        let stories = stories_of(snapshot, &rows).await?;
        Ok(Posts { posts: to_wire(snapshot, rows, self.audience).await?, stories, next })
    }

    /// One row more than asked for, so that we know whether there is another page.
    async fn rows(&self, snapshot: &DatabaseTransaction) -> Result<Vec<post::Model>, Error> {
        let mut query = post::Entity::find()
            .join(JoinType::InnerJoin, post::Relation::Story.def())
            .filter(is_public())
            .filter(post::Column::DeletedAt.is_null())
            .order_by_desc(post::Column::CreatedAt)
            .order_by_desc(post::Column::Id)
            .limit(u64::from(self.limit) + 1);
        if let Some(story) = self.story {
            query = query.filter(post::Column::StoryId.eq(story.as_str()));
        }
        if let Some((time, post)) = self.after {
            let same_time =
                Condition::all().add(post::Column::CreatedAt.eq(time)).add(post::Column::Id.lt(post.as_str()));
            query = query.filter(Condition::any().add(post::Column::CreatedAt.lt(time)).add(same_time));
        }
        Ok(query.all(snapshot).await?)
    }
}

fn cursor_behind(last: &post::Model) -> Cursor {
    cursor::mint(&[&last.created_at.timestamp_millis(), &last.id])
}

fn open(cursor: &Cursor) -> Result<(DateTime<Utc>, PostId), domain::Error> {
    let mut values = cursor::open(cursor, 2)?;
    Ok((values.take_time()?, values.take()?))
}

/// The names of the stories that `posts` are about, each once.
async fn stories_of(connection: &impl ConnectionTrait, posts: &[post::Model]) -> Result<Vec<StoryRef>, Error> {
    let named: Vec<(String, String)> = story::Entity::find()
        .select_only()
        .columns([story::Column::Id, story::Column::Title])
        .filter(story::Column::Id.is_in(posts.iter().map(|post| post.story_id.as_str())))
        .order_by_asc(story::Column::Title)
        .order_by_asc(story::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    named.into_iter().map(|(key, title)| Ok(StoryRef { id: id(&key)?, title })).collect()
}
