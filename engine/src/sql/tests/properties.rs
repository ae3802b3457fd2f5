//! What holds of any statement, tried on thousands made from a grammar in every dialect.
//!
//! A statement is made twice from one seed: plainly, and in another style. The seed of the
//! content and that of the style are apart, so that both say the same.

use std::collections::BTreeMap;

use crate::action::{Effect, Reach};
use crate::sql::{Analysis, Cache, Database, Dialect, Gap, analyse, analyse_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Statements that each property is tried on, in each dialect.
const TRIES: u64 = if cfg!(target_arch = "wasm32") {
    10
} else {
    250
};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).unwrap()
    }

    fn pick<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices[self.roll(choices.len())]
    }
}

/// Writes statements.
struct Writer {
    content: Dice,
    /// Decides on spaces, comments, case, brackets and casts; plain where there is none.
    style: Option<Dice>,
    dialect: Dialect,
    text: String,
    /// The literals written, by what can be found again of them.
    literals: Vec<String>,
}

impl Writer {
    fn write(seed: u64, style: Option<u64>, dialect: Dialect) -> Self {
        let mut writer = Self {
            content: Dice::new(seed),
            style: style.map(Dice::new),
            dialect,
            text: String::new(),
            literals: Vec::new(),
        };
        writer.statement();
        writer
    }

    fn styled(&mut self, sides: usize) -> usize {
        self.style.as_mut().map_or(0, |style| style.roll(sides))
    }

    /// Adds words, the keywords among them in upper case.
    fn words(&mut self, words: &str) {
        for word in words.split(' ') {
            let space = ["", " ", "\n", "\t", "/* a comment */", " -- x\n", "  "];
            let space = space[self.styled(space.len())];
            self.text.push(' ');
            self.text.push_str(space);
            let is_keyword = word.chars().all(|letter| letter.is_ascii_uppercase());
            let lower = is_keyword && self.styled(2) == 1;
            match lower {
                true => self.text.push_str(&word.to_lowercase()),
                false => self.text.push_str(word),
            }
        }
    }

    fn column(&mut self) {
        let column = self.content.pick(&["a", "b", "c"]);
        self.bracketed(|writer| writer.words(column));
    }

    fn table(&mut self) {
        let table = self.content.pick(&["t", "u", "s.v"]);
        self.words(table);
    }

    fn bracketed(&mut self, inner: impl FnOnce(&mut Self)) {
        let brackets = self.styled(4) == 3;
        if brackets {
            self.words("(");
        }
        inner(self);
        if brackets {
            self.words(")");
        }
    }

    fn number(&mut self) {
        let number = format!("7{:06}", self.content.roll(1_000_000));
        self.literals.push(number.clone());
        let cast = self.styled(5) == 4;
        self.bracketed(|writer| {
            writer.words(if cast { "CAST (" } else { "" });
            writer.words(&number);
            writer.words(if cast { "AS INTEGER )" } else { "" });
        });
    }

    fn literal(&mut self) {
        let mark = format!("zq{:06}", self.content.roll(1_000_000));
        let fraction = format!("7{:06}", self.content.roll(1_000_000));
        let text = match self.content.roll(8) {
            0..=2 => return self.number(),
            3 => format!("{fraction}.5"),
            4 if self.dialect == Dialect::Postgres => format!("$x${mark}$x$"),
            5 if self.dialect == Dialect::Postgres => format!("E'{mark}'"),
            6 => format!("'{mark}''{mark}'"),
            _ => format!("'{mark}'"),
        };
        self.literals.push(mark);
        self.literals.push(fraction);
        self.bracketed(|writer| writer.words(&text));
    }

    fn condition(&mut self, depth: usize) {
        self.bracketed(|writer| writer.bare_condition(depth));
    }

    fn bare_condition(&mut self, depth: usize) {
        match self.content.roll(if depth == 0 { 8 } else { 13 }) {
            0..=2 => {
                self.column();
                let op = self.content.pick(&["=", "<>", "<", ">="]);
                self.words(op);
                self.literal();
            }
            3 => {
                self.column();
                self.words("=");
                self.column();
            }
            4 => {
                self.column();
                let is = self.content.pick(&["IS NULL", "IS NOT NULL"]);
                self.words(is);
            }
            5 => {
                self.column();
                self.words("IN (");
                self.literal();
                self.words(",");
                self.literal();
                self.words(")");
            }
            6 => {
                self.number();
                let op = self.content.pick(&["=", "<", ">"]);
                self.words(op);
                self.number();
            }
            7 => {
                self.column();
                self.words("BETWEEN");
                self.number();
                self.words("AND");
                self.number();
            }
            8 | 9 => self.joined("AND", depth),
            10 => self.joined("OR", depth),
            11 => {
                self.words("NOT (");
                self.condition(depth - 1);
                self.words(")");
            }
            _ => {
                self.words("EXISTS (");
                self.query(depth - 1);
                self.words(")");
            }
        }
    }

    fn joined(&mut self, joint: &str, depth: usize) {
        self.words("(");
        self.condition(depth - 1);
        self.words(joint);
        self.condition(depth - 1);
        self.words(")");
    }

    fn filter(&mut self) {
        if self.content.roll(4) > 0 {
            self.words("WHERE");
            self.condition(2);
        }
    }

