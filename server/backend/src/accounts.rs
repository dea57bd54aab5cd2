//! Accounts: who is asking.
//!
//! A name and an e-mail address belong to one person each, in any mixture of small and capital letters. Whoever tries
//! to log in learns whether both were right, and nothing else.

mod password;
mod session;

use std::net::IpAddr;

use domain::{
    error::Problem,
    id::UserId,
    user::{self as rules, Credentials, NewAccount, Role, User},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, SqlErr, sea_query::Expr,
};

pub(crate) use self::password::Passwords;
use self::password::Verdict;
pub(crate) use self::session::{forget_ended as forget_sessions, live as live_sessions};
use crate::{
    Backend, Error,
    entity::user,
    limits::{Action, household},
    visitor::SessionToken,
};

/// The longest address that can be registered, in its longest encoding.
const MAX_NAME_BYTES: usize = 4 * 254;

/// Someone who has just signed in, and the secret their browser must keep.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person.
    pub user: User,
    /// What the cookie must hold.
    pub token: SessionToken,
}

impl Backend {
    /// Makes an account and signs its owner in.
    ///
    /// # Errors
    /// Refuses what breaks a rule, a name or an address that is taken, a role nobody may choose, and the sixth account
    /// from one address within an hour.
    pub async fn register(&self, account: NewAccount, address: IpAddr) -> Result<SignedIn, Error> {
        let role = account.role.unwrap_or(Role::Reader);
        match role {
            Role::Reader | Role::Writer => {}
            Role::Moderator | Role::Developer | Role::Admin => {
                return Err(domain::Error::invalid("role", Problem::NotAllowed).into());
            }
        }
        let person = Person::new(&account.username, &account.email, role)?;
        rules::check_password(&account.password)?;
        self.limits.check(Action::SignUp, household(address))?;

        let user = self.admit(person, account.password).await?;
        let now = self.time.now();
        let token =
            self.database.unseen(async |transaction| session::begin(transaction, user.id, None, now).await).await?;
        Ok(SignedIn { user, token })
    }

    /// Signs someone in by name or e-mail address, and ends the session their browser had before.
    ///
    /// # Errors
    /// Refuses with `WrongCredentials` whatever the cause, after about the same time.
    pub async fn log_in(
        &self,
        credentials: Credentials,
        address: IpAddr,
        previous: Option<&SessionToken>,
    ) -> Result<SignedIn, Error> {
        let name = norm(&credentials.username);
        self.limits.check(Action::LogIn, (&name, household(address)))?;

        let found = self.person_called(&name).await?;
        let stored = found.as_ref().map(|person| person.password_hash.clone());
        let verdict = self.passwords.verify(credentials.password, stored).await?;
        let better = match verdict {
            Verdict::Wrong => None,
            Verdict::Right => Some(None),
            Verdict::Outdated { better } => Some(Some(better)),
        };
        let (Some(person), Some(better)) = (found.filter(session::is_active), better) else {
            return Err(domain::Error::WrongCredentials.into());
        };

        let user = session::signed_in(&person)?;
        let now = self.time.now();
        let token = self
            .database
            .unseen(async |transaction| {
                if let Some(better) = better {
                    replace_hash(transaction, &person, better).await?;
                }
                session::begin(transaction, user.id, previous, now).await
            })
            .await?;
        if let Some(previous) = previous {
            self.push.end_session(previous);
        }
        Ok(SignedIn { user, token })
    }

    /// Makes an account in any role, for those who run the server.
    ///
    /// # Errors
    /// Refuses what breaks a rule, and a name or an address that is taken.
    pub async fn create_user(&self, username: &str, email: &str, password: &str, role: Role) -> Result<User, Error> {
        let person = Person::new(username, email, role)?;
        rules::check_password(password)?;
        self.admit(person, password.to_owned()).await
    }

    async fn admit(&self, person: Person, password: String) -> Result<User, Error> {
        // Looked up first, so that hashing is not spent on a name that is taken; the insert decides.
        person.refuse_taken(self.database.read()).await?;
        let hash = self.passwords.hash(password).await?;
        let row = person.row(hash, self.time.now());
        self.database
            .unseen(async |transaction| {
                user::Entity::insert(row).exec_without_returning(transaction).await.map_err(taken)?;
                Ok(())
            })
            .await?;
        Ok(person.user)
    }

    async fn person_called(&self, norm: &str) -> Result<Option<user::Model>, Error> {
        // What no account can be called is not asked: PostgreSQL cannot even be sent a NUL.
        if norm.len() > MAX_NAME_BYTES || norm.contains(char::is_control) {
            return Ok(None);
        }
        // A name never holds an @.
        let column = if norm.contains('@') { user::Column::EmailNorm } else { user::Column::UsernameNorm };
        Ok(user::Entity::find().filter(column.eq(norm)).one(self.database.read()).await?)
    }
}

/// Someone who keeps to the rules and has no account yet.
struct Person {
    user: User,
    email: String,
}

impl Person {
    fn new(username: &str, email: &str, role: Role) -> Result<Self, domain::Error> {
        let username = rules::check_username(username.trim())?.to_owned();
        let email = rules::check_email(email.trim())?.to_owned();
        Ok(Person { user: User { id: UserId::from_random(rand::random()), username, role }, email })
    }

    async fn refuse_taken(&self, connection: &impl ConnectionTrait) -> Result<(), Error> {
        let claims = [
            ("username", user::Column::UsernameNorm.eq(norm(&self.user.username))),
            ("email", user::Column::EmailNorm.eq(norm(&self.email))),
        ];
        for (field, claim) in claims {
            if user::Entity::find().filter(claim).one(connection).await?.is_some() {
                return Err(domain::Error::Taken { field: field.to_owned() }.into());
            }
        }
        Ok(())
    }

    fn row(&self, password_hash: String, now: chrono::DateTime<chrono::Utc>) -> user::ActiveModel {
        user::ActiveModel {
            id: Set(self.user.id.to_string()),
            username: Set(self.user.username.clone()),
            username_norm: Set(norm(&self.user.username)),
            email: Set(self.email.clone()),
            email_norm: Set(norm(&self.email)),
            password_hash: Set(password_hash),
            role: Set(self.user.role.to_string()),
            status: Set("active".to_owned()),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        }
    }
}

/// The form in which names and addresses are compared.
fn norm(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Turns the refusal of a unique index, which decides between two who came at once, into ours.
fn taken(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(index)) => {
            let field = if index.contains("email_norm") { "email" } else { "username" };
            domain::Error::Taken { field: field.to_owned() }.into()
        }
        _ => error.into(),
    }
}

/// Stores a stronger hash of the password that was just given, unless it was changed meanwhile.
async fn replace_hash(connection: &impl ConnectionTrait, person: &user::Model, better: String) -> Result<(), Error> {
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(better))
        .filter(user::Column::Id.eq(&person.id))
        .filter(user::Column::PasswordHash.eq(&person.password_hash))
        .exec(connection)
        .await?;
    Ok(())
}
