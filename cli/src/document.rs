//! A policy file, with the files that it includes or refers to, to the one document that the filter gets.
//!
//! Guarantees that a mistake is told where its author wrote it, and that a document that names no
//! other file is handed on to the byte.

mod file;
mod include;
mod print;
mod reference;
mod slim;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use lictor_engine::config::{self, Guard};
use lictor_engine::document::{self, Mistake, Node};

use crate::ending::Failure;
use crate::finding::{Finding, Source};
use crate::tree;
use print::Origins;

pub use file::read_text;

/// A document, included files in place.
#[derive(Debug)]
pub struct Document {
    /// What the filter gets.
    pub text: String,
    /// The same as a tree.
    pub tree: Node,
    /// Every file that went into it, the document's own first.
    pub files: Vec<PathBuf>,
    source: Rc<Source>,
    origins: Option<Origins>,
}

impl Document {
    /// Reads a file and what it includes.
    ///
    /// # Errors
    ///
    /// A file that can't be read, or what keeps files from becoming one document.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = read_text(path)?;
        let source = Source::of(path, text);
        let tree = document::read(source.text.as_bytes())
            .map_err(|mistake| Failure::Findings(vec![Finding::mistake(&source, mistake)]))?;
        Self::of(path, &source, tree)
    }

    /// The document that a tree is, which stands in that file: includes are found from there.
    ///
    /// # Errors
    ///
    /// What keeps files from becoming one document.
    pub fn within(path: &Path, source: &Rc<Source>, tree: &Node) -> Result<Self, Failure> {
        let parts = include::resolve(path, source, tree)?;
        Self::joined(source, &parts)
    }

    fn of(path: &Path, source: &Rc<Source>, tree: Node) -> Result<Self, Failure> {
        if let Some(mistake) = include::fragment(&tree) {
            return Err(Failure::Findings(vec![Finding::mistake(source, mistake)]));
        }
        if tree::member(&tree, include::KEY).is_some() || reference::is_in(&tree) {
            return Self::within(path, source, &tree);
        }
        Ok(Self {
            text: source.text.clone(),
            tree,
            files: vec![path.to_owned()],
            source: Rc::clone(source),
            origins: None,
        })
    }

    fn joined(source: &Rc<Source>, parts: &[include::Part]) -> Result<Self, Failure> {
        let references = reference::resolve(parts)?;
        let (text, origins) = print::document(parts, &references).map_err(Failure::Findings)?;
        let tree = document::read(text.as_bytes())
            .map_err(|mistake| Failure::Findings(vec![origins.finding(mistake)]))?;
        Ok(Self {
            text,
            tree,
            files: (parts.iter().map(|part| &part.path))
                .chain(references.files.iter().map(|(path, _)| path))
                .cloned()
                .collect(),
            source: Rc::clone(source),
            origins: Some(origins),
        })
    }

    /// Compiles it as the filter would.
    ///
    /// # Errors
    ///
    /// Every mistake, where its author wrote it.
    pub fn compile(&self) -> Result<Guard, Vec<Finding>> {
        config::compile(self.text.as_bytes()).map_err(|mistakes| {
            let mut findings: Vec<Finding> = mistakes
                .into_iter()
                .map(|mistake| self.finding(mistake))
                .collect();
            findings.sort_by_key(|finding| {
                let position = finding.mistake.position;
                (finding.source.name.clone(), position.line, position.column)
            });
            findings
        })
    }

    /// What the engine said about the document's text, said about the file.
    pub fn finding(&self, mistake: Mistake) -> Finding {
        match &self.origins {
            Some(origins) => origins.finding(mistake),
            None => Finding::mistake(&self.source, mistake),
        }
    }
}

#[cfg(test)]
mod tests;
