//! Does it cache, say so, and keep private what is private?

use http::{StatusCode, header};

use super::{
    rule::{Fault, Rule, Verdict, demand, has_header, has_status},
    visit::Answer,
};
use crate::client::CacheStatus;

const STORE: &str = "See that the store of the cache answers: GET /studio/api/cache/monitoring.";
const PROXY: &str = "Let the proxy leave the headers for caching as they are, and keep nothing itself.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "What nobody has asked for before is a miss",
        advice: PROXY,
        holds: |seen| did(&seen.first, CacheStatus::Miss),
    },
    Rule { name: "Asked for again, it is a hit", advice: STORE, holds: |seen| did(&seen.again, CacheStatus::Hit) },
    Rule {
        name: "Who wants it from the database is given it from there",
        advice: "Let the proxy hand on what clients say about caching.",
        holds: |seen| did(&seen.bypassed, CacheStatus::Bypass),
    },
    Rule {
        name: "The same is told in the standard form",
        advice: PROXY,
        holds: |seen| {
            let told = seen.again.as_ref()?.standard_status();
            demand(told.is_some_and(|told| told.contains("hit")), || {
                format!("the standard form says {told:?} of a hit")
            })
        },
    },
    Rule {
        name: "Answers have a strong tag",
        advice: "Let the proxy not change answers: one that does must weaken their tags.",
        holds: |seen| has_header(seen.first.as_ref()?, &header::ETAG, |tag| tag.starts_with('"')),
    },
    Rule {
        name: "What a client has is not sent again",
        advice: "Let the proxy hand If-None-Match on.",
        holds: |seen| {
            let known = seen.known.as_ref()?;
            has_status(known, StatusCode::NOT_MODIFIED)?;
            demand(known.size_bytes() == 0, || "there is a body all the same".to_owned())
        },
    },
    Rule {
        name: "Public data is asked about before each use",
        advice: PROXY,
        holds: |seen| {
            kept(&seen.first, |kept| kept.contains("public") && kept.contains("must-revalidate"))?;
            has_header(seen.first.as_ref()?, &header::VARY, |vary| vary.to_ascii_lowercase().contains("cookie"))
        },
    },
    Rule {
        name: "Pages are kept by nobody: each has its own nonce",
        advice: PROXY,
        holds: |seen| kept(&seen.page, |kept| kept.contains("no-store")),
    },
    Rule {
        name: "Pages of the studio are private",
        advice: PROXY,
        holds: |seen| kept(&seen.studio_page, |kept| kept.contains("private") && kept.contains("no-store")),
    },
    Rule {
        name: "Refusals are kept by nobody",
        advice: PROXY,
        holds: |seen| {
            [&seen.shelf, &seen.missing_route]
                .into_iter()
                .try_for_each(|answer| kept(answer, |kept| kept.contains("no-store")))
        },
    },
    Rule {
        name: "The clock never goes back",
        advice: "See that all servers share one database and one Redis.",
        holds: |seen| clocks([&seen.first, &seen.again, &seen.bypassed]),
    },
];

fn did(answer: &Answer, wanted: CacheStatus) -> Verdict {
    let answer = answer.as_ref()?;
    has_status(answer, StatusCode::OK)?;
    let found = answer.cache_status();
    demand(found == Some(wanted), || format!("the cache says {found:?}, not {wanted:?}"))
}

fn kept(answer: &Answer, is_right: impl FnOnce(&str) -> bool) -> Verdict {
    let found = answer.as_ref()?.keeping().unwrap_or_default();
    demand(is_right(found), || format!("who may keep it is told with {found:?}"))
}

/// Each of the answers is at least as new as the one before it.
fn clocks(answers: [&Answer; 3]) -> Verdict {
    let mut last = None;
    for answer in answers {
        let Some(clock) = answer.as_ref()?.clock() else {
            return Err(Fault::Found("an answer has no clock".to_owned()));
        };
        demand(last.is_none_or(|last| last <= clock), || format!("{clock} came after {last:?}"))?;
        last = Some(clock);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{CLOCK, Reply, STATUS};

    fn at(clock: &'static str) -> Answer {
        Ok(Reply::made(200, &[(CLOCK, clock)], ""))
    }

    #[test]
    fn a_clock_that_goes_back_or_changes_its_epoch_is_found() {
        let [early, late, other] = ["0000000a.5", "0000000a.9", "0000000b.9"].map(at);

        assert_eq!(clocks([&early, &late, &late]), Ok(()));
        assert!(clocks([&early, &late, &early]).is_err());
        assert!(clocks([&early, &late, &other]).is_err());
        assert!(clocks([&early, &late, &Ok(Reply::made(200, &[], ""))]).is_err());
    }

    #[test]
    fn a_miss_is_no_hit_and_an_error_neither() {
        let answer = |status, told| Ok(Reply::made(status, &[(STATUS, told)], ""));

        assert_eq!(did(&answer(200, "HIT"), CacheStatus::Hit), Ok(()));
        assert!(did(&answer(200, "MISS"), CacheStatus::Hit).is_err());
        assert!(did(&answer(503, "HIT"), CacheStatus::Hit).is_err());
        assert!(did(&Err("nobody".to_owned()), CacheStatus::Hit).is_err());
    }
}
