//! The text of an expression becomes the `cel` crate's tree, with the place of every node.
//!
//! Whatever could make that parser, or the clean-up of its trees, recurse without end is
//! refused before it is called.

use std::ops::Range;
use std::sync::Arc;

use cel::common::ast::{IdedExpr, SourceInfo};
use cel::parser::pratt_parser::{Lexer, PrattParser, TokenKind};

use super::Problem;
use crate::limits;

/// A parsed expression.
pub struct Source<'t> {
    text: &'t str,
    /// The tree.
    pub tree: IdedExpr,
    places: Option<Arc<SourceInfo>>,
    /// Characters before every so many bytes.
    counts: Vec<usize>,
}

/// How many bytes lie between two places of which the characters before are known.
const STRIDE: usize = 64;

impl<'t> Source<'t> {
    /// Parses a text.
    pub fn parse(text: &'t str) -> Result<Self, Vec<Problem>> {
        measure(text).map_err(|problem| vec![problem])?;
        match parser().parse(text) {
            Ok(tree) => Ok(Self {
                text,
                tree,
                places: places(text),
                counts: counts(text),
            }),
            Err(errors) => {
                let errors = errors.errors.into_iter().take(limits::EXPRESSION_PROBLEMS);
                let problems = errors.map(|error| Problem {
                    code: "expression.syntax",
                    offset: offset(text, error.pos),
                    message: reworded(&error.msg),
                });
                Err(problems.collect())
            }
        }
    }

    /// Where a node's own word or operator stands, in bytes.
    pub fn place(&self, id: u64) -> Range<usize> {
        let found = self
            .places
            .as_ref()
            .and_then(|places| places.offset_for(id));
        let (start, end) = found.unwrap_or_default();
        start as usize..end as usize
    }

    /// Characters before that byte.
    pub fn characters(&self, byte: usize) -> usize {
        let known = self.counts.get(byte / STRIDE).copied().unwrap_or_default();
        let from = byte.saturating_sub(byte % STRIDE);
        let rest = self.text.as_bytes().get(from..byte).unwrap_or_default();
        known.saturating_add(starts(rest))
    }

    /// Where the word stands that a mistake of a node is told of, in characters.
    pub fn offset(&self, id: u64) -> usize {
        let place = self.place(id);
        let before = self.text.get(..place.start).unwrap_or_default();
        let byte = match self.text.get(place.clone()) {
            Some(".") => place.end,
            // Of a method, the parser keeps the bracket.
            Some("(") => before.trim_end_matches(is_word).len(),
            _ => place.start,
        };
        self.characters(byte)
    }

    /// An operand as it stands in the text, in characters, from the places of the words in it
    /// that stand first and last.
    pub fn operand(&self, words: Range<usize>) -> Range<usize> {
        let rest = self.text.get(words.start..).unwrap_or_default();
        let last = words.end.saturating_sub(words.start);
        let (mut depth, mut opened_before, mut end) = (0_usize, 0_usize, 0_usize);
        for token in Tokens::new(rest) {
            let is_behind = token.start >= last;
            if is_behind && depth == 0 && (closes(token.kind) || ends_operand(token.kind)) {
                break;
            }
            if opens(token.kind) {
                depth = depth.saturating_add(1);
            } else if closes(token.kind) {
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => opened_before = opened_before.saturating_add(1),
                }
            }
            end = token.end;
        }
        let mut before = self.text.get(..words.start).unwrap_or_default();
        for _ in 0..opened_before {
            before = before.trim_end().strip_suffix('(').unwrap_or(before);
        }
        let end = words.start.saturating_add(end);
        self.characters(before.len())..self.characters(end)
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn parser() -> PrattParser {
    let depth = u16::try_from(limits::EXPRESSION_DEPTH).unwrap_or(u16::MAX);
    PrattParser::new()
        .max_recursion_depth(depth)
        .max_expression_node_count(limits::EXPRESSION_NODES)
        .enable_ident_escape_syntax(true)
        .error_recovery_limit(8)
        .error_reporting_limit(8)
}

/// The places of all nodes. The parser hands them out only with an error, so it is given one:
/// a bracket behind the end, which changes no number of any node before it.
fn places(text: &str) -> Option<Arc<SourceInfo>> {
    let mut broken = String::with_capacity(text.len().saturating_add(2));
    broken.push_str(text);
    broken.push_str("\n]");
    let errors = parser().parse(&broken).err()?.errors;
    errors.into_iter().find_map(|error| error.source_info)
}

struct Tokens<'t> {
    lexer: Lexer<'t>,
}

impl<'t> Tokens<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            lexer: Lexer::new(text),
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = cel::parser::pratt_parser::Token;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let token = self.lexer.lex();
            match token.kind {
                TokenKind::TokEnd => return None,
                TokenKind::TokWhitespace | TokenKind::TokComment => {}
                _ => return Some(token),
            }
        }
    }
}

fn opens(kind: TokenKind) -> bool {
    use TokenKind::{TokLeftBrace, TokLeftBracket, TokLeftParen};
    matches!(kind, TokLeftParen | TokLeftBracket | TokLeftBrace)
}

