//! The commands beside `serve`, as processes: what they say, and what they exit with.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    time::{Duration, Instant},
};

use domain::user::Role;
use serde_json::Value;
use tempfile::TempDir;

use super::{
    empty_database::EmptyDatabase,
    own_redis::OwnRedis,
    process::{Server, fictures},
};
use crate::support::TestApp;

/// An SQLite database in a folder, and commands that are given it.
struct Place {
    folder: TempDir,
    database: String,
    redis: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("one.db").display());
        Place { folder, database, redis: String::new() }
    }

    /// On an empty PostgreSQL database, with this Redis.
    fn shared(database: &EmptyDatabase, redis: &OwnRedis) -> Self {
        Place { folder: tempfile::tempdir().unwrap(), database: database.url.clone(), redis: redis.url() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn serve(&self, name: &str) -> Server {
        Server::start(self.path(name), &self.database, &self.redis)
    }

    /// Runs `fictures` to its end.
    fn run(&self, words: &[&str]) -> Output {
        let mut command = fictures(self.folder.path());
        command.args(words).arg("--log=warn");
        command.args([format!("--database-url={}", self.database), format!("--redis-url={}", self.redis)]);
        command.output().unwrap()
    }

    /// The same, and it must end well; what it printed.
    #[track_caller]
    fn done(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same, and it must fail with a sentence that says this.
    #[track_caller]
    fn refused(&self, words: &[&str], said: &str) -> String {
        let output = self.run(words);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}: {errors}");
        assert!(errors.contains(said), "{said:?} is not in {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The analysis of so many reads, which the server writes down within seconds.
    fn analysis(&self, reads: u64) -> Output {
        let told = format!("of {reads} reads");
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let output = self.run(&["analyze", "--time-range", "1h"]);
            if String::from_utf8_lossy(&output.stdout).contains(&told) {
                return output;
            }
            assert!(Instant::now() < deadline, "{}", String::from_utf8_lossy(&output.stdout));
        }
    }

    fn add(&self, username: &str, role: Role) {
        let (email, role) = (format!("{username}@example.org"), role.to_string());
        let words = ["--username", username, "--email", &email, "--password", SECRET, "--role", &role];
        self.done(&[&["create-user"], words.as_slice()].concat());
    }
}

const SECRET: &str = "a-long-enough-secret";

/// What browsers download, as far as anyone looks.
fn build_site(root: &Path) {
    let pkg = root.join("pkg/0123456789abcdef");
    fs::create_dir_all(&pkg).unwrap();
    fs::write(root.join("pkg/release"), "0123456789abcdef\n").unwrap();
    for name in ["fictures.js", "fictures_bg.wasm", "fictures.css"] {
        fs::write(pkg.join(name), "content").unwrap();
        fs::write(pkg.join(format!("{name}.br")), "less").unwrap();
    }
}

async fn get(path: impl reqwest::IntoUrl) -> reqwest::Response {
    let client = server::outbound::client().build().unwrap();
    client.get(path).send().await.unwrap()
}

/// Lets a visitor read the list of novels so often.
async fn read(base: &str, times: usize) {
    for _ in 0..times {
        let answer = get(format!("{base}/novels/api/stories")).await;
        assert!(answer.status().is_success());
    }
}

fn exported(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[tokio::test]
async fn an_analysis_is_printed_exported_and_fails_only_when_it_is_poor() {
    let place = Place::new();
    let server = place.serve("server");
    let none = place.done(&["analyze", "--time-range", "1h"]);
    assert!(none.contains("no traffic"), "{none}");
    read(&server.base(), 30).await;
    assert_eq!(place.analysis(30).status.code(), Some(0));

    let file = place.path("analysis.json");
    let printed = place.done(&["analyze", "--time-range=1h", "--export", file.to_str().unwrap()]);

    assert!(printed.contains("hit rate  A"), "{printed}");
    let json = exported(&file);
    assert_eq!(
        (&json["condition"], &json["hitRate"]["grade"], &json["timeRange"]),
        (&"excellent".into(), &"A".into(), &"1h".into())
    );
    assert_eq!((&json["reads"], &json["top"][0]["name"]), (&30.into(), &"novels".into()));
    place.refused(
        &["analyze", "--export", file.to_str().unwrap()],
        "is there already; choose another name, or add --overwrite",
    );
    place.done(&["analyze", "--export", file.to_str().unwrap(), "--overwrite"]);
    place.refused(&["analyze", "--time-range", "2h"], "write 1h, 6h, 24h, 7d, 30d or all");
}

#[tokio::test]
async fn poor_numbers_fail_the_analysis_and_are_printed_all_the_same() {
    let place = Place::new();
    let server = place.serve("server");
    for number in 0..20 {
        let path = format!("{}/novels/api/stories?limit={}", server.base(), 21 + number);
        assert!(get(path).await.status().is_success());
    }
    assert_eq!(place.analysis(20).status.code(), Some(1));

    let printed = place.refused(&["analyze"], "the caches do poorly: hit rate 0.0 %");

    assert!(printed.contains("Cold: fewer than half were hits") && printed.contains("poor"), "{printed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_that_is_ready_passes_every_check() {
    let place = Place::new();
    place.add("dev", Role::Developer);
    build_site(&place.path("server"));
    let server = place.serve("server");
    let file = place.path("checks.json");
    let words = ["check", "--base", &server.base(), "--username", "dev", "--password", SECRET];

    let printed = place.done(&[words.as_slice(), &["--export", file.to_str().unwrap()]].concat());

    let checks = exported(&file)["checks"].as_array().unwrap().clone();
    assert!(checks.len() >= 29, "{} checks", checks.len());
    let count = |outcome: &str| checks.iter().filter(|check| check["outcome"] == outcome).count();
    assert_eq!(count("failed"), 0, "{printed}");
    assert!(count("passed") >= 45, "{printed}");
    assert!(printed.contains("ok   Asked for again, it is a hit"), "{printed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_fails_with_advice_and_what_cannot_be_seen_does_not_apply() {
    let place = Place::new();
    let server = place.serve("server");

    let printed = place.refused(&["check", &format!("--base={}", server.base())], "of the checks failed");

    assert!(printed.contains("FAIL The style is there"), "{printed}");
    assert!(printed.contains("name its directory in LEPTOS_SITE_ROOT"), "{printed}");
    assert!(printed.contains("n/a  A developer can log in"), "{printed}");
    // A server without its site lacks files, and nothing else.
    let (_, behind) = printed.split_once("Its files").unwrap();
    let of_files = behind.lines().take_while(|line| *line != "Its tools").filter(|line| line.contains("FAIL")).count();
    let of_all = printed.lines().filter(|line| line.contains("FAIL")).count();
    assert_eq!(of_files, of_all, "{printed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_open_to_everyone_is_looked_at_without_an_account() {
    let site = tempfile::tempdir().unwrap();
    build_site(site.path());
    let app = TestApp::start_with(&["--dev-tools=on", &format!("--site-root={}", site.path().display())]).await;
    let base = app.listen().await;

    let printed = tokio::task::spawn_blocking(move || Place::new().done(&["check", "--base", &base])).await.unwrap();

    assert!(printed.contains("n/a  The tools are closed to visitors"), "{printed}");
    assert!(printed.contains("ok   The numbers are told, of every layer"), "{printed}");
    assert!(printed.contains(" 0 failed"), "{printed}");
}

#[tokio::test]
async fn where_nobody_listens_there_is_nothing_to_check() {
    let place = Place::new();

    place.refused(&["check", "--base", "http://127.0.0.1:1"], "Nobody answers at http://127.0.0.1:1");
    place.refused(&["check", "--base", "ftp://127.0.0.1"], "it does not begin with http:// or https://");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_server_is_asked_to_warm_its_own_cache() {
    let place = Place::new();
    place.done(&["seed-test-data"]);
    place.add("dev", Role::Developer);
    let server = place.serve("server");
    let base = server.base();

    let said = place.done(&["warm", "--base", &base, "--username", "dev", "--password", SECRET]);

    assert!(said.contains("views were warmed in"), "{said}");
    let novel = format!("{base}/novels/api/story/{}", backend::seed::STORY_IDS[0]);
    assert_eq!(get(novel).await.headers()["x-cache-status"], "HIT");
    place.refused(&["warm", "--base", &base], "did not warm its cache (401");
    place.refused(&["warm"], "ask the server with --base URL");
}

#[tokio::test]
async fn a_server_warms_its_cache_when_it_starts() {
    let place = Place::new();
    place.done(&["seed-test-data"]);
    let _server = place.serve("server");
    let (file, deadline) = (place.path("analysis.json"), Instant::now() + Duration::from_secs(30));

    // It writes its numbers down within seconds.
    let layers = loop {
        place.done(&["analyze", "--overwrite", "--export", file.to_str().unwrap()]);
        let layers = exported(&file)["layers"].clone();
        if layers[0]["figures"]["warmed"].as_u64() > Some(5) {
            break layers;
        }
        assert!(Instant::now() < deadline, "{layers}");
    };

    assert_eq!((&layers[0]["name"], &layers[0]["figures"]["misses"]), (&"redis".into(), &0.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_servers_share_is_warmed_from_outside() {
    let (redis, database) = (OwnRedis::start(), EmptyDatabase::new().await);
    let place = Place::shared(&database, &redis);
    place.done(&["seed-test-data"]);
    redis.flush();

    place.done(&["warm"]);

    let server = place.serve("server");
    let novel = format!("{}/novels/api/story/{}", server.base(), backend::seed::STORY_IDS[0]);
    assert_eq!(get(novel).await.headers()["x-cache-status"], "HIT");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_running_server_is_restored_where_none_runs() {
    let (place, other) = (Place::new(), Place::new());
    place.done(&["seed-test-data"]);
    let server = place.serve("server");
    let file = place.path("one.backup");
    let name = file.to_str().unwrap();

    let made = place.run(&["backup", name]);
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(made.status.success() && said.contains("Backup: ") && said.contains(" rows in "), "{said}");
    place.refused(&["backup", name], "is there already");
    place.refused(&["restore", name, "--replace"], "stop it, restore, and start it again");
    drop(server);
    place.refused(&["restore", name], "is not empty");

    let restored = other.done(&["restore", name]);
    assert!(restored.contains("rows were restored"), "{restored}");
    let server = other.serve("server");
    let novel = format!("{}/novels/api/story/{}", server.base(), backend::seed::STORY_IDS[0]);
    assert!(get(novel).await.status().is_success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_server_with_redis_nothing_is_restored_either() {
    let (redis, database) = (OwnRedis::start(), EmptyDatabase::new().await);
    let place = Place::shared(&database, &redis);
    let file = place.path("one.backup");
    place.refused(&["backup", file.to_str().unwrap()], "holds nothing yet");
    place.add("dev", Role::Developer);
    let _server = place.serve("server");
    place.done(&["backup", file.to_str().unwrap()]);

    place.refused(&["restore", file.to_str().unwrap()], "A server uses the database of DATABASE_URL");
}

#[tokio::test]
async fn a_file_that_is_no_backup_is_refused_before_a_database_is_made() {
    let place = Place::new();
    fs::write(place.path("picture.png"), "not a backup").unwrap();
    let picture = place.path("picture.png");

    place.refused(&["restore", picture.to_str().unwrap()], "nothing was changed: this is no backup of Fictures");
    place.refused(&["restore", "nowhere"], "nowhere cannot be read");

    assert!(!place.path("one.db").exists());
}
