//! Something wrong with a file, told to people with the line it stands in, and to programs.
//!
//! Guarantees that nothing of a file reaches a terminal as a command.

use std::fmt::Write as _;
use std::path::Path;
use std::rc::Rc;

use lictor_engine::config;
use lictor_engine::document::{Mistake, Position};
use serde_json::{Value, json};

use crate::caret;
use crate::paint::Paint;
use crate::plain::shown;

/// A file that was read, or the part of the command line that stands in for one.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path as it was given.
    pub name: String,
    /// What is in it.
    pub text: String,
}

impl Source {
    /// What is in a file.
    pub fn of(path: &Path, text: String) -> Rc<Self> {
        Rc::new(Self {
            name: path.display().to_string(),
            text,
        })
    }
}

/// The pack that a mistake names, if it names one.
fn pack(named: &str) -> Option<Rc<Source>> {
    let wanted = named.strip_prefix("pack ")?;
    Some(Rc::new(Source {
        name: named.to_owned(),
        text: config::pack(wanted)?,
    }))
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The filter refuses the document.
    Mistake,
    /// The filter takes the document, but it hardly means what its author meant.
    Suspicion,
}

impl Weight {
    /// The word used in every form of output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mistake => "mistake",
            Self::Suspicion => "suspicion",
        }
    }
}

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub weight: Weight,
    /// The file that it stands in.
    pub source: Rc<Source>,
    /// What is wrong and where.
    pub mistake: Mistake,
}

impl Finding {
    /// A mistake in a file, or in a pack that the file asks for.
    pub fn mistake(source: &Rc<Source>, mistake: Mistake) -> Self {
        Self {
            weight: Weight::Mistake,
            source: pack(&mistake.source).unwrap_or_else(|| Rc::clone(source)),
            mistake,
        }
    }

    /// The same finding with another weight.
    #[must_use]
    pub fn weighing(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    /// Several lines for a person, with the line of the file and a mark below the place.
    pub fn told(&self, paint: Paint) -> String {
        let Position { line, column } = self.mistake.position;
        let name = shown(&self.source.name);
        let mut told = match line {
            0 => paint.heading(&name),
            _ => paint.heading(&format!("{name}:{line}:{column}")),
        };
        let weight = format!("{}[{}]", self.weight.name(), self.mistake.code);
        let message = shown(&self.mistake.message);
        let _ = write!(told, " {} {message}", paint.bad(&weight));
        if !self.mistake.path.is_empty() {
            let _ = write!(told, "\n   in {}", shown(&self.mistake.path));
        }
        let piece = match self.mistake.code.starts_with("expression.") {
            true => caret::under_name(&self.source.text, self.mistake.position),
            false => caret::under_word(&self.source.text, self.mistake.position),
        };
        if let Some(piece) = piece {
            let number = format!("{line:>5} | ");
            let _ = write!(told, "\n{}{}", paint.quiet(&number), piece.line);
            let _ = write!(
                told,
                "\n{}{}",
                paint.quiet("      | "),
                paint.bad(&piece.mark)
            );
        }
        told
    }

    /// The same for a program.
    pub fn json(&self) -> Value {
        json!({
            "weight": self.weight.name(),
            "code": self.mistake.code,
            "file": self.source.name,
            "line": self.mistake.position.line,
            "column": self.mistake.position.column,
            "path": self.mistake.path,
            "message": self.mistake.message,
        })
    }
}
