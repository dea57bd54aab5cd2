//! Numbers as a table for spreadsheets, as RFC 4180 has it: a header, CRLF, quotes where they are needed.
//!
//! One table holds all figures of the JSON form, so that it can be filtered: the first column says which part a row
//! belongs to. The last operations are no figures, and are in the JSON form alone.

use axum::response::{IntoResponse, Response};
use csv::{Terminator, Writer, WriterBuilder};
use domain::cache::{Figures, MetricsAnswer};
use http::{HeaderValue, header};

use crate::api::Problem;

/// The first row.
const HEADER: [&str; 21] = [
    "section",
    "name",
    "layer",
    "hits",
    "misses",
    "stale",
    "bypasses",
    "sets",
    "warmed",
    "invalidations",
    "errors",
    "operations",
    "checked",
    "staleReads",
    "hitRate",
    "averageDuration",
    "p50",
    "p95",
    "p99",
    "timeRange",
    "store",
];
/// The layer of a row that is about all of them.
const ALL_LAYERS: &str = "all";

/// 200 with a table to take along.
pub(crate) struct Table(pub(super) MetricsAnswer);

impl IntoResponse for Table {
    fn into_response(self) -> Response {
        let name = format!("attachment; filename=\"cache-metrics-{}.csv\"", self.0.time_range.as_str());
        let (Ok(text), Ok(name)) = (table(&self.0), HeaderValue::try_from(name)) else {
            return Problem::internal().into_response();
        };
        let kind = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
        ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response()
    }
}

fn table(answer: &MetricsAnswer) -> Result<Vec<u8>, csv::Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADER)?;
    let mut rows = Rows { writer: &mut writer, answer };
    for (layer, figures) in &answer.by_type {
        rows.add("layer", layer, layer, figures)?;
    }
    for (group, figures) in &answer.by_group {
        rows.add("view", group, ALL_LAYERS, figures)?;
    }
    for (name, figures) in &answer.grouped {
        rows.add("grouped", name, ALL_LAYERS, figures)?;
    }
    for step in &answer.series {
        let start = step.start.to_rfc3339();
        rows.add("time", &start, ALL_LAYERS, &step.all)?;
        for (layer, figures) in &step.by_type {
            rows.add("time", &start, layer, figures)?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

struct Rows<'a> {
    writer: &'a mut Writer<Vec<u8>>,
    answer: &'a MetricsAnswer,
}

impl Rows<'_> {
    fn add(&mut self, section: &str, name: &str, layer: &str, figures: &Figures) -> Result<(), csv::Error> {
        let counts = [
            figures.hits,
            figures.misses,
            figures.stale,
            figures.bypasses,
            figures.sets,
            figures.warmed,
            figures.invalidations,
            figures.errors,
            figures.operations,
            figures.checked,
            figures.stale_reads,
        ];
        let measured = [figures.hit_rate, figures.average_duration, figures.p50, figures.p95, figures.p99];
        let about = [self.answer.time_range.as_str(), &self.answer.store];
        let words = [section, name, layer].map(harmless);
        let numbers =
            counts.map(|count| count.to_string()).into_iter().chain(measured.map(|number| number.to_string()));
        self.writer.write_record(words.into_iter().chain(numbers).chain(about.map(harmless)))
    }
}

/// A word that no spreadsheet takes for a formula.
fn harmless(word: &str) -> String {
    if word.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{word}") } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::cache::{GroupBy, MetricsStep, TimeRange};

    use super::*;

    fn answer(group: &str) -> MetricsAnswer {
        let figures = Figures { hits: 3, misses: 1, operations: 4, hit_rate: 0.75, p95: 1.5, ..Figures::default() };
        let one = |name: &str| BTreeMap::from([(name.to_owned(), figures)]);
        let start = "2026-03-04T05:06:00Z".parse().unwrap();
        MetricsAnswer {
            time_range: TimeRange::Hour,
            group_by: GroupBy::Operation,
            store: "in-process".to_owned(),
            total_hits: 3,
            total_misses: 1,
            hit_rate: 0.75,
            average_duration: 0.0,
            p50: 0.0,
            p95: 1.5,
            p99: 0.0,
            by_type: one("redis"),
            grouped: one("hit"),
            by_group: one(group),
            step_secs: 60,
            series: vec![MetricsStep { start, all: figures, by_type: one("redis") }],
            recent_metrics: Vec::new(),
        }
    }

    fn written(group: &str) -> String {
        String::from_utf8(table(&answer(group)).unwrap()).unwrap()
    }

    #[test]
    fn every_row_is_as_long_as_the_header_and_ends_in_crlf() {
        let text = written("novels");

        assert!(text.starts_with("section,name,layer,hits,") && text.ends_with("\r\n"));
        let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 6, "{text}");
        assert!(lines.iter().all(|line| line.matches(',').count() == HEADER.len() - 1), "{text}");
        assert_eq!(lines[2], "view,novels,all,3,1,0,0,0,0,0,0,4,0,0,0.75,0,0,1.5,0,1h,in-process");
        assert_eq!(lines[5].split(',').take(3).collect::<Vec<_>>(), ["time", "2026-03-04T05:06:00+00:00", "redis"]);
    }

    #[test]
    fn what_needs_quotes_has_them() {
        assert!(written("a \"b\", c").contains("view,\"a \"\"b\"\", c\",all,"));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for word in ["=1+1", "+1", "-1", "@now", "\tx", "\rx"] {
            assert_eq!(harmless(word), format!("'{word}"));
        }
        assert_eq!(harmless("chapter:public"), "chapter:public");
        assert!(written("=HYPERLINK(1)").contains("view,'=HYPERLINK(1),all,"));
    }
}
