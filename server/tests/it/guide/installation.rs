//! An installation as the documents describe it: the shipped program, a PostgreSQL database and a Redis, with demo data.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

use tempfile::TempDir;

use super::document::root;
use crate::processes::{empty_database::EmptyDatabase, own_redis::OwnRedis, process::fictures};

/// Are the cache tools open to everyone?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DevTools {
    On,
    Off,
}

/// One server of its own, gone with the test.
pub(super) struct Installation {
    server: Child,
    /// Where it listens.
    pub(super) base: String,
    pub(super) database: EmptyDatabase,
    pub(super) redis: OwnRedis,
    pub(super) folder: TempDir,
}

impl Installation {
    /// Starts one. Nobody is slowed down: the documents do in a second what takes their readers an afternoon.
    pub(super) async fn start(dev_tools: DevTools) -> Self {
        let (database, redis) = (EmptyDatabase::new().await, OwnRedis::start());
        let folder = tempfile::tempdir().expect("a temporary folder");
        build_site(&folder.path().join("site"));
        let environment = [
            ("DATABASE_URL", database.url.clone()),
            ("REDIS_URL", redis.url()),
            ("LEPTOS_SITE_ADDR", "127.0.0.1:0".to_owned()),
            ("FICTURES_DEV_TOOLS", if dev_tools == DevTools::On { "on" } else { "off" }.to_owned()),
            ("FICTURES_RATE_LIMITS", "off".to_owned()),
            ("RUST_LOG", "warn".to_owned()),
        ];
        let seeded = fictures(folder.path()).envs(environment.clone()).arg("seed").output().expect("it runs");
        assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
        let mut server =
            fictures(folder.path()).envs(environment).arg("serve").stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(server.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("a first line");
        let base = line.trim().strip_prefix("Fictures listens on ").expect("the address").to_owned();
        Installation { server, base, database, redis, folder }
    }

    /// The words of a document, with what stands for this installation put in the place of what stands there.
    pub(super) fn localised(&self, text: &str) -> String {
        let etc = self.folder.path().join("fictures.env").display().to_string();
        text.replace("http://127.0.0.1:3000", &self.base)
            .replace("postgres://fictures:secret@127.0.0.1/fictures", &self.database.url)
            .replace("redis://127.0.0.1:6379", &self.redis.url())
            .replace("/etc/fictures.env", &etc)
    }

    /// A folder that looks like a checkout, without what could be harmed: where the documents' shell works.
    pub(super) fn checkout(&self) -> PathBuf {
        let checkout = self.folder.path().join("checkout");
        fs::create_dir(&checkout).expect("a folder");
        for name in ["deploy", "docs", "end2end"] {
            std::os::unix::fs::symlink(root().join(name), checkout.join(name)).expect("a link");
        }
        let environment = fs::read_to_string(root().join("deploy/fictures.env")).expect("deploy/fictures.env");
        write(&self.folder.path().join("fictures.env"), &self.localised(&environment));
        checkout
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The files that `.ci/build-site` makes, by their names alone: no browser is here to read them.
fn build_site(site: &Path) {
    let pkg = site.join("pkg/0123456789abcdef");
    fs::create_dir_all(&pkg).expect("a folder");
    write(&site.join("pkg/release"), "0123456789abcdef\n");
    for name in ["fictures.js", "fictures_bg.wasm", "fictures.css"] {
        write(&pkg.join(name), name);
        write(&pkg.join(format!("{name}.br")), name);
    }
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
