//! Who listens to one server hears what was written on the other.

use backend::{Since, Visitor};
use domain::{cache::Clock, user::Credentials};

use super::Pair;
use crate::{
    push::ear::{Ear, Heard, listen, listen_since, stranger},
    support::value,
};

impl Pair {
    /// The author, signed in on the server where they read.
    async fn visitor(&self) -> Visitor {
        let credentials = Credentials { username: "mira".into(), password: "a-long-enough-secret".into() };
        let signed_in = self.reads.log_in(credentials, stranger().address, None).await.unwrap();
        Visitor { user: Some(signed_in.user), token: Some(signed_in.token), ..stranger() }
    }
}

async fn until_told(ear: &mut Ear, clock: Clock) {
    loop {
        match ear.next().await.expect("the stream goes on") {
            Heard::Invalidate(event) if event.clock.seq() == clock.seq() => return,
            Heard::Invalidate(_) | Heard::Ping(_) | Heard::Reset(_) => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_wrote_is_told_on_the_other_and_is_there_by_then() {
    let pair = Pair::start().await;
    pair.until_served().await;
    let (mut ear, _) = listen(&pair.reads, &pair.visitor().await).await;

    for version in 1..=20 {
        let clock = pair.save(version).await;
        let told = ear.until(clock).await;

        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(value(pair.read().await).scene.version, version + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_changes_servers_goes_on_where_they_were() {
    let pair = Pair::start().await;
    pair.until_served().await;
    let visitor = pair.visitor().await;
    let (mut here, _) = listen(&pair.writes, &visitor).await;
    let first = pair.save(1).await;
    here.until(first).await;
    let second = pair.save(2).await;

    let mut there = listen_since(&pair.reads, &visitor, Since::Position(first)).await.unwrap();
    let told = there.until(second).await;

    assert_eq!(told.iter().map(|event| event.clock).collect::<Vec<_>>(), [second]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_lost_its_memory_is_told_as_a_reset_and_the_stream_goes_on() {
    let mut pair = Pair::start().await;
    pair.until_served().await;
    let (mut ear, before) = listen(&pair.reads, &pair.visitor().await).await;

    pair.redis.kill();
    pair.redis.start_again();
    let clock = loop {
        // Reads make both servers notice.
        pair.read().await;
        if let Some(Heard::Reset(clock)) = ear.next().await {
            break clock;
        }
    };
    assert_ne!(clock.epoch(), before.epoch());

    let saved = pair.save(1).await;
    until_told(&mut ear, saved).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_while_redis_slept_is_told_when_it_wakes() {
    let pair = Pair::start().await;
    pair.until_served().await;
    let (mut ear, _) = listen(&pair.reads, &pair.visitor().await).await;

    pair.redis.stop();
    let saved = pair.save(1).await;
    pair.redis.go_on();

    until_told(&mut ear, saved).await;
}
