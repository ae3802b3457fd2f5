//! What the walk finds: effects with their targets, merged as they come.
//!
//! Two findings of the same effect on the same things are one, with the longer reach.

use std::collections::BTreeSet;

use super::walk::Extent;
use crate::action::{Action, Arguments, Effect, Resource, ResourceKind};

/// One effect on one set of things.
pub(super) struct Finding {
    pub(super) effect: Effect,
    pub(super) operation: &'static str,
    pub(super) extent: Extent,
    pub(super) resources: BTreeSet<Resource>,
}

/// Everything found so far in one text.
#[derive(Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    /// Adds a finding, or widens the one that is about the same.
    pub(super) fn add(&mut self, finding: Finding) {
        let same = self
            .0
            .iter_mut()
            .find(|known| known.effect == finding.effect && known.resources == finding.resources);
        match same {
            Some(known) => known.extent = known.extent.max(finding.extent),
            None => self.0.push(finding),
        }
    }

    /// The names of all tables found.
    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .flat_map(|finding| &finding.resources)
            .filter(|resource| resource.kind == ResourceKind::Table)
            .map(|resource| resource.name.as_str())
    }

    /// Everything that the findings are about, in one set.
    pub(super) fn resources(self) -> BTreeSet<Resource> {
        self.0
            .into_iter()
            .flat_map(|finding| finding.resources)
            .collect()
    }

    /// The actions, in the order of effects and then of targets.
    pub(super) fn into_actions(mut self, fingerprint: &str, statement: &str) -> Vec<Action> {
        self.0
            .sort_by(|a, b| (a.effect, &a.resources).cmp(&(b.effect, &b.resources)));
        self.0
            .into_iter()
            .map(|finding| Action {
                effect: finding.effect,
                operation: finding.operation.to_owned(),
                reach: finding.extent.reach,
                cause: finding.extent.cause,
                columns: Vec::new(),
                lineage: Vec::new(),
                resources: finding.resources.into_iter().collect(),
                fingerprint: Some(fingerprint.to_owned()),
                statement: Some(statement.to_owned()),
                arguments: Arguments::None,
            })
            .collect()
    }
}
