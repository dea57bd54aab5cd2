//! Numbers about the caches, through the API.

use domain::user::Role;
use serde_json::{Value, json};

use crate::{
    processes::{EmptyDatabase, OwnRedis},
    support::{Person, TestApp},
};

const METRICS: &str = "/studio/api/cache/metrics";

async fn figures(person: &Person, query: &str) -> Value {
    person.get(&format!("{METRICS}{query}")).await.assert_status(200).assert_cache_control("private, no-store").json()
}

/// The value of one line of what a scraper gets.
fn scraped(text: &str, line: &str) -> f64 {
    let found = text.lines().find_map(|each| each.strip_prefix(line)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("{line} is not in\n{text}")).parse().expect("a number")
}

#[tokio::test]
async fn a_known_load_gives_exactly_these_numbers_everywhere() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    let visitor = app.visitor();

    for _ in 0..10 {
        visitor.get("/novels/api/stories").await.assert_status(200);
    }
    visitor.get("/community/api/stories").await.assert_status(200);

    let seen = figures(&visitor, "?timeRange=1h").await;
    assert_eq!((&seen["totalHits"], &seen["totalMisses"]), (&json!(9), &json!(2)));
    assert_eq!(seen["hitRate"], json!(9.0 / 11.0));
    assert_eq!(seen["store"], "in-process");
    let server = &seen["byType"]["redis"];
    assert_eq!((&server["hits"], &server["misses"], &server["sets"]), (&json!(9), &json!(2), &json!(2)));
    assert_eq!(seen["byType"]["memory"]["hits"], 0);
    assert_eq!(seen["byType"]["localStorage"]["hits"], 0);
    assert_eq!((&seen["byGroup"]["novels"]["hits"], &seen["byGroup"]["forums"]["misses"]), (&json!(9), &json!(1)));
    // A miss is over when its reader is answered, and by then it is stored.
    assert_eq!(seen["recentMetrics"][0]["operation"], "miss");
    assert_eq!(seen["recentMetrics"][1]["operation"], "set");
    assert_eq!(seen["recentMetrics"][0]["key"], "community:stories:all");

    let text = visitor
        .get("/metrics")
        .await
        .assert_status(200)
        .assert_header("content-type", "text/plain; version=0.0.4; charset=utf-8")
        .text();
    let operations = |operation: &str| {
        format!("fictures_cache_operations_total{{layer=\"redis\",operation=\"{operation}\",group=\"novels\"}}")
    };
    assert!((scraped(&text, &operations("hit")) - 9.0).abs() < f64::EPSILON);
    assert!((scraped(&text, &operations("miss")) - 1.0).abs() < f64::EPSILON);
    let read = "fictures_cache_read_duration_seconds_count{layer=\"redis\",operation=\"hit\"}";
    assert!((scraped(&text, read) - 9.0).abs() < f64::EPSILON);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_servers_add_up_to_exactly_what_was_asked_of_them() {
    let (redis, database) = (OwnRedis::start(), EmptyDatabase::new().await);
    let place = [format!("--database-url={}", database.url), format!("--redis-url={}", redis.url())];
    let flags = [place[0].as_str(), place[1].as_str(), "--dev-tools=on"];
    let servers =
        [TestApp::start_with(&flags).await, TestApp::start_with(&flags).await, TestApp::start_with(&flags).await];

    let mut seen = std::collections::BTreeMap::<String, u64>::new();
    for (server, times) in servers.iter().zip([4, 9, 2]) {
        for _ in 0..times {
            let answer = server.visitor().get("/novels/api/stories").await.assert_status(200);
            *seen.entry(answer.header("x-cache-status").expect("a word").to_lowercase()).or_default() += 1;
        }
    }

    let seen = |word: &str| seen.get(word).copied().unwrap_or(0);
    assert_eq!(seen("hit") + seen("miss") + seen("bypass"), 15);
    for server in &servers {
        server.backend.save_metrics().await.unwrap();
    }
    for server in &servers {
        let told = figures(&server.visitor(), "?timeRange=1h&groupBy=operation").await;
        assert_eq!((&told["totalHits"], &told["totalMisses"]), (&json!(seen("hit")), &json!(seen("miss"))));
        assert_eq!(told["byGroup"]["novels"]["bypasses"], seen("bypass"));
        assert_eq!(told["grouped"]["hit"]["hits"], seen("hit"));
    }
    let mut texts = Vec::new();
    for server in &servers {
        texts.push(server.visitor().get("/metrics").await.text());
    }
    for (word, expected) in [("hit", seen("hit")), ("miss", seen("miss"))] {
        let line = format!("fictures_cache_operations_total{{layer=\"redis\",operation=\"{word}\",group=\"novels\"}} ");
        let counts = texts.iter().flat_map(|text| text.lines()).filter_map(|each| each.strip_prefix(&line));
        assert_eq!(counts.map(|count| count.parse::<u64>().expect("a number")).sum::<u64>(), expected, "{word}");
    }
}