fn closes(kind: TokenKind) -> bool {
    use TokenKind::{TokRightBrace, TokRightBracket, TokRightParen};
    matches!(kind, TokRightParen | TokRightBracket | TokRightBrace)
}

fn ends_operand(kind: TokenKind) -> bool {
    use TokenKind::{TokColon, TokComma, TokLogicalAnd, TokLogicalOr, TokQuestion};
    let is_loose = matches!(
        kind,
        TokLogicalAnd | TokLogicalOr | TokQuestion | TokColon | TokComma
    );
    is_loose || is_tight(kind)
}

/// Operators that bind tighter than `&&` and looser than `!`.
fn is_tight(kind: TokenKind) -> bool {
    cel::parser::pratt_parser::get_binary_op_info(kind).precedence > 2
}

/// How deep the tree of what stands between two brackets can become.
#[derive(Default)]
struct Group {
    /// Operators since the last comma or `&&`: each can be one level.
    chain: usize,
    /// The deepest brackets among them.
    inner: usize,
    /// The deepest chain since the last comma.
    longest: usize,
    /// `?` since the last comma: each is one level around all chains.
    choices: usize,
    /// The deepest of all members.
    deepest: usize,
}

impl Group {
    /// How deep it is so far.
    fn depth(&self) -> usize {
        let chain = self.chain.saturating_add(self.inner);
        let member = chain.max(self.longest).saturating_add(self.choices);
        member.max(self.deepest)
    }

    fn end_chain(&mut self) {
        let depth = self.chain.saturating_add(self.inner);
        self.longest = self.longest.max(depth);
        (self.chain, self.inner) = (0, 0);
    }

    fn end_member(&mut self) {
        self.end_chain();
        let depth = self.longest.saturating_add(self.choices);
        self.deepest = self.deepest.max(depth);
        (self.longest, self.choices) = (0, 0);
    }

    fn take(&mut self, kind: TokenKind) {
        use TokenKind::{
            TokComma, TokDot, TokExclamation, TokLogicalAnd, TokLogicalOr, TokMinus, TokQuestion,
        };
        match kind {
            TokComma => self.end_member(),
            TokLogicalAnd | TokLogicalOr => self.end_chain(),
            TokQuestion => self.choices = self.choices.saturating_add(1),
            TokDot | TokExclamation | TokMinus => self.chain = self.chain.saturating_add(1),
            kind if is_tight(kind) => self.chain = self.chain.saturating_add(1),
            _ => {}
        }
    }
}

/// INVARIANT (depth before parsing): an upper bound on the depth of the tree, from one look at
/// the tokens. The parser's own limit counts neither chains of operators nor of `?:`.
fn measure(text: &str) -> Result<(), Problem> {
    if text.len() > limits::EXPRESSION_BYTES {
        let most = limits::EXPRESSION_BYTES;
        return Err(too_large(0, format!("longer than {most} bytes")));
    }
    let mut groups = vec![Group::default()];
    for token in Tokens::new(text) {
        if closes(token.kind) && groups.len() > 1 {
            close(&mut groups);
        }
        let Some(group) = groups.last_mut() else {
            break;
        };
        if opens(token.kind) {
            group.chain = group.chain.saturating_add(1);
            groups.push(Group::default());
        } else {
            group.take(token.kind);
        }
        let depth: usize = groups.iter().map(Group::depth).sum();
        if depth > limits::EXPRESSION_DEPTH {
            let most = limits::EXPRESSION_DEPTH;
            let message = format!(
                "nested deeper than {most} levels, every operator of a chain counted; `vars` can name parts"
            );
            return Err(too_large(characters(text, token.start), message));
        }
    }
    Ok(())
}

fn close(groups: &mut Vec<Group>) {
    let Some(mut closed) = groups.pop() else {
        return;
    };
    closed.end_member();
    if let Some(group) = groups.last_mut() {
        group.inner = group.inner.max(closed.deepest);
    }
}

fn too_large(offset: usize, message: String) -> Problem {
    Problem {
        code: "expression.too_large",
        offset,
        message,
    }
}

fn characters(text: &str, byte: usize) -> usize {
    starts(text.as_bytes().get(..byte).unwrap_or(text.as_bytes()))
}

/// How many characters start among these bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

fn counts(text: &str) -> Vec<usize> {
    let mut sum = 0_usize;
    let blocks = text.as_bytes().chunks(STRIDE).map(|block| {
        let before = sum;
        sum = sum.saturating_add(starts(block));
        before
    });
    let mut counts: Vec<usize> = blocks.collect();
    counts.push(sum);
    counts
}

/// Characters before a line and column, both counted from 1, columns in bytes.
fn offset(text: &str, (line, column): (isize, isize)) -> usize {
    let lines = usize::try_from(line).unwrap_or_default().saturating_sub(1);
    let before: usize = text.split_inclusive('\n').take(lines).map(str::len).sum();
    let column = usize::try_from(column)
        .unwrap_or_default()
        .saturating_sub(1);
    characters(text, before.saturating_add(column))
}

/// The parser's message in the manner of ours.
fn reworded(message: &str) -> String {
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    message
        .replace('\'', "`")
        .replace("<EOF>", "end of expression")
        .replace("mismatched input", "unexpected")
        .replace(" expecting ", ", expected ")
}
