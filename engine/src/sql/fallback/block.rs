//! Statements that hold others, by the words they start with.

use sqlparser::tokenizer::Token;

use super::cursor::Cursor;

/// Whether a statement is a block of statements, so that a `;` does not end it.
pub(in crate::sql) fn starts_block(words: &[&Token]) -> bool {
    let mut cursor = Cursor::new(words);
    if cursor.is("CREATE") || cursor.is("ALTER") {
        const CODE: [&str; 8] = [
            "EVENT",
            "FUNCTION",
            "PACKAGE",
            "PROC",
            "PROCEDURE",
            "TASK",
            "TRIGGER",
            "RULE",
        ];
        // `CREATE OR REPLACE DEFINER = x PROCEDURE`: near the start, or not at all.
        return (0..12).any(|_| {
            cursor.step();
            CODE.iter().any(|code| cursor.is(code))
        });
    }
    if cursor.is("BEGIN") {
        cursor.step();
        const TRANSACTION: [&str; 8] = [
            "DEFERRED",
            "EXCLUSIVE",
            "IMMEDIATE",
            "ISOLATION",
            "READ",
            "TRAN",
            "TRANSACTION",
            "WORK",
        ];
        return !cursor.is_end() && !TRANSACTION.iter().any(|word| cursor.is(word));
    }
    if cursor.is("WITH") {
        cursor.step();
        return cursor.is("FUNCTION") || cursor.is("PROCEDURE");
    }
    const BLOCKS: [&str; 10] = [
        "CASE",
        "DECLARE",
        "DELIMITER",
        "DO",
        "EXCEPTION",
        "FOR",
        "IF",
        "LOOP",
        "REPEAT",
        "WHILE",
    ];
    let is_label = matches!(words.first(), Some(Token::ShiftLeft))
        || matches!(words, [Token::Word(_), Token::Colon, ..]);
    is_label || BLOCKS.iter().any(|word| cursor.is(word))
}
