//! Stars, whole rows and columns by number: every column of something.

use sqlparser::ast::{
    ExcludeSelectItem, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectName,
    RenameSelectItem, WildcardAdditionalOptions,
};

use super::Resolver;
use super::facts::Id;
use super::output::{Output, Shown};
use super::scope::{Relation, Rows, Scope};
use crate::action::Column;
use crate::sql::dialect::Dialect;
use crate::sql::gap::Gap;
use crate::sql::name;

impl Resolver<'_> {
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

    /// What every column of a relation is made of; they are read.
    pub(super) fn whole(&mut self, relation: &Relation, origins: &mut Vec<Id>) {
        for one in self.all_of(relation) {
            origins.extend(one.origins);
        }
    }

    /// Every column of a relation, none of them read yet.
    pub(super) fn listed(&mut self, relation: &Relation) -> Vec<Shown> {
        self.facts.worked(1);
        match &relation.rows {
            Rows::Table(name) => {
                let Some(table) = self.database.tables.get(name) else {
                    let star = self.facts.column(name, Column::ALL);
                    return vec![Shown::star(star.into_iter().collect())];
                };
                self.facts.worked(table.columns.len());
                let shown = table.columns.iter().map(|column| {
                    let origin = self.facts.column(name, column);
                    Shown::named(column.clone(), origin.into_iter().collect())
                });
                shown.collect()
            }
            Rows::Query(output) => {
                self.facts.worked(output.columns.len());
                output.columns.clone()
            }
            Rows::Function { columns, origins } => {
                self.facts
                    .worked(columns.len().saturating_mul(origins.len()));
                match columns.as_slice() {
                    [] => vec![Shown::star(origins.clone())],
                    columns => {
                        let named = |name: &String| Shown::named(name.clone(), origins.clone());
                        columns.iter().map(named).collect()
                    }
                }
            }
        }
    }

    /// Every column of a table.
    pub(super) fn everything_of(&mut self, name: &ObjectName) -> Output {
        let rows = self.rows_of(name, &Scope::inside(None));
        Output {
            columns: self.all_of(&Relation::unnamed(rows)),
        }
    }

    /// Every column of what has that name here.
    pub(super) fn star_of(&mut self, owner: &ObjectName, scope: &Scope<'_>) -> Vec<Shown> {
        let Some(ident) = name::last(owner) else {
            self.facts.give_up();
            return Vec::new();
        };
        let mut shown = Vec::new();
        let called = self.relation_name(ident);
        for relation in self.owners(&called, &[], scope) {
            shown.extend(self.all_of(relation));
        }
        if !shown.is_empty() {
            return shown;
        }
        // The fields of a column.
        let mut origins = Vec::new();
        self.path(&name::idents(owner), scope, &mut origins);
        vec![Shown::star(origins)]
    }

    /// Whether a function takes every column there is: `OBJECT_CONSTRUCT(*)`, `COLUMNS('…')`.
    /// Counting rows reads none of them.
    pub(super) fn takes_all(&self, function: &Function) -> bool {
        let name = name::last(&function.name).map_or("", |ident| ident.value.as_str());
        let chooses = matches!(
            self.database.dialect,
            Dialect::Duckdb | Dialect::Clickhouse | Dialect::Generic
        );
        if chooses && name.eq_ignore_ascii_case("columns") {
            return true;
        }
        let FunctionArguments::List(list) = &function.args else {
            return false;
        };
        // Elsewhere a star says that there are no arguments.
        let expands = chooses
            || matches!(
                self.database.dialect,
                Dialect::Snowflake
                    | Dialect::Databricks
                    | Dialect::Spark
                    | Dialect::Hive
                    | Dialect::Oracle
            );
        let counts = name.eq_ignore_ascii_case("count") && list.duplicate_treatment.is_none();
        expands && !counts && list.args.iter().any(is_star)
    }

    /// Snowflake's `$2`: the second column.
    pub(super) fn numbered(
        &mut self,
        relation: &Relation,
        name: &str,
        origins: &mut Vec<Id>,
    ) -> bool {
        let digits = name.strip_prefix('$');
        let number = digits.and_then(|digits| digits.parse::<usize>().ok());
        let place = number.and_then(|number| number.checked_sub(1));
        let (Some(place), Dialect::Snowflake) = (place, self.database.dialect) else {
            return false;
        };
        let all = self.listed(relation);
        let star = all.iter().find(|one| one.is_star());
        for &origin in star
            .or_else(|| all.get(place))
            .iter()
            .flat_map(|one| &one.origins)
        {
            self.facts.read(origin, !self.facts.is_star(origin));
            origins.push(origin);
        }
        true
    }

    /// A star with what stands behind it: EXCEPT, REPLACE, RENAME.
    pub(super) fn adjusted(
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
        let changed = options.opt_replace.iter().flat_map(|all| &all.items);
        let changes = changed.count().saturating_add(gone.len());
        if !self.facts.looked_at(changes.saturating_mul(shown.len())) {
            return shown;
        }
        if !gone.is_empty() {
            shown.retain(|one| !gone.contains(&one.name));
        }
        for item in options
            .opt_replace
            .iter()
            .flat_map(|replace| &replace.items)
        {
            let origins = self.value(&item.expr, scope);
            let name = self.column_name(&item.column_name);
            match shown.iter_mut().find(|one| one.name == name) {
                Some(one) => one.origins = origins,
                None => shown.push(Shown::named(name, origins)),
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

    pub(super) fn excluded(&self, exclude: &ExcludeSelectItem) -> Vec<String> {
        let names = match exclude {
            ExcludeSelectItem::Single(name) => std::slice::from_ref(name),
            ExcludeSelectItem::Multiple(names) => names,
        };
        let idents = names.iter().filter_map(name::last);
        idents.map(|ident| self.column_name(ident)).collect()
    }
}

const fn is_star(argument: &FunctionArg) -> bool {
    let value = match argument {
        FunctionArg::Named { arg, .. }
        | FunctionArg::ExprNamed { arg, .. }
        | FunctionArg::Unnamed(arg) => arg,
    };
    matches!(
        value,
        FunctionArgExpr::Wildcard
            | FunctionArgExpr::WildcardWithOptions(_)
            | FunctionArgExpr::Expr(Expr::Wildcard(_))
    )
}
