//! Lines are read as they are meant, and refused in a sentence.

use clap::{ArgAction, CommandFactory};

use super::*;

fn read_line(line: &str) -> Result<Read, ConfigError> {
    read(line.split_whitespace().map(OsString::from))
}

#[test]
fn a_value_that_cannot_work_is_refused_in_one_line() {
    let Err(error) = read_line("fictures serve --dev-tools perhaps") else { panic!("accepted") };

    assert!(error.to_string().contains("FICTURES_DEV_TOOLS"), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
}

#[test]
fn an_empty_redis_url_means_no_redis() {
    let Ok(Read::Run(cli)) = read_line("fictures --redis-url=") else { panic!("refused") };

    assert_eq!(cli.config.redis_url(), None);
}

#[test]
fn a_webhook_is_an_address_of_the_web_or_absent() {
    let webhook = |value: &str| {
        let Ok(Read::Run(cli)) = read_line(&format!("fictures --alert-webhook={value}")) else { panic!("refused") };
        cli.config.alert_webhook()
    };

    assert_eq!(webhook("").unwrap(), None);
    assert_eq!(webhook("https://example.org/hook").unwrap().unwrap().as_str(), "https://example.org/hook");
    for no_address in ["example.org", "file:///etc/passwd", "secret"] {
        let refused = webhook(no_address).unwrap_err().to_string();
        assert!(refused.contains("FICTURES_ALERT_WEBHOOK") && !refused.contains("secret"), "{refused}");
    }
}

#[test]
fn a_share_is_between_nothing_and_all() {
    for wrong in ["-0.1", "1.1", "NaN", "some"] {
        assert!(read_line(&format!("fictures --compared-share={wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn names_are_looked_up() {
    assert_eq!(address("localhost:80").map(|found| found.port()), Ok(80));
    assert!(address("nowhere").is_err());
}

/// A command and one of its options, with a value that it takes.
struct OptionUsed {
    command: String,
    flag: String,
    value: &'static str,
    is_required: bool,
    /// What the command cannot do without.
    needed: Vec<String>,
}

/// Every option of every command that takes a value.
fn options() -> Vec<OptionUsed> {
    let program = Cli::command();
    let mut found = Vec::new();
    for command in program.get_subcommands() {
        for option in command.get_opts().chain(program.get_opts()) {
            if !matches!(option.get_action(), ArgAction::Set | ArgAction::Append) {
                continue;
            }
            let flag = option.get_long().expect("every option has a long name").to_owned();
            let needed =
                command.get_arguments().filter(|other| other.is_required_set() && other.get_id() != option.get_id());
            let needed = needed.flat_map(|other| match other.get_long() {
                Some(long) => vec![format!("--{long}"), sample(long).to_owned()],
                None => vec!["file".to_owned()],
            });
            let command = command.get_name().to_owned();
            let is_required = option.is_required_set();
            found.push(OptionUsed { command, value: sample(&flag), is_required, needed: needed.collect(), flag });
        }
    }
    found
}

/// A value that an option takes, and that is not its default.
fn sample(flag: &str) -> &'static str {
    match flag {
        "users" | "duration" | "rate" | "seed" => "50",
        "write-share" | "compared-share" => "0.5",
        "time-range" => "7d",
        "role" => "developer",
        "base" | "alert-webhook" => "http://127.0.0.1:3001",
        "site-addr" => "127.0.0.1:3001",
        "dev-tools" | "secure-cookies" | "trust-proxy" => "on",
        "rate-limits" | "warming" => "off",
        "log" => "debug",
        "export" | "site-root" | "database-url" | "redis-url" | "username" | "email" | "password" => "some",
        other => panic!("say here what --{other} takes"),
    }
}

/// What is understood of a line, in all detail.
fn understood(words: &[String]) -> String {
    match read(words.iter().map(OsString::from)) {
        Ok(Read::Run(cli)) => format!("{:?} {cli:?}", passwords(&cli)),
        Ok(Read::Show(text)) => panic!("{words:?} shows {text}"),
        Err(error) => panic!("{words:?}: {error}"),
    }
}

/// What `Debug` keeps to itself.
fn passwords(cli: &Cli) -> [Option<&String>; 2] {
    match &cli.command {
        Some(Command::CreateUser(new)) => [Some(&new.password), Some(&new.email)],
        Some(Command::Check(check)) => [check.account.password.as_ref(), None],
        Some(Command::Warm(warm)) => [warm.account.password.as_ref(), None],
        Some(
            Command::Serve
            | Command::Migrate
            | Command::Seed { .. }
            | Command::SeedTestData
            | Command::LoadTest(_)
            | Command::Analyze(_)
            | Command::Backup(_)
            | Command::Restore(_),
        )
        | None => [None, None],
    }
}

#[test]
fn every_option_takes_its_value_behind_a_space_and_behind_an_equals_sign() {
    let options = options();
    assert!(options.iter().any(|option| option.command == "load-test" && option.flag == "users"));

    for OptionUsed { command, flag, value, is_required, needed } in options {
        let line = |option: &[String]| {
            let begin = ["fictures".to_owned(), command.clone()];
            [begin.as_slice(), needed.as_slice(), option].concat()
        };
        let apart = understood(&line(&[format!("--{flag}"), value.to_owned()]));
        let joined = understood(&line(&[format!("--{flag}={value}")]));

        assert_eq!(apart, joined, "{command} --{flag}");
        if is_required {
            assert!(apart.to_lowercase().contains(value), "{command} --{flag} {value} is not heeded: {apart}");
        } else {
            assert_ne!(apart, understood(&line(&[])), "{command} --{flag} {value} is not heeded");
        }
    }
}

#[test]
fn fifty_users_are_fifty_users_in_either_form() {
    for line in ["fictures load-test --users 50", "fictures load-test --users=50"] {
        let Ok(Read::Run(cli)) = read_line(line) else { panic!("{line} is refused") };
        let Some(Command::LoadTest(asked)) = cli.command else { panic!("{line} is another command") };

        assert_eq!(asked.users, 50);
    }
}

#[test]
fn every_command_and_option_says_what_it_is_for() {
    for command in Cli::command().get_subcommands() {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
        }
    }
}