#[tokio::test]
async fn numbers_are_grouped_as_asked_and_every_range_is_there() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    let visitor = app.visitor();
    visitor.get("/novels/api/stories").await;
    visitor.get("/novels/api/stories").await;

    for range in ["1h", "6h", "24h", "7d", "30d", "all"] {
        let seen = figures(&visitor, &format!("?timeRange={range}&groupBy=operation")).await;
        assert_eq!((&seen["timeRange"], &seen["groupBy"]), (&json!(range), &json!("operation")));
        assert_eq!((&seen["grouped"]["hit"]["hits"], &seen["grouped"]["miss"]["misses"]), (&json!(1), &json!(1)));
    }
    for by in ["hour", "day"] {
        let seen = figures(&visitor, &format!("?groupBy={by}")).await;
        let grouped = seen["grouped"].as_object().unwrap();
        let hits: u64 = grouped.values().map(|group| group["hits"].as_u64().unwrap()).sum();
        assert_eq!(hits, 1, "{seen}");
        assert!(grouped.keys().all(|key| key.ends_with(":00:00Z")), "{seen}");
    }
    let usual = figures(&visitor, "").await;
    assert_eq!((&usual["timeRange"], &usual["groupBy"]), (&json!("24h"), &json!("cacheType")));
    visitor.get(&format!("{METRICS}?timeRange=2h")).await.assert_refused(400, "malformed", Some("timeRange"));
    visitor.get(&format!("{METRICS}?groupBy=colour")).await.assert_refused(400, "malformed", Some("groupBy"));
}

#[tokio::test]
async fn over_time_the_steps_add_up_to_the_whole() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    let visitor = app.visitor();
    for _ in 0..4 {
        visitor.get("/novels/api/stories").await;
    }

    for (range, step_secs) in [("1h", 60), ("6h", 360), ("24h", 1_800), ("7d", 10_800), ("30d", 43_200)] {
        let seen = figures(&visitor, &format!("?timeRange={range}")).await;
        let steps = seen["series"].as_array().unwrap();
        let sum = |figure: &str| steps.iter().map(|step| step["all"][figure].as_u64().unwrap()).sum::<u64>();

        assert_eq!(seen["stepSecs"], step_secs);
        assert_eq!((sum("hits"), sum("misses"), sum("operations")), (3, 1, 5), "{seen}");
        for step in steps {
            assert_eq!(step["byType"]["redis"], step["all"]);
            assert_eq!(step["byType"].get("memory"), None);
        }
    }
}

#[tokio::test]
async fn numbers_can_be_taken_along_as_a_table() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    let visitor = app.visitor();
    visitor.get("/novels/api/stories").await;
    visitor.get("/novels/api/stories").await;

    let table = visitor
        .get(&format!("{METRICS}/csv?timeRange=6h&groupBy=operation"))
        .await
        .assert_status(200)
        .assert_cache_control("private, no-store")
        .assert_header("content-type", "text/csv; charset=utf-8; header=present")
        .assert_header("content-disposition", "attachment; filename=\"cache-metrics-6h.csv\"")
        .text();

    let cells = |line: &str| line.split(',').take(5).map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<_> = table.trim_end().split("\r\n").map(cells).collect();
    assert_eq!(rows[0], ["section", "name", "layer", "hits", "misses"]);
    assert!(rows.contains(&["layer", "redis", "redis", "1", "1"].map(str::to_owned).to_vec()), "{table}");
    assert!(rows.contains(&["grouped", "hit", "all", "1", "0"].map(str::to_owned).to_vec()), "{table}");
    assert!(rows.contains(&["view", "novels", "all", "1", "1"].map(str::to_owned).to_vec()), "{table}");
}

#[tokio::test]
async fn what_a_browser_counted_is_added_to_its_layers() {
    let app = TestApp::start().await;
    let developer = app.sign_in_as("dev", Role::Developer).await;
    let batch = json!({ "metrics": [
        { "layer": "memory", "operation": "hit", "group": "reading", "durations": [[100, 3], [2_000, 1]] },
        { "layer": "localStorage", "operation": "miss", "group": "reading", "durations": [[500, 2]] },
    ] });

    app.visitor().post(METRICS, batch.clone()).await.assert_status(202);
    app.visitor().post(METRICS, batch).await.assert_status(202);

    let seen = figures(&developer, "").await;
    assert_eq!(seen["byType"]["memory"]["hits"], 8);
    assert_eq!(seen["byType"]["localStorage"]["misses"], 4);
    assert_eq!(seen["byType"]["memory"]["averageDuration"], json!((3.0 * 100.0 + 2_000.0) / 4.0 / 1_000.0));
}

