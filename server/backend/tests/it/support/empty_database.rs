//! A PostgreSQL database of one test.

use sea_orm::{ConnectionTrait, Database};

/// A database of its own in the PostgreSQL of `TEST_DATABASE_URL`, for tests about servers, which claim all of it.
pub(crate) struct EmptyDatabase {
    pub(crate) url: String,
    name: String,
}

impl EmptyDatabase {
    pub(crate) async fn new() -> Self {
        let name = format!("test_{:016x}", rand::random::<u64>());
        let outside = Database::connect(postgres_url()).await.expect("PostgreSQL answers at TEST_DATABASE_URL");
        outside.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database can be made");
        let url = postgres_url();
        let (server, _) = url.rsplit_once('/').expect("the address names a database");
        EmptyDatabase { url: format!("{server}/{name}"), name }
    }
}

impl Drop for EmptyDatabase {
    fn drop(&mut self) {
        clean_up(postgres_url(), format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

pub(super) fn postgres_url() -> String {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
    std::env::var("TEST_DATABASE_URL")
        .expect("these tests need a PostgreSQL: set TEST_DATABASE_URL, or run `make test`, which starts one")
}

/// Runs SQL from a drop, which cannot wait, while the runtime of the test is about to end.
pub(super) fn clean_up(url: String, sql: String) {
    let cleaning = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            if let Ok(outside) = Database::connect(&url).await {
                let _ = outside.execute_unprepared(&sql).await;
            }
        });
    });
    let _ = cleaning.join();
}
