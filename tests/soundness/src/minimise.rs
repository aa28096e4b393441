//! Makes a case that breaks the claim smaller while it breaks it in the same way: lines of the map, members of the
//! schemas, pieces of the message.

use crate::campaign::again;
use crate::case::{Case, Kind};
use crate::generate::json::Json;

/// A small case.
#[derive(Clone, Debug)]
pub struct Small {
    case: Case,
    message: Option<Vec<u8>>,
}

/// Attempts that one case is worth.
const ATTEMPTS: usize = 600;

/// The smallest case found.
pub fn smaller(case: &Case, message: Option<&[u8]>, kind: Kind) -> Small {
    let mut best = Small::new(case, message);
    let mut search = Search { kind, left: ATTEMPTS };
    if !search.breaks(&best) {
        return best; // only both oracles together see it
    }
    for _ in 0..3 {
        let before = best.print("").len();
        search.lines(&mut best);
        search.message(&mut best);
        search.schemas(&mut best);
        if best.print("").len() == before {
            break;
        }
    }
    best
}

struct Search {
    kind: Kind,
    left: usize,
}

impl Search {
    fn breaks(&mut self, small: &Small) -> bool {
        self.left = self.left.saturating_sub(1);
        again(&small.case, small.message.as_deref(), None).is_err_and(|failure| failure.kind == self.kind)
    }

    fn try_it(&mut self, best: &mut Small, candidate: Small) -> bool {
        let better = self.left > 0 && self.breaks(&candidate);
        if better {
            *best = candidate;
        }
        better
    }

    fn lines(&mut self, best: &mut Small) {
        for length in [12, 6, 4, 3, 2, 1] {
            let mut at = 3;
            loop {
                let lines: Vec<&str> = best.case.map.lines().collect();
                if at >= lines.len() {
                    break;
                }
                let kept =
                    lines.iter().enumerate().filter(|(number, _)| *number < at || *number >= at + length);
                let map = kept.map(|(_, line)| format!("{line}\n")).collect();
                let mut candidate = best.clone();
                candidate.case.map = map;
                if !self.try_it(best, candidate) {
                    at += 1;
                }
            }
        }
    }

    fn message(&mut self, best: &mut Small) {
        let text = best.message.clone().and_then(|message| String::from_utf8(message).ok());
        let Some(mut value) = text.and_then(|text| Json::parse(&text).ok()) else { return };
        self.shrink(best, &mut value, &|small, json| small.message = Some(json.to_string().into_bytes()));
    }

    fn schemas(&mut self, best: &mut Small) {
        if let Ok(mut source) = Json::parse(&best.case.source) {
            self.shrink(best, &mut source, &|small, json| small.case.source = json.to_string());
        }
        // a target with an overlay or words of ours is judged by other texts: those cases stay as they are
        let plain = best.case.judges.len() == 1 && !best.case.target.contains("x-mapc-d");
        if let (true, Ok(mut target)) = (plain, Json::parse(&best.case.target)) {
            self.shrink(best, &mut target, &|small, json| {
                small.case.target = json.to_string();
                small.case.judges = vec![json.to_string()];
            });
        }
    }

    /// Takes members and elements away, from the outside in.
    fn shrink(&mut self, best: &mut Small, value: &mut Json, put: &dyn Fn(&mut Small, &Json)) {
        let mut paths = vec![Vec::new()];
        while let Some(path) = paths.pop() {
            let mut at = 0;
            while self.left > 0 {
                let size = place(value, &path).map_or(0, |here| match here {
                    Json::Record(members) => members.len(),
                    Json::List(elements) => elements.len(),
                    _ => 0,
                });
                if at >= size {
                    break;
                }
                let mut smaller = value.clone();
                match place(&mut smaller, &path) {
                    Some(Json::Record(members)) => drop(members.remove(at)),
                    Some(Json::List(elements)) => drop(elements.remove(at)),
                    _ => {}
                }
                let mut candidate = best.clone();
                put(&mut candidate, &smaller);
                if self.try_it(best, candidate) {
                    *value = smaller;
                } else {
                    paths.push(path.iter().copied().chain([at]).collect());
                    at += 1;
                }
            }
        }
    }
}

fn place<'a>(value: &'a mut Json, path: &[usize]) -> Option<&'a mut Json> {
    path.iter().try_fold(value, |here, at| match here {
        Json::Record(members) => members.get_mut(*at).map(|(_, value)| value),
        Json::List(elements) => elements.get_mut(*at),
        _ => None,
    })
}

impl Small {
    /// A case as it is.
    pub fn new(case: &Case, message: Option<&[u8]>) -> Small {
        Small { case: case.clone(), message: message.map(<[u8]>::to_vec) }
    }

    /// As files, to be saved below `tests/soundness/cases/<name of the behaviour>/`.
    pub fn print(&self, why: &str) -> String {
        let case = &self.case;
        let mut out = format!(
            "=== {why}\n--- source.schema.json\n{}\n--- target.schema.json\n{}\n",
            case.source, case.target
        );
        if let Some(overlay) = &case.overlay {
            out.push_str(&format!("--- target.overlay.json\n{overlay}\n"));
        }
        if case.judges.len() != 1 || case.judges.first() != Some(&case.target) {
            for (number, judge) in case.judges.iter().enumerate() {
                out.push_str(&format!("--- judge-{number}.schema.json\n{judge}\n"));
            }
        }
        out.push_str(&format!("--- record.map\n{}", case.map));
        for (path, content) in &case.tables {
            if case.map.contains(path) {
                out.push_str(&format!("--- {path}\n{content}"));
            }
        }
        if let Some(message) = &self.message {
            match std::str::from_utf8(message) {
                Ok(text) => out.push_str(&format!("--- message.json\n{text}\n")),
                Err(_) => out.push_str(&format!("--- message.json (bytes)\n{}\n", message.escape_ascii())),
            }
        }
        out
    }
}
