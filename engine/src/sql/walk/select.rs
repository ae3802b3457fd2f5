//! One SELECT: what it takes its rows from, what lets them through, what it makes of them.

use sqlparser::ast::{
    ConnectByKind, Distinct, Expr, GroupByExpr, GroupByWithModifier, Ident, NamedWindowExpr,
    Select, SelectInto, SelectItem, Top, TopQuantity,
};

use super::{Extent, Walker, literal_bound};
use crate::action::{Effect, Resource, ResourceKind};
use crate::sql::aggregate;
use crate::sql::dialect::Dialect;
use crate::sql::name;
use crate::sql::parse::is_verb;
use crate::sql::part;

impl Walker<'_> {
    /// Walks a SELECT; gives how much of what it reads comes out of it.
    pub(super) fn select(&mut self, select: &Select) -> Extent {
        let from = self.from(&select.from);
        let single = self.single(&select.from);
        let mut reach = from;
        let ((), filtering) = self.apart(|walker| {
            for condition in select.prewhere.iter().chain(&select.selection) {
                walker.exprs([condition]);
                reach = reach.conditioned(walker.left_of(&single, condition));
            }
        });
        let ((), shown) = self.apart(|walker| walker.shown(select));
        self.grouped(select);
        if let Some(into) = &select.into {
            self.select_into(into);
        }
        reach = reach.max(shown).bounded(self.top(select.top.as_ref()));
        if aggregate::is_only(select) {
            reach = reach.totalled();
        }
        // Without a table of its own, a condition's query is all that is read.
        if reach.is_none() { filtering } else { reach }
    }

    /// What comes out.
    fn shown(&mut self, select: &Select) {
        self.projection(&select.projection);
        self.exprs(select.lateral_views.iter().map(|view| &view.lateral_view));
        if let Some(Distinct::On(exprs)) = &select.distinct {
            self.exprs(exprs);
        }
    }

    pub(super) fn projection(&mut self, items: &[SelectItem]) {
        let mut parts = Vec::new();
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expr) => self.exprs([expr]),
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.alias(alias);
                    self.exprs([expr]);
                }
                SelectItem::ExprWithAliases { expr, aliases } => {
                    aliases.iter().for_each(|alias| self.alias(alias));
                    self.exprs([expr]);
                }
                SelectItem::QualifiedWildcard(owner, options) => {
                    part::of_star_owner(owner, &mut parts);
                    part::of_wildcard(options, &mut parts);
                }
                SelectItem::Wildcard(options) => part::of_wildcard(options, &mut parts),
            }
        }
        if !parts.is_empty() {
            self.parts(parts);
        }
    }

    /// Looks at an alias that may be the verb of the next statement: SQL Server needs no
    /// `;`, so that `SELECT 1 SHUTDOWN` is two.
    pub(super) fn alias(&mut self, alias: &Ident) {
        if self.dialect.separates_by_verb() && alias.quote_style.is_none() && is_verb(&alias.value)
        {
            self.unknown("SELECT");
        }
    }

    /// Everything that shapes rows without letting more of them out.
    fn grouped(&mut self, select: &Select) {
        for connect in &select.connect_by {
            match connect {
                ConnectByKind::ConnectBy { relationships, .. } => self.exprs(relationships),
                ConnectByKind::StartWith { condition, .. } => self.exprs([&**condition]),
            }
        }
        self.group_by(&select.group_by);
        self.exprs(select.cluster_by.iter().chain(&select.distribute_by));
        self.exprs(select.having.iter().chain(&select.qualify));
        let mut parts = Vec::new();
        part::of_order(&select.sort_by, &mut parts);
        for window in &select.named_window {
            match &window.1 {
                NamedWindowExpr::WindowSpec(spec) => part::of_window(spec, &mut parts),
                NamedWindowExpr::NamedWindow(_) => {}
            }
        }
        if !parts.is_empty() {
            self.parts(parts);
        }
    }

    pub(super) fn group_by(&mut self, group_by: &GroupByExpr) {
        let modifiers = match group_by {
            GroupByExpr::All(modifiers) => modifiers,
            GroupByExpr::Expressions(exprs, modifiers) => {
                self.exprs(exprs);
                modifiers
            }
        };
        for modifier in modifiers {
            match modifier {
                GroupByWithModifier::GroupingSets(expr) => self.exprs([expr]),
                GroupByWithModifier::Rollup
                | GroupByWithModifier::Cube
                | GroupByWithModifier::Totals => {}
            }
        }
    }

    fn top(&mut self, top: Option<&Top>) -> Option<u64> {
        let top = top?;
        let rows = match top.quantity.as_ref()? {
            TopQuantity::Constant(rows) => Some(*rows),
            TopQuantity::Expr(expr) => {
                self.exprs([expr]);
                literal_bound(expr)
            }
        };
        rows.filter(|_| !top.percent && !top.with_ties)
    }

    /// `SELECT … INTO`: a new table, or variables.
    pub(super) fn select_into(&mut self, into: &SelectInto) {
        const OPERATION: &str = "SELECT INTO";
        let to_variables = matches!(
            self.dialect,
            Dialect::Mysql | Dialect::Mariadb | Dialect::Oracle
        );
        for target in &into.targets {
            let idents = match target {
                Expr::Identifier(ident) => std::slice::from_ref(ident),
                Expr::CompoundIdentifier(idents) => idents.as_slice(),
                _ => {
                    self.unknown(OPERATION);
                    continue;
                }
            };
            if to_variables || idents.iter().any(|ident| ident.value.starts_with('@')) {
                self.does(Effect::Session, OPERATION, []);
                continue;
            }
            let table = Resource {
                kind: ResourceKind::Table,
                name: name::joined_idents(idents, self.dialect),
            };
            self.does(Effect::Create, OPERATION, [table]);
        }
    }
}
