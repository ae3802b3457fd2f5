//! Patterns that match everything, and literals that match their pattern.

use sqlparser::ast::{BinaryOperator, Expr};

use super::constant::Constant;
use super::{Folded, Judge, dependence};

impl Judge<'_> {
    /// `LIKE` and its relatives.
    pub(super) fn like(self, whole: &Expr, depth: usize) -> Folded {
        let (expr, pattern, negated, kind) = match whole {
            Expr::Like {
                expr,
                pattern,
                negated,
                ..
            } => (expr, pattern, *negated, Kind::Like),
            Expr::ILike {
                expr,
                pattern,
                negated,
                ..
            } => (expr, pattern, *negated, Kind::CaselessLike),
            Expr::SimilarTo {
                expr,
                pattern,
                negated,
                ..
            } => (expr, pattern, *negated, Kind::Similar),
            Expr::RLike {
                expr,
                pattern,
                negated,
                ..
            } => (expr, pattern, *negated, Kind::Regex),
            other => return dependence(other),
        };
        if kind != Kind::Regex && self.same_column(expr, pattern) {
            return Folded::Known(Constant::Truth(!negated));
        }
        let value = self.fold(expr, depth);
        match (&value, self.fold(pattern, depth)) {
            (Folded::Known(Constant::Null), _) | (_, Folded::Known(Constant::Null)) => {
                Folded::Known(Constant::Null)
            }
            (_, Folded::Known(Constant::Text(pattern))) => match kind.matches(&value, &pattern) {
                Some(matched) => Folded::Known(Constant::Truth(matched != negated)),
                None => dependence(whole),
            },
            _ => dependence(whole),
        }
    }
}

/// An operator that matches a pattern, where the pattern matches everything.
pub(super) fn operator(op: &BinaryOperator, pattern: &Folded) -> Option<Folded> {
    let Folded::Known(Constant::Text(pattern)) = pattern else {
        return None;
    };
    let everything = match op {
        BinaryOperator::PGRegexMatch | BinaryOperator::PGRegexIMatch | BinaryOperator::Regexp => {
            Some(Kind::Regex.is_everything(pattern))
        }
        BinaryOperator::PGLikeMatch | BinaryOperator::PGILikeMatch => {
            Some(Kind::Like.is_everything(pattern))
        }
        BinaryOperator::Glob => Some(!pattern.is_empty() && pattern.chars().all(|c| c == '*')),
        _ => None,
    };
    everything
        .filter(|&everything| everything)
        .map(|_| Folded::Known(Constant::Truth(true)))
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
                let inner = inner.strip_suffix('$').unwrap_or(inner);
                matches!(inner, "" | ".*" | ".*?" | "(.*)") && pattern != "^$"
            }
        }
    }

    /// Whether a value matches; nothing where it is not known.
    fn matches(self, value: &Folded, pattern: &str) -> Option<bool> {
        if self.is_everything(pattern) {
            return Some(true);
        }
        let Folded::Known(value) = value else {
            return None;
        };
        let value = value.text()?;
        if value.len().saturating_mul(pattern.len()) > MATCH_STEPS {
            return None;
        }
        match self {
            Self::Like if !pattern.contains(['\\']) => Some(like(&value, pattern)),
            Self::CaselessLike if !pattern.contains('\\') => {
                Some(like(&value.to_lowercase(), &pattern.to_lowercase()))
            }
            _ => None,
        }
    }
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
