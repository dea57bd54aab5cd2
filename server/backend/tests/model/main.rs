//! The cache protocol, checked exhaustively: every order of steps, every crash between any two of them.
//!
//! The model is small on purpose (two servers, two writers, two readers, one view), since the races that break caches
//! need no more. Each weakening takes one step of the protocol away; that the checker then finds a counterexample
//! shows that the step is needed, and that the model would notice its absence.

#![expect(clippy::unwrap_used, reason = "in a test, a panic with its place is the best report")]
#![expect(clippy::print_stdout, reason = "how many states there are, and how a weakening fails, is for whoever asks")]

mod protocol;
mod state;
mod store;

use stateright::{Checker, HasDiscoveries, Model};

use protocol::{Fault, Levels, Protocol, Weakening};

const BOTH: [bool; 2] = [true, true];
/// The second write is about something else.
const FIRST: [bool; 2] = [true, false];

const STALE: &str = "no answer is older than what was answered before it was asked for";
const BACK: &str = "no session that sends its clock goes back";
const HIDDEN: &str = "what was shown is not hidden again while fences stand";
const LIE: &str = "an answer is as new as its clock says";

/// Two who read once, and may share a load; and one who reads twice, and must not be led back.
const STRANGERS: [u8; 2] = [1, 1];
const SESSION: [u8; 2] = [2, 0];

/// Checks every state that can be reached.
#[track_caller]
fn holds(touches: [bool; 2], kinds: &'static [Fault], levels: Levels, reads: [u8; 2]) {
    let protocol = Protocol { weakened: None, touches, kinds, faults: u8::from(!kinds.is_empty()), reads, levels };
    let checker = protocol.checker().threads(2).spawn_dfs().join();

    println!(
        "{kinds:?} {reads:?} {levels:?}: {} distinct states, {} steps",
        checker.unique_state_count(),
        checker.state_count()
    );
    assert!(checker.is_done());
    checker.assert_no_discovery(STALE);
    checker.assert_no_discovery(BACK);
    checker.assert_no_discovery(HIDDEN);
    checker.assert_no_discovery(LIE);
    // The world is not so small that nothing happens in it.
    checker.assert_any_discovery("a write is served from the cache");
    assert_eq!(checker.discovery("two readers share a load").is_some(), reads == STRANGERS);
    assert_eq!(checker.discovery("an overdue entry is shown").is_some(), kinds.contains(&Fault::Expiry));
    assert_eq!(checker.discovery("a server serves what it kept").is_some(), levels == Levels::RedisAndNear);
}

/// Looks for the shortest way to break `property`, which there must be.
#[track_caller]
fn refuted(weakened: Weakening, touches: [bool; 2], kinds: &'static [Fault], property: &'static str) {
    let is_about_near = [Weakening::NearUncompared, Weakening::NearWithoutEpoch].contains(&weakened);
    let levels = if is_about_near { Levels::RedisAndNear } else { Levels::Redis };
    let faults = u8::try_from(kinds.len()).unwrap();
    let protocol = Protocol { weakened: Some(weakened), touches, kinds, faults, reads: [2, 1], levels };
    let found = HasDiscoveries::AnyOf([property].into());
    let checker = protocol.checker().threads(2).finish_when(found).spawn_bfs().join();

    let path = checker.discovery(property).unwrap_or_else(|| panic!("{weakened:?} does no harm"));
    println!("{weakened:?}, after {} steps: {:?}", checker.state_count(), path.into_actions());
}

/// Makes each world two: one of strangers, one of a session.
macro_rules! the_protocol_holds {
    ($($name:ident: $touches:expr, $kinds:expr, $levels:expr;)*) => {
        mod strangers {
            use super::{BOTH, FIRST, Fault, Levels, STRANGERS, holds};
            $(
            #[test]
            fn $name() {
                holds($touches, &$kinds, $levels, STRANGERS);
            }
        )*}

        mod session {
            use super::{BOTH, FIRST, Fault, Levels, SESSION, holds};
            $(
            #[test]
            fn $name() {
                holds($touches, &$kinds, $levels, SESSION);
            }
        )*}
    };
}

