//! Sessions: who is signed in with which token.
//!
//! A session ends after two weeks without a visit, or after sixty days in any case. No view shows sessions, so their
//! writes have nothing to invalidate.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{id::UserId, user::User};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, sea_query::Expr,
};

use crate::{
    Backend, Error,
    entity::{session, user},
    visitor::SessionToken,
};

/// How long a session lasts without a visit.
const IDLE: TimeDelta = TimeDelta::days(14);
/// How long a session lasts in any case.
const ABSOLUTE: TimeDelta = TimeDelta::days(60);
/// How exactly we remember the last visit; a write per request would be too dear.
const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How the accounts are marked whose owners may sign in.
const ACTIVE: &str = "active";

impl Backend {
    /// Who is signed in with `token`, if anyone still is.
    ///
    /// # Errors
    /// Fails when the database does; a token nobody has is no error.
    pub async fn session(&self, token: &SessionToken) -> Result<Option<User>, Error> {
        let now = self.time.now();
        let found = session::Entity::find_by_id(token.fingerprint())
            .filter(session::Column::ExpiresAt.gt(now))
            .filter(session::Column::LastSeenAt.gt(now - IDLE))
            .find_also_related(user::Entity)
            .one(self.database.read())
            .await?;
        let Some((session, Some(person))) = found.filter(|(_, person)| person.as_ref().is_some_and(is_active)) else {
            return Ok(None);
        };

        if now - session.last_seen_at >= TOUCH_EVERY {
            self.touch(token, now).await;
        }
        Ok(Some(signed_in(&person)?))
    }

    /// Ends the session of `token`, if there is one.
    ///
    /// # Errors
    /// Fails when the database does.
    pub async fn log_out(&self, token: &SessionToken) -> Result<(), Error> {
        self.database.unseen(async |transaction| end(transaction, token).await).await?;
        self.push.end_session(token);
        Ok(())
    }

    /// Remembers a visit. When that fails the session merely ends sooner, so the visitor need not know.
    async fn touch(&self, token: &SessionToken, now: DateTime<Utc>) {
        let touched = self.database.unseen(async |transaction| {
            session::Entity::update_many()
                .col_expr(session::Column::LastSeenAt, Expr::value(now))
                .filter(session::Column::TokenHash.eq(token.fingerprint()))
                .exec(transaction)
                .await?;
            Ok(())
        });
        if let Err(error) = touched.await {
            tracing::warn!(error = %error, "a visit could not be noted");
        }
    }
}

/// Begins a session, ends the one the browser had before, and clears away those that ran out.
pub(super) async fn begin(
    connection: &impl ConnectionTrait,
    user: UserId,
    previous: Option<&SessionToken>,
    now: DateTime<Utc>,
) -> Result<SessionToken, Error> {
    if let Some(previous) = previous {
        end(connection, previous).await?;
    }
    forget_ended(connection, now).await?;

    let token = SessionToken::random();
    let row = session::ActiveModel {
        token_hash: Set(token.fingerprint()),
        user_id: Set(user.to_string()),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now + ABSOLUTE),
    };
    session::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(token)
}

/// Forgets the sessions that ran out, and says how many those were.
pub(crate) async fn forget_ended(connection: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, Error> {
    let ended = session::Column::ExpiresAt.lte(now).or(session::Column::LastSeenAt.lte(now - IDLE));
    Ok(session::Entity::delete_many().filter(ended).exec(connection).await?.rows_affected)
}

/// Which of these sessions, named by their fingerprints, somebody is still signed in with.
pub(crate) async fn live(
    connection: &impl ConnectionTrait,
    fingerprints: impl IntoIterator<Item = &str>,
    now: DateTime<Utc>,
) -> Result<HashSet<String>, Error> {
    let live: Vec<String> = session::Entity::find()
        .select_only()
        .column(session::Column::TokenHash)
        .inner_join(user::Entity)
        .filter(session::Column::TokenHash.is_in(fingerprints))
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::LastSeenAt.gt(now - IDLE))
        .filter(user::Column::Status.eq(ACTIVE))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(live.into_iter().collect())
}

async fn end(connection: &impl ConnectionTrait, token: &SessionToken) -> Result<(), Error> {
    session::Entity::delete_by_id(token.fingerprint()).exec(connection).await?;
    Ok(())
}

/// May this person be signed in?
pub(super) fn is_active(person: &user::Model) -> bool {
    person.status == ACTIVE
}

/// A person with an account, as a request knows them.
pub(super) fn signed_in(person: &user::Model) -> Result<User, Error> {
    let role = crate::entity::word(&person.role)?;
    Ok(User { id: crate::entity::id(&person.id)?, username: person.username.clone(), role })
}
