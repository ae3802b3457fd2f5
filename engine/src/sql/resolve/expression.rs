//! Expressions: the columns whose values they are made of.

use sqlparser::ast::{AccessExpr, Expr, Function, FunctionArguments, Ident, Value};

use super::Resolver;
use super::facts::Id;
use super::output::join;
use super::scope::Scope;
use super::word;
use crate::sql::name;
use crate::sql::part::{self, Part};

impl Resolver<'_> {
    /// Notes what conditions look at.
    pub(super) fn predicates<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        scope: &Scope<'_>,
    ) {
        for expr in exprs {
            self.value(expr, scope);
        }
    }

    /// The columns that the value of an expression is made of; they are read.
    pub(super) fn value(&mut self, expr: &Expr, scope: &Scope<'_>) -> Vec<Id> {
        let mut origins = Vec::new();
        match expr {
            // Most expressions are leaves; they need no list of parts.
            Expr::Identifier(ident) => self.plain_name(ident, scope, &mut origins),
            Expr::CompoundIdentifier(path) => self.path(path, scope, &mut origins),
            _ => return self.parts(vec![Part::Expr(expr)], scope),
        }
        join(&mut origins, Vec::new());
        origins
    }

    pub(super) fn parts(&mut self, mut rest: Vec<Part<'_>>, scope: &Scope<'_>) -> Vec<Id> {
        let mut origins = Vec::new();
        let mut parameters: Vec<String> = Vec::new();
        while let Some(part) = rest.pop() {
            if !self.facts.is_complete() {
                break;
            }
            match part {
                Part::Expr(Expr::Lambda(lambda)) => {
                    for parameter in &lambda.params {
                        // Without a function around it, `a -> 'b'` is an operator on a column.
                        self.perhaps(&parameter.name, scope, &mut origins);
                        parameters.push(self.column_name(&parameter.name));
                    }
                    rest.push(Part::Expr(&lambda.body));
                }
                Part::Expr(expr) => self.expr(expr, scope, &mut rest, &mut origins),
                Part::Query(query) => {
                    let output = self.query(query, Some(scope));
                    origins.extend(output.origins());
                }
                Part::Table(table) => {
                    let output = self.everything_of(table);
                    origins.extend(output.origins());
                }
                Part::Column(path) => {
                    let first = path.first().filter(|_| !parameters.is_empty());
                    let first = first.map(|ident| self.column_name(ident));
                    if !first.is_some_and(|first| parameters.contains(&first)) {
                        self.path(path, scope, &mut origins);
                    }
                }
                Part::Star(owner) => {
                    for one in self.star_of(owner, scope) {
                        origins.extend(one.origins);
                    }
                }
            }
        }
        self.facts.worked(origins.len());
        join(&mut origins, Vec::new());
        origins
    }

    fn expr<'e>(
        &mut self,
        expr: &'e Expr,
        scope: &Scope<'_>,
        rest: &mut Vec<Part<'e>>,
        origins: &mut Vec<Id>,
    ) {
        match expr {
            Expr::Exists { subquery, .. } => {
                self.query(subquery, Some(scope));
            }
            Expr::Function(function) => self.function_call(function, scope, rest, origins),
            Expr::Value(value) => {
                if let Value::Placeholder(name) = &value.value
                    && let [relation] = scope.relations.as_slice()
                {
                    self.numbered(relation, name, origins);
                }
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                self.fields(root, access_chain, scope, rest, origins);
            }
            Expr::MatchAgainst { columns, .. } => {
                for column in columns {
                    self.path(&name::idents(column), scope, origins);
                }
            }
            Expr::Wildcard(_) => {
                for one in self.all_in(scope) {
                    origins.extend(one.origins);
                }
            }
            other => part::of_expr(other, rest),
        }
    }

    fn function_call<'e>(
        &mut self,
        function: &'e Function,
        scope: &Scope<'_>,
        rest: &mut Vec<Part<'e>>,
        origins: &mut Vec<Id>,
    ) {
        part::of_function(function, rest);
        if let Some(unit) = word::unit_of(function, self.database.dialect) {
            rest.retain(|part| {
                !matches!(part, Part::Expr(Expr::Identifier(one)) if std::ptr::eq(one, unit))
            });
        }
        if self.takes_all(function) {
            for one in self.all_in(scope) {
                origins.extend(one.origins);
            }
        }
        // A word like `LOCALTIME` is the name of a column where it is not reserved.
        if matches!(function.args, FunctionArguments::None)
            && let Some(ident) = name::last(&function.name)
            && !word::is_reserved(ident, self.database.dialect)
        {
            self.perhaps(ident, scope, origins);
        }
    }

    /// `relation.column[1].field`: names behind a value are fields, and no columns.
    fn fields<'e>(
        &mut self,
        root: &'e Expr,
        chain: &'e [AccessExpr],
        scope: &Scope<'_>,
        rest: &mut Vec<Part<'e>>,
        origins: &mut Vec<Id>,
    ) {
        match (without_brackets(root), chain.first()) {
            (Expr::Identifier(owner), Some(AccessExpr::Dot(Expr::Identifier(column))))
                if scope.called(&self.relation_name(owner)).next().is_some() =>
            {
                self.path(&[owner.clone(), column.clone()], scope, origins);
            }
            _ => rest.push(Part::Expr(root)),
        }
        for access in chain {
            match access {
                AccessExpr::Dot(Expr::Identifier(_)) => {}
                other => part::of_access(other, rest),
            }
        }
    }

    /// A name without dots.
    fn plain_name(&mut self, ident: &Ident, scope: &Scope<'_>, origins: &mut Vec<Id>) {
        self.path(std::slice::from_ref(ident), scope, origins);
    }
}

fn without_brackets(expr: &Expr) -> &Expr {
    match expr {
        Expr::Nested(inner) => inner,
        other => other,
    }
}