#[tokio::test]
async fn what_no_browser_can_have_counted_is_refused() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let row = |layer: &str, group: &str, durations: Value| json!({ "metrics": [{ "layer": layer, "operation": "hit", "group": group, "durations": durations }] });

    for (batch, field) in [
        (row("redis", "novels", json!([[1, 1]])), "layer"),
        (
            json!({ "metrics": [{ "layer": "memory", "operation": "warm", "group": "novels", "durations": [[1, 1]] }] }),
            "operation",
        ),
        (row("memory", "everything", json!([[1, 1]])), "group"),
        (row("memory", "novels", json!([[60_000_001, 1]])), "durations"),
        (row("memory", "novels", json!([[1, 100_001]])), "durations"),
        (row("memory", "novels", json!(vec![[1, 1]; 65])), "durations"),
        (json!({ "metrics": vec![row("memory", "novels", json!([]))["metrics"][0].clone(); 201] }), "metrics"),
    ] {
        visitor.post(METRICS, batch).await.assert_refused(422, "invalid", Some(field));
    }
}

#[tokio::test]
async fn a_browser_that_sends_too_often_is_told_to_wait() {
    let app = TestApp::start_with(&["--rate-limits=on"]).await;
    let batch = json!({ "metrics": [] });

    for _ in 0..60 {
        app.visitor().post(METRICS, batch.clone()).await.assert_status(202);
    }
    let refused = app.visitor().post(METRICS, batch).await.assert_refused(429, "too_many_requests", None);
    assert!(refused.header("retry-after").is_some());
}

#[tokio::test]
async fn cleared_it_begins_anew_and_a_scrapers_counters_go_on() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    let visitor = app.visitor();
    visitor.get("/novels/api/stories").await;
    assert_eq!(figures(&visitor, "").await["totalMisses"], 1);

    assert_eq!(visitor.delete(METRICS).await.assert_status(200).json()["success"], true);

    let seen = figures(&visitor, "?timeRange=all").await;
    assert_eq!((&seen["totalHits"], &seen["totalMisses"]), (&json!(0), &json!(0)));
    assert_eq!(seen["recentMetrics"], json!([]));
    let text = visitor.get("/metrics").await.text();
    let line = "fictures_cache_operations_total{layer=\"redis\",operation=\"miss\",group=\"novels\"}";
    assert!((scraped(&text, line) - 1.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn numbers_are_for_developers_and_counting_is_for_everyone() {
    let app = TestApp::start().await;
    let moderator = app.sign_in_as("moe", Role::Moderator).await;

    for path in [METRICS, "/metrics"] {
        app.visitor().get(path).await.assert_refused(401, "unauthorized", None);
        moderator.get(path).await.assert_refused(403, "forbidden", None);
    }
    app.visitor().delete(METRICS).await.assert_refused(401, "unauthorized", None);
}

#[tokio::test]
async fn the_dashboard_for_grafana_asks_only_for_what_is_exposed() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    app.visitor().get("/novels/api/stories").await;
    let text = app.visitor().get("/metrics").await.text();
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/grafana-dashboard.json");
    let dashboard: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();

    let targets = dashboard["panels"].as_array().unwrap().iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let asked: Vec<&str> = targets.map(|target| target["expr"].as_str().unwrap()).collect();
    let is_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names =
        asked.iter().flat_map(|expr| expr.split(|c| !is_of_a_name(c))).filter(|word| word.starts_with("fictures_"));
    let names: std::collections::BTreeSet<&str> = names.collect();

    assert!(names.len() >= 4, "{names:?}");
    for name in names {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name} is not in\n{text}");
    }
}

#[tokio::test]
async fn an_alert_is_told_with_advice_and_can_be_acknowledged() {
    let app = TestApp::start_with(&["--dev-tools=on"]).await;
    let visitor = app.visitor();
    for _ in 0..120 {
        visitor.get("/novels/api/stories").await;
        app.backend.cache().clear().await;
    }
    app.backend.look_at_caches().await.unwrap();
    const MONITORING: &str = "/studio/api/cache/monitoring";
    let wish = |action: &str, id: &str| json!({ "action": action, "alertId": id });

    let seen = visitor.get(MONITORING).await.assert_status(200).json();
    assert_eq!(seen["healthy"], true);
    let alert = seen["alerts"].as_array().unwrap().iter().find(|alert| alert["id"] == "low_hit_rate:redis").unwrap();
    assert_eq!((&alert["type"], &alert["severity"]), (&json!("low_hit_rate"), &json!("critical")));
    assert_eq!(
        (&alert["metric"], &alert["threshold"], &alert["currentValue"]),
        (&json!("hitRate"), &json!(0.5), &json!(0.0))
    );
    assert_eq!((&alert["state"], &alert["acknowledged"]), (&json!("pending"), &json!(false)));
    assert!(alert["action"].as_str().unwrap().contains("cache strategy"));
    assert_eq!(seen["byType"]["redis"]["misses"], 120);

    visitor.post(MONITORING, wish("acknowledge", "low_hit_rate:redis")).await.assert_status(200);
    let seen = visitor.get(MONITORING).await.json();
    assert!(seen["alerts"].as_array().unwrap().iter().any(|alert| alert["acknowledged"] == true), "{seen}");
    visitor.post(MONITORING, wish("ignore", "low_hit_rate:redis")).await.assert_refused(
        400,
        "malformed",
        Some("action"),
    );
    visitor.post(MONITORING, wish("acknowledge", "nothing")).await.assert_refused(404, "not_found", None);
}
