//! Do the tools work, and what do they say?

use http::{StatusCode, header};

use super::{
    rule::{Fault, Rule, Verdict, demand, has_fields, has_header, has_status},
    visit::{Answer, Seen},
};
use crate::client::Reply;

const LOG_IN: &str = "Give --username and --password of an account with the role developer.";
const STORE: &str = "Start the store of the cache again (REDIS_URL).";

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "A developer can log in",
        advice: LOG_IN,
        holds: |seen| match &seen.log_in {
            Some(answer) => has_status(answer.as_ref()?, StatusCode::OK),
            None => Err(Fault::NotApplicable("no --username was given".to_owned())),
        },
    },
    Rule {
        name: "The numbers are told, of every layer",
        advice: LOG_IN,
        holds: |seen| {
            let metrics = open(seen, &seen.tools.metrics)?;
            has_fields(
                metrics,
                &[
                    "timeRange",
                    "totalHits",
                    "totalMisses",
                    "hitRate",
                    "averageDuration",
                    "p95",
                    "byType",
                    "byGroup",
                    "recentMetrics",
                ],
            )?;
            let layers = metrics.json().unwrap_or_default()["byType"].as_object().map_or(0, serde_json::Map::len);
            demand(layers == 3, || format!("there are numbers of {layers} layers, not of 3"))
        },
    },
    Rule {
        name: "The state of the caches is told",
        advice: LOG_IN,
        holds: |seen| {
            has_fields(open(seen, &seen.tools.monitoring)?, &["healthy", "timestamp", "summary", "alerts", "byType"])
        },
    },
    Rule {
        name: "No alert is critical",
        advice: "Do what each alert says: GET /studio/api/cache/monitoring.",
        holds: |seen| nothing_critical(open(seen, &seen.tools.monitoring)?),
    },
    Rule {
        name: "What is stored can be looked at",
        advice: LOG_IN,
        holds: |seen| has_fields(open(seen, &seen.tools.keys)?, &["store", "keys"]),
    },
    Rule {
        name: "It can say why a key would hit or miss",
        advice: LOG_IN,
        holds: |seen| {
            let explanation = open(seen, &seen.tools.explanation)?;
            if explanation.status == StatusCode::NOT_FOUND {
                return Err(Fault::NotApplicable("this version does not explain keys".to_owned()));
            }
            has_fields(explanation, &["key", "store", "outlook", "reason", "entry", "tags"])
        },
    },
    Rule {
        name: "A scraper is given what it can read",
        advice: LOG_IN,
        holds: |seen| {
            let scraped = open(seen, &seen.tools.scraped)?;
            has_status(scraped, StatusCode::OK)?;
            has_header(scraped, &header::CONTENT_TYPE, |kind| kind.starts_with("text/plain; version=0.0.4"))?;
            let text = scraped.text();
            let names =
                ["fictures_cache_operations_total", "fictures_cache_read_duration_seconds", "fictures_event_streams"];
            let missing: Vec<_> = names.into_iter().filter(|name| !text.contains(name)).collect();
            demand(missing.is_empty(), || format!("these numbers are missing: {}", missing.join(", ")))
        },
    },
    Rule {
        name: "The store of the cache answers",
        advice: STORE,
        holds: |seen| {
            let scraped = open(seen, &seen.tools.scraped)?.text();
            let is_up = scraped.lines().any(|line| line.starts_with("fictures_cache_store_up") && line.ends_with(" 1"));
            demand(is_up, || "it does not".to_owned())
        },
    },
];

/// What a tool answers, if it may be looked at: without an account, on a server that keeps its tools to developers, it
/// cannot be.
fn open<'a>(seen: &'a Seen, answer: &'a Answer) -> Result<&'a Reply, Fault> {
    let answer = answer.as_ref()?;
    if answer.status == StatusCode::UNAUTHORIZED && seen.log_in.is_none() {
        return Err(Fault::NotApplicable(
            "give --username and --password of a developer to have it looked at".to_owned(),
        ));
    }
    Ok(answer)
}

fn nothing_critical(monitoring: &Reply) -> Verdict {
    has_status(monitoring, StatusCode::OK)?;
    let json = monitoring.json().unwrap_or_default();
    let alerts = json["alerts"].as_array().cloned().unwrap_or_default();
    let critical = alerts.iter().filter(|alert| alert["state"] == "firing" && alert["severity"] == "critical");
    let messages: Vec<_> = critical.filter_map(|alert| alert["message"].as_str()).collect();
    demand(messages.is_empty(), || messages.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monitoring(alert: &str) -> Reply {
        Reply::made(200, &[], &format!(r#"{{"healthy":true,"alerts":[{alert}]}}"#))
    }

    #[test]
    fn a_critical_alert_is_found_unless_it_is_over() {
        let alert = |state: &str, severity: &str| {
            monitoring(&format!(r#"{{"state":"{state}","severity":"{severity}","message":"The store is away."}}"#))
        };

        assert_eq!(nothing_critical(&monitoring("")), Ok(()));
        assert_eq!(nothing_critical(&alert("resolved", "critical")), Ok(()));
        assert_eq!(nothing_critical(&alert("firing", "warning")), Ok(()));
        let found = Err(Fault::Found("The store is away.".to_owned()));
        assert_eq!(nothing_critical(&alert("firing", "critical")), found);
    }
}
