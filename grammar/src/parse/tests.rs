//! The grammar itself: left-factored, and every mark and keyword has words of its own.

use std::collections::{BTreeMap, BTreeSet};

use pest_meta::ast::{Expr, Rule as Definition};

use super::{Rule, words::words};

fn definitions() -> Vec<Definition> {
    let pairs = pest_meta::parser::parse(pest_meta::parser::Rule::grammar_rules, include_str!("../map.pest"));
    pest_meta::parser::consume_rules(pairs.unwrap()).unwrap()
}

/// Rules that mention themselves, directly or through others.
fn recursive(definitions: &[Definition]) -> BTreeSet<String> {
    let mentions: BTreeMap<&str, BTreeSet<String>> =
        definitions.iter().map(|rule| (rule.name.as_str(), idents(&rule.expr))).collect();
    let reaches = |start: &str| {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = mentions.get(start).into_iter().flatten().cloned().collect();
        while let Some(name) = open.pop() {
            if seen.insert(name.clone()) {
                open.extend(mentions.get(name.as_str()).into_iter().flatten().cloned());
            }
        }
        seen.contains(start)
    };
    mentions.keys().filter(|name| reaches(name)).map(|name| (*name).to_owned()).collect()
}

fn idents(expr: &Expr) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for part in expr.iter_top_down() {
        if let Expr::Ident(name) = part {
            found.insert(name);
        }
    }
    found
}

/// Can this match nothing at all?
fn may_be_empty(expr: &Expr) -> bool {
    match expr {
        Expr::Opt(_) | Expr::Rep(_) | Expr::NegPred(_) | Expr::PosPred(_) => true,
        Expr::Seq(left, right) => may_be_empty(left) && may_be_empty(right),
        Expr::Choice(left, right) => may_be_empty(left) || may_be_empty(right),
        Expr::RepOnce(inner) | Expr::Push(inner) => may_be_empty(inner),
        _ => false,
    }
}

/// Every rule that may be the first thing to be matched, rules inside rules included.
fn firsts(expr: &Expr, all: &BTreeMap<String, Expr>, seen: &mut BTreeSet<String>) {
    match expr {
        Expr::Ident(name) => {
            if seen.insert(name.clone())
                && let Some(inner) = all.get(name)
            {
                firsts(inner, all, seen);
            }
        }
        Expr::Seq(left, right) => {
            firsts(left, all, seen);
            if may_be_empty(left) {
                firsts(right, all, seen);
            }
        }
        Expr::Choice(left, right) => {
            firsts(left, all, seen);
            firsts(right, all, seen);
        }
        Expr::Opt(inner) | Expr::Rep(inner) | Expr::RepOnce(inner) | Expr::Push(inner) => {
            firsts(inner, all, seen);
        }
        // A look ahead costs time too.
        Expr::PosPred(inner) | Expr::NegPred(inner) => firsts(inner, all, seen),
        _ => {}
    }
}

fn alternatives<'a>(expr: &'a Expr, found: &mut Vec<&'a Expr>) {
    if let Expr::Choice(left, right) = expr {
        alternatives(left, found);
        alternatives(right, found);
    } else {
        found.push(expr);
    }
}

#[test]
fn no_two_alternatives_share_a_recursive_prefix() {
    let definitions = definitions();
    let recursive = recursive(&definitions);
    assert!(recursive.contains("expression") && recursive.contains("block"));
    let all: BTreeMap<String, Expr> =
        definitions.iter().map(|rule| (rule.name.clone(), rule.expr.clone())).collect();
    let mut checked = 0;
    for rule in &definitions {
        for part in rule.expr.iter_top_down().filter(|part| matches!(part, Expr::Choice(..))) {
            let mut parts = Vec::new();
            alternatives(&part, &mut parts);
            let mut seen: BTreeSet<String> = BTreeSet::new();
            for alternative in parts {
                let mut first = BTreeSet::new();
                firsts(alternative, &all, &mut first);
                let shared: Vec<_> =
                    first.iter().filter(|name| recursive.contains(*name) && seen.contains(*name)).collect();
                assert!(shared.is_empty(), "alternatives of `{}` share {shared:?}", rule.name);
                seen.extend(first);
                checked += 1;
            }
        }
    }
    assert!(checked > 50, "only {checked} alternatives were looked at");
}

/// Marks and keywords: rules that are one piece of text, or one piece of text with a look ahead.
fn literals(definitions: &[Definition]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for rule in definitions {
        let text = match &rule.expr {
            Expr::Str(text) => Some(text),
            Expr::Seq(left, right) => match (&**left, &**right) {
                (Expr::Str(text), Expr::NegPred(_)) => Some(text),
                _ => None,
            },
            _ => None,
        };
        if let Some(text) = text {
            found.insert(rule.name.clone(), text.clone());
        }
    }
    found
}

#[test]
fn every_mark_and_keyword_has_words_of_its_own() {
    let literals = literals(&definitions());
    let mut taken: BTreeMap<&'static str, String> = BTreeMap::new();
    for rule in Rule::all_rules() {
        let name = format!("{rule:?}");
        let Some(text) = literals.get(&name) else { continue };
        let said = words(*rule).unwrap_or_else(|| panic!("`{name}` has no words"));
        if text != "\n" && text != "." && text != "," && text != "@" {
            assert!(said.contains(text.as_str()), "{said} does not show {text}");
        }
        if let Some(other) = taken.insert(said, name.clone()) {
            panic!("`{name}` and `{other}` are both called {said}");
        }
    }
    assert_eq!(taken.len(), literals.len(), "a literal rule is no rule of the parser");
    assert!(taken.len() > 80);
}

#[test]
fn marks_and_keywords_stand_only_in_rules_of_their_own() {
    let definitions = definitions();
    let literals = literals(&definitions);
    let lexical = [
        "reserved_first",
        "handler_word",
        "method",
        "duration",
        "text",
        "backquoted",
        "number",
        "signed_number",
        "integer",
        "word",
        "word_character",
        "version_number",
        "dotted",
        "WHITESPACE",
    ];
    for rule in &definitions {
        if literals.contains_key(&rule.name) || lexical.contains(&rule.name.as_str()) {
            continue;
        }
        for part in rule.expr.iter_top_down() {
            assert!(!matches!(part, Expr::Str(_)), "`{}` holds a bare text {part:?}", rule.name);
        }
    }
}
