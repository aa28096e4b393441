//! What a rule compares with: the values at which its answer turns. Knows no messages.

use mapc_check::typed::{ArmWhen, Constant, Expression, ExpressionKind, Predicate, TemplatePart, Typed};
use mapc_types::{BigRational, Language};

use crate::rules::Rule;

/// At most so many of a kind: a table may have thousands of rows.
const MOST: usize = 400;

/// Values at which a rule turns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hints {
    /// Texts it compares with or looks up.
    pub(crate) texts: Vec<String>,
    /// Numbers it compares with.
    pub(crate) numbers: Vec<BigRational>,
    /// Steps it needs.
    pub(crate) grids: Vec<BigRational>,
    /// Lengths of texts.
    pub(crate) lengths: Vec<u64>,
    /// Numbers of rows.
    pub(crate) counts: Vec<u64>,
    /// Forms of texts.
    pub(crate) languages: Vec<Language>,
    /// Calendar values it compares with.
    pub(crate) dates: Vec<String>,
}

impl Hints {
    /// Of a rule.
    pub(crate) fn of(typed: &Typed, rule: &Rule<'_>) -> Hints {
        let mut hints = Hints::default();
        for predicate in &rule.predicates {
            hints.predicate(predicate);
        }
        for expression in &rule.expressions {
            hints.expression(typed, expression);
        }
        hints.texts.truncate(MOST);
        hints.numbers.truncate(MOST);
        hints
    }

    fn constant(&mut self, constant: &Constant) {
        match constant {
            Constant::Text(text) => {
                self.lengths.push(u64::try_from(text.chars().count()).unwrap_or(u64::MAX));
                self.texts.push(text.clone());
            }
            Constant::Decimal(value) => self.numbers.push(value.clone()),
            Constant::Date(_, text) => self.dates.push(text.clone()),
            Constant::Bool(_) => {}
        }
    }

    fn predicate(&mut self, predicate: &Predicate) {
        match predicate {
            Predicate::MinLength(length) | Predicate::MaxLength(length) => self.lengths.push(*length),
            Predicate::InLanguage(language, _) => self.languages.push(language.clone()),
            Predicate::OneOf(values) => values.iter().for_each(|value| self.constant(value)),
            Predicate::AtLeast { value, .. } | Predicate::AtMost { value, .. } => {
                self.numbers.push(value.clone());
            }
            Predicate::OnGrid(grid) => self.grids.push(grid.clone()),
            Predicate::Count { min, max } => {
                self.counts.push(*min);
                self.counts.extend(max);
            }
            Predicate::Present | Predicate::Unique => {}
        }
    }

    fn expression(&mut self, typed: &Typed, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Constant(constant) => self.constant(constant),
            ExpressionKind::OneOf { values, .. } => values.iter().for_each(|value| self.constant(value)),
            ExpressionKind::LongerThan { length, .. } => self.lengths.push(*length),
            ExpressionKind::Matches { language, .. } => self.languages.push(language.clone()),
            ExpressionKind::Call { arguments, .. } => self.arguments(arguments),
            ExpressionKind::Quotient { scale, .. } => self.grids.push(step_of(*scale)),
            ExpressionKind::Lookup { table, .. } => {
                let rows = typed.tables.get(table.0).map(|table| table.rows.as_slice()).unwrap_or_default();
                self.texts.extend(rows.iter().take(MOST).flat_map(|(keys, _)| keys.iter().cloned()));
            }
            ExpressionKind::Choose { arms, .. } => {
                for arm in arms {
                    if let ArmWhen::Values(values) = &arm.when {
                        values.iter().for_each(|value| self.constant(value));
                    }
                }
            }
            ExpressionKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Text(text) = part {
                        let own = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
                        let rest: Vec<u64> =
                            self.lengths.iter().filter_map(|length| length.checked_sub(own)).collect();
                        self.lengths.extend(rest.into_iter().take(8));
                    }
                }
            }
            _ => {}
        }
    }

    fn arguments(&mut self, arguments: &[Constant]) {
        for argument in arguments {
            self.constant(argument);
            if let Constant::Decimal(value) = argument
                && let Ok(small) = u32::try_from(value.to_integer())
            {
                self.lengths.push(u64::from(small));
                if small <= 34 {
                    self.grids.push(step_of(small));
                }
            }
        }
    }
}

/// `0.01` for 2.
pub(crate) fn step_of(scale: u32) -> BigRational {
    BigRational::new(1.into(), num_bigint::BigInt::from(10).pow(scale))
}
