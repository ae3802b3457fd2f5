//! What comes out of a query, column by column. Values only.

use super::facts::Id;
use crate::action::Column;

/// The columns of a result, in their order.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) columns: Vec<Shown>,
}

/// One column of a result; `*` stands for those of a table that the schema does not have.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) name: String,
    /// The columns it is made of.
    pub(super) origins: Vec<Id>,
    /// Whether it goes by that name in every database.
    is_named: bool,
}

impl Shown {
    pub(super) const fn named(name: String, origins: Vec<Id>) -> Self {
        Self {
            name,
            origins,
            is_named: true,
        }
    }

    /// A column whose name the database makes up.
    pub(super) const fn guessed(name: String, origins: Vec<Id>) -> Self {
        Self {
            name,
            origins,
            is_named: false,
        }
    }

    pub(super) fn star(origins: Vec<Id>) -> Self {
        Self::guessed(Column::ALL.to_owned(), origins)
    }

    pub(super) fn is_star(&self) -> bool {
        self.name == Column::ALL
    }

    /// Whether a name that is told nowhere may be this column's.
    pub(super) const fn may_be_any(&self) -> bool {
        !self.is_named
    }
}

impl Output {
    pub(super) fn has_star(&self) -> bool {
        self.columns.iter().any(Shown::is_star)
    }

    /// Everything that its columns are made of.
    pub(super) fn origins(&self) -> Vec<Id> {
        let mut origins = Vec::new();
        for one in &self.columns {
            origins.extend_from_slice(&one.origins);
        }
        join(&mut origins, Vec::new());
        origins
    }

    /// The same with names given from outside, as far as there are any.
    pub(super) fn renamed(mut self, names: Vec<String>) -> Self {
        if names.is_empty() {
            return self;
        }
        // A star stands for any number of columns: every name may be one of them.
        if self.has_star() {
            let origins = self.origins();
            let named = names
                .into_iter()
                .map(|name| Shown::named(name, origins.clone()));
            self.columns.extend(named);
            return self;
        }
        for (column, name) in self.columns.iter_mut().zip(names) {
            column.name = name;
            column.is_named = true;
        }
        self
    }

    /// Rows of both, column by column.
    pub(super) fn united(mut self, other: Self) -> Self {
        // Beside a star no column has a place of its own.
        if !self.columns.is_empty() && (self.has_star() || other.has_star()) {
            let all = other.origins();
            for column in &mut self.columns {
                join(&mut column.origins, all.clone());
            }
            return self;
        }
        let mut others = other.columns.into_iter();
        for column in &mut self.columns {
            if let Some(other) = others.next() {
                join(&mut column.origins, other.origins);
            }
        }
        self.columns.extend(others);
        self
    }

    /// Rows of both, those of a name together.
    pub(super) fn united_by_name(mut self, other: Self) -> Self {
        if self.has_star() || other.has_star() {
            return self.united(other);
        }
        for shown in other.columns {
            let known = self
                .columns
                .iter_mut()
                .find(|known| known.name == shown.name);
            match known {
                Some(known) => join(&mut known.origins, shown.origins),
                None => self.columns.push(shown),
            }
        }
        self
    }

    /// About how many steps uniting takes.
    pub(super) fn work_of_uniting(&self, other: &Self) -> usize {
        let columns = other.columns.iter();
        let origins = columns.fold(0, |sum: usize, one| sum.saturating_add(one.origins.len()));
        if self.has_star() || other.has_star() {
            return self.columns.len().saturating_mul(origins);
        }
        origins
    }

    /// Any column may be made of everything.
    pub(super) fn blended(mut self) -> Self {
        let all = self.origins();
        for column in &mut self.columns {
            column.origins.clone_from(&all);
        }
        self
    }
}

/// Adds origins that are not there yet.
pub(super) fn join(origins: &mut Vec<Id>, more: Vec<Id>) {
    if origins.is_empty() {
        *origins = more;
    } else {
        origins.extend(more);
    }
    if origins.len() > 1 {
        origins.sort_unstable();
        origins.dedup();
    }
}
