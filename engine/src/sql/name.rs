//! Names as written to names as the database compares them.
//!
//! Two spellings of one table give one name. A name is an identifier, never a literal.

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

use super::dialect::{Dialect, Folding};

/// One identifier, folded as the dialect folds it.
pub(super) fn fold(ident: &Ident, dialect: Dialect) -> String {
    let value = ident.value.as_str();
    match (dialect.folding(), ident.quote_style) {
        (Folding::Lower, None) => value.to_ascii_lowercase(),
        (Folding::Upper, None) => value.to_uppercase(),
        (Folding::Insensitive, _) => value.to_lowercase(),
        (Folding::Lower | Folding::Upper, Some(_)) | (Folding::Exact, _) => value.to_owned(),
    }
}

/// The name of a column or an alias, folded. Where tables keep their case, these do not always.
pub(super) fn fold_column(ident: &Ident, dialect: Dialect) -> String {
    match dialect {
        Dialect::Mysql | Dialect::Mariadb | Dialect::Bigquery => ident.value.to_lowercase(),
        _ => fold(ident, dialect),
    }
}

/// The whole name, parts joined by dots; nothing if a part is made at run time.
pub(super) fn joined(name: &ObjectName, dialect: Dialect) -> Option<String> {
    let mut whole = String::new();
    for part in &name.0 {
        let ObjectNamePart::Identifier(ident) = part else {
            return None;
        };
        push(&mut whole, ident, dialect);
    }
    Some(whole)
}

/// The whole name of a path of identifiers.
pub(super) fn joined_idents(idents: &[Ident], dialect: Dialect) -> String {
    let mut whole = String::new();
    for ident in idents {
        push(&mut whole, ident, dialect);
    }
    whole
}

/// One part of a table's name as it comes outside of SQL, put as `joined` puts parts.
#[must_use]
pub fn table_part(name: &str, dialect: Dialect) -> String {
    joined_idents(&[Ident::new(name)], dialect)
}

/// The identifiers of a name; parts that are made at run time are left out.
pub(super) fn idents(name: &ObjectName) -> Vec<Ident> {
    let idents = name.0.iter().filter_map(|part| match part {
        ObjectNamePart::Identifier(ident) => Some(ident.clone()),
        ObjectNamePart::Function(_) => None,
    });
    idents.collect()
}

/// The kind of place outside of the database that a table's name is.
pub(super) fn place(name: &ObjectName, dialect: Dialect) -> Option<&'static str> {
    let ident = last(name)?;
    match ident.quote_style {
        Some('\'') => Some("file"),
        Some(_) if dialect.reads_paths() && ident.value.contains(['/', '.']) => Some("file"),
        None if dialect == Dialect::Snowflake && ident.value.starts_with('@') => Some("stage"),
        _ => None,
    }
}

/// The last identifier of a name.
pub(super) fn last(name: &ObjectName) -> Option<&Ident> {
    match name.0.last()? {
        ObjectNamePart::Identifier(ident) => Some(ident),
        ObjectNamePart::Function(_) => None,
    }
}

fn push(whole: &mut String, ident: &Ident, dialect: Dialect) {
    // `database..table` of SQL Server leaves an empty part.
    if ident.value.is_empty() {
        return;
    }
    if !whole.is_empty() {
        whole.push('.');
    }
    let folded = fold(ident, dialect);
    // In BigQuery `a.b.c` in one pair of backticks is the same table as three names.
    if folded.contains(['.', '"']) && dialect != Dialect::Bigquery {
        whole.push('"');
        whole.push_str(&folded.replace('"', "\"\""));
        whole.push('"');
    } else {
        whole.push_str(&folded);
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, joined};
    use sqlparser::ast::{Ident, ObjectName};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn name(parts: &[(&str, bool)], dialect: Dialect) -> Option<String> {
        let idents = parts.iter().map(|&(part, quoted)| {
            if quoted {
                Ident::with_quote('"', part)
            } else {
                Ident::new(part)
            }
        });
        joined(&ObjectName::from(idents.collect::<Vec<_>>()), dialect)
    }

    #[test]
    fn names_fold_as_the_dialect_folds_them() {
        let mixed = [("Public", false), ("Users", true)];
        assert_eq!(
            name(&mixed, Dialect::Postgres).as_deref(),
            Some("public.Users")
        );
        assert_eq!(
            name(&mixed, Dialect::Oracle).as_deref(),
            Some("PUBLIC.Users")
        );
        assert_eq!(
            name(&mixed, Dialect::Mssql).as_deref(),
            Some("public.users")
        );
        assert_eq!(
            name(&mixed, Dialect::Mysql).as_deref(),
            Some("Public.Users")
        );
    }

    #[test]
    fn a_part_with_a_dot_cannot_pass_for_two() {
        let dotted = [("a.b", true)];
        assert_eq!(name(&dotted, Dialect::Postgres).as_deref(), Some("\"a.b\""));
        assert_eq!(name(&dotted, Dialect::Bigquery).as_deref(), Some("a.b"));
    }

    #[test]
    fn an_empty_part_is_no_part() {
        let sparse = [("db", false), ("", false), ("t", false)];
        assert_eq!(name(&sparse, Dialect::Mssql).as_deref(), Some("db.t"));
    }
}
