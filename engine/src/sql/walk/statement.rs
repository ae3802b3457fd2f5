//! Every kind of statement to its family.
//!
//! One flat match without a wildcard. An upgrade of the parser that brings a new statement
//! does not compile until somebody has said here what it does.

use std::mem;

use sqlparser::ast::{Query, SetExpr, Statement};

use super::{Extent, Walker};
use crate::action::Effect;

/// What a statement turned out to be.
pub(super) struct Told {
    operation: &'static str,
    /// The reach of its own reading; nothing where it reads only by the way.
    reads: Option<Extent>,
}

/// A statement that is not a query, with the reach of what it reads by the way.
pub(super) const fn told(operation: &'static str) -> Told {
    Told {
        operation,
        reads: None,
    }
}

/// A statement that reads that far.
pub(super) fn reading(operation: &'static str, extent: impl Into<Extent>) -> Told {
    Told {
        operation,
        reads: Some(extent.into()),
    }
}

impl Walker<'_> {
    /// Walks one statement.
    pub(in crate::sql) fn statement(&mut self, statement: &Statement) {
        let outer = mem::take(&mut self.reads);
        let prepared = mem::replace(&mut self.prepared, Extent::NONE);
        let before = (self.told, self.texts.len());
        let (told, nested) = self.apart(|walker| walker.classify(statement));
        let reads = mem::replace(&mut self.reads, outer);
        let nested = nested.max(mem::replace(&mut self.prepared, prepared));
        // Every statement is told: `SELECT 1` and MERGE … DO NOTHING read nothing.
        if reads.is_empty() && before != (self.told, self.texts.len()) {
            return;
        }
        let reach = match told.reads {
            _ if reads.is_empty() => Extent::NONE,
            Some(reach) if !reach.is_none() => reach,
            _ if !nested.is_none() => nested,
            _ => Extent::UNKNOWN,
        };
        self.found(Effect::Read, told.operation, reach, reads);
    }

    pub(super) fn statements<'s>(&mut self, statements: impl IntoIterator<Item = &'s Statement>) {
        statements
            .into_iter()
            .for_each(|statement| self.statement(statement));
    }

    fn classify(&mut self, statement: &Statement) -> Told {
        match statement {
            Statement::Query(query) => reading(verb(query), self.query(query)),
            Statement::Insert(insert) => reading("INSERT", self.insert(insert)),
            Statement::Update(update) => reading("UPDATE", self.update(update)),
            Statement::Delete(delete) => reading("DELETE", self.delete(delete)),
            Statement::Merge(merge) => reading("MERGE", self.merge(merge)),
            Statement::Truncate(truncate) => {
                self.truncate(truncate);
                told("TRUNCATE")
            }

            Statement::Copy { .. }
            | Statement::CopyIntoSnowflake { .. }
            | Statement::LoadData { .. }
            | Statement::Directory { .. }
            | Statement::Unload { .. }
            | Statement::ExportData(_)
            | Statement::Put { .. }
            | Statement::List(_)
            | Statement::Remove(_)
            | Statement::AttachDatabase { .. }
            | Statement::AttachDuckDBDatabase { .. }
            | Statement::DetachDuckDBDatabase { .. } => self.transfer(statement),

            Statement::CreateTable(_)
            | Statement::CreateView(_)
            | Statement::CreateVirtualTable { .. }
            | Statement::CreateIndex(_)
            | Statement::CreateRole(_)
            | Statement::CreateSecret { .. }
            | Statement::CreateServer(_)
            | Statement::CreateForeignTable(_)
            | Statement::CreateForeignDataWrapper(_)
            | Statement::CreateUserMapping(_)
            | Statement::CreatePolicy(_)
            | Statement::CreateRule(_)
            | Statement::CreateConnector(_)
            | Statement::CreateOperator(_)
            | Statement::CreateOperatorFamily(_)
            | Statement::CreateOperatorClass(_)
            | Statement::CreateTextSearch(_)
            | Statement::CreateAggregate(_)
            | Statement::CreateExtension(_)
            | Statement::CreateCollation(_)
            | Statement::CreateSchema { .. }
            | Statement::CreateDatabase { .. }
            | Statement::CreateFunction(_)
            | Statement::CreateTrigger(_)
            | Statement::CreateProcedure { .. }
            | Statement::CreateMacro { .. }
            | Statement::CreateStage { .. }
            | Statement::CreateFileFormat { .. }
            | Statement::CreateWarehouse(_)
            | Statement::CreateSequence { .. }
            | Statement::CreateDomain(_)
            | Statement::CreateType { .. }
            | Statement::CreateUser(_) => self.create(statement),

            Statement::AlterTable(_)
            | Statement::AlterSchema(_)
            | Statement::AlterIndex { .. }
            | Statement::AlterView(_)
            | Statement::AlterFunction(_)
            | Statement::AlterType(_)
            | Statement::AlterCollation(_)
            | Statement::AlterOperator(_)
            | Statement::AlterOperatorFamily(_)
            | Statement::AlterOperatorClass(_)
            | Statement::AlterTextSearch(_)
            | Statement::AlterPolicy(_)
            | Statement::AlterTrigger(_)
            | Statement::AlterConnector { .. }
            | Statement::RenameTable(_)
            | Statement::Comment { .. } => self.alter(statement),

            Statement::Drop { .. }
            | Statement::DropFunction(_)
            | Statement::DropDomain(_)
            | Statement::DropProcedure { .. }
            | Statement::DropSecret { .. }
            | Statement::DropPolicy(_)
            | Statement::DropRule(_)
            | Statement::DropConnector { .. }
            | Statement::DropExtension(_)
            | Statement::DropOperator(_)
            | Statement::DropOperatorFamily(_)
            | Statement::DropOperatorClass(_)
            | Statement::DropTrigger(_) => self.drop(statement),

            Statement::Grant(_)
            | Statement::GrantRole(_)
            | Statement::Deny(_)
            | Statement::Revoke(_)
            | Statement::RevokeRole(_)
            | Statement::AlterDefaultPrivileges(_)
            | Statement::AlterRole { .. }
            | Statement::AlterUser(_) => self.privilege(statement),

            Statement::Analyze(_)
            | Statement::Msck(_)
            | Statement::Install { .. }
            | Statement::Load { .. }
            | Statement::Flush { .. }
            | Statement::Kill { .. }
            | Statement::OptimizeTable { .. }
            | Statement::Vacuum(_)
            | Statement::RefreshMaterializedView(_)
            | Statement::Pragma { .. } => self.administer(statement),

            Statement::ShowFunctions { .. }
            | Statement::ShowVariable { .. }
            | Statement::ShowStatus { .. }
            | Statement::ShowVariables { .. }
            | Statement::ShowCreate { .. }
            | Statement::ShowColumns { .. }
            | Statement::ShowCatalogs { .. }
            | Statement::ShowDatabases { .. }
            | Statement::ShowProcessList { .. }
            | Statement::ShowSchemas { .. }
            | Statement::ShowCharset(_)
            | Statement::ShowObjects(_)
            | Statement::ShowTables { .. }
            | Statement::ShowViews { .. }
            | Statement::ShowCollation { .. }
            | Statement::ExplainTable { .. }
            | Statement::Explain { .. }
            | Statement::Fetch { .. } => self.show(statement),

            Statement::Call(_) | Statement::Execute { .. } => self.execute(statement),

            Statement::Case(_)
            | Statement::If(_)
            | Statement::While(_)
            | Statement::StartTransaction { .. } => self.block(statement),

            Statement::Set(_)
            | Statement::Reset(_)
            | Statement::Use(_)
            | Statement::AlterSession { .. }
            | Statement::Raise(_)
            | Statement::Open(_)
            | Statement::Close { .. }
            | Statement::Declare { .. }
            | Statement::Discard { .. }
            | Statement::Commit { .. }
            | Statement::Rollback { .. }
            | Statement::Assert { .. }
            | Statement::Deallocate { .. }
            | Statement::Prepare { .. }
            | Statement::Savepoint { .. }
            | Statement::ReleaseSavepoint { .. }
            | Statement::Cache { .. }
            | Statement::UNCache { .. }
            | Statement::Lock(_)
            | Statement::LockTables { .. }
            | Statement::UnlockTables
            | Statement::LISTEN { .. }
            | Statement::UNLISTEN { .. }
            | Statement::NOTIFY { .. }
            | Statement::RaisError { .. }
            | Statement::Throw(_)
            | Statement::Print(_)
            | Statement::WaitFor(_)
            | Statement::Return(_) => self.session(statement),
        }
    }
}

fn verb(query: &Query) -> &'static str {
    match &*query.body {
        SetExpr::Insert(_) => "INSERT",
        SetExpr::Update(_) => "UPDATE",
        SetExpr::Delete(_) => "DELETE",
        SetExpr::Merge(_) => "MERGE",
        SetExpr::Values(_) => "VALUES",
        SetExpr::Table(_) => "TABLE",
        SetExpr::Select(_) | SetExpr::Query(_) | SetExpr::SetOperation { .. } => "SELECT",
    }
}