    fn query(&mut self, depth: usize) {
        self.words("SELECT");
        match self.content.roll(4) {
            0 => self.words("*"),
            1 => self.words("count(*)"),
            2 => {
                self.column();
                self.words(", b AS x ,");
                self.literal();
            }
            _ => self.column(),
        }
        self.words("FROM");
        self.table();
        if self.content.roll(3) == 0 {
            self.words("JOIN w ON");
            self.condition(0);
        }
        self.words("WHERE");
        self.condition(depth.min(1));
    }

    fn statement(&mut self) {
        match self.content.roll(11) {
            0..=3 => self.query(2),
            4 => {
                self.words("DELETE FROM");
                self.table();
                self.filter();
            }
            5 => {
                self.words("UPDATE");
                self.table();
                self.words("SET a =");
                self.literal();
                self.filter();
            }
            6 => {
                self.words("INSERT INTO");
                self.table();
                self.words("( a , b ) VALUES (");
                self.literal();
                self.words(",");
                self.literal();
                self.words(")");
            }
            7 => {
                self.words("INSERT INTO");
                self.table();
                self.query(1);
            }
            8 => {
                let verb = self.content.pick(&["DROP TABLE", "TRUNCATE TABLE"]);
                self.words(verb);
                self.table();
            }
            9 => {
                self.words("WITH q AS (");
                self.query(1);
                self.words(") SELECT * FROM q WHERE");
                self.condition(1);
            }
            _ => {
                self.words("CREATE TABLE made AS");
                self.query(1);
            }
        }
    }
}

/// What a text would do: the longest reach of each effect on each set of things.
fn verdict(analysis: &Analysis) -> BTreeMap<(Effect, String), &'static str> {
    let actions = analysis.actions.iter().map(|action| {
        let resources: Vec<_> = action.resources.iter().map(ToString::to_string).collect();
        ((action.effect, resources.join(" ")), action.reach.name())
    });
    actions.collect()
}

/// Calls for every dialect and seed.
fn each(mut check: impl FnMut(Dialect, u64)) {
    for dialect in Dialect::ALL {
        for seed in 1..=TRIES {
            check(dialect, seed);
        }
    }
}

#[test]
fn the_verdict_is_stable_under_style() {
    let mut parsed = 0_u64;
    each(|dialect, seed| {
        let plain = Writer::write(seed, None, dialect).text;
        let styled = Writer::write(seed, Some(seed ^ 0x55), dialect).text;
        let Ok(expected) = analyse(&plain, dialect) else {
            return;
        };
        let found = analyse(&styled, dialect);
        let found = found.unwrap_or_else(|error| panic!("{}: {styled}", error.code()));
        if expected.gaps.contains(&Gap::NotParsed) {
            return;
        }
        parsed += 1;
        let (expected, found) = (verdict(&expected), verdict(&found));
        assert_eq!(found, expected, "{} {plain} | {styled}", dialect.name());
    });
    assert!(parsed > TRIES * 14, "{parsed} were parsed");
}

#[test]
fn the_order_of_statements_hides_nothing() {
    each(|dialect, seed| {
        let texts = [seed, seed + 7_000].map(|seed| Writer::write(seed, None, dialect).text);
        let alone = texts.iter().map(|text| analyse(text, dialect));
        let alone: Result<Vec<_>, _> = alone.collect();
        let Ok(alone) = alone else { return };
        for text in [texts.join(" ; "), format!("{} ; {}", texts[1], texts[0])] {
            let both = analyse(&text, dialect).unwrap();
            for action in alone.iter().flat_map(|analysis| &analysis.actions) {
                let told = both.actions.iter().any(|other| {
                    other.effect == action.effect
                        && other.reach >= action.reach
                        && action
                            .resources
                            .iter()
                            .all(|resource| other.resources.contains(resource))
                });
                assert!(told, "{} {:?} {text}", dialect.name(), action.effect);
            }
        }
    });
}

#[test]
fn no_literal_survives() {
    each(|dialect, seed| {
        let written = Writer::write(seed, Some(seed), dialect);
        let Ok(analysis) = analyse(&written.text, dialect) else {
            return;
        };
        let shown = format!("{analysis:?}");
        for literal in &written.literals {
            assert!(
                !shown.contains(literal),
                "{} {literal}: {shown}",
                dialect.name()
            );
        }
    });
}

#[test]
fn what_is_remembered_is_what_is_worked_out() {
    for dialect in Dialect::ALL {
        let database = Database::new(dialect);
        let cache = Cache::default();
        for seed in 1..=TRIES {
            // Few contents and many literals, so that shapes come again.
            let text = Writer::write(seed % 40, None, dialect).text;
            let number = format!("7{:06}", seed);
            let text = text.replace("71", &number);
            let fresh = analyse_in(&text, &database);
            let remembered = cache.analyse(&text, &database);
            assert_eq!(remembered.map(|found| (*found).clone()), fresh, "{text}");
        }
    }
}

#[test]
fn a_reach_never_shrinks_by_what_is_put_beside_it() {
    each(|dialect, seed| {
        let text = Writer::write(seed, None, dialect).text;
        let beside = format!("{text} ; DELETE FROM zz");
        let Ok(analysis) = analyse(&beside, dialect) else {
            return;
        };
        let told = analysis.actions.iter().any(|action| {
            action.effect == Effect::Delete && matches!(action.reach, Reach::All | Reach::Unknown)
        });
        assert!(told, "{} {beside}", dialect.name());
    });
}