the_protocol_holds!(
    without_faults: BOTH, [], Levels::Redis;
    when_a_server_crashes: BOTH, [Fault::Crash], Levels::Redis;
    when_a_server_does_not_reach_redis: BOTH, [Fault::Cut], Levels::Redis;
    when_a_reply_is_lost: BOTH, [Fault::LostReply], Levels::Redis;
    when_redis_is_away: BOTH, [Fault::Outage], Levels::Redis;
    when_redis_loses_its_data: BOTH, [Fault::Flush], Levels::Redis;
    when_redis_comes_back_with_an_old_copy: BOTH, [Fault::FailOver], Levels::Redis;
    when_a_fence_expires_or_a_confirmation_is_late: BOTH, [Fault::FenceExpiry, Fault::LateConfirmation], Levels::Redis;
    beside_a_write_about_something_else: FIRST, [Fault::Cut], Levels::Redis;
    when_entries_outlive_their_time: BOTH, [Fault::Expiry], Levels::Redis;
    with_a_first_level: BOTH, [], Levels::RedisAndNear;
    with_a_first_level_when_redis_comes_back_with_an_old_copy: BOTH, [Fault::FailOver], Levels::RedisAndNear;
);

#[test]
fn without_a_fence_what_was_shown_is_hidden_again() {
    refuted(Weakening::NoFence, BOTH, &[], HIDDEN);
}

#[test]
fn released_before_the_commit_the_old_answer_is_stored_again() {
    refuted(Weakening::ReleaseBeforeCommit, BOTH, &[], STALE);
}

#[test]
fn generations_read_after_the_database_make_an_old_answer_look_new() {
    refuted(Weakening::GenerationsAfterDatabase, BOTH, &[], STALE);
}

#[test]
fn without_an_epoch_an_old_copy_of_redis_serves_old_answers() {
    refuted(Weakening::NoEpoch, BOTH, &[Fault::FailOver], STALE);
}

#[test]
fn without_the_second_a_server_that_reaches_redis_serves_what_another_could_not_release() {
    refuted(Weakening::NoWait, BOTH, &[Fault::Cut], STALE);
}

#[test]
fn a_relay_that_only_looks_trusts_what_nobody_released() {
    refuted(Weakening::RelayOnlyLooks, BOTH, &[Fault::Cut], STALE);
}

#[test]
fn rows_marked_before_they_are_settled_are_lost() {
    refuted(Weakening::MarkedBeforeSettled, BOTH, &[Fault::Cut], STALE);
}

#[test]
fn a_second_that_begins_after_the_log_was_read_is_too_long() {
    refuted(Weakening::TrustFromTheEnd, BOTH, &[Fault::Cut], STALE);
}

#[test]
fn a_server_that_trusts_before_it_has_read_the_log_serves_old_answers() {
    refuted(Weakening::TrustAtStart, BOTH, &[Fault::Cut, Fault::Crash], STALE);
}

#[test]
fn flights_by_key_alone_take_readers_along_that_came_after_a_write() {
    refuted(Weakening::FlightsByKeyAlone, BOTH, &[], STALE);
}

#[test]
fn flights_without_an_epoch_take_readers_along_that_saw_an_old_copy() {
    refuted(Weakening::FlightsWithoutEpoch, BOTH, &[Fault::FailOver], STALE);
}

#[test]
fn a_server_that_ignores_the_clock_takes_a_session_back() {
    refuted(Weakening::ClockIgnored, BOTH, &[Fault::Cut], BACK);
}

#[test]
fn a_clock_from_before_the_load_does_not_know_what_was_shown() {
    refuted(Weakening::ClockFromBefore, BOTH, &[Fault::Cut], BACK);
}

#[test]
fn a_clock_that_jumps_over_open_rows_lies() {
    refuted(Weakening::ClockWithGaps, FIRST, &[Fault::Cut], LIE);
}

#[test]
fn an_overdue_entry_whose_generations_are_not_compared_is_an_old_answer() {
    refuted(Weakening::OverdueUncompared, BOTH, &[Fault::Expiry], STALE);
}

#[test]
fn a_first_level_that_does_not_ask_for_the_generations_serves_old_answers() {
    refuted(Weakening::NearUncompared, BOTH, &[], STALE);
}

#[test]
fn a_first_level_without_an_epoch_believes_an_old_copy_of_redis() {
    refuted(Weakening::NearWithoutEpoch, BOTH, &[Fault::FailOver], STALE);
}

#[test]
fn an_absence_whose_end_touches_no_tag_outlives_it() {
    refuted(Weakening::BirthUntouched, BOTH, &[], STALE);
}
