//! Queries: what comes out of them, column by column.

use sqlparser::ast::{
    BinaryOperator, ConnectByKind, Cte, Distinct, ExcludeSelectItem, Expr, FunctionArg,
    FunctionArgExpr, FunctionArguments, GroupByExpr, GroupByWithModifier, Ident, NamedWindowExpr,
    ObjectName, OrderBy, OrderByKind, Query, RenameSelectItem, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, WildcardAdditionalOptions,
};

use super::Resolver;
use super::facts::Id;
use super::scope::{Relation, Scope};
use crate::action::Column;
use crate::limits::SQL_RESULT_COLUMNS;
use crate::sql::dialect::Dialect;
use crate::sql::name;
use crate::sql::part;

/// What comes out of a query.
#[derive(Clone, Default)]
pub(super) struct Output {
    pub(super) columns: Vec<Shown>,
}

/// One column of a result; `*` stands for those of a table that the schema does not have.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) name: String,
    /// The columns it is made of.
    pub(super) origins: Vec<Id>,
}

impl Shown {
    pub(super) fn is_star(&self) -> bool {
        self.name == Column::ALL
    }
}

impl Output {
    pub(super) fn push(&mut self, shown: Shown) {
        if self.columns.len() < SQL_RESULT_COLUMNS {
            self.columns.push(shown);
        }
    }

    /// The same with names given from outside, as far as there are any.
    pub(super) fn renamed(mut self, names: Vec<String>) -> Self {
        // A star stands for any number of columns: every name may be one of them.
        if self.columns.iter().any(Shown::is_star) {
            let origins: Vec<Id> = self
                .columns
                .iter()
                .flat_map(|one| one.origins.clone())
                .collect();
            let named = |name| Shown {
                name,
                origins: origins.clone(),
            };
            self.columns.extend(names.into_iter().map(named));
            return self;
        }
        for (column, name) in self.columns.iter_mut().zip(names) {
            column.name = name;
        }
        self
    }

    /// Rows of both, column by column.
    fn merged(mut self, other: Self) -> Self {
        let mut others = other.columns.into_iter();
        for column in &mut self.columns {
            if let Some(other) = others.next() {
                join(&mut column.origins, other.origins);
            }
        }
        self.columns.extend(others);
        self
    }
}

/// Adds origins that are not there yet.
pub(super) fn join(origins: &mut Vec<Id>, more: Vec<Id>) {
    origins.extend(more);
    origins.sort_unstable();
    origins.dedup();
}

