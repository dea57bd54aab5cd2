//! Does it keep its readers and writers safe?

use http::{HeaderName, StatusCode, header};

use super::{
    rule::{Fault, Rule, Verdict, demand, has_header, has_status, refuses},
    visit::Seen,
};
use crate::client::Reply;

const PROXY: &str = "Let the proxy leave this header as it is.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "Content is what its type says",
        advice: PROXY,
        holds: |seen| everywhere(seen, &header::X_CONTENT_TYPE_OPTIONS, |value| value == "nosniff"),
    },
    Rule {
        name: "No other site may frame a page",
        advice: PROXY,
        holds: |seen| everywhere(seen, &header::X_FRAME_OPTIONS, |value| value == "DENY"),
    },
    Rule {
        name: "Other sites are not told where a reader was",
        advice: PROXY,
        holds: |seen| {
            everywhere(seen, &header::REFERRER_POLICY, |value| ["same-origin", "no-referrer"].contains(&value))
        },
    },
    Rule {
        name: "Other sites share neither windows nor resources",
        advice: PROXY,
        holds: |seen| {
            let same = |value: &str| value == "same-origin";
            everywhere(seen, &HeaderName::from_static("cross-origin-opener-policy"), same)?;
            everywhere(seen, &HeaderName::from_static("cross-origin-resource-policy"), same)
        },
    },
    Rule {
        name: "Cameras, microphones and places are out of reach",
        advice: PROXY,
        holds: |seen| {
            let denies = |policy: &str| {
                ["camera", "microphone", "geolocation"].iter().all(|word| policy.contains(&format!("{word}=()")))
            };
            everywhere(seen, &HeaderName::from_static("permissions-policy"), denies)
        },
    },
    Rule {
        name: "A page runs only the scripts it came with",
        advice: PROXY,
        holds: |seen| {
            let is_strict = |policy: &str| {
                policy.contains("'nonce-") && !policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'")
            };
            has_header(seen.page.as_ref()?, &header::CONTENT_SECURITY_POLICY, is_strict)
        },
    },
    Rule {
        name: "Each page has a nonce of its own",
        advice: "Let no proxy keep pages.",
        holds: |seen| {
            let policies = [seen.page.as_ref()?, seen.page_again.as_ref()?]
                .map(|page| page.header(header::CONTENT_SECURITY_POLICY));
            demand(policies[0] != policies[1], || "two pages came with the same policy".to_owned())
        },
    },
    Rule {
        name: "Data may load nothing when it is opened as a page",
        advice: PROXY,
        holds: |seen| {
            has_header(seen.first.as_ref()?, &header::CONTENT_SECURITY_POLICY, |policy| {
                policy.contains("default-src 'none'")
            })
        },
    },
    Rule {
        name: "Browsers stay on TLS",
        advice: "Set FICTURES_SECURE_COOKIES=on where a proxy speaks TLS.",
        holds: |seen| match seen.page.as_ref()?.header(header::STRICT_TRANSPORT_SECURITY) {
            Some(value) => demand(value.contains("max-age="), || format!("the header is {value:?}")),
            None => {
                Err(Fault::NotApplicable("this server does not expect TLS (FICTURES_SECURE_COOKIES=off)".to_owned()))
            }
        },
    },
    Rule {
        name: "Another site cannot act for a reader",
        advice: "Let the proxy hand Sec-Fetch-Site, Origin and Host on.",
        holds: |seen| refuses(seen.cross_site.as_ref()?, StatusCode::FORBIDDEN),
    },
    Rule {
        name: "The cookie of a session is out of reach of scripts and other sites",
        advice: "Let the proxy leave Set-Cookie as it is; set FICTURES_SECURE_COOKIES=on where it speaks TLS.",
        holds: session_cookie,
    },
    Rule {
        name: "A wrong name and password open no session",
        advice: "See the server's log.",
        holds: |seen| {
            let answer = seen.wrong_password.as_ref()?;
            refuses(answer, StatusCode::UNAUTHORIZED)?;
            demand(answer.session().is_none(), || "a cookie is set all the same".to_owned())
        },
    },
    Rule {
        name: "The studio is closed to those who are not signed in",
        advice: "See that no proxy adds cookies of its own.",
        holds: |seen| refuses(seen.shelf.as_ref()?, StatusCode::UNAUTHORIZED),
    },
    Rule {
        name: "The tools are closed to visitors",
        advice: "Start the server with FICTURES_DEV_TOOLS=off.",
        holds: |seen| match (seen.tools.as_visitor.as_ref()?, &seen.log_in) {
            // Nobody logs in where it is not needed: a server on a developer's desk.
            (answer, None) if answer.status == StatusCode::OK => {
                Err(Fault::NotApplicable("open to everyone (FICTURES_DEV_TOOLS=on): not where readers come".to_owned()))
            }
            (answer, _) => refuses(answer, StatusCode::UNAUTHORIZED),
        },
    },
    Rule {
        name: "Errors say nothing about the inside",
        advice: "See that the proxy shows no error pages of its own.",
        holds: |seen| {
            let replies = [&seen.missing_route, &seen.malformed, &seen.too_large, &seen.too_long, &seen.missing_page];
            replies.into_iter().try_for_each(|reply| tells_nothing(reply.as_ref()?))
        },
    },
];

/// A page and data both have the header.
fn everywhere(seen: &Seen, name: &HeaderName, is_right: impl Fn(&str) -> bool) -> Verdict {
    [&seen.page, &seen.first, &seen.missing_route]
        .into_iter()
        .try_for_each(|reply| has_header(reply.as_ref()?, name, &is_right))
}

fn session_cookie(seen: &Seen) -> Verdict {
    let Some(log_in) = &seen.log_in else {
        return Err(Fault::NotApplicable("give --username and --password to have it looked at".to_owned()));
    };
    let log_in = log_in.as_ref()?;
    has_status(log_in, StatusCode::OK)?;
    let expects_tls = log_in.header(header::STRICT_TRANSPORT_SECURITY).is_some();
    has_header(log_in, &header::SET_COOKIE, |cookie| {
        let has = |word: &str| cookie.split(';').any(|part| part.trim().eq_ignore_ascii_case(word));
        has("HttpOnly") && has("SameSite=Lax") && has("Path=/") && (has("Secure") || !expects_tls)
    })
}

fn tells_nothing(reply: &Reply) -> Verdict {
    let text = reply.text();
    let telling = ["SELECT ", "panicked at", "stack backtrace", ".rs:", "/home/", "sqlx", "DbErr"];
    match telling.into_iter().find(|word| text.contains(word)) {
        Some(word) => Err(Fault::Found(format!("an error with status {} tells of {word:?}", reply.status))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_shows_sql_or_a_stack_is_found() {
        let tells = |text| tells_nothing(&Reply::made(500, &[], text));

        assert_eq!(tells(r#"{"error":"not_found","message":"There is no such page."}"#), Ok(()));
        assert!(matches!(tells("error in SELECT id FROM users"), Err(Fault::Found(_))));
        assert!(matches!(tells("thread 'main' panicked at src/main.rs:3"), Err(Fault::Found(_))));
    }
}
