//! A server compares what it shows with its database: where they part, somebody is told.

use std::{sync::Arc, time::Duration};

use backend::{Backend, Config, Process, time::SystemTime};
use domain::{
    cache::{AlertState, Figures, GroupBy, Severity, TimeRange},
    reading::NovelsQuery,
    studio::StoryEdit,
};

use crate::support::Fixture;

async fn server(fixture: &Fixture, compared_share: f64) -> Backend {
    let config =
        Config { process: Process::Server, time: Arc::new(SystemTime), compared_share, ..fixture.config.clone() };
    Backend::open(config).await.expect("a server on this database")
}

async fn figures(backend: &Backend) -> Figures {
    backend.save_metrics().await.expect("metrics can be written down");
    backend.metrics(TimeRange::Hour, GroupBy::CacheType).await.expect("numbers can be asked for").by_type["redis"]
}

/// The numbers, once they are such.
async fn figures_when(backend: &Backend, are_there: impl Fn(&Figures) -> bool) -> Figures {
    loop {
        let seen = figures(backend).await;
        if are_there(&seen) {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn what_is_changed_behind_its_back_is_found_and_told(fixture: &Fixture) {
    fixture.novel("text").await;
    let server = server(fixture, 1.0).await;
    server.novels(NovelsQuery::first()).await.unwrap();

    fixture.run("UPDATE stories SET title = 'Changed by hand'").await;
    let shown = server.novels(NovelsQuery::first()).await.unwrap();

    assert!(!String::from_utf8_lossy(&shown.body).contains("Changed by hand"));
    assert_eq!(figures_when(&server, |seen| seen.stale_reads > 0).await.stale_reads, 1);
    server.look_at_caches().await.unwrap();
    let seen = server.monitoring().await.unwrap();
    let alert = seen.alerts.iter().find(|alert| alert.id == "stale_read:redis").unwrap();
    assert_eq!((alert.severity, alert.state), (Severity::Critical, AlertState::Firing));
    assert!(!seen.healthy && server.prometheus().contains("operation=\"disagree\""));
}

async fn readers_and_writers_at_once_give_no_false_alarm(fixture: &Fixture) {
    let server = server(fixture, 1.0).await;
    let novel = fixture.novel("text").await;

    let (reader, writer) = (server.clone(), server.clone());
    let reading = async move {
        for _ in 0..300 {
            reader.novels(NovelsQuery::first()).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    let writing = async move {
        for version in 1..20 {
            let title = Some(format!("Title {version}"));
            let edit = StoryEdit { title, version: Some(version), ..StoryEdit::default() };
            writer.edit_story(&novel.author, novel.story, edit).await.unwrap();
        }
    };
    tokio::join!(reading, writing);
    // Whatever was compared while it was written proves nothing; this does.
    for _ in 0..2 {
        server.novels(NovelsQuery::first()).await.unwrap();
    }

    let seen = figures_when(&server, |seen| seen.checked > 0).await;
    assert_eq!(seen.stale_reads, 0, "{seen:?}");
}

mod sqlite {
    use crate::support::Fixture;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_changed_behind_its_back_is_found_and_told() {
        super::what_is_changed_behind_its_back_is_found_and_told(&Fixture::sqlite().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn readers_and_writers_at_once_give_no_false_alarm() {
        super::readers_and_writers_at_once_give_no_false_alarm(&Fixture::sqlite().await).await;
    }
}

mod postgres {
    use crate::support::Fixture;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_changed_behind_its_back_is_found_and_told() {
        super::what_is_changed_behind_its_back_is_found_and_told(&Fixture::own_postgres().await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn readers_and_writers_at_once_give_no_false_alarm() {
        super::readers_and_writers_at_once_give_no_false_alarm(&Fixture::own_postgres().await).await;
    }
}
