//! Counts of a run, and how they are told.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ending::Ending;
use crate::engine::GuardCount;

/// At most this many reasons are listed.
const LISTED: usize = 40;

/// Counts of a run.
#[derive(Clone, Debug, Default)]
pub struct RunSummary {
    delivered: u64,
    skipped: u64,
    waiting: u64,
    rejected: u64,
    reasons: BTreeMap<(String, String, String), (u64, String)>,
    guards: Option<Vec<GuardCount>>,
}

#[derive(Debug, Serialize)]
struct SummaryLine<'a> {
    format_version: &'a str,
    messages: u64,
    delivered: u64,
    skipped: u64,
    waiting: u64,
    rejected: u64,
    reasons: Vec<ReasonLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guards: Option<Vec<GuardLine<'a>>>,
}

#[derive(Debug, Serialize)]
struct GuardLine<'a> {
    id: &'a str,
    name: &'a str,
    count: u64,
}

#[derive(Debug, Serialize)]
struct ReasonLine<'a> {
    code: &'a str,
    rule: &'a str,
    reason: &'a str,
    count: u64,
    text: &'a str,
}

impl RunSummary {
    /// Counts one message.
    pub fn add(&mut self, ending: &Ending<'_>) {
        match ending {
            Ending::Deliver { .. } => self.delivered += 1,
            Ending::Skip(_) => self.skipped += 1,
            Ending::Wait { .. } => self.waiting += 1,
            Ending::Reject(_) => self.rejected += 1,
        }
        if let Some(cause) = ending.cause() {
            let known =
                self.reasons.get_mut(&(cause.code.clone(), cause.rule.to_owned(), cause.id.to_owned()));
            match known {
                Some((count, _)) => *count += 1,
                None => {
                    let key = (cause.code.clone(), cause.rule.to_owned(), cause.id.to_owned());
                    self.reasons.insert(key, (1, cause.general.to_owned()));
                }
            }
        }
    }

    /// Adds the counts of other messages.
    pub fn merge(&mut self, other: RunSummary) {
        self.delivered += other.delivered;
        self.skipped += other.skipped;
        self.waiting += other.waiting;
        self.rejected += other.rejected;
        for (key, (count, general)) in other.reasons {
            self.reasons.entry(key).or_insert((0, general)).0 += count;
        }
    }

    /// Has the guards told too.
    pub fn set_guards(&mut self, guards: Vec<GuardCount>) {
        self.guards = Some(guards);
    }

    /// Messages that were refused.
    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    /// Messages that wait for a record.
    pub fn waiting(&self) -> u64 {
        self.waiting
    }

    /// All messages.
    pub fn messages(&self) -> u64 {
        self.delivered + self.skipped + self.waiting + self.rejected
    }

    /// In words.
    pub fn words(&self) -> String {
        let messages = self.messages();
        let mut text = format!(
            "{messages} message{}: {} delivered, {} skipped, {} waiting, {} rejected\n",
            if messages == 1 { "" } else { "s" },
            self.delivered,
            self.skipped,
            self.waiting,
            self.rejected
        );
        let width = self.reasons.values().map(|(count, _)| count.to_string().len()).max().unwrap_or(1);
        for ((code, rule, _), (count, general)) in self.reasons.iter().take(LISTED) {
            let rule = if rule.is_empty() { String::new() } else { format!("{rule}: ") };
            text.push_str(&format!("  {code} {count:>width$} {rule}{general}\n"));
        }
        if self.reasons.len() > LISTED {
            text.push_str(&format!("  and {} more reasons\n", self.reasons.len() - LISTED));
        }
        if let Some(guards) = &self.guards {
            guard_words(guards, &mut text);
        }
        text
    }

    /// For machines, with its line end.
    pub fn json(&self) -> String {
        let reasons = self.reasons.iter().map(|((code, rule, reason), (count, text))| ReasonLine {
            code,
            rule,
            reason,
            count: *count,
            text,
        });
        let summary = SummaryLine {
            format_version: crate::render::json::FORMAT_VERSION,
            messages: self.messages(),
            delivered: self.delivered,
            skipped: self.skipped,
            waiting: self.waiting,
            rejected: self.rejected,
            reasons: reasons.collect(),
            guards: self.guards.as_ref().map(|guards| guards.iter().map(guard_line).collect()),
        };
        let mut text = serde_json::to_string_pretty(&summary).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn guard_line(guard: &GuardCount) -> GuardLine<'_> {
    GuardLine { id: &guard.id, name: &guard.name, count: guard.count }
}

fn guard_words(guards: &[GuardCount], text: &mut String) {
    let fired: Vec<&GuardCount> = guards.iter().filter(|guard| guard.count > 0).collect();
    let plural = if guards.len() == 1 { "" } else { "s" };
    text.push_str(&format!("{} of {} guard{plural} found something\n", fired.len(), guards.len()));
    let width = fired.iter().map(|guard| guard.count.to_string().len()).max().unwrap_or(1);
    for guard in fired {
        text.push_str(&format!("  {:>width$} {}  [{}]\n", guard.count, guard.name, guard.id));
    }
}

#[cfg(test)]
mod tests {
    use super::RunSummary;
    use crate::ending::{Cause, Ending};

    #[test]
    fn counts_are_grouped_by_reason() {
        let cause = |code: &str, rule: &'static str| Cause {
            code: code.to_owned(),
            id: "1",
            rule,
            general: "general words",
            text: Some("special words"),
        };
        let mut summary = RunSummary::default();
        summary.add(&Ending::Deliver { document: b"", key: None });
        for _ in 0..10 {
            summary.add(&Ending::Reject(cause("R0301", "country")));
        }
        summary.add(&Ending::Reject(cause("R0101", "")));
        summary.add(&Ending::Skip(cause("R0701", "skip 1")));
        summary.add(&Ending::Wait { cause: cause("R0702", "entity.id"), reference: None });
        assert_eq!(
            summary.words(),
            "14 messages: 1 delivered, 1 skipped, 1 waiting, 11 rejected\n  \
               R0101  1 general words\n  \
               R0301 10 country: general words\n  \
               R0701  1 skip 1: general words\n  \
               R0702  1 entity.id: general words\n"
        );
        assert!(summary.json().contains("\"rejected\": 11"));
        assert_eq!((summary.rejected(), summary.waiting()), (11, 1));
    }
}
