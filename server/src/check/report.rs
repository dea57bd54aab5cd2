//! What the rules found: for people, and for programs.

use std::fmt;

use serde::Serialize;

use super::{GROUPS, rule::Fault, visit::Seen};

/// Every rule, and whether it holds.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    checks: Vec<Finding>,
}

/// One rule, and whether it holds.
#[derive(Debug, Serialize)]
struct Finding {
    group: &'static str,
    name: &'static str,
    outcome: Outcome,
    /// What was found instead, or why it cannot be judged.
    found: Option<String>,
    /// What to do, if it does not hold.
    advice: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Outcome {
    Passed,
    Failed,
    NotApplicable,
}

impl Report {
    pub(super) fn of(seen: &Seen) -> Self {
        let rules = GROUPS.iter().flat_map(|(group, rules)| rules.iter().map(move |rule| (*group, rule)));
        let checks = rules.map(|(group, rule)| {
            let (outcome, found, advice) = match (rule.holds)(seen) {
                Ok(()) => (Outcome::Passed, None, None),
                Err(Fault::Found(found)) => (Outcome::Failed, Some(found), Some(rule.advice)),
                Err(Fault::NotApplicable(why)) => (Outcome::NotApplicable, Some(why), None),
            };
            Finding { group, name: rule.name, outcome, found, advice }
        });
        Report { checks: checks.collect() }
    }

    /// How many rules do not hold.
    pub(super) fn failed(&self) -> usize {
        self.count(Outcome::Failed)
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.checks.iter().filter(|check| check.outcome == outcome).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut group = "";
        for check in &self.checks {
            if check.group != group {
                group = check.group;
                writeln!(f, "{group}")?;
            }
            let mark = match check.outcome {
                Outcome::Passed => "ok  ",
                Outcome::Failed => "FAIL",
                Outcome::NotApplicable => "n/a ",
            };
            writeln!(f, "  {mark} {}", check.name)?;
            if let Some(found) = &check.found {
                writeln!(f, "         {found}")?;
            }
            if let Some(advice) = check.advice {
                writeln!(f, "         {advice}")?;
            }
        }
        let [passed, failed, other] =
            [Outcome::Passed, Outcome::Failed, Outcome::NotApplicable].map(|outcome| self.count(outcome));
        writeln!(f, "{} checks: {passed} passed, {failed} failed, {other} do not apply", self.checks.len())
    }
}
