//! Whoever tries too often has to wait, and nobody else has to.

use std::net::{IpAddr, Ipv4Addr};

use backend::{Backend, Config, RateLimits};
use domain::{
    Error,
    community::{LikeWish, NewPost, NewReply},
    user::{Credentials, NewAccount},
};

use crate::support::{Fixture, content, on_both_databases, refusal, value};

const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
const AWAY: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));

/// A second backend on the same database, which counts.
async fn counting(fixture: &Fixture) -> Backend {
    let config = Config { rate_limits: RateLimits::On, ..fixture.config.clone() };
    Backend::open(config).await.expect("the backend opens")
}

on_both_databases! {
    async fn the_sixth_password_within_twenty_seconds_waits_per_account_and_address(fixture) {
        let backend = counting(fixture).await;
        let guess = async |name: &str, address| {
            let credentials = Credentials { username: name.into(), password: "a-wrong-guess".into() };
            refusal(backend.log_in(credentials, address, None).await)
        };

        let mut guesses = 0;
        let refused = loop {
            match guess("ana", HOME).await {
                Error::WrongCredentials => guesses += 1,
                other => break other,
            }
        };

        assert!((5..20).contains(&guesses), "{guesses}");
        assert!(matches!(refused, Error::TooMany { retry_after_secs: 1..=5 }));
        assert!(matches!(guess(" ANA", HOME).await, Error::TooMany { .. }));
        assert_eq!(guess("ben", HOME).await, Error::WrongCredentials);
        assert_eq!(guess("ana", AWAY).await, Error::WrongCredentials);
    }

    async fn the_sixth_account_within_an_hour_waits_per_address(fixture) {
        let backend = counting(fixture).await;
        let sign_up = async |number: u8, address| {
            let (username, email) = (format!("ana{number}"), format!("ana{number}@example.org"));
            let account = NewAccount { username, email, password: "a-long-walk-home".into(), role: None };
            backend.register(account, address).await
        };
        let mistaken = NewAccount { username: "a".into(), email: "b".into(), password: "c".into(), role: None };

        for number in 0..5 {
            // What breaks a rule makes no account, and is not counted.
            assert!(backend.register(mistaken.clone(), HOME).await.is_err());
            assert!(sign_up(number, HOME).await.is_ok());
        }

        assert!(matches!(refusal(sign_up(5, HOME).await), Error::TooMany { .. }));
        assert!(sign_up(6, AWAY).await.is_ok());
    }

    async fn posts_replies_and_hearts_are_counted_per_person(fixture) {
        let (novel, other) = (fixture.novel("text").await, fixture.writer().await);
        let backend = counting(fixture).await;
        let new = NewPost { story_id: novel.story, title: "Hm".into(), content: "Hm.".into(), kind: None };
        let answer = NewReply { content: "Hm.".into(), parent_reply_id: None };
        let post = backend.add_post(&novel.author, new.clone()).await.unwrap().value().id;

        // How many go through before one is refused: a slow machine gets some of them back meanwhile.
        let mut through = [1, 0, 0];
        while backend.add_post(&novel.author, new.clone()).await.is_ok() {
            through[0] += 1;
        }
        while backend.add_reply(&novel.author, post, answer.clone()).await.is_ok() {
            through[1] += 1;
        }
        while backend.like(&novel.author, post, LikeWish { liked: None }).await.is_ok() {
            through[2] += 1;
        }

        assert!(through[0] >= 5 && through[1] >= 10 && through[2] >= 60, "{through:?}");
        let posted = refusal(backend.add_post(&novel.author, new.clone()).await);
        assert!(matches!(posted, Error::TooMany { retry_after_secs: 1..=121 }));
        assert!(backend.add_post(&other, new).await.is_ok());
        assert_eq!(value(backend.post(None, post).await.unwrap()).post.reply_count, through[1]);
    }

    async fn the_sixty_first_save_in_a_row_waits_and_changes_nothing(fixture) {
        let draft = fixture.draft("0").await;
        let backend = counting(fixture).await;
        let begun = std::time::Instant::now();

        let mut version = 1;
        let refused = loop {
            match backend.edit_scene(&draft.author, draft.scene, content(version, &version.to_string())).await {
                Ok(saved) => version = saved.value().version,
                Err(error) => break refusal::<()>(Err(error)),
            }
        };

        // A second gives one save back.
        let given_back = i64::try_from(begun.elapsed().as_secs()).unwrap();
        assert!((61..=62 + given_back).contains(&version), "{version}");
        assert!(matches!(refused, Error::TooMany { retry_after_secs: 1..=2 }));
        let stored = value(backend.scene(&draft.author, draft.scene).await.unwrap()).scene;
        assert_eq!((stored.version, stored.content), (version, (version - 1).to_string()));
    }
}
