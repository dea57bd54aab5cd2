//! A shell in which a document's commands run, one block after the other.
//!
//! `fictures`, `curl`, `redis-cli`, `psql` and the like are the real ones. What would build the project, change the machine or
//! need another one (see [`super::stand_ins`]) is replaced by a script that writes down how it was called.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    document::{Block, root},
    installation::Installation,
    stand_ins::STAND_INS,
};

/// Writes down how it was called, and gets on with nothing.
const STAND_IN: &str = r#"#!/usr/bin/env bash
{ printf '%s\x1f' "${0#"$PWD/"}" "$@"; printf '\x1e'; } >>"$CALLS"
"#;

/// The shipped program. A server is started on a free port and stopped as soon as it listens; a load test takes two seconds,
/// after which nobody can judge how fast a machine is. Everything else is as the document has it.
const FICTURES: &str = r#"#!/usr/bin/env bash
set -euo pipefail
case "${1:-serve}" in
serve)
    said=$(mktemp)
    "$FICTURES" serve --site-addr=127.0.0.1:0 >"$said" 2>&1 & server=$!
    until grep '^Fictures listens' "$said"; do
        kill -0 $server 2>/dev/null || { cat "$said" >&2; exit 1; }
    done
    kill -TERM $server
    wait $server
    ;;
load-test)
    words=()
    while [ $# -gt 0 ]; do
        case $1 in
        --duration) words+=(--duration 2) && shift ;;
        --promises-only) ;;
        *) words+=("$1") ;;
        esac
        shift
    done
    exec "$FICTURES" "${words[@]}" --promises-only
    ;;
*) exec "$FICTURES" "$@" ;;
esac
"#;

/// A line between the outputs of two blocks, which nothing else prints.
const MARKER: &str = "-- what the next block says --";

/// A shell beside an installation.
pub(super) struct Session<'a> {
    installation: &'a Installation,
    checkout: PathBuf,
    programs: PathBuf,
}

/// What came of it.
pub(super) struct Transcript {
    /// What each block printed.
    pub(super) outputs: Vec<String>,
    /// What they said on the side.
    pub(super) complaints: String,
    pub(super) succeeded: bool,
    /// How the stand-ins were called.
    pub(super) calls: Vec<Vec<String>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(installation: &'a Installation) -> Self {
        let checkout = installation.checkout();
        let programs = installation.folder.path().join("programs");
        for folder in [&programs, &checkout.join(".ci")] {
            fs::create_dir(folder).expect("a folder");
        }
        script(&programs.join("fictures"), FICTURES);
        for stand_in in STAND_INS {
            script(&programs.join(stand_in.program), STAND_IN);
        }
        for entry in fs::read_dir(root().join(".ci")).expect(".ci/").flatten() {
            script(&checkout.join(".ci").join(entry.file_name()), STAND_IN);
        }
        Session { installation, checkout, programs }
    }

    /// Runs the blocks; stops at the first command that fails.
    pub(super) async fn run(self, blocks: &[&Block]) -> Transcript {
        let lines = blocks.iter().map(|block| format!("{}\necho; echo '{MARKER}'\n", block.body));
        let calls = self.installation.folder.path().join("calls");
        let mut bash = self.bash(&self.installation.localised(&lines.collect::<String>()), &calls);
        let output = tokio::task::spawn_blocking(move || bash.output()).await.expect("it ends").expect("bash");

        let text = String::from_utf8_lossy(&output.stdout);
        Transcript {
            outputs: text.split(MARKER).map(str::to_owned).collect(),
            complaints: String::from_utf8_lossy(&output.stderr).into_owned(),
            succeeded: output.status.success(),
            calls: self.calls(&calls),
        }
    }

    fn bash(&self, commands: &str, calls: &Path) -> Command {
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail", "-c", commands])
            .current_dir(&self.checkout)
            .env_remove("RUST_LOG")
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", self.programs.display()))
            .env("FICTURES", env!("CARGO_BIN_EXE_fictures"))
            .env("CALLS", calls)
            // What `serve` was started with, as its environment file would have it.
            .env("DATABASE_URL", &self.installation.database.url)
            .env("REDIS_URL", self.installation.redis.url())
            .env("FICTURES_RATE_LIMITS", "off");
        bash
    }

    fn calls(&self, file: &Path) -> Vec<Vec<String>> {
        let written = fs::read_to_string(file).unwrap_or_default();
        let words = |call: &str| call.trim_end_matches('\x1f').split('\x1f').map(str::to_owned).collect();
        let calls = written.split('\x1e').filter(|call| !call.is_empty()).map(words);
        calls.map(|call| self.by_its_name(call)).collect()
    }

    /// The call with the program as the document names it: `make`, or `.ci/services`.
    fn by_its_name(&self, mut call: Vec<String>) -> Vec<String> {
        let program = call.first_mut().expect("a call has a first word");
        for folder in [&self.programs, &self.checkout] {
            if let Some(name) = Path::new(program.as_str()).strip_prefix(folder).ok().and_then(Path::to_str) {
                *program = name.to_owned();
            }
        }
        call
    }
}

fn script(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    fs::set_permissions(path, Permissions::from_mode(0o755)).expect("our own file");
}
