//! Who is asking: signing up, in and out, and how long that lasts.

use std::net::{IpAddr, Ipv4Addr};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::SaltString};
use backend::{SessionToken, SignedIn};
use chrono::TimeDelta;
use domain::{
    Error,
    error::Problem,
    user::{Credentials, NewAccount, Role},
};

use crate::support::{Fixture, on_both_databases, refusal};

const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
const PASSWORD: &str = "a-long-walk-home";

fn account(username: &str, email: &str) -> NewAccount {
    NewAccount { username: username.into(), email: email.into(), password: PASSWORD.into(), role: None }
}

fn credentials(name: &str, password: &str) -> Credentials {
    Credentials { username: name.into(), password: password.into() }
}

async fn register(fixture: &Fixture, username: &str) -> SignedIn {
    let account = account(username, &format!("{username}@example.org"));
    fixture.backend.register(account, HOME).await.expect("the name is free")
}

async fn log_in(fixture: &Fixture, name: &str) -> Result<SignedIn, backend::Error> {
    fixture.backend.log_in(credentials(name, PASSWORD), HOME, None).await
}

async fn is_signed_in(fixture: &Fixture, token: &SessionToken) -> bool {
    fixture.backend.session(token).await.expect("the session can be looked up").is_some()
}

on_both_databases! {
    async fn whoever_registers_is_signed_in_as_a_reader(fixture) {
        let SignedIn { user, token } = register(fixture, "Ana").await;

        assert_eq!((user.username.as_str(), user.role), ("Ana", Role::Reader));
        assert_eq!(fixture.backend.session(&token).await.unwrap(), Some(user));
    }

    async fn one_may_choose_to_write_and_nothing_higher(fixture) {
        for role in [Role::Moderator, Role::Developer, Role::Admin] {
            let account = NewAccount { role: Some(role), ..account("ana", "ana@example.org") };
            let refused = refusal(fixture.backend.register(account, HOME).await);
            assert_eq!(refused, Error::invalid("role", Problem::NotAllowed));
        }

        let account = NewAccount { role: Some(Role::Writer), ..account("ana", "ana@example.org") };
        assert_eq!(fixture.backend.register(account, HOME).await.unwrap().user.role, Role::Writer);
        let made = fixture.backend.create_user("dev", "dev@example.org", PASSWORD, Role::Developer).await.unwrap();
        assert_eq!(log_in(fixture, "dev").await.unwrap().user, made);
    }

    async fn unknown_people_wrong_passwords_and_the_suspended_get_one_answer(fixture) {
        register(fixture, "ana").await;
        register(fixture, "ben").await;
        fixture.run("UPDATE users SET status = 'suspended' WHERE username = 'ben'").await;

        let wrong = fixture.backend.log_in(credentials("ana", "another-walk"), HOME, None).await;

        assert_eq!(refusal(wrong), Error::WrongCredentials);
        for name in ["nobody", "nobody@example.org", "", "ben", &"x".repeat(100_000), "a\0b", "' OR 1=1 --"] {
            assert_eq!(refusal(log_in(fixture, name).await), Error::WrongCredentials, "{}", name.len());
        }
    }

    async fn a_name_or_an_address_logs_in_in_any_case(fixture) {
        register(fixture, "Ana").await;

        for name in ["Ana", "ana", " ANA ", "ana@example.org", "ANA@EXAMPLE.ORG"] {
            assert!(log_in(fixture, name).await.is_ok(), "{name}");
        }
    }

    async fn names_and_addresses_are_taken_in_any_case_and_it_says_which(fixture) {
        register(fixture, "Ana").await;
        let taken = |field: &str| Error::Taken { field: field.into() };

        let name = fixture.backend.register(account("aNA", "other@example.org"), HOME).await;
        let address = fixture.backend.register(account("other", "ANA@example.ORG"), HOME).await;
        let made = fixture.backend.create_user("ANA", "other@example.org", PASSWORD, Role::Admin).await;

        assert_eq!(refusal(name), taken("username"));
        assert_eq!(refusal(address), taken("email"));
        assert_eq!(refusal(made), taken("username"));
    }

    async fn of_those_who_register_a_name_at_once_one_gets_it(fixture) {
        let attempts = (0..8).map(|number| {
            let (backend, email) = (fixture.backend.clone(), format!("ana{number}@example.org"));
            tokio::spawn(async move { backend.register(account("ana", &email), HOME).await })
        });

        let mut winners = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            match attempt.await.unwrap() {
                Ok(_) => winners += 1,
                Err(error) => assert_eq!(refusal::<()>(Err(error)), Error::Taken { field: "username".into() }),
            }
        }
        assert_eq!(winners, 1);
        assert_eq!(fixture.look::<String>("SELECT username FROM users").await, ["ana"]);
    }

    async fn logging_in_ends_the_session_the_browser_had(fixture) {
        let first = register(fixture, "ana").await.token;
        let elsewhere = log_in(fixture, "ana").await.unwrap().token;

        let second = fixture.backend.log_in(credentials("ana", PASSWORD), HOME, Some(&first)).await.unwrap().token;

        assert!(!is_signed_in(fixture, &first).await);
        assert!(is_signed_in(fixture, &second).await);
        assert!(is_signed_in(fixture, &elsewhere).await);
    }

    async fn a_failed_log_in_leaves_the_session_alone(fixture) {
        let token = register(fixture, "ana").await.token;

        let failed = fixture.backend.log_in(credentials("ana", "another-walk"), HOME, Some(&token)).await;

        assert!(failed.is_err());
        assert!(is_signed_in(fixture, &token).await);
    }

    async fn logging_out_ends_the_session_and_can_be_repeated(fixture) {
        let token = register(fixture, "ana").await.token;

        fixture.backend.log_out(&token).await.unwrap();
        fixture.backend.log_out(&token).await.unwrap();

        assert!(!is_signed_in(fixture, &token).await);
    }

    async fn a_session_ends_after_two_weeks_without_a_visit(fixture) {
        let token = register(fixture, "ana").await.token;

        fixture.time.advance(TimeDelta::days(14) - TimeDelta::seconds(1));
        assert!(is_signed_in(fixture, &token).await);
        fixture.time.advance(TimeDelta::days(14));

        assert!(!is_signed_in(fixture, &token).await);
    }

    async fn a_session_ends_after_sixty_days_in_any_case(fixture) {
        let token = register(fixture, "ana").await.token;

        for _ in 0..5 {
            fixture.time.advance(TimeDelta::days(10));
            assert!(is_signed_in(fixture, &token).await);
        }
        fixture.time.advance(TimeDelta::days(10));

        assert!(!is_signed_in(fixture, &token).await);
    }

    async fn visits_are_noted_every_five_minutes_and_not_more_often(fixture) {
        let token = register(fixture, "ana").await.token;
        let moved = async || fixture.look::<i64>("SELECT count(*) FROM sessions WHERE last_seen_at > created_at").await;

        fixture.time.advance(TimeDelta::minutes(4));
        is_signed_in(fixture, &token).await;
        assert_eq!(moved().await, [0]);
        fixture.time.advance(TimeDelta::minutes(1));
        is_signed_in(fixture, &token).await;

        assert_eq!(moved().await, [1]);
    }

    async fn whoever_is_suspended_is_signed_out_at_once(fixture) {
        let token = register(fixture, "ana").await.token;

        fixture.run("UPDATE users SET status = 'suspended'").await;

        assert!(!is_signed_in(fixture, &token).await);
    }

    async fn neither_passwords_nor_tokens_are_stored(fixture) {
        let token = register(fixture, "ana").await.token;

        let hash = fixture.look::<String>("SELECT password_hash FROM users").await.concat();
        let session = fixture.look::<String>("SELECT token_hash FROM sessions").await.concat();

        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && !hash.contains(PASSWORD), "{hash}");
        assert_ne!(session, token.expose());
    }

    async fn an_old_hash_is_replaced_when_its_owner_logs_in(fixture) {
        register(fixture, "ana").await;
        let half = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(9_728, 1, 1, None).unwrap());
        let salt = SaltString::encode_b64(b"0123456789abcdef").unwrap();
        let weak = half.hash_password(PASSWORD.as_bytes(), &salt).unwrap();
        fixture.run(&format!("UPDATE users SET password_hash = '{weak}'")).await;

        assert!(log_in(fixture, "ana").await.is_ok());

        let hash = fixture.look::<String>("SELECT password_hash FROM users").await.concat();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(log_in(fixture, "ana").await.is_ok());
    }
}
