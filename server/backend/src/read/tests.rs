//! A view is of one moment, however many statements it takes, on both databases.

use domain::{cache::Key, studio::NewStory, user::Role};
use sea_orm::{ConnectionTrait, Database as Connector, EntityTrait, PaginatorTrait};

use crate::{Backend, Config, Error, Process, cache::Status, entity::story};

/// Reads a view with two statements, with a writer between them who commits and is answered; gives what they counted,
/// and what is counted by the next read.
async fn read_around_a_write(url: String) -> ((u64, u64), u64) {
    let backend = Backend::open(Config { process: Process::Tool, ..Config::new(url) }).await.unwrap();
    let author = backend.create_user("mira", "mira@example.org", "a-long-enough-secret", Role::Writer).await.unwrap();
    let key = Key::Forums;

    let (writer, by) = (backend.clone(), author.clone());
    let view = backend.read(&key, move |snapshot| {
        Box::pin(async move {
            let before = story::Entity::find().count(snapshot).await?;
            writer.create_story(&by, NewStory { title: "New".to_owned(), summary: None, genre: None }).await?;
            Ok((before, story::Entity::find().count(snapshot).await?))
        })
    });
    let around = view.await.unwrap().value().unwrap();
    let next = backend.read(&key, |snapshot| Box::pin(count(snapshot))).await.unwrap();
    // The write in between touched a tag of the view, so what was loaded around it is not served.
    assert_eq!(next.status, Status::Miss);
    (around, next.value().unwrap())
}

async fn count(snapshot: &sea_orm::DatabaseTransaction) -> Result<u64, Error> {
    Ok(story::Entity::find().count(snapshot).await?)
}

#[tokio::test]
async fn a_view_of_several_statements_shows_one_moment_of_sqlite() {
    let folder = tempfile::tempdir().unwrap();

    let seen = read_around_a_write(format!("sqlite://{}", folder.path().join("fictures.db").display())).await;

    assert_eq!(seen, ((0, 0), 1));
}

#[tokio::test]
async fn a_view_of_several_statements_shows_one_moment_of_postgres() {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
    let url = std::env::var("TEST_DATABASE_URL").expect("set TEST_DATABASE_URL; `make test` does");
    let (outside, name) = (Connector::connect(&url).await.unwrap(), format!("test_{:016x}", rand::random::<u64>()));
    outside.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();

    let (server, _) = url.rsplit_once('/').unwrap();
    let seen = read_around_a_write(format!("{server}/{name}")).await;
    outside.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();

    assert_eq!(seen, ((0, 0), 1));
}
