//! A file of cases to the cases and the document that they run under.
//!
//! `policy:` of the file says which document: a path from there, or a document of its own. Without
//! it `NAME.cases.yaml` belongs to `NAME.yaml` beside it, and `cases/NAME.yaml` to the one above.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use lictor_engine::config::Guard;
use lictor_engine::document::{self, Content, Node, Reader};

use super::{Case, read};
use crate::document::{Document, read_text};
use crate::ending::Failure;
use crate::finding::{Finding, Source};
use crate::tree;

/// A file of cases that can be run.
#[derive(Debug)]
pub struct CaseFile {
    /// Its path as it was given.
    pub path: PathBuf,
    /// What is in it.
    pub source: Rc<Source>,
    /// The cases.
    pub cases: Vec<Case>,
    /// The document that they run under.
    pub document: Document,
    /// The same, compiled.
    pub guard: Rc<Guard>,
}

impl CaseFile {
    /// Reads a file of cases. `policy` stands in where the file names no document.
    ///
    /// # Errors
    ///
    /// A file that can't be read, or every mistake of cases and document.
    pub fn read(path: &Path, policy: Option<&Path>) -> Result<Self, Failure> {
        let source = Source::of(path, read_text(path)?);
        let tree = document::read(source.text.as_bytes())
            .map_err(|mistake| Failure::Findings(vec![Finding::mistake(&source, mistake)]))?;
        let document = match policy_of(path, &source, &tree, policy)? {
            Chosen::Own(document) => document,
            Chosen::At(path) => Document::read(&path)?,
        };
        Self::with(path, source, &tree, document)
    }

    fn with(
        path: &Path,
        source: Rc<Source>,
        tree: &Node,
        document: Document,
    ) -> Result<Self, Failure> {
        let mut reader = Reader::default();
        let mut cases = Vec::new();
        if let Some(mut mapping) = reader.mapping(tree, "") {
            mapping.optional("policy");
            if let Some((list, _)) = mapping.required(&mut reader, "cases") {
                cases = read::all(&mut reader, list, &document.tree);
            }
            mapping.finish(&mut reader);
        }
        let mistakes = reader.into_mistakes().into_iter();
        let mut findings: Vec<Finding> = mistakes
            .map(|mistake| Finding::mistake(&source, mistake))
            .collect();
        match document.compile() {
            Ok(guard) if findings.is_empty() => Ok(Self {
                path: path.to_owned(),
                source,
                cases,
                document,
                guard: Rc::new(guard),
            }),
            Ok(_) => Err(Failure::Findings(findings)),
            Err(more) => {
                findings.extend(more);
                Err(Failure::Findings(findings))
            }
        }
    }
}

enum Chosen {
    Own(Document),
    At(PathBuf),
}

fn policy_of(
    path: &Path,
    source: &Rc<Source>,
    tree: &Node,
    fallback: Option<&Path>,
) -> Result<Chosen, Failure> {
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    match tree::member(tree, "policy") {
        Some(node) => match &node.content {
            Content::Text(name) => Ok(Chosen::At(folder.join(name))),
            _ => Document::within(path, source, node).map(Chosen::Own),
        },
        None => match fallback.map(Path::to_owned).or_else(|| subject(path)) {
            Some(path) => Ok(Chosen::At(path)),
            None => Err(Failure::Usage(format!(
                "`{}`: expected the key `policy`, or a policy of the same name beside it",
                path.display()
            ))),
        },
    }
}

/// The policy that a file of cases belongs to by its name, if there is one.
fn subject(cases: &Path) -> Option<PathBuf> {
    let name = cases.file_name()?.to_str()?;
    let folder = cases.parent()?;
    let policy = match name.strip_suffix(".cases.yaml") {
        Some(stem) => folder.join(format!("{stem}.yaml")),
        None if folder.file_name()? == "cases" => folder.parent()?.join(name),
        None => return None,
    };
    policy.is_file().then_some(policy)
}

/// The files of cases that belong to a policy by their names.
pub fn companion(policy: &Path) -> Vec<PathBuf> {
    let folder = policy.parent().unwrap_or_else(|| Path::new(""));
    let stem = policy.file_stem().and_then(|stem| stem.to_str());
    let name = policy.file_name();
    let (Some(stem), Some(name)) = (stem, name) else {
        return Vec::new();
    };
    let candidates = [
        folder.join(format!("{stem}.cases.yaml")),
        folder.join("cases").join(name),
    ];
    let found = candidates.into_iter().filter(|path| path.is_file());
    found.collect()
}
