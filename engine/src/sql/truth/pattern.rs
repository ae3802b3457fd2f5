//! Patterns that match everything, and literals that match their pattern.

use sqlparser::ast::{BinaryOperator, Expr};

use super::constant::Constant;
use super::{Folded, Judge};
use crate::action::Cause;
use crate::sql::dialect::Dialect;

impl Judge<'_> {
    /// `LIKE` and its relatives.
    pub(super) fn like(self, whole: &Expr, depth: usize) -> Folded {
        let (expr, pattern, escape, negated, kind) = match whole {
            Expr::Like {
                expr,
                pattern,
                negated,
                escape_char,
                ..
            } => (expr, pattern, escape_char.is_some(), *negated, Kind::Like),
            Expr::ILike {
                expr,
                pattern,
                negated,
                escape_char,
                ..
            } => (
                expr,
                pattern,
                escape_char.is_some(),
                *negated,
                Kind::CaselessLike,
            ),
            Expr::SimilarTo {
                expr,
                pattern,
                negated,
                escape_char,
                ..
            } => (
                expr,
                pattern,
                escape_char.is_some(),
                *negated,
                Kind::Similar,
            ),
            Expr::RLike {
                expr,
                pattern,
                negated,
                ..
            } => (expr, pattern, false, *negated, Kind::Regex),
            other => return self.dependence(other),
        };
        if kind != Kind::Regex && self.same_value(expr, pattern) {
            return Folded::Known(Constant::Truth(!negated));
        }
        let pattern = self.fold(pattern, depth);
        let value = self.fold(expr, depth);
        if [&value, &pattern].contains(&&Folded::Known(Constant::Null)) {
            return Folded::Known(Constant::Null);
        }
        let matched = match &pattern {
            Folded::Known(pattern) if !escape => {
                let pattern = pattern.text(self.dialect);
                pattern.and_then(|pattern| self.matches(kind, &value, &pattern))
            }
            _ => None,
        };
        match matched {
            Some(matched) => Folded::Known(Constant::Truth(matched != negated)),
            None => self.dependence(whole),
        }
    }

    /// Whether a value matches; nothing where it is not known.
    fn matches(self, kind: Kind, value: &Folded, pattern: &str) -> Option<bool> {
        if kind == Kind::Regex && pattern.is_empty() {
            // An error in MySQL and a match of everything elsewhere.
            self.doubt();
        }
        if kind.is_everything(pattern) {
            if *value == Folded::Row {
                self.blame(Cause::SelfComparison);
            }
            // A value that is given at run time may be null.
            return matches!(value, Folded::Row | Folded::Known(_)).then_some(true);
        }
        let Folded::Known(value) = value else {
            return None;
        };
        let value = value.text(self.dialect)?;
        if value.len().saturating_mul(pattern.len()) > MATCH_STEPS {
            return None;
        }
        match kind {
            Kind::Like | Kind::CaselessLike if self.is_plain_like(pattern) => {
                let exact = like(&value, pattern);
                let caseless = like(&value.to_lowercase(), &pattern.to_lowercase());
                let blind = matches!(
                    self.dialect,
                    Dialect::Mysql | Dialect::Mariadb | Dialect::Mssql | Dialect::Sqlite
                );
                if kind == Kind::Like && exact != caseless && blind {
                    self.doubt();
                    return Some(caseless);
                }
                Some(if kind == Kind::Like { exact } else { caseless })
            }
            Kind::Regex => self.contains(&value, pattern),
            _ => None,
        }
    }

    /// Whether a pattern has nothing but `%`, `_` and letters that stand for themselves.
    fn is_plain_like(self, pattern: &str) -> bool {
        !(pattern.contains('\\') || self.dialect == Dialect::Mssql && pattern.contains('['))
    }

    /// Whether a value holds a pattern that is but a word.
    fn contains(self, value: &str, pattern: &str) -> Option<bool> {
        let word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        // Snowflake's pattern must match the whole.
        if pattern.is_empty() || !word(pattern) || self.dialect == Dialect::Snowflake {
            return None;
        }
        let exact = value.contains(pattern);
        let caseless = value.to_lowercase().contains(&pattern.to_lowercase());
        if exact != caseless {
            self.doubt();
        }
        Some(caseless)
    }
}

/// An operator that matches a pattern, where the answer is known.
pub(super) fn operator(
    judge: Judge<'_>,
    left: &Expr,
    op: &BinaryOperator,
    pattern: &Folded,
) -> Option<Folded> {
    let Folded::Known(Constant::Text(pattern)) = pattern else {
        return None;
    };
    let everything = match op {
        BinaryOperator::PGRegexMatch | BinaryOperator::PGRegexIMatch | BinaryOperator::Regexp => {
            Kind::Regex.is_everything(pattern)
        }
        BinaryOperator::PGLikeMatch | BinaryOperator::PGILikeMatch => {
            Kind::Like.is_everything(pattern)
        }
        BinaryOperator::Glob => !pattern.is_empty() && pattern.chars().all(|c| c == '*'),
        _ => false,
    };
    if everything && judge.dependence(left) == Folded::Row {
        judge.blame(Cause::SelfComparison);
        return Some(Folded::Known(Constant::Truth(true)));
    }
    None
}

/// Most steps of matching a literal with a literal; what takes more counts as not computed.
const MATCH_STEPS: usize = 100_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Like,
    CaselessLike,
    Similar,
    Regex,
}

impl Kind {
    fn is_everything(self, pattern: &str) -> bool {
        match self {
            Self::Like | Self::CaselessLike | Self::Similar => {
                !pattern.is_empty() && pattern.chars().all(|character| character == '%')
            }
            Self::Regex => {
                let inner = pattern.strip_prefix('^').unwrap_or(pattern);
                let whole = inner.strip_suffix('$').unwrap_or(inner);
                let anchored = inner.len() < pattern.len() && whole.len() < inner.len();
                matches!(whole, ".*" | ".*?" | "(.*)")
                    || !anchored && !pattern.is_empty() && is_optional(whole)
            }
        }
    }
}

/// Whether a regular expression without groups matches nothing at all as well: `a*b?`.
fn is_optional(pattern: &str) -> bool {
    let mut symbols = pattern.chars();
    while let Some(atom) = symbols.next() {
        let is_plain = atom == '.' || atom.is_ascii_alphanumeric();
        if !is_plain || !matches!(symbols.next(), Some('*' | '?')) {
            return false;
        }
    }
    true
}

/// Whether a value matches a LIKE pattern without escapes.
fn like(value: &str, pattern: &str) -> bool {
    let value: Vec<char> = value.chars().collect();
    // The positions in the value that the pattern so far can end at.
    let mut ends = vec![false; value.len().saturating_add(1)];
    if let Some(start) = ends.first_mut() {
        *start = true;
    }
    for symbol in pattern.chars() {
        let mut next = vec![false; ends.len()];
        let mut reached = false;
        for (at, end) in ends.iter().enumerate() {
            reached |= *end;
            let (here, after) = match symbol {
                '%' => (reached, false),
                '_' => (false, *end),
                letter => (false, *end && value.get(at) == Some(&letter)),
            };
            if here && let Some(slot) = next.get_mut(at) {
                *slot = true;
            }
            if after && let Some(slot) = next.get_mut(at.saturating_add(1)) {
                *slot = true;
            }
        }
        ends = next;
    }
    ends.last().copied().unwrap_or_default()
}
