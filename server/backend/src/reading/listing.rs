//! The public list of novels.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    cache::Key,
    id::StoryId,
    page::Cursor,
    reading::{Novel, Novels, NovelsQuery, Sort},
    text::{GENRE, SEARCH},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LikeExpr, extension::postgres::PgExpr},
};

use super::{is_public, measures, novel, with_authors};
use crate::{Backend, Error, cache::View, cursor, entity::story};

impl Backend {
    /// One page of the public stories. A search is never cached: what people type has no bound.
    ///
    /// # Errors
    /// Refuses a cursor that was not minted here, and a search or genre that is too long.
    pub async fn novels(&self, query: NovelsQuery) -> Result<View<Novels>, Error> {
        let wanted = Wanted::of(query)?;
        let key = Key::Novels(wanted.query.clone());
        if wanted.query.search.is_none() {
            return self.read(&key, move |snapshot| Box::pin(async move { wanted.load(snapshot).await })).await;
        }
        self.read_uncached(key.policy(), move |snapshot| Box::pin(async move { wanted.load(snapshot).await })).await
    }
}

/// A checked question: blank words are none, and the cursor is open.
struct Wanted {
    query: NovelsQuery,
    after: Option<Rank>,
}

/// Where a story stands in the list. `posts` counts only when the most discussed come first.
#[derive(FromQueryResult)]
struct Rank {
    id: String,
    published_at: DateTime<Utc>,
    posts: i64,
}

impl Wanted {
    fn of(query: NovelsQuery) -> Result<Self, domain::Error> {
        let search = query.search.map(|text| SEARCH.check("q", &text)).transpose()?.filter(|text| !text.is_empty());
        let genre = query.genre.filter(|text| !text.trim().is_empty());
        let genre = genre.map(|text| GENRE.check("genre", &text)).transpose()?;
        let after = query.page.after.as_ref().map(open).transpose()?;
        Ok(Wanted { query: NovelsQuery { search, genre, ..query }, after })
    }

    async fn load(&self, snapshot: &DatabaseTransaction) -> Result<Novels, Error> {
        let mut ranks = self.ranks(snapshot).await?;
        let limit = usize::try_from(self.query.page.limit()).unwrap_or(usize::MAX);
        let more = ranks.len() > limit;
        ranks.truncate(limit);
        let next = ranks.last().filter(|_| more).map(behind);
        Ok(Novels { stories: novels(snapshot, &ranks).await?, next })
    }

    /// The stories of this page in order, and one more if there is another page.
    async fn ranks(&self, snapshot: &DatabaseTransaction) -> Result<Vec<Rank>, Error> {
        let popular = self.query.sort == Sort::Popular;
        let mut stories = story::Entity::find()
            .select_only()
            .columns([story::Column::Id, story::Column::PublishedAt])
            .column_as(if popular { posts() } else { Expr::cust("CAST(0 AS BIGINT)") }, "posts")
            .filter(is_public())
            .limit(u64::from(self.query.page.limit()) + 1);
        if let Some(genre) = &self.query.genre {
            stories = stories.filter(story::Column::Genre.eq(genre));
        }
        if let Some(search) = &self.query.search {
            stories = stories.filter(mentions(search, snapshot.get_database_backend()));
        }
        if let Some(after) = &self.after {
            stories = stories.filter(self.is_behind(after));
        }
        if popular {
            stories = stories.order_by_desc(posts());
        }
        let ordered = stories.order_by_desc(story::Column::PublishedAt).order_by_desc(story::Column::Id);
        Ok(ordered.into_model().all(snapshot).await?)
    }

    fn is_behind(&self, after: &Rank) -> Condition {
        let same_time = Condition::all()
            .add(story::Column::PublishedAt.eq(after.published_at))
            .add(story::Column::Id.lt(after.id.as_str()));
        let earlier = Condition::any().add(story::Column::PublishedAt.lt(after.published_at)).add(same_time);
        match self.query.sort {
            Sort::Latest => earlier,
            Sort::Popular => Condition::any()
                .add(posts().lt(after.posts))
                .add(Condition::all().add(posts().eq(after.posts)).add(earlier)),
        }
    }
}

/// How many posts of a story can be seen.
fn posts() -> Expr {
    Expr::cust("(SELECT COUNT(*) FROM posts WHERE posts.story_id = stories.id AND posts.deleted_at IS NULL)")
}

/// Title or summary hold `search`, in small or capital letters (on SQLite, as far as they are ASCII).
fn mentions(search: &str, database: DbBackend) -> Condition {
    let escaped = search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = || LikeExpr::new(format!("%{escaped}%"));
    let holds = |column| match database {
        // PostgreSQL takes the backslash for the escape by itself, and SQLite has to be told.
        DbBackend::Postgres => Expr::col(column).ilike(pattern()),
        _ => Expr::col(column).like(pattern().escape('\\')),
    };
    Condition::any().add(holds(story::Column::Title)).add(holds(story::Column::Summary))
}

fn behind(last: &Rank) -> Cursor {
    cursor::mint(&[&last.posts, &last.published_at.timestamp_millis(), &last.id])
}

fn open(cursor: &Cursor) -> Result<Rank, domain::Error> {
    let mut values = cursor::open(cursor, 3)?;
    let (posts, published_at) = (values.take()?, values.take_time()?);
    let id: StoryId = values.take()?;
    Ok(Rank { id: id.to_string(), published_at, posts })
}

/// The stories of `ranks`, in that order.
async fn novels(snapshot: &DatabaseTransaction, ranks: &[Rank]) -> Result<Vec<Novel>, Error> {
    let ids: Vec<&str> = ranks.iter().map(|rank| rank.id.as_str()).collect();
    let rows = story::Entity::find().filter(story::Column::Id.is_in(ids.iter().copied())).all(snapshot).await?;
    let measures = measures(snapshot, &ids).await?;
    let mut found = HashMap::new();
    for (row, author) in with_authors(snapshot, rows).await? {
        found.insert(row.id.clone(), novel(row, author, &measures)?);
    }
    Ok(ids.into_iter().filter_map(|id| found.remove(id)).collect())
}
