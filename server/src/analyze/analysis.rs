//! What numbers come to: marks, what stands out, and what to do.

use std::collections::BTreeMap;

use domain::cache::{
    Condition, Figures, Grade, Health, KEY_GROUPS, Layer, MIN_SAMPLE, MetricsAnswer, Rule, TimeRange, views_of_tag,
};
use serde::Serialize;

/// How many kinds of view are listed at most, under each head.
const LISTED: usize = 10;
/// A kind of view that was read less often than this stands out in nothing.
const FEW: u64 = 10;
/// A kind of view with fewer hits than this is cold.
const COLD: f64 = 0.5;

/// All that is worth knowing of some numbers. Rates are between 0 and 1, durations in milliseconds.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Analysis {
    pub(super) time_range: TimeRange,
    pub(super) condition: Condition,
    pub(super) reads: u64,
    pub(super) hit_rate: Marked,
    pub(super) average_duration: Marked,
    pub(super) p95: f64,
    pub(super) layers: Vec<Marks>,
    /// The kinds of view that were read most often.
    pub(super) top: Vec<Marks>,
    /// Those that mostly missed.
    pub(super) cold: Vec<Marks>,
    pub(super) over_invalidated: Vec<Invalidated>,
    pub(super) advice: Vec<String>,
}

/// A number and its mark.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Marked {
    pub(super) value: f64,
    pub(super) grade: Grade,
}

/// A layer or a kind of view, with its marks.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Marks {
    pub(super) name: String,
    pub(super) reads: u64,
    /// None where nobody read anything.
    pub(super) hit_rate_grade: Option<Grade>,
    pub(super) speed_grade: Option<Grade>,
    pub(super) figures: Figures,
}

/// A kind of tag that was written more often than what depends on it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Invalidated {
    pub(super) name: String,
    pub(super) invalidations: u64,
    /// Of the views that depend on it.
    pub(super) reads: u64,
}

impl Analysis {
    pub(super) fn of(metrics: &MetricsAnswer) -> Self {
        let MetricsAnswer { time_range, hit_rate, average_duration, p95, by_type, by_group, .. } = metrics;
        let marked = Marked::hit_rate(*hit_rate);
        let speed = Marked::speed(*average_duration);
        let total: u64 = by_type.values().map(Figures::reads).sum();
        let condition = if total == 0 { Condition::NoTraffic } else { Condition::of(marked.grade, speed.grade) };
        let layers = Layer::ALL.map(|layer| marks(layer.as_str(), by_type.get(layer.as_str())));
        let (top, cold, over_invalidated) = (top(by_group), cold(by_group), over_invalidated(by_group));
        let mut analysis = Analysis {
            time_range: *time_range,
            condition,
            reads: total,
            hit_rate: marked,
            average_duration: speed,
            p95: *p95,
            layers: layers.into(),
            top,
            cold,
            over_invalidated,
            advice: Vec::new(),
        };
        analysis.advice = analysis.to_do(&health(metrics));
        analysis
    }

    /// What to do about it, most general first; never empty.
    fn to_do(&self, health: &Health) -> Vec<String> {
        if self.reads == 0 {
            return vec!["Nobody read anything in this time; choose a longer one with --time-range.".to_owned()];
        }
        let mut advice = Vec::new();
        if self.reads < MIN_SAMPLE {
            advice.push(format!("{} reads are few: judge again when there are more than {MIN_SAMPLE}.", self.reads));
        }
        advice.extend(
            Rule::ALL.into_iter().filter(|rule| rule.finding(health).is_some()).map(|rule| rule.advice().to_owned()),
        );
        if !self.cold.is_empty() {
            let names: Vec<_> = self.cold.iter().map(|marks| marks.name.as_str()).collect();
            advice.push(format!(
                "Cold are {}: the operations of the debug panel say why each read missed; `fictures warm` loads what is public.",
                names.join(", ")
            ));
        }
        if !self.over_invalidated.is_empty() {
            let names: Vec<_> = self.over_invalidated.iter().map(|tag| tag.name.as_str()).collect();
            advice.push(format!(
                "Written more often than read are {}: a cache cannot help there, unless writes come in fewer pieces.",
                names.join(", ")
            ));
        }
        if advice.is_empty() {
            advice.push("Nothing needs to be done.".to_owned());
        }
        advice
    }
}

impl Marked {
    fn hit_rate(value: f64) -> Self {
        Marked { value, grade: Grade::of_hit_rate(value) }
    }

    fn speed(value: f64) -> Self {
        Marked { value, grade: Grade::of_speed(value) }
    }
}

fn marks(name: &str, figures: Option<&Figures>) -> Marks {
    let figures = figures.copied().unwrap_or_default();
    let reads = figures.reads();
    let is_read = reads > 0;
    Marks {
        name: name.to_owned(),
        reads,
        hit_rate_grade: is_read.then(|| Grade::of_hit_rate(figures.hit_rate)),
        speed_grade: is_read.then(|| Grade::of_speed(figures.average_duration)),
        figures,
    }
}

/// What the rules of alerts look at, of all layers together.
fn health(metrics: &MetricsAnswer) -> Health {
    let sum = |number: fn(&Figures) -> u64| metrics.by_type.values().map(number).sum::<u64>();
    let (errors, invalidations) = (sum(|it| it.errors), sum(|it| it.invalidations));
    Health {
        hits: metrics.total_hits,
        misses: metrics.total_misses,
        errors,
        invalidations,
        operations: sum(|it| it.operations),
        p95_ms: metrics.p95,
        stale_reads: sum(|it| it.stale_reads),
        is_away: false,
    }
}

fn top(by_group: &BTreeMap<String, Figures>) -> Vec<Marks> {
    let mut groups: Vec<_> =
        by_group.iter().map(|(name, it)| marks(name, Some(it))).filter(|marks| marks.reads > 0).collect();
    groups.sort_by_key(|marks| std::cmp::Reverse(marks.reads));
    groups.truncate(LISTED);
    groups
}

fn cold(by_group: &BTreeMap<String, Figures>) -> Vec<Marks> {
    let groups = by_group.iter().map(|(name, it)| marks(name, Some(it)));
    let mut groups: Vec<_> = groups.filter(|marks| marks.reads >= FEW && marks.figures.hit_rate < COLD).collect();
    groups.sort_by_key(|marks| std::cmp::Reverse(marks.figures.misses + marks.figures.bypasses));
    groups.truncate(LISTED);
    groups
}

/// On the server an invalidation counts under the kind of tag, in a browser under that of the view.
fn over_invalidated(by_group: &BTreeMap<String, Figures>) -> Vec<Invalidated> {
    let reads_of = |name: &str| {
        let mut views = views_of_tag(name);
        views.extend(KEY_GROUPS.into_iter().find(|group| *group == name));
        views.sort_unstable();
        views.dedup();
        views.into_iter().filter_map(|view| by_group.get(view)).map(Figures::reads).sum::<u64>()
    };
    let written = by_group.iter().map(|(name, figures)| Invalidated {
        name: name.clone(),
        invalidations: figures.invalidations,
        reads: reads_of(name),
    });
    let mut over: Vec<_> = written.filter(|tag| tag.invalidations >= FEW && tag.invalidations > tag.reads).collect();
    over.sort_by_key(|tag| std::cmp::Reverse(tag.invalidations));
    over.truncate(LISTED);
    over
}

#[cfg(test)]
mod tests;
