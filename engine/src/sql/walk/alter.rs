//! ALTER and DROP.

use sqlparser::ast::{
    AlterTable, AlterTableOperation, AlterViewOperation, CommentObject, Ident, ObjectName,
    ObjectType, RenameTableNameKind, Statement,
};

use super::statement::{Told, reading, told};
use super::{Reach, Walker};
use crate::action::{Effect, Resource, ResourceKind};

impl Walker<'_> {
    pub(super) fn alter(&mut self, statement: &Statement) -> Told {
        let (operation, changed): (_, Vec<Resource>) = match statement {
            Statement::AlterTable(alter) => return self.alter_table(alter),
            Statement::AlterView(view) => {
                let name = self.table(&view.name);
                self.found(Effect::Alter, "ALTER VIEW", Reach::All, [name]);
                return match &view.operation {
                    AlterViewOperation::As { query, .. } => {
                        let reach = self.query(query);
                        reading("ALTER VIEW", reach)
                    }
                    AlterViewOperation::AlterColumn { .. }
                    | AlterViewOperation::OwnerTo(_)
                    | AlterViewOperation::RenameColumn { .. }
                    | AlterViewOperation::RenameTo { .. }
                    | AlterViewOperation::SetSchema { .. }
                    | AlterViewOperation::SetOptions { .. }
                    | AlterViewOperation::ResetOptions { .. } => told("ALTER VIEW"),
                };
            }
            Statement::RenameTable(renames) => {
                let names = renames
                    .iter()
                    .flat_map(|rename| [&rename.old_name, &rename.new_name]);
                ("RENAME TABLE", names.map(|name| self.table(name)).collect())
            }
            Statement::AlterSchema(schema) => ("ALTER SCHEMA", vec![self.object(&schema.name)]),
            Statement::AlterIndex { name, .. } => ("ALTER INDEX", vec![self.object(name)]),
            Statement::AlterFunction(alter) => (
                "ALTER FUNCTION",
                self.functions(std::slice::from_ref(&alter.function)),
            ),
            Statement::AlterType(alter) => ("ALTER TYPE", vec![self.object(&alter.name)]),
            Statement::AlterCollation(alter) => ("ALTER COLLATION", vec![self.object(&alter.name)]),
            Statement::AlterOperator(alter) => ("ALTER OPERATOR", vec![self.object(&alter.name)]),
            Statement::AlterOperatorFamily(alter) => {
                ("ALTER OPERATOR FAMILY", vec![self.object(&alter.name)])
            }
            Statement::AlterOperatorClass(alter) => {
                ("ALTER OPERATOR CLASS", vec![self.object(&alter.name)])
            }
            Statement::AlterTextSearch(alter) => {
                ("ALTER TEXT SEARCH", vec![self.object(&alter.name)])
            }
            Statement::AlterPolicy(policy) => {
                let table = self.table(&policy.table_name);
                self.does(Effect::Grant, "ALTER POLICY", [table.clone()]);
                ("ALTER POLICY", vec![self.object_named(&policy.name), table])
            }
            Statement::AlterTrigger(trigger) => {
                let table = self.table(&trigger.table_name);
                (
                    "ALTER TRIGGER",
                    vec![self.object_named(&trigger.name), table],
                )
            }
            Statement::AlterConnector { name, .. } => {
                ("ALTER CONNECTOR", vec![self.object_named(name)])
            }
            Statement::Comment {
                object_type,
                object_name,
                ..
            } => ("COMMENT", vec![self.commented(*object_type, object_name)]),
            _ => return self.unclassified(),
        };
        self.found(Effect::Alter, operation, Reach::All, changed);
        told(operation)
    }

    fn commented(&mut self, kind: CommentObject, name: &ObjectName) -> Resource {
        match kind {
            CommentObject::Table
            | CommentObject::View
            | CommentObject::MaterializedView
            | CommentObject::ForeignTable => self.table(name),
            CommentObject::Function | CommentObject::Procedure => {
                self.resource(ResourceKind::Function, name)
            }
            CommentObject::Collation
            | CommentObject::Column
            | CommentObject::Database
            | CommentObject::Domain
            | CommentObject::Extension
            | CommentObject::Index
            | CommentObject::Role
            | CommentObject::Schema
            | CommentObject::Sequence
            | CommentObject::Type
            | CommentObject::User => self.object(name),
        }
    }

    fn alter_table(&mut self, alter: &AlterTable) -> Told {
        const OPERATION: &str = "ALTER TABLE";
        let table = self.table(&alter.name);
        let mut tables = vec![table.clone()];
        for operation in &alter.operations {
            match operation {
                AlterTableOperation::RenameTable {
                    table_name: RenameTableNameKind::As(name) | RenameTableNameKind::To(name),
                }
                | AlterTableOperation::SwapWith { table_name: name }
                | AlterTableOperation::AttachPartitionOf {
                    partition: name, ..
                }
                | AlterTableOperation::DetachPartitionOf {
                    partition: name, ..
                }
                | AlterTableOperation::Inherit { parent: name }
                | AlterTableOperation::NoInherit { parent: name } => tables.push(self.table(name)),
                // The rows go with them.
                AlterTableOperation::DropPartitions { partitions, .. } => {
                    self.exprs(partitions);
                    let gone = table.clone();
                    self.found(Effect::Delete, OPERATION, Reach::Filtered, [gone]);
                }
                AlterTableOperation::OwnerTo { .. }
                | AlterTableOperation::DisableRowLevelSecurity
                | AlterTableOperation::EnableRowLevelSecurity
                | AlterTableOperation::ForceRowLevelSecurity
                | AlterTableOperation::NoForceRowLevelSecurity => {
                    self.does(Effect::Grant, OPERATION, [table.clone()]);
                }
                AlterTableOperation::AddConstraint { constraint, .. } => {
                    self.constraint(constraint);
                }
                AlterTableOperation::AddColumn { column_def, .. } => {
                    self.definitions(std::slice::from_ref(column_def), &[]);
                }
                AlterTableOperation::ChangeColumn { options, .. }
                | AlterTableOperation::ModifyColumn { options, .. } => self.column_options(options),
                AlterTableOperation::AlterColumn { op, .. } => self.changed_column(op),
                AlterTableOperation::AddProjection { .. }
                | AlterTableOperation::DropProjection { .. }
                | AlterTableOperation::MaterializeProjection { .. }
                | AlterTableOperation::ClearProjection { .. }
                | AlterTableOperation::DisableRule { .. }
                | AlterTableOperation::DisableTrigger { .. }
                | AlterTableOperation::DropConstraint { .. }
                | AlterTableOperation::DropColumn { .. }
                | AlterTableOperation::AttachPartition { .. }
                | AlterTableOperation::DetachPartition { .. }
                | AlterTableOperation::FreezePartition { .. }
                | AlterTableOperation::UnfreezePartition { .. }
                | AlterTableOperation::DropPrimaryKey { .. }
                | AlterTableOperation::DropForeignKey { .. }
                | AlterTableOperation::DropIndex { .. }
                | AlterTableOperation::EnableAlwaysRule { .. }
                | AlterTableOperation::EnableAlwaysTrigger { .. }
                | AlterTableOperation::EnableReplicaRule { .. }
                | AlterTableOperation::EnableReplicaTrigger { .. }
                | AlterTableOperation::EnableRule { .. }
                | AlterTableOperation::EnableTrigger { .. }
                | AlterTableOperation::RenamePartitions { .. }
                | AlterTableOperation::ReplicaIdentity { .. }
                | AlterTableOperation::AddPartitions { .. }
                | AlterTableOperation::RenameColumn { .. }
                | AlterTableOperation::ModifyOrderBy { .. }
                | AlterTableOperation::RenameConstraint { .. }
                | AlterTableOperation::SetTblProperties { .. }
                | AlterTableOperation::SetLogged
                | AlterTableOperation::SetUnlogged
                | AlterTableOperation::ClusterBy { .. }
                | AlterTableOperation::DropClusteringKey
                | AlterTableOperation::AlterSortKey { .. }
                | AlterTableOperation::SuspendRecluster
                | AlterTableOperation::ResumeRecluster
                | AlterTableOperation::Refresh { .. }
                | AlterTableOperation::Suspend
                | AlterTableOperation::Resume
                | AlterTableOperation::Algorithm { .. }
                | AlterTableOperation::Lock { .. }
                | AlterTableOperation::AutoIncrement { .. }
                | AlterTableOperation::ValidateConstraint { .. }
                | AlterTableOperation::SetOptionsParens { .. }
                | AlterTableOperation::ResetOptions { .. }
                | AlterTableOperation::GenericOptions { .. } => {}
            }
        }
        self.found(Effect::Alter, OPERATION, Reach::All, tables);
        told(OPERATION)
    }

    pub(super) fn drop(&mut self, statement: &Statement) -> Told {
        let (operation, dropped): (_, Vec<Resource>) = match statement {
            Statement::Drop {
                object_type,
                names,
                table,
                ..
            } => return self.drop_objects(*object_type, names, table.as_ref()),
            Statement::DropFunction(drop) => ("DROP FUNCTION", self.functions(&drop.func_desc)),
            Statement::DropProcedure { proc_desc, .. } => {
                ("DROP PROCEDURE", self.functions(proc_desc))
            }
            Statement::DropDomain(drop) => ("DROP DOMAIN", vec![self.object(&drop.name)]),
            Statement::DropSecret { name, .. } => ("DROP SECRET", vec![self.object_named(name)]),
            Statement::DropConnector { name, .. } => {
                ("DROP CONNECTOR", vec![self.object_named(name)])
            }
            Statement::DropPolicy(drop) => {
                ("DROP POLICY", self.of_table(&drop.name, &drop.table_name))
            }
            Statement::DropRule(drop) => ("DROP RULE", self.of_table(&drop.name, &drop.table_name)),
            Statement::DropTrigger(drop) => {
                let mut dropped = vec![self.object(&drop.trigger_name)];
                dropped.extend(drop.table_name.iter().map(|table| self.table(table)));
                ("DROP TRIGGER", dropped)
            }
            Statement::DropExtension(drop) => {
                let names = drop.names.iter();
                (
                    "DROP EXTENSION",
                    names.map(|name| self.object_named(name)).collect(),
                )
            }
            Statement::DropOperator(drop) => {
                let operators = drop.operators.iter();
                let dropped = operators
                    .map(|operator| self.object(&operator.name))
                    .collect();
                ("DROP OPERATOR", dropped)
            }
            Statement::DropOperatorFamily(drop) => {
                let names = drop.names.iter();
                (
                    "DROP OPERATOR FAMILY",
                    names.map(|name| self.object(name)).collect(),
                )
            }
            Statement::DropOperatorClass(drop) => {
                let names = drop.names.iter();
                (
                    "DROP OPERATOR CLASS",
                    names.map(|name| self.object(name)).collect(),
                )
            }
            _ => return self.unclassified(),
        };
        self.found(Effect::Drop, operation, Reach::All, dropped);
        told(operation)
    }

    fn of_table(&mut self, name: &Ident, table: &ObjectName) -> Vec<Resource> {
        vec![self.object_named(name), self.table(table)]
    }

    fn drop_objects(
        &mut self,
        kind: ObjectType,
        names: &[ObjectName],
        table: Option<&ObjectName>,
    ) -> Told {
        let (operation, holds_rows) = match kind {
            ObjectType::Table => ("DROP TABLE", true),
            ObjectType::ForeignTable => ("DROP FOREIGN TABLE", true),
            ObjectType::View => ("DROP VIEW", true),
            ObjectType::MaterializedView => ("DROP MATERIALIZED VIEW", true),
            ObjectType::Stream => ("DROP STREAM", true),
            ObjectType::Index => ("DROP INDEX", false),
            ObjectType::Schema => ("DROP SCHEMA", false),
            ObjectType::Database => ("DROP DATABASE", false),
            ObjectType::Role | ObjectType::Group => ("DROP ROLE", false),
            ObjectType::User => ("DROP USER", false),
            ObjectType::Sequence => ("DROP SEQUENCE", false),
            ObjectType::Stage => ("DROP STAGE", false),
            ObjectType::Type => ("DROP TYPE", false),
            ObjectType::Warehouse => ("DROP WAREHOUSE", false),
            ObjectType::Collation => ("DROP COLLATION", false),
        };
        let mut dropped: Vec<_> = names
            .iter()
            .map(|name| {
                if holds_rows {
                    self.table(name)
                } else {
                    self.object(name)
                }
            })
            .collect();
        dropped.extend(table.map(|table| self.table(table)));
        if matches!(
            kind,
            ObjectType::Role | ObjectType::Group | ObjectType::User
        ) {
            self.does(Effect::Grant, operation, dropped.clone());
        }
        self.found(Effect::Drop, operation, Reach::All, dropped);
        told(operation)
    }
}
