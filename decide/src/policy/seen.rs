//! An action as rules see it: with the labels of its data, worked out when first asked for.

use std::cell::OnceCell;

use super::data::{Borne, Data, Labels};
use super::facts::{Edges, LabelList, Named, Part, all_are_named, tables};
use crate::action::{Action, ColumnUse, Effect, Reach, Resource};

/// One action of a call.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The action.
    pub action: &'a Action,
    /// Whether anybody could tell what it is done to.
    pub is_known: bool,
    owners_are_certain: bool,
    data: &'a Data,
    labels: OnceCell<Labels>,
    lists: OnceCell<Box<Lists<'a>>>,
}

/// The lists of an action as expressions see them.
#[derive(Debug)]
struct Lists<'a> {
    tables: Named<'a>,
    resources: Part<'a, Resource>,
    columns: Part<'a, ColumnUse>,
    lineage: Edges<'a>,
    labels: [OnceCell<LabelList<'a>>; 4],
}

impl<'a> Seen<'a> {
    /// The action, its labels to be told from this data. `owners_are_certain` where each column
    /// of the call surely belongs to the table it is told with.
    #[must_use]
    pub fn new(action: &'a Action, data: &'a Data, owners_are_certain: bool) -> Self {
        Self {
            action,
            is_known: !targets_are_not_known(action),
            owners_are_certain,
            data,
            labels: OnceCell::new(),
            lists: OnceCell::new(),
        }
    }

    /// The labels of what it touches.
    #[must_use]
    pub fn labels(&self) -> Labels {
        *self
            .labels
            .get_or_init(|| Labels::of(self.action, self.data, self.is_known))
    }

    fn lists(&self) -> &Lists<'a> {
        self.lists.get_or_init(|| {
            let action = self.action;
            let columns_are_known = self.is_known && all_are_named(&action.columns);
            Box::new(Lists {
                tables: Named(Part {
                    items: tables(&action.resources),
                    is_complete: self.is_known,
                }),
                resources: Part {
                    items: &action.resources,
                    is_complete: self.is_known,
                },
                columns: Part {
                    items: &action.columns,
                    is_complete: columns_are_known,
                },
                lineage: Edges {
                    part: Part {
                        items: &action.lineage,
                        is_complete: columns_are_known,
                    },
                    owners_are_certain: self.owners_are_certain,
                },
                labels: Default::default(),
            })
        })
    }

    pub(super) fn tables(&self) -> &Named<'a> {
        &self.lists().tables
    }

    pub(super) fn resources(&self) -> &Part<'a, Resource> {
        &self.lists().resources
    }

    pub(super) fn columns(&self) -> &Part<'a, ColumnUse> {
        &self.lists().columns
    }

    pub(super) fn lineage(&self) -> &Edges<'a> {
        &self.lists().lineage
    }

    /// The labels as a list: `field` is the place of the list among the fields of `action`.
    pub(super) fn label_list(&self, field: usize) -> &LabelList<'a> {
        let labels = self.labels();
        let [touched, output, written, copied] = &self.lists().labels;
        let (cell, borne) = match field {
            9 => (touched, labels.touched),
            10 => (output, labels.output),
            11 => (written, labels.written),
            _ => (copied, labels.copied),
        };
        cell.get_or_init(|| self.listed(borne))
    }

    fn listed(&self, borne: Borne) -> LabelList<'a> {
        LabelList {
            names: &self.data.names,
            sure: borne.sure,
            is_complete: !borne.has_doubts(),
        }
    }
}

/// Whether an action is done to something that nobody could tell.
fn targets_are_not_known(action: &Action) -> bool {
    let has_targets = !matches!(action.effect, Effect::Session | Effect::Admin);
    has_targets && action.resources.is_empty() && action.reach == Reach::Unknown
}
