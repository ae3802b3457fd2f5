//! The list of a SELECT: names, and what each is made of.

use sqlparser::ast::{ExcludeSelectItem, Ident, SelectItem, SelectItemQualifiedWildcardKind};

use super::Resolver;
use super::output::{Shown, join};
use super::scope::Scope;
use crate::limits::SQL_RESULT_COLUMNS;

impl Resolver<'_> {
    /// Adds what a list of expressions and stars shows to the names that a query gives.
    pub(super) fn projection(
        &mut self,
        items: &[SelectItem],
        exclude: Option<&ExcludeSelectItem>,
        scope: &mut Scope<'_>,
    ) {
        let sees_earlier = self.database.dialect.sees_earlier_aliases();
        let mut hidden = Vec::new();
        for item in items {
            let before = hidden.len();
            self.item(item, scope, &mut hidden);
            self.facts.worked(hidden.len().saturating_sub(before));
            if sees_earlier {
                scope.aliases.append(&mut hidden);
            }
            let is_within = self.within_bounds(&hidden) && self.within_bounds(&scope.aliases);
            if !is_within || !self.facts.is_complete() {
                break;
            }
        }
        scope.aliases.append(&mut hidden);
        if let Some(exclude) = exclude {
            let gone = self.excluded(exclude);
            let pairs = gone.len().saturating_mul(scope.aliases.len());
            self.facts.looked_at(pairs);
            scope.aliases.retain(|one| !gone.contains(&one.name));
        }
    }

    /// Whether so many columns can be told apart.
    pub(super) fn within_bounds(&mut self, columns: &[Shown]) -> bool {
        let is_within = columns.len() <= SQL_RESULT_COLUMNS;
        if !is_within {
            self.facts.exceed();
        }
        is_within
    }

    fn item(&mut self, item: &SelectItem, scope: &Scope<'_>, shown: &mut Vec<Shown>) {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                let origins = self.value(expr, scope);
                shown.push(self.titled(expr, origins));
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                let origins = self.value(expr, scope);
                shown.push(self.aliased(alias, origins));
            }
            SelectItem::ExprWithAliases { expr, aliases } => {
                let origins = self.value(expr, scope);
                let named = aliases
                    .iter()
                    .map(|alias| self.aliased(alias, origins.clone()));
                shown.extend(named);
            }
            SelectItem::Wildcard(options) => {
                let all = self.all_in(scope);
                shown.append(&mut self.adjusted(all, options, scope));
            }
            SelectItem::QualifiedWildcard(owner, options) => {
                let all = match owner {
                    SelectItemQualifiedWildcardKind::ObjectName(owner) => {
                        self.star_of(owner, scope)
                    }
                    SelectItemQualifiedWildcardKind::Expr(expr) => {
                        vec![Shown::star(self.value(expr, scope))]
                    }
                };
                shown.append(&mut self.adjusted(all, options, scope));
            }
        }
    }

    fn aliased(&self, alias: &Ident, origins: Vec<super::facts::Id>) -> Shown {
        match self.plain(alias) {
            Some(name) => Shown::named(name, origins),
            // A string as a name would be a literal in the record.
            None => Shown::guessed("?".to_owned(), origins),
        }
    }

    /// Every column of everything in FROM.
    pub(super) fn all_in(&mut self, scope: &Scope<'_>) -> Vec<Shown> {
        let mut shown: Vec<Shown> = Vec::new();
        for relation in &scope.relations {
            if !self.facts.is_complete() {
                break;
            }
            for one in self.all_of(relation) {
                // Columns that a join made one are shown once.
                let is_merged = scope.merged.contains(&one.name);
                self.facts
                    .looked_at(if is_merged { shown.len() } else { 0 });
                let mut known = shown.iter_mut().filter(|_| is_merged);
                match known.find(|known| known.name == one.name) {
                    Some(known) => join(&mut known.origins, one.origins),
                    None => shown.push(one),
                }
            }
        }
        shown
    }
}
