//! Data on its way out of the database, or in.

use sqlparser::ast::helpers::stmt_data_loading::StageLoadSelectItemKind;
use sqlparser::ast::{CopyIntoSnowflakeKind, CopySource, CopyTarget, Statement};

use super::statement::{Told, reading, told};
use super::{Extent, Reach, Walker, location};
use crate::action::Effect;

impl Walker<'_> {
    pub(super) fn transfer(&mut self, statement: &Statement) -> Told {
        match statement {
            Statement::Copy {
                source, to, target, ..
            } => self.copy(source, *to, target),
            Statement::CopyIntoSnowflake { .. } => self.copy_into(statement),
            Statement::LoadData {
                table_name,
                overwrite,
                partitioned,
                ..
            } => {
                const OPERATION: &str = "LOAD DATA";
                self.exprs(partitioned.iter().flatten());
                let table = self.table(table_name);
                if *overwrite {
                    self.found(Effect::Delete, OPERATION, Reach::All, [table.clone()]);
                }
                self.found(Effect::Insert, OPERATION, Reach::Unknown, [table.clone()]);
                self.found(
                    Effect::Import,
                    OPERATION,
                    Reach::Unknown,
                    [table, location("file")],
                );
                told(OPERATION)
            }
            Statement::Directory { source, .. } => {
                let reach = self.query(source);
                self.export("INSERT OVERWRITE DIRECTORY", reach, "directory")
            }
            Statement::ExportData(export) => {
                let reach = self.query(&export.query);
                self.export("EXPORT DATA", reach, "url")
            }
            Statement::Unload {
                query, query_text, ..
            } => {
                let reach = match (query, query_text) {
                    (Some(query), _) => self.query(query),
                    (None, Some(text)) => {
                        self.texts.push(text.clone());
                        Extent::UNKNOWN
                    }
                    (None, None) => {
                        self.unknown("UNLOAD");
                        Extent::UNKNOWN
                    }
                };
                self.export("UNLOAD", reach, "url")
            }
            Statement::Put { .. } => {
                self.found(
                    Effect::Import,
                    "PUT",
                    Reach::Unknown,
                    [location("file"), location("stage")],
                );
                told("PUT")
            }
            Statement::List(_) => {
                self.does(Effect::Read, "LIST", [location("stage")]);
                told("LIST")
            }
            Statement::Remove(command) => {
                let reach = match command.pattern {
                    Some(_) => Reach::Filtered,
                    None => Reach::All,
                };
                self.found(Effect::Delete, "REMOVE", reach, [location("stage")]);
                told("REMOVE")
            }
            Statement::AttachDatabase {
                database_file_name, ..
            } => {
                self.exprs([database_file_name]);
                self.attach()
            }
            Statement::AttachDuckDBDatabase { .. } => self.attach(),
            Statement::DetachDuckDBDatabase { .. } => {
                self.does(Effect::Session, "DETACH", []);
                told("DETACH")
            }
            _ => self.unclassified(),
        }
    }

    fn attach(&mut self) -> Told {
        let file = location("file");
        self.found(Effect::Import, "ATTACH", Reach::Unknown, [file]);
        told("ATTACH")
    }

    fn export(&mut self, operation: &'static str, reach: Extent, place: &str) -> Told {
        self.found(Effect::Export, operation, reach, [location(place)]);
        reading(operation, reach)
    }

    fn copy(&mut self, source: &CopySource, to: bool, target: &CopyTarget) -> Told {
        const OPERATION: &str = "COPY";
        let place = match target {
            CopyTarget::Stdin => "stdin",
            CopyTarget::Stdout => "stdout",
            CopyTarget::File { .. } => "file",
            CopyTarget::Program { .. } => "program",
        };
        match source {
            CopySource::Table { table_name, .. } if to => {
                let reach = self.read(table_name);
                self.export(OPERATION, reach, place)
            }
            CopySource::Query(query) => {
                let reach = self.query(query);
                self.export(OPERATION, reach, place)
            }
            CopySource::Table { table_name, .. } => {
                let table = self.table(table_name);
                self.found(Effect::Insert, OPERATION, Reach::Unknown, [table.clone()]);
                self.found(
                    Effect::Import,
                    OPERATION,
                    Reach::Unknown,
                    [table, location(place)],
                );
                told(OPERATION)
            }
        }
    }

    /// Snowflake's `COPY INTO`: a table from a stage, or a place from a table.
    fn copy_into(&mut self, statement: &Statement) -> Told {
        const OPERATION: &str = "COPY INTO";
        let Statement::CopyIntoSnowflake {
            kind,
            into,
            from_obj,
            from_transformations,
            from_query,
            partition,
            ..
        } = statement
        else {
            return self.unclassified();
        };
        self.exprs(partition.as_deref());
        for item in from_transformations.iter().flatten() {
            match item {
                StageLoadSelectItemKind::SelectItem(item) => {
                    self.projection(std::slice::from_ref(item));
                }
                StageLoadSelectItemKind::StageLoadSelectItem(_) => {}
            }
        }
        let read = from_query.as_ref().map(|query| self.query(query));
        match kind {
            CopyIntoSnowflakeKind::Location => {
                let read = match (read, from_obj) {
                    (Some(reach), _) => reach,
                    (None, Some(name)) => self.read(name),
                    (None, None) => Extent::UNKNOWN,
                };
                self.export(OPERATION, read, "stage")
            }
            CopyIntoSnowflakeKind::Table => {
                let table = self.table(into);
                self.found(Effect::Insert, OPERATION, Reach::Unknown, [table.clone()]);
                self.found(
                    Effect::Import,
                    OPERATION,
                    Reach::Unknown,
                    [table, location("stage")],
                );
                told(OPERATION)
            }
        }
    }
}