impl Resolver<'_> {
    pub(super) fn query(&mut self, query: &Query, outer: Option<&Scope<'_>>) -> Output {
        if !self.facts.may_go_on() {
            return Output::default();
        }
        let known = self.ctes.len();
        if let Some(with) = &query.with {
            for cte in &with.cte_tables {
                self.cte(cte, outer);
            }
        }
        let output = self.set_expr(&query.body, outer, query.order_by.as_ref());
        if !query.pipe_operators.is_empty() {
            self.facts.give_up();
        }
        self.ctes.truncate(known);
        output
    }

    fn cte(&mut self, cte: &Cte, outer: Option<&Scope<'_>>) {
        let name = self.relation_name(&cte.alias.name);
        let names: Vec<String> = cte
            .alias
            .columns
            .iter()
            .map(|one| self.column_name(&one.name))
            .collect();
        // What refers to itself has the columns of its first part.
        if let SetExpr::SetOperation { left, .. } = &*cte.query.body {
            let known = self.ctes.len();
            if let Some(with) = &cte.query.with {
                with.cte_tables
                    .iter()
                    .for_each(|inner| self.cte(inner, outer));
            }
            let first = self.set_expr(left, outer, None).renamed(names.clone());
            self.ctes.truncate(known);
            self.ctes.push((name.clone(), first));
            let whole = self.query(&cte.query, outer);
            self.ctes.truncate(known);
            self.ctes.push((name, whole.renamed(names)));
            return;
        }
        let output = self.query(&cte.query, outer);
        self.ctes.push((name, output.renamed(names)));
    }

    fn set_expr(
        &mut self,
        whole: &SetExpr,
        outer: Option<&Scope<'_>>,
        order: Option<&OrderBy>,
    ) -> Output {
        // Chains of UNION lean to the left and are long: walked, not recursed into.
        let mut members = Vec::new();
        let mut rest = whole;
        while let SetExpr::SetOperation { left, right, .. } = rest {
            members.push(&**right);
            rest = left;
        }
        let alone = members.is_empty();
        let mut output = self.member(rest, outer, order.filter(|_| alone));
        while let Some(member) = members.pop() {
            let more = self.member(member, outer, None);
            output = output.merged(more);
        }
        output
    }

    fn member(
        &mut self,
        member: &SetExpr,
        outer: Option<&Scope<'_>>,
        order: Option<&OrderBy>,
    ) -> Output {
        match member {
            SetExpr::Select(select) => self.select(select, outer, order),
            SetExpr::Query(query) => self.query(query, outer),
            SetExpr::SetOperation { .. } => self.set_expr(member, outer, order),
            SetExpr::Values(values) => {
                let scope = Scope::inside(outer);
                let mut output = Output::default();
                for row in &values.rows {
                    let mut shown = Output::default();
                    for (place, expr) in row.content.iter().enumerate() {
                        shown.push(Shown {
                            name: format!("column{}", place.saturating_add(1)),
                            origins: self.value(expr, &scope),
                        });
                    }
                    output = output.merged(shown);
                }
                output
            }
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => self.changed(statement),
            SetExpr::Table(table) => {
                let parts = table.schema_name.iter().chain(&table.table_name);
                let name = ObjectName::from(parts.cloned().collect::<Vec<_>>());
                self.everything_of(&name)
            }
        }
    }

    fn select(
        &mut self,
        select: &Select,
        outer: Option<&Scope<'_>>,
        order: Option<&OrderBy>,
    ) -> Output {
        let mut scope = Scope::inside(outer);
        for tables in &select.from {
            self.tables(tables, &mut scope);
        }
        for view in &select.lateral_views {
            let origins = self.value(&view.lateral_view, &scope);
            let columns = view
                .lateral_col_alias
                .iter()
                .map(|ident| self.column_name(ident));
            let columns = columns.collect();
            let called = name::joined(&view.lateral_view_name, self.database.dialect);
            scope.relations.push(Relation {
                called: called.unwrap_or_default(),
                rows: super::scope::Rows::Function { columns, origins },
            });
        }
        self.predicates(select.prewhere.iter().chain(&select.selection), &scope);
        let output = self.projection(&select.projection, select.exclude.as_ref(), &mut scope);
        if let Some(Distinct::On(exprs)) = &select.distinct {
            self.predicates(exprs, &scope);
        }
        self.grouped(select, &scope);
        if let Some(OrderByKind::Expressions(keys)) = order.map(|order| &order.kind) {
            for key in keys {
                self.ordered(&key.expr, &scope);
            }
        }
        if let Some(into) = &select.into {
            for target in &into.targets {
                self.selected_into(target, &output);
            }
        }
        output
    }

    fn grouped(&mut self, select: &Select, scope: &Scope<'_>) {
        for connect in &select.connect_by {
            match connect {
                ConnectByKind::ConnectBy { relationships, .. } => {
                    self.predicates(relationships, scope);
                }
                ConnectByKind::StartWith { condition, .. } => {
                    self.predicates([&**condition], scope);
                }
            }
        }
        let modifiers = match &select.group_by {
            GroupByExpr::All(modifiers) => modifiers,
            GroupByExpr::Expressions(exprs, modifiers) => {
                self.predicates(exprs, scope);
                modifiers
            }
        };
        for modifier in modifiers {
            if let GroupByWithModifier::GroupingSets(expr) = modifier {
                self.predicates([expr], scope);
            }
        }
        let exprs = select.cluster_by.iter().chain(&select.distribute_by);
        self.predicates(exprs.chain(&select.having).chain(&select.qualify), scope);
        let mut parts = Vec::new();
        part::of_order(&select.sort_by, &mut parts);
        for window in &select.named_window {
            if let NamedWindowExpr::WindowSpec(spec) = &window.1 {
                part::of_window(spec, &mut parts);
            }
        }
        self.parts(parts, scope);
    }

    /// What a list of expressions and stars shows.
    pub(super) fn projection(
        &mut self,
        items: &[SelectItem],
        exclude: Option<&ExcludeSelectItem>,
        scope: &mut Scope<'_>,
    ) -> Output {
        let is_lateral = self.database.dialect.sees_earlier_aliases();
        let mut output = Output::default();
        for item in items {
            let shown = match item {
                SelectItem::UnnamedExpr(expr) => vec![self.item(expr, None, scope)],
                SelectItem::ExprWithAlias { expr, alias } => {
                    vec![self.item(expr, Some(alias), scope)]
                }
                SelectItem::ExprWithAliases { expr, aliases } => {
                    let named = |alias| self.item(expr, Some(alias), scope);
                    aliases.iter().map(named).collect()
                }
                SelectItem::Wildcard(options) => {
                    let mut shown = Vec::new();
                    for relation in &scope.relations {
                        let more = self.all_of(relation);
                        for one in more {
                            // Columns that a join made one are shown once.
                            let known = if scope.merged.contains(&one.name) {
                                self.facts.worked(shown.len());
                                shown
                                    .iter_mut()
                                    .find(|known: &&mut Shown| known.name == one.name)
                            } else {
                                None
                            };
                            match known {
                                Some(known) => join(&mut known.origins, one.origins),
                                None => shown.push(one),
                            }
                        }
                    }
                    self.adjusted(shown, options, scope)
                }
                SelectItem::QualifiedWildcard(owner, options) => {
                    let shown = match owner {
                        SelectItemQualifiedWildcardKind::ObjectName(owner) => {
                            self.star_of(owner, scope)
                        }
                        SelectItemQualifiedWildcardKind::Expr(expr) => vec![Shown {
                            name: Column::ALL.to_owned(),
                            origins: self.value(expr, scope),
                        }],
                    };
                    self.adjusted(shown, options, scope)
                }
            };
            for one in shown {
                if is_lateral && !one.is_star() {
                    scope.aliases.push(one.clone());
                }
                output.push(one);
            }
        }
        if !is_lateral {
            let named = output.columns.iter().filter(|one| !one.is_star());
            scope.aliases.extend(named.cloned());
        }
        if let Some(exclude) = exclude {
            let gone = self.excluded(exclude);
            output.columns.retain(|one| !gone.contains(&one.name));
        }
        output
    }

    fn item(&mut self, expr: &Expr, alias: Option<&Ident>, scope: &Scope<'_>) -> Shown {
        let origins = self.value(expr, scope);
        let name = match alias {
            // A string as a name would be a literal in the record.
            Some(alias) if alias.quote_style == Some('\'') => "?".to_owned(),
            Some(alias) => self.column_name(alias),
            None => self.name_of(expr),
        };
        Shown { name, origins }
    }

    /// The name that the result gives to an expression without one.
    fn name_of(&self, expr: &Expr) -> String {
        let by_function = matches!(
            self.database.dialect,
            Dialect::Postgres | Dialect::Redshift | Dialect::Bigquery | Dialect::Mssql
        );
        match expr {
            Expr::Identifier(ident) => self.column_name(ident),
            Expr::CompoundIdentifier(idents) => idents
                .last()
                .map(|ident| self.column_name(ident))
                .unwrap_or_default(),
            Expr::Function(function) if by_function => name::last(&function.name)
                .map(|ident| self.column_name(ident))
                .unwrap_or_default(),
            Expr::Cast { expr, .. } | Expr::Nested(expr) => match &**expr {
                Expr::Identifier(ident) => self.column_name(ident),
                Expr::CompoundIdentifier(idents) => idents
                    .last()
                    .map(|ident| self.column_name(ident))
                    .unwrap_or_default(),
                _ => "?".to_owned(),
            },
            // Most databases take the text, which must not hold a literal here.
            _ if !by_function => self.written(expr, 0).unwrap_or_else(|| "?".to_owned()),
            _ => "?".to_owned(),
        }
    }

    /// The text of an expression of names and operators only.
    fn written(&self, expr: &Expr, depth: usize) -> Option<String> {
        let deeper = Some(depth.saturating_add(1)).filter(|&deeper| deeper < 8)?;
        match expr {
            Expr::Identifier(ident) => Some(self.column_name(ident)),
            Expr::CompoundIdentifier(idents) if depth == 0 => {
                idents.last().map(|ident| self.column_name(ident))
            }
            Expr::CompoundIdentifier(idents) => {
                let parts = idents.iter().map(|ident| self.column_name(ident));
                Some(parts.collect::<Vec<_>>().join("."))
            }
            Expr::Nested(inner) => Some(format!("({})", self.written(inner, deeper)?)),
            Expr::BinaryOp { left, op, right } => {
                let sign = match op {
                    BinaryOperator::Plus => "+",
                    BinaryOperator::Minus => "-",
                    BinaryOperator::Multiply => "*",
                    BinaryOperator::Divide => "/",
                    BinaryOperator::StringConcat => "||",
                    _ => return None,
                };
                let (left, right) = (self.written(left, deeper)?, self.written(right, deeper)?);
                Some(format!("{left} {sign} {right}"))
            }
            Expr::Function(function) => {
                let name = self.column_name(name::last(&function.name)?);
                let FunctionArguments::List(list) = &function.args else {
                    return None;
                };
                let arguments = list.args.iter().map(|argument| match argument {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.written(expr, deeper),
                    FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => Some("*".to_owned()),
                    _ => None,
                });
                let arguments = arguments.collect::<Option<Vec<_>>>()?;
                Some(format!("{name}({})", arguments.join(", ")))
            }
            _ => None,
        }
    }

    /// A star with what stands behind it: EXCEPT, REPLACE, RENAME.
    fn adjusted(
        &mut self,
        mut shown: Vec<Shown>,
        options: &WildcardAdditionalOptions,
        scope: &Scope<'_>,
    ) -> Vec<Shown> {
        let mut gone = Vec::new();
        if let Some(exclude) = &options.opt_exclude {
            gone.extend(self.excluded(exclude));
        }
        if let Some(except) = &options.opt_except {
            let idents = std::iter::once(&except.first_element).chain(&except.additional_elements);
            gone.extend(idents.map(|ident| self.column_name(ident)));
        }
        shown.retain(|one| !gone.contains(&one.name));
        for item in options
            .opt_replace
            .iter()
            .flat_map(|replace| &replace.items)
        {
            let origins = self.value(&item.expr, scope);
            let name = self.column_name(&item.column_name);
            match shown.iter_mut().find(|one| one.name == name) {
                Some(one) => one.origins = origins,
                None => shown.push(Shown { name, origins }),
            }
        }
        let renamed = match &options.opt_rename {
            Some(RenameSelectItem::Single(one)) => std::slice::from_ref(one),
            Some(RenameSelectItem::Multiple(all)) => all,
            None => &[],
        };
        for rename in renamed {
            let name = self.column_name(&rename.ident);
            if let Some(one) = shown.iter_mut().find(|one| one.name == name) {
                one.name = self.column_name(&rename.alias);
            }
        }
        shown
    }

    fn excluded(&self, exclude: &ExcludeSelectItem) -> Vec<String> {
        let names = match exclude {
            ExcludeSelectItem::Single(name) => std::slice::from_ref(name),
            ExcludeSelectItem::Multiple(names) => names,
        };
        let idents = names.iter().filter_map(name::last);
        idents.map(|ident| self.column_name(ident)).collect()
    }
}
