//! Conditions that keep every row of a table, or two at most.

use crate::judge::chance::Chance;

const ALWAYS: [&str; 34] = [
    "1 = 1",
    "1=1",
    "'a' = 'a'",
    "true",
    "NOT false",
    "NOT NOT true",
    "2 > 1",
    "1 <> 2",
    "1 IN (1, 2)",
    "3 NOT IN (1, 2)",
    "'x' LIKE '%'",
    "'abc' LIKE 'a_c'",
    "'x' || 'y' = 'xy'",
    "coalesce(NULL, 1) = 1",
    "1 BETWEEN 0 AND 2",
    "CAST(1 AS int) = 1",
    "CAST('1' AS int) = 1",
    "CASE WHEN 1 = 1 THEN 2 > 1 ELSE 1 > 2 END",
    "CASE 1 WHEN 1 THEN true ELSE false END",
    "1 IS NOT NULL",
    "NULL IS NULL",
    "(1 = 1) = (2 = 2)",
    "1 + 1 = 2",
    "2 * 3 - 1 > 4",
    "(((1 = 1)))",
    "-1 < 0",
    "id = id",
    "id >= id",
    "name = name",
    "name LIKE '%'",
    "id IS NOT DISTINCT FROM id",
    "amount IS NULL OR amount IS NOT NULL",
    "NOT (1 = 2)",
    "EXISTS (SELECT 1)",
];

/// A condition of either sort.
pub(super) fn any(chance: &mut Chance, table: (&str, i64)) -> String {
    if chance.one_in(2) {
        all(chance, table)
    } else {
        few(chance, table)
    }
}

/// Keeps every row.
fn all(chance: &mut Chance, table: (&str, i64)) -> String {
    let (name, _) = table;
    let one = match chance.below(12) {
        0 => format!("id IN (SELECT id FROM {name})"),
        _ => chance.pick(&ALWAYS).to_owned(),
    };
    let other = chance.pick(&ALWAYS);
    match chance.below(6) {
        0 => format!("({one}) AND ({other})"),
        1 => format!("({}) OR {one}", few(chance, table)),
        2 => format!("({one}) OR {}", few(chance, table)),
        3 => format!("NOT NOT ({one})"),
        _ => one,
    }
}

/// Keeps two rows at most.
fn few(chance: &mut Chance, (name, first): (&str, i64)) -> String {
    let id = first + i64::from(u8::try_from(chance.below(5)).unwrap_or_default());
    let one = [
        format!("id = {id}"),
        format!("{id} = id"),
        format!("id IN ({id}, {})", first + 1),
        format!("id < {}", first + 2),
        format!("id BETWEEN {id} AND {id}"),
        format!("name = 'row{}'", id - first),
        "name LIKE 'row2%'".to_owned(),
        "amount IS NULL".to_owned(),
        "amount > 100".to_owned(),
        format!("EXISTS (SELECT 1 FROM {name} o WHERE o.id = {name}.id AND o.amount = 30)"),
        "1 = 0".to_owned(),
        "NULL".to_owned(),
        "id <> id".to_owned(),
    ];
    let one = &one[chance.below(one.len())];
    match chance.below(5) {
        0 => format!("{one} AND {}", chance.pick(&["1 = 1", "true", "id = id"])),
        1 => format!("({one})"),
        _ => one.clone(),
    }
}
