//! Expressions: the columns whose values they are made of.

use sqlparser::ast::{
    AccessExpr, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName,
    Value,
};

use super::Resolver;
use super::facts::Id;
use super::query::{Shown, join};
use super::scope::{Has, Relation, Rows, Scope};
use crate::action::Column;
use crate::sql::dialect::Dialect;
use crate::sql::gap::Gap;
use crate::sql::name;
use crate::sql::part::{self, Part};

/// Names that look like columns and are none, in some dialect at least.
const PSEUDO: [&str; 34] = [
    "_rowid_",
    "cmax",
    "cmin",
    "ctid",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "connect_by_isleaf",
    "level",
    "localtime",
    "localtimestamp",
    "nextval",
    "oid",
    "ora_rowscn",
    "rowid",
    "rownum",
    "session_user",
    "sysdate",
    "system_user",
    "systimestamp",
    "tableoid",
    "user",
    "utc_date",
    "utc_time",
    "utc_timestamp",
    "xmax",
    "xmin",
    "default",
    "maxvalue",
    "minvalue",
];

/// Parts of dates, which some functions take as a plain word.
const UNITS: [&str; 22] = [
    "century",
    "d",
    "day",
    "dayofweek",
    "dayofyear",
    "dd",
    "decade",
    "epoch",
    "hh",
    "hour",
    "isoweek",
    "microsecond",
    "millisecond",
    "minute",
    "mm",
    "month",
    "quarter",
    "second",
    "ss",
    "week",
    "year",
    "yyyy",
];

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
        self.parts(vec![Part::Expr(expr)], scope)
    }

    /// A key of ORDER BY: what the query gives a name to comes before what it reads.
    pub(super) fn ordered(&mut self, expr: &Expr, scope: &Scope<'_>) {
        if let Expr::Identifier(ident) = expr
            && scope.alias(&self.column_name(ident)).is_some()
        {
            return;
        }
        self.value(expr, scope);
    }

    pub(super) fn parts(&mut self, mut rest: Vec<Part<'_>>, scope: &Scope<'_>) -> Vec<Id> {
        let mut origins = Vec::new();
        if !self.facts.is_complete() {
            return origins;
        }
        let mut parameters: Vec<String> = Vec::new();
        while let Some(part) = rest.pop() {
            match part {
                Part::Expr(Expr::Exists { subquery, .. }) => {
                    self.query(subquery, Some(scope));
                }
                Part::Expr(Expr::Lambda(lambda)) => {
                    let idents = lambda.params.iter().map(|parameter| &parameter.name);
                    parameters.extend(idents.map(|ident| self.column_name(ident)));
                    rest.push(Part::Expr(&lambda.body));
                }
                Part::Expr(Expr::Function(function)) => {
                    part::of_function(function, &mut rest);
                    if let Some(unit) = self.unit_of(function) {
                        rest.retain(|part| !matches!(part, Part::Expr(Expr::Identifier(one)) if std::ptr::eq(one, unit)));
                    }
                }
                Part::Expr(Expr::Value(value)) => {
                    if let Value::Placeholder(name) = &value.value
                        && let [relation] = scope.relations.as_slice()
                    {
                        self.numbered(relation, name, &mut origins);
                    }
                }
                Part::Expr(Expr::CompoundFieldAccess { root, access_chain }) => {
                    self.fields(root, access_chain, scope, &mut rest, &mut origins);
                }
                Part::Expr(expr) => part::of_expr(expr, &mut rest),
                Part::Query(query) => {
                    let output = self.query(query, Some(scope));
                    origins.extend(output.columns.into_iter().flat_map(|one| one.origins));
                }
                Part::Table(table) => {
                    let output = self.everything_of(table);
                    origins.extend(output.columns.into_iter().flat_map(|one| one.origins));
                }
                Part::Column([only]) => {
                    let name = self.column_name(only);
                    if !parameters.contains(&name) {
                        self.unqualified(only, &name, scope, &mut origins);
                    }
                }
                Part::Column(path) => {
                    let first = path.first().map(|ident| self.column_name(ident));
                    if !first.is_some_and(|first| parameters.contains(&first)) {
                        self.qualified(path, scope, &mut origins);
                    }
                }
                Part::Star(owner) => {
                    let shown = self.star_of(owner, scope);
                    origins.extend(shown.into_iter().flat_map(|one| one.origins));
                }
            }
        }
        self.facts.worked(origins.len());
        join(&mut origins, Vec::new());
        origins
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
        match (root, chain.first()) {
            (Expr::Identifier(owner), Some(AccessExpr::Dot(Expr::Identifier(column))))
                if scope.called(&self.relation_name(owner)).is_some() =>
            {
                self.qualified(&[owner.clone(), column.clone()], scope, origins);
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

    /// The part of a date that a function takes as its first or last argument.
    fn unit_of<'f>(&self, function: &'f Function) -> Option<&'f Ident> {
        let name = name::last(&function.name)?.value.to_ascii_lowercase();
        let takes_unit = ["date", "time", "last_day", "next_day", "trunc", "extract"];
        if !takes_unit.iter().any(|start| name.starts_with(start)) {
            return None;
        }
        let FunctionArguments::List(list) = &function.args else {
            return None;
        };
        list.args.iter().find_map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(ident)))
                if UNITS
                    .iter()
                    .any(|unit| unit.eq_ignore_ascii_case(&ident.value)) =>
            {
                Some(ident)
            }
            _ => None,
        })
    }

    fn unqualified(&mut self, ident: &Ident, name: &str, scope: &Scope<'_>, origins: &mut Vec<Id>) {
        // A string, or a variable.
        if ident.quote_style == Some('\'') || name.starts_with('@') {
            return;
        }
        // In some dialects a string, unless there is such a column.
        let may_be_text =
            ident.quote_style == Some('"') && self.database.dialect.double_quote_is_text();
        let called = self.relation_name(ident);
        let mut level = Some(scope);
        while let Some(here) = level {
            let has = |one: &Relation| one.has(name, self.database);
            let answers: Vec<Has> = here.relations.iter().map(has).collect();
            let having = |has: Has| {
                let answered = here.relations.iter().zip(&answers);
                answered
                    .filter(move |(_, answer)| **answer == has)
                    .map(|(relation, _)| relation)
            };
            self.facts.worked(here.relations.len());
            if having(Has::Yes).next().is_some() {
                for relation in having(Has::Yes) {
                    self.column_of(relation, name, true, origins);
                }
                return;
            }
            if let Some(shown) = here.alias(name) {
                origins.extend_from_slice(&shown.origins);
                return;
            }
            if let Some(relation) = here.relations.iter().find(|one| one.called == called) {
                let whole = self.all_of(relation);
                origins.extend(whole.into_iter().flat_map(|one| one.origins));
                return;
            }
            if is_pseudo(ident) {
                return;
            }
            if may_be_text {
                // Its name must not be told: it could be a literal.
                for relation in having(Has::Maybe) {
                    let whole = self.all_of(relation);
                    origins.extend(whole.into_iter().flat_map(|one| one.origins));
                }
                level = here.outer;
                continue;
            }
            let is_only = having(Has::Maybe).take(2).count() == 1;
            if having(Has::Maybe).next().is_some() {
                if !is_only {
                    self.facts.gap(Gap::OwnerNotInSchema);
                }
                for relation in having(Has::Maybe) {
                    self.column_of(relation, name, is_only, origins);
                }
                return;
            }
            level = here.outer;
        }
        if !may_be_text {
            self.stray(name, scope, origins);
        }
    }

    /// A name that nothing in the schema explains: the schema may be older than the table.
    fn stray(&mut self, name: &str, scope: &Scope<'_>, origins: &mut Vec<Id>) {
        for relation in &scope.relations {
            if let Rows::Table(table) = &relation.rows
                && let Some(id) = self.facts.column(table, name)
            {
                self.facts.read(id, false);
                origins.push(id);
            }
        }
    }

    fn qualified(&mut self, path: &[Ident], scope: &Scope<'_>, origins: &mut Vec<Id>) {
        let (Some((last, owner)), Some((first, rest))) = (path.split_last(), path.split_first())
        else {
            return;
        };
        let name = self.column_name(last);
        let qualifier = owner
            .last()
            .map(|ident| self.relation_name(ident))
            .unwrap_or_default();
        let known = scope.called(&qualifier).or_else(|| scope.table(&qualifier));
        if let Some(relation) = known {
            return self.column_of(relation, &name, true, origins);
        }
        // A field of a column: `relation.column.field`, `column.field`.
        if let (Some(relation), Some(column)) =
            (scope.called(&self.relation_name(first)), rest.first())
        {
            let column = self.column_name(column);
            return self.column_of(relation, &column, true, origins);
        }
        let field_of = self.column_name(first);
        self.unqualified(first, &field_of, scope, origins);
    }

    /// Notes one column of a relation.
    pub(super) fn column_of(
        &mut self,
        relation: &Relation,
        name: &str,
        is_certain: bool,
        origins: &mut Vec<Id>,
    ) {
        self.facts.worked(1);
        if name.starts_with('$') && self.numbered(relation, name, origins) {
            return;
        }
        match &relation.rows {
            Rows::Table(table) => {
                if let Some(id) = self.facts.column(table, name) {
                    self.facts.read(id, is_certain);
                    origins.push(id);
                }
            }
            Rows::Query(output) => {
                let mut named = output
                    .columns
                    .iter()
                    .filter(|one| one.name == name)
                    .peekable();
                if named.peek().is_some() {
                    for &origin in named.flat_map(|one| &one.origins) {
                        self.facts.read(origin, is_certain);
                        origins.push(origin);
                    }
                    return;
                }
                for star in output.columns.iter().filter(|one| one.is_star()) {
                    for &origin in &star.origins {
                        origins.extend(self.below_star(origin, name, is_certain));
                    }
                }
            }
            Rows::Function { origins: all, .. } => origins.extend_from_slice(all),
        }
    }

    /// Snowflake's `$2`: the second column.
    fn numbered(&mut self, relation: &Relation, name: &str, origins: &mut Vec<Id>) -> bool {
        let number = name
            .strip_prefix('$')
            .and_then(|digits| digits.parse::<usize>().ok());
        let place = number.and_then(|number| number.checked_sub(1));
        let (Some(place), Dialect::Snowflake) = (place, self.database.dialect) else {
            return false;
        };
        let all = self.listed(relation);
        let column = all
            .get(place)
            .or_else(|| all.iter().find(|one| one.is_star()));
        for &origin in column.iter().flat_map(|one| &one.origins) {
            self.facts.read(origin, !self.facts.is_star(origin));
            origins.push(origin);
        }
        true
    }

    /// The column of that name of the table whose star an origin is.
    fn below_star(&mut self, origin: Id, name: &str, is_certain: bool) -> Option<Id> {
        let table = self.facts.table_of_star(origin)?;
        let id = self.facts.column(&table, name)?;
        self.facts.read(id, is_certain);
        Some(id)
    }

    /// Every column of a relation; they are read.
    pub(super) fn all_of(&mut self, relation: &Relation) -> Vec<Shown> {
        if let Rows::Table(name) = &relation.rows
            && !self.database.tables.contains_key(name)
        {
            self.facts.gap(Gap::ColumnsNotInSchema);
        }
        let shown = self.listed(relation);
        for one in &shown {
            for &origin in &one.origins {
                self.facts.read(origin, !self.facts.is_star(origin));
            }
        }
        shown
    }

    /// Every column of a relation, none of them read yet.
    pub(super) fn listed(&mut self, relation: &Relation) -> Vec<Shown> {
        if !self.facts.is_complete() {
            return Vec::new();
        }
        match &relation.rows {
            Rows::Table(name) => {
                let star = [Column::ALL.to_owned()];
                let known = self.database.tables.get(name);
                let columns = known.map_or(&star[..], |table| table.columns.as_slice());
                self.facts.worked(columns.len());
                let shown = columns.iter().map(|column| Shown {
                    name: column.clone(),
                    origins: self.facts.column(name, column).into_iter().collect(),
                });
                shown.collect()
            }
            Rows::Query(output) => {
                self.facts.worked(output.columns.len());
                output.columns.clone()
            }
            Rows::Function { columns, origins } => {
                let named = |name: &str| Shown {
                    name: name.to_owned(),
                    origins: origins.clone(),
                };
                match columns.as_slice() {
                    [] => vec![named(Column::ALL)],
                    columns => columns.iter().map(|column| named(column)).collect(),
                }
            }
        }
    }

    /// Every column of what has that name here.
    pub(super) fn star_of(&mut self, owner: &ObjectName, scope: &Scope<'_>) -> Vec<Shown> {
        let Some(ident) = name::last(owner) else {
            self.facts.give_up();
            return Vec::new();
        };
        let called = self.relation_name(ident);
        if let Some(relation) = scope.called(&called).or_else(|| scope.table(&called)) {
            return self.all_of(relation);
        }
        // The fields of a column.
        let mut origins = Vec::new();
        let name = self.column_name(ident);
        self.unqualified(ident, &name, scope, &mut origins);
        vec![Shown {
            name: Column::ALL.to_owned(),
            origins,
        }]
    }
}

fn is_pseudo(ident: &Ident) -> bool {
    ident.quote_style.is_none()
        && PSEUDO
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&ident.value))
}
