//! One listener, without a log: what falls behind, and what is said when nothing happens.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use chrono::DateTime;
use domain::cache::Clock;
use serde_json::json;
use tokio::{sync::broadcast, time::Instant};

use super::{CAPACITY, Listening, Message, Shared, event::Event, resume::Missed};
use crate::{config::Config, entity::invalidation_event::Model};

fn clock(seq: u64) -> Clock {
    Clock::new(1, seq)
}

fn shared() -> Arc<Shared> {
    Shared::new(clock(0), &Config::new("sqlite://nowhere"), Some(broadcast::Sender::new(CAPACITY)))
}

fn listen(shared: &Arc<Shared>) -> Listening {
    let place = shared.places.take(None, Ipv4Addr::LOCALHOST.into()).unwrap();
    let (messages, at) = shared.enter().unwrap();
    Listening::begin(shared.clone(), place, None, messages, at, Missed::Nothing)
}

/// The row of a like at `seq`.
fn row(seq: u64) -> Model {
    Model {
        seq: seq.try_into().unwrap(),
        mutation_id: format!("{seq:032x}"),
        entity: "post".into(),
        entity_id: "p".into(),
        action: "liked".into(),
        tags: json!(["community:feed"]),
        page_types: json!(["community"]),
        origin: "request".into(),
        created_at: DateTime::UNIX_EPOCH,
        applied_at: None,
        story_id: None,
        user_id: None,
        audience: Some("public".into()),
    }
}

/// Tells of a like at `seq`.
fn tell(shared: &Shared, seq: u64) {
    shared.tell_up_to([Message::Event(Arc::new(Event::of(&row(seq), 1).unwrap()))], Some(clock(seq)));
}

#[test]
fn of_what_nobody_asked_for_it_is_told_what_made_us_do_it() {
    let told = |row: &Model| {
        let told = Event::of(row, 1).unwrap().told_to(None).unwrap();
        let data = std::str::from_utf8(&told).unwrap().lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        serde_json::from_str::<serde_json::Value>(data).unwrap()["origin"].clone()
    };
    let upkeep = Model { origin: "schedule".into(), ..row(1) };

    assert_eq!(told(&upkeep), "schedule");
    assert_eq!(told(&row(1)), serde_json::Value::Null);
}

/// The next piece: its event and its position.
async fn heard(listening: &mut Listening) -> String {
    let piece = listening.next().await.unwrap();
    let text = std::str::from_utf8(&piece).unwrap().to_owned();
    text.lines().take_while(|line| !line.starts_with("data")).collect::<Vec<_>>().join(" ")
}

#[tokio::test(start_paused = true)]
async fn whoever_falls_behind_is_reset_and_goes_on_from_there() {
    let shared = shared();
    let mut slow = listen(&shared);
    let behind = u64::try_from(CAPACITY).unwrap() + 10;

    (1..=behind).for_each(|seq| tell(&shared, seq));
    assert!(heard(&mut slow).await.starts_with("retry: "));
    assert_eq!(heard(&mut slow).await, format!("event: ping id: {}", clock(0)));
    assert_eq!(heard(&mut slow).await, format!("event: reset id: {}", clock(behind)));

    tell(&shared, behind + 1);
    assert_eq!(heard(&mut slow).await, format!("event: invalidate id: {}", clock(behind + 1)));
}

#[tokio::test(start_paused = true)]
async fn every_fifteen_seconds_it_is_said_how_far_all_was_told() {
    let shared = shared();
    let mut idle = listen(&shared);
    heard(&mut idle).await;
    heard(&mut idle).await;
    tell(&shared, 1);
    assert_eq!(heard(&mut idle).await, format!("event: invalidate id: {}", clock(1)));

    let began = Instant::now();
    for nth in 1..=3 {
        assert_eq!(heard(&mut idle).await, format!("event: ping id: {}", clock(1)));
        assert_eq!(began.elapsed().as_secs(), Duration::from_secs(15 * nth).as_secs());
    }
}

#[tokio::test(start_paused = true)]
async fn each_event_is_encoded_once_for_all_who_listen() {
    let shared = shared();
    let mut ears = [listen(&shared), listen(&shared)];
    tell(&shared, 1);

    let mut places = Vec::new();
    for ear in &mut ears {
        heard(ear).await;
        heard(ear).await;
        places.push(ear.next().await.unwrap().as_ptr());
    }

    assert_eq!(places[0], places[1]);
}
