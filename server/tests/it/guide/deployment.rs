//! What is in `deploy/`: as far as it can be tried without an engine for containers and without systemd running.

use std::{fs, path::Path, process::Command};

use server::config;

use super::{document::root, tables::variables};

/// How exposed a unit may be, in tenths, as `systemd-analyze security` counts: 20 is "OK".
const EXPOSURE: &str = "20";

fn deployed(name: &str) -> String {
    fs::read_to_string(root().join("deploy").join(name)).unwrap_or_else(|error| panic!("deploy/{name}: {error}"))
}

/// The words behind `word` at the beginnings of lines, with lines that go on joined.
fn lines<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    text.lines().filter_map(|line| line.strip_prefix(word)?.strip_prefix([' ', '='])).collect()
}

/// The names of the units for systemd, with this ending.
fn units(ending: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join("deploy")).expect("deploy/").flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| name.ends_with(ending)).collect()
}

fn analyze(words: &[&str], unit: &Path) {
    let output = Command::new("systemd-analyze").args(words).arg(unit).output().expect("Debian's systemd");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{words:?} {}: {}", unit.display(), String::from_utf8_lossy(&said));
}

#[test]
fn the_units_are_accepted_by_systemd_and_called_safe() {
    let folder = tempfile::tempdir().unwrap();
    let names = [units(".service"), units(".timer")].concat();
    assert!(!names.is_empty());
    for name in &names {
        // The program is where it was built, not where it will be.
        let text = deployed(name).replace("/usr/local/bin/fictures", env!("CARGO_BIN_EXE_fictures"));
        fs::write(folder.path().join(name), text).unwrap();
    }

    for name in &names {
        analyze(&["verify"], &folder.path().join(name));
    }
    for name in units(".service") {
        analyze(&["security", "--offline=true", "--threshold", EXPOSURE], &folder.path().join(name));
    }
}

#[test]
fn the_units_run_commands_that_the_program_knows() {
    for name in units(".service") {
        let text = deployed(&name);
        let [command] = lines(&text, "ExecStart")[..] else { panic!("{name} runs one command") };
        let words: Vec<_> = command.split(' ').map(str::to_owned).collect();

        assert_eq!(words[0], "/usr/local/bin/fictures", "{name}");
        let read = config::read(words.into_iter().map(Into::into));
        assert!(matches!(read, Ok(config::Read::Run(_))), "{name}: {command}");
    }
}

#[test]
fn the_unit_waits_longer_than_the_program_takes_leave() {
    let secs = |text: &str, before: &str| -> u64 {
        let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("{before} is gone"));
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    };
    let serve = fs::read_to_string(root().join("server/src/serve.rs")).unwrap();

    let farewell = secs(&serve, "FAREWELL: Duration = Duration::from_secs(");

    assert!(secs(&deployed("fictures.service"), "TimeoutStopSec=") > farewell);
}

#[test]
fn what_is_deployed_sets_only_variables_that_the_program_reads() {
    let known = variables();
    let (environment, containerfile) = (deployed("fictures.env"), deployed("Containerfile"));
    let set = environment.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let names: Vec<_> =
        set.chain(lines(&containerfile, "ENV")).filter_map(|line| Some(line.split_once('=')?.0)).collect();

    assert!(names.len() > 5, "{names:?}");
    for name in names {
        assert!(known.iter().any(|known| known == name), "nobody reads {name}");
    }
}

#[test]
fn the_container_is_built_of_what_there_is() {
    let text = deployed("Containerfile");
    let stages: Vec<_> = lines(&text, "FROM").iter().filter_map(|from| Some(from.split_once(" AS ")?.1)).collect();
    let ignored = fs::read_to_string(root().join(".dockerignore")).unwrap();

    for copied in lines(&text, "COPY") {
        let mut words: Vec<_> = copied.split(' ').collect();
        words.pop();
        if let Some(stage) = words[0].strip_prefix("--from=") {
            assert!(stages.contains(&stage), "{copied}");
            continue;
        }
        for source in words {
            assert!(root().join(source).exists(), "{source} is not there");
            assert!(!ignored.lines().any(|line| line == source), "{source} is left out by .dockerignore");
        }
    }
}

/// The steps of `make run`, which the tests take too, and no others.
#[test]
fn the_container_is_built_as_everything_is() {
    let text = deployed("Containerfile");
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let recipe = makefile.split("\nrun:").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("`make run`");
    let steps: Vec<_> = recipe.lines().filter_map(|line| line.trim().strip_prefix('@')).collect();

    let build = text.split(" AS build\n").nth(1).and_then(|rest| rest.split("\nFROM").next()).expect("a build");
    let runs: Vec<_> = lines(build, "RUN")
        .into_iter()
        .filter(|run| run.starts_with(".ci/") || run.starts_with("cargo"))
        .map(|run| run.replace(" --release --locked", ""))
        .collect();

    assert_eq!(
        steps.split_last().map(|(last, others)| (*last, others.to_vec())).unwrap(),
        ("exec .ci/serve", runs.iter().map(String::as_str).collect())
    );
}

#[test]
fn the_container_runs_as_nobody_in_particular_and_keeps_its_data() {
    let text = deployed("Containerfile");
    let last = text.rsplit("\nFROM").next().unwrap();
    let user: u32 = lines(last, "USER")[0].parse().expect("a number, which an orchestrator can check");

    assert!(user > 0);
    assert!(last.contains(&format!("useradd --system --uid {user} ")));
    assert_eq!(lines(last, "VOLUME"), lines(last, "WORKDIR"));
    assert!(lines(last, "ENV").iter().any(|line| line.starts_with("DATABASE_URL=sqlite:///data/")));
    assert!(lines(last, "HEALTHCHECK")[0].contains("/healthz"));
}

#[test]
fn the_container_has_the_toolchain_of_the_project() {
    let toolchain = fs::read_to_string(root().join("rust-toolchain.toml")).unwrap();
    let version = toolchain.split("channel = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let image = deployed("Containerfile")
        .lines()
        .find_map(|line| Some(line.strip_prefix("FROM docker.io/library/rust:")?.split('-').next()?.to_owned()));

    assert!(version.starts_with(&image.expect("an image of Rust")), "{version}");
}
