//! What the documents name and no test runs, with the reason, and how it is judged instead.

use std::{fs, process::Command};

use clap::CommandFactory;
use server::config::{self, Cli};

use super::document::root;
use crate::tidy::sources;

/// Says what is wrong with the words of a call, if anything.
type Judge = fn(&[String]) -> Result<(), String>;

/// A program that is not run.
pub(super) struct StandIn {
    pub(super) program: &'static str,
    /// Why not, for whoever reviews this list.
    #[expect(dead_code, reason = "it is written for people")]
    why: &'static str,
    judge: Judge,
}

const fn stand_in(program: &'static str, why: &'static str, judge: Judge) -> StandIn {
    StandIn { program, why, judge }
}

/// All of them; scripts in `.ci/` are judged by [`ci`].
pub(super) const STAND_INS: [StandIn; 7] = [
    stand_in("make", "builds the project, or runs its tests within a test: its recipe is expanded instead", make),
    stand_in("cargo", "compiles for minutes: packages, targets and filters are looked for in the sources", cargo),
    stand_in("npx", "needs the built site and a browser: the browser tests it names are looked for", npx),
    stand_in("sudo", "changes the machine: the program behind it is asked whether it knows its options", sudo),
    stand_in("systemctl", "no systemd runs here: it is asked for its options, the unit has a test of its own", known),
    stand_in("journalctl", "no journal is kept here: it is asked for its options", known),
    stand_in("podman", "no engine for containers is here: files, volumes, ports and variables are compared", podman),
];

/// Can this be judged without being run?
pub(super) fn is_judged(words: &[String]) -> bool {
    let words = without_variables(words);
    let Some(program) = words.first() else { return false };
    // `fictures` alone is the name of the program, `make` and `cargo` words of their own.
    words.len() > 1 && (program == "fictures" || judge_of(program).is_some())
}

/// Is this a call that would work?
pub(super) fn check(words: &[String]) -> Result<(), String> {
    let words = without_variables(words);
    let Some((program, rest)) = words.split_first() else { return Err("an empty call".to_owned()) };
    if program == "fictures" {
        return fictures(words);
    }
    let Some(judge) = judge_of(program) else { return Err("nobody judges this program".to_owned()) };
    if program.starts_with(".ci/") { ci(words) } else { judge(rest) }
}

/// The words behind `NAME=value …`, which are judged by another test.
fn without_variables(words: &[String]) -> &[String] {
    let is_variable = |word: &String| {
        word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c == '_' || c.is_ascii_uppercase()))
    };
    let first = words.iter().position(|word| !is_variable(word)).unwrap_or(words.len());
    &words[first..]
}

fn judge_of(program: &str) -> Option<Judge> {
    if program.starts_with(".ci/") {
        return Some(ci);
    }
    STAND_INS.iter().find(|stand_in| stand_in.program == program).map(|stand_in| stand_in.judge)
}

/// The options of the program, read by the program.
fn fictures(words: &[String]) -> Result<(), String> {
    // A command that is only named needs not be whole.
    if let [_, name] = words
        && Cli::command().find_subcommand(name).is_some()
    {
        return Ok(());
    }
    config::read(words.iter().map(Into::into)).map(drop).map_err(|error| error.to_string())
}

fn make(words: &[String]) -> Result<(), String> {
    let mut make = Command::new("make");
    ended_well(make.arg("--dry-run").arg("--directory").arg(root()).args(words))
}

/// A script of ours, and what it would run.
fn ci(words: &[String]) -> Result<(), String> {
    let text = fs::read_to_string(root().join(&words[0])).map_err(|error| error.to_string())?;
    match (words[0].as_str(), words.get(1).map(String::as_str)) {
        (".ci/services", Some("with")) => check(&words[2..]),
        (_, Some(word)) if word.chars().all(char::is_alphabetic) && !text.contains(word) => {
            Err(format!("the script does not know '{word}'"))
        }
        _ => Ok(()),
    }
}

fn cargo(words: &[String]) -> Result<(), String> {
    let known = ["nextest", "run", "test", "bench", "build", "clippy", "fmt", "install"];
    let mut words = words.iter().map(String::as_str).take_while(|word| *word != "--").peekable();
    while words.next_if(|word| known.contains(word)).is_some() {}
    while let Some(word) = words.next() {
        match word {
            "-p" | "--package" => package(words.next().unwrap_or_default())?,
            "--test" | "--bench" => target(words.next().unwrap_or_default())?,
            "--exclude" | "--profile" | "--target-dir" | "--target" => drop(words.next()),
            option if option.starts_with("--") => {}
            filter => some_test(filter)?,
        }
    }
    Ok(())
}

fn package(name: &str) -> Result<(), String> {
    let manifests = sources(&["app", "server", "frontend"], "toml");
    let is_there = manifests.iter().any(|manifest| manifest.text.contains(&format!("\nname = \"{name}\"\n")));
    is_there.then_some(()).ok_or_else(|| format!("there is no package {name}"))
}

