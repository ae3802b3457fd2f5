//! A path to the operations whose template it fits, without trying each of them.

use std::collections::BTreeMap;

use super::super::template::{Segment, Template, parts};

/// Templates as a tree of segments.
#[derive(Debug, Default)]
pub(super) struct Routes {
    nodes: Vec<Stop>,
}

/// What can follow some segments.
#[derive(Debug, Default)]
struct Stop {
    literals: BTreeMap<String, usize>,
    parameters: Vec<(Segment, usize)>,
    /// What ends here.
    ends: Vec<usize>,
}

impl Routes {
    /// Adds a template, which leads to `end`.
    pub(super) fn add(&mut self, template: &Template, end: usize) {
        if self.nodes.is_empty() {
            self.nodes.push(Stop::default());
        }
        let mut at = 0;
        for segment in template.segments() {
            let next = self.nodes.len();
            let Some(stop) = self.nodes.get_mut(at) else {
                return;
            };
            let known = match segment {
                Segment::Literal(literal) => *stop.literals.entry(literal.clone()).or_insert(next),
                Segment::Parameter { .. } => {
                    let mut known = stop.parameters.iter();
                    match known.find(|(known, _)| known == segment) {
                        Some((_, known)) => *known,
                        None => {
                            stop.parameters.push((segment.clone(), next));
                            next
                        }
                    }
                }
            };
            if known == next {
                self.nodes.push(Stop::default());
            }
            at = known;
        }
        if let Some(stop) = self.nodes.get_mut(at) {
            stop.ends.push(end);
        }
    }

    /// Where all templates lead that a decoded path fits. Linear in what is stored at worst.
    pub(super) fn find(&self, path: &str) -> Vec<usize> {
        let mut open = vec![0];
        for part in parts(path) {
            let mut next = Vec::with_capacity(open.len());
            for stop in open.iter().filter_map(|at| self.nodes.get(*at)) {
                next.extend(stop.literals.get(part));
                let fitting = stop.parameters.iter();
                next.extend(
                    fitting
                        .filter(|(known, _)| known.fits(part))
                        .map(|(_, at)| *at),
                );
            }
            open = next;
        }
        let stops = open.iter().filter_map(|at| self.nodes.get(*at));
        stops.flat_map(|stop| stop.ends.iter().copied()).collect()
    }
}
