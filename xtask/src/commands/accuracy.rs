//! `cargo xtask accuracy --corpora FOLDER`: labelled statements that lie outside of the project
//! to the table in `docs/accuracy.md`.
//!
//! Numbers only are kept: no statement, no label and no name of a case gets into the project.

mod goal;
mod score;

use std::fs;
use std::path::{Path, PathBuf};

use self::goal::{GOALS, Goal};
use self::score::Score;
use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::Workspace;

const USAGE: &str =
    "usage: cargo xtask accuracy --corpora FOLDER, where FOLDER holds `score.py` and its corpora";

const START: &str = "<!-- table -->\n";
const END: &str = "<!-- end of table -->\n";

/// Scores every corpus and rewrites the table.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    let folder = match arguments {
        [flag, folder] if flag == "--corpora" => PathBuf::from(folder),
        _ => return Err(Failure::usage(USAGE)),
    };
    let scorer = folder.join("score.py");
    let scorer = scorer.canonicalize().map_err(Failure::file(&scorer))?;
    Program::cargo(workspace.root())
        .words("build --quiet --locked --release --package lictor-cli")
        .run()?;
    let mut lines = String::new();
    let mut score: Option<Score> = None;
    for goal in GOALS {
        let known = score.take().filter(|score| score.corpus == goal.corpus);
        let known = match known {
            Some(known) => known,
            None => measure(workspace, &scorer, goal.corpus)?,
        };
        lines.push_str(&line(goal, &known));
        score = Some(known);
    }
    let path = workspace.path("docs/accuracy.md");
    let text = fs::read_to_string(&path).map_err(Failure::file(&path))?;
    let text = with_table(&text, &lines).ok_or_else(|| {
        Failure::missing(
            "the place of the table in docs/accuracy.md",
            "restore its two marks",
        )
    })?;
    fs::write(&path, text).map_err(Failure::file(&path))
}

/// Measures one corpus in a folder that is gone again afterwards, as statements of other people
/// are in it.
fn measure(workspace: &Workspace, scorer: &Path, corpus: &str) -> Result<Score, Failure> {
    let folder = workspace.path("target/accuracy");
    fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
    let score = measure_in(workspace, &folder, scorer, corpus);
    fs::remove_dir_all(&folder).map_err(Failure::file(&folder))?;
    score
}

/// Runs `lictor sql --jsonl` over one corpus and asks the scorer.
fn measure_in(
    workspace: &Workspace,
    folder: &Path,
    scorer: &Path,
    corpus: &str,
) -> Result<Score, Failure> {
    let inputs = folder.join("inputs.jsonl");
    let predictions = folder.join("predictions.jsonl");
    let python = || Program::new("python3").argument(scorer).argument(corpus);
    python().argument("--inputs").into_file(&inputs)?;
    Program::new(workspace.built("release/lictor"))
        .words("sql --jsonl --file")
        .argument(&inputs)
        .into_file(&predictions)?;
    let printed = python().argument(&predictions).output()?;
    println!("\n{corpus}\n{printed}");
    let read = |path: &Path| fs::read_to_string(path).map_err(Failure::file(path));
    let (inputs, answers) = (read(&inputs)?, read(&predictions)?);
    // The scorer leaves out what has no answer.
    let about_rows: Vec<&str> = answers.lines().filter(is_about_rows).collect();
    fs::write(&predictions, about_rows.join("\n")).map_err(Failure::file(&predictions))?;
    let about_rows = python().argument(&predictions).output()?;
    Ok(Score::new(corpus, &printed, &inputs, &answers).with_rows(&about_rows))
}

/// Whether an answer is about one statement that asks for rows or changes them.
fn is_about_rows(answer: &&str) -> bool {
    ["select", "insert", "update", "delete", "merge"]
        .iter()
        .any(|kind| answer.contains(&format!(r#""kinds":["{kind}"]"#)))
}

fn line(goal: &Goal, score: &Score) -> String {
    let reached = (goal.measure)(score);
    let reached = reached.unwrap_or_else(|| "not measured".to_owned());
    format!(
        "| {} | `{}` | {reached} | {} |\n",
        goal.what, goal.corpus, goal.must_reach
    )
}

/// The page with other lines in its table.
fn with_table(page: &str, lines: &str) -> Option<String> {
    let (before, rest) = page.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!(
        "{before}{START}| What | Corpus | Reached | Must reach |\n|---|---|---|---|\n{lines}{END}{after}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_table_of_the_page_changes() {
        let page = format!("before\n{START}old\n{END}after\n");
        let changed = with_table(&page, "| new |\n").expect("both marks");
        assert!(changed.starts_with("before\n") && changed.ends_with("after\n"));
        assert!(changed.contains("| new |\n") && !changed.contains("old"));
        assert_eq!(with_table("no marks", ""), None);
    }

    #[test]
    fn what_is_about_rows_is_told_by_its_kind() {
        assert!(is_about_rows(&r#"{"kinds":["merge"],"ok":true}"#));
        assert!(!is_about_rows(&r#"{"kinds":["create"],"ok":true}"#));
        assert!(!is_about_rows(&r#"{"kinds":["select","drop"],"ok":true}"#));
    }

    #[test]
    fn the_goals_of_a_corpus_stand_together() {
        let mut corpora: Vec<_> = GOALS.iter().map(|goal| goal.corpus).collect();
        corpora.dedup();
        let mut once = corpora.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), corpora.len(), "each corpus is measured once");
    }
}