fn target(name: &str) -> Result<(), String> {
    let endings = ["tests/{}.rs", "tests/{}/main.rs", "benches/{}.rs"].map(|ending| ending.replace("{}", name));
    let is_there =
        sources(&["app", "server"], "rs").iter().any(|source| endings.iter().any(|e| source.path.ends_with(e)));
    is_there.then_some(()).ok_or_else(|| format!("there is no test or bench {name}"))
}

/// A filter is a part of the name of a test: of its function, or of the modules it is in.
fn some_test(filter: &str) -> Result<(), String> {
    let as_path = filter.replace("::", "/");
    let has = |text: &str| text.contains(&format!("fn {filter}"));
    let is_there =
        sources(&["app", "server"], "rs").iter().any(|source| source.path.contains(&as_path) || has(&source.text));
    is_there.then_some(()).ok_or_else(|| format!("no test is called {filter}"))
}

/// `playwright test NAME…`
fn npx(words: &[String]) -> Result<(), String> {
    let names = words.strip_prefix(&["playwright".to_owned(), "test".to_owned()]);
    let names = names.ok_or("only `npx playwright test` is known")?;
    let specs = sources(&["end2end/tests"], "ts");
    let stores = ["in-process", "redis"];
    for name in names.iter().filter(|name| !name.starts_with("--") && !stores.contains(&name.as_str())) {
        let is_there = specs.iter().any(|spec| spec.path.contains(name.trim_start_matches("tests/")));
        is_there.then_some(()).ok_or_else(|| format!("no browser test is called {name}"))?;
    }
    Ok(())
}

/// `[-u USER] PROGRAM OPTION…`
fn sudo(words: &[String]) -> Result<(), String> {
    match words {
        [flag, _, rest @ ..] if flag == "-u" => known_program(rest),
        rest => known_program(rest),
    }
}

fn known_program(words: &[String]) -> Result<(), String> {
    let (program, rest) = words.split_first().ok_or("nothing to run")?;
    if judge_of(program).is_some() {
        return check(words);
    }
    sources_are_there(rest)?;
    knows(program, rest)
}

/// Options that `systemctl` and `journalctl` know, of a unit in `deploy/` or of a proxy.
fn known(words: &[String]) -> Result<(), String> {
    let deploy = root().join("deploy");
    let is_ours = words.iter().any(|word| {
        let is_unit = deploy.join(word).exists() || deploy.join(format!("{word}.service")).exists();
        is_unit || ["daemon-reload", "nginx", "caddy"].contains(&word.as_str())
    });
    if !is_ours {
        return Err("this is about no unit of ours".to_owned());
    }
    let program = if words.iter().any(|word| word == "-u" || word == "--unit") { "journalctl" } else { "systemctl" };
    knows(program, words)
}

/// Does the program's help have these options?
fn knows(program: &str, words: &[String]) -> Result<(), String> {
    let flag = if program == "nginx" { "-h" } else { "--help" };
    let said = Command::new(program).arg(flag).output().map_err(|error| format!("{program}: {error}"))?;
    let said = [said.stdout, said.stderr].concat();
    let help = String::from_utf8_lossy(&said);
    let options = words.iter().filter(|word| word.starts_with('-')).filter_map(|word| word.split('=').next());
    match options.into_iter().find(|option| !help.contains(option)) {
        Some(option) => Err(format!("{program} does not know {option}")),
        None => Ok(()),
    }
}

/// Files of the project that are named exist.
fn sources_are_there(words: &[String]) -> Result<(), String> {
    let ours = words.iter().filter(|word| word.starts_with("deploy/") || word.starts_with("docs/"));
    match ours.into_iter().find(|word| !root().join(word).exists()) {
        Some(word) => Err(format!("{word} is not there")),
        None => Ok(()),
    }
}

/// `podman build --file F`, `podman run --volume V:PATH --publish A:PORT --env NAME=…`: as the Containerfile has them.
fn podman(words: &[String]) -> Result<(), String> {
    sources_are_there(words)?;
    let containerfile = fs::read_to_string(root().join("deploy/Containerfile")).map_err(|error| error.to_string())?;
    for pair in words.windows(2) {
        let (option, value) = (pair[0].as_str(), pair[1].rsplit(':').next().unwrap_or_default());
        let wanted = match option {
            "--volume" => format!("VOLUME {value}"),
            "--publish" => format!("EXPOSE {value}"),
            _ => continue,
        };
        if !containerfile.lines().any(|line| line == wanted) {
            return Err(format!("the Containerfile does not say {wanted}"));
        }
    }
    Ok(())
}

fn ended_well(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[test]
fn a_call_that_would_fail_is_found_out() {
    let wrong = [
        "make everything",
        "cargo nextest run -p backend no_such_test_at_all",
        "cargo bench -p nothing",
        "cargo bench -p backend --bench nothing",
        ".ci/services with cargo bench -p nothing",
        ".ci/services restart",
        ".ci/nothing",
        "npx playwright test nothing",
        "sudo install deploy/nothing /etc",
        "sudo -u postgres createdb --no-such-option",
        "systemctl restart nothing",
        "podman run --publish 80:81 fictures",
        "fictures load-test --userz 5",
        "wget",
    ];
    for line in wrong {
        let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
        assert!(check(&words).is_err(), "{line}");
    }
}
