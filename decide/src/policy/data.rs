//! Labels that the operator gave to data: what an action touches becomes the labels of it.
//!
//! What can't be told bears every label it could bear, and none for sure.

use super::name::{NamePattern, ResourcePattern, folded, is_plain};
use super::set::at;
use crate::action::{Action, Column, ColumnUse, Effect, Resource, ResourceKind, Usage};
use crate::glob::Truth;
use crate::lookup::Lookup;

/// Labels out of those that a document knows, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LabelSet(u64);

impl LabelSet {
    /// The set of one label, by its place among the names.
    #[must_use]
    pub const fn one(index: usize) -> Self {
        Self(1 << (index % 64))
    }

    /// Whether it holds a label of the other.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn shared(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// How many.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The place of the label that stands at `index` among those held.
    #[must_use]
    pub fn nth(self, index: usize) -> Option<usize> {
        (0..64).filter(|bit| self.0 >> bit & 1 == 1).nth(index)
    }
}

/// Labels of something, as far as they can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Borne {
    /// Those that it surely bears.
    pub sure: LabelSet,
    /// Those that it may bear.
    pub possible: LabelSet,
    /// Those that all of it surely bears.
    pub whole: LabelSet,
}

impl Borne {
    fn add(&mut self, other: Self) {
        self.sure = self.sure.with(other.sure);
        self.possible = self.possible.with(other.possible);
    }

    fn note(&mut self, truth: Truth, label: LabelSet) {
        match truth {
            Truth::Yes => self.sure = self.sure.with(label),
            Truth::Maybe => self.possible = self.possible.with(label),
            Truth::No => {}
        }
    }

    /// Whether it may bear more labels than it surely does.
    #[must_use]
    pub const fn has_doubts(&self) -> bool {
        !self.possible.without(self.sure).is_empty()
    }

    const fn doubted(self) -> Self {
        Self {
            sure: LabelSet(0),
            possible: self.possible.with(self.sure),
            whole: LabelSet(0),
        }
    }

    /// INVARIANT (part of it is not all of it): one of the labels is borne by all there is, by
    /// some of it, or by nothing.
    #[must_use]
    pub const fn bears(&self, wanted: LabelSet) -> Truth {
        if self.whole.meets(wanted) {
            Truth::Yes
        } else if self.sure.meets(wanted) || self.possible.meets(wanted) {
            Truth::Maybe
        } else {
            Truth::No
        }
    }
}

/// What is labelled.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// Every label, in the order in which they were first named.
    pub names: Vec<String>,
    tables: Labelled<NamePattern>,
    columns: Labelled<NamePattern>,
    others: Vec<(ResourcePattern, LabelSet)>,
}

#[derive(Debug, Clone)]
struct Labelled<T> {
    patterns: Vec<(T, LabelSet)>,
    by_last: Lookup,
}

impl<T> Default for Labelled<T> {
    fn default() -> Self {
        Self {
            patterns: Vec::new(),
            by_last: Lookup::default(),
        }
    }
}

impl Labelled<NamePattern> {
    fn add(&mut self, pattern: NamePattern, label: LabelSet) {
        let index = u32::try_from(self.patterns.len()).unwrap_or(u32::MAX);
        self.by_last.insert(&folded(pattern.last()), index);
        self.patterns.push((pattern, label));
    }

    /// Calls back with every pattern whose last part could be that.
    fn candidates(&self, last: &str, mut each: impl FnMut(&NamePattern, LabelSet)) {
        let is_plain = is_plain(last);
        let visit = |indices: &[u32]| {
            for &index in indices {
                match at(&self.patterns, index) {
                    Some((pattern, label)) if !is_plain || !pattern.misses(last) => {
                        each(pattern, *label);
                    }
                    _ => {}
                }
            }
        };
        if is_plain {
            self.by_last.each(last, visit);
        } else {
            self.by_last.each(&folded(last), visit);
        }
    }
}

impl Data {
    /// The label of that name, where the document has it.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<LabelSet> {
        let place = self.names.iter().position(|known| known == name)?;
        Some(LabelSet::one(place))
    }

    /// The label of that name, entered where it is new.
    pub fn enter(&mut self, name: &str) -> LabelSet {
        self.label(name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            LabelSet::one(self.names.len().saturating_sub(1))
        })
    }

    /// Labels tables.
    pub fn label_table(&mut self, pattern: NamePattern, label: LabelSet) {
        self.tables.add(pattern, label);
    }

    /// Labels columns: `customers.email`, `*.ssn`.
    pub fn label_column(&mut self, pattern: NamePattern, label: LabelSet) {
        self.columns.add(pattern, label);
    }

    /// Labels paths, methods, tools, functions.
    pub fn label_resource(&mut self, pattern: ResourcePattern, label: LabelSet) {
        self.others.push((pattern, label));
    }

    fn everything(&self) -> LabelSet {
        LabelSet(match self.names.len() {
            64.. => u64::MAX,
            some => (1_u64 << some).wrapping_sub(1),
        })
    }

    fn table(&self, name: &str) -> Borne {
        let mut borne = Borne::default();
        if !self.tables.patterns.is_empty() {
            let last = NamePattern::last_of(name);
            self.tables.candidates(&last, |pattern, label| {
                borne.note(pattern.matches(name), label)
            });
        }
        borne
    }

    /// The labels of a column's own; those of its table come on top.
    fn column(&self, column: &Column) -> Borne {
        let mut borne = Borne::default();
        if column.name == Column::ALL {
            return self.any_column(&column.table);
        }
        self.columns.candidates(&column.name, |pattern, label| {
            borne.note(pattern.matches_column(&column.table, &column.name), label);
        });
        borne
    }

    /// The labels of all columns of a table. A pattern that names no table may have one there.
    fn any_column(&self, table: &str) -> Borne {
        let mut borne = Borne::default();
        for (pattern, label) in &self.columns.patterns {
            let truth = match pattern.parent() {
                Some(parent) if !parent.is_any() && !table.is_empty() => parent.matches(table),
                _ => Truth::Maybe,
            };
            borne.note(truth, *label);
        }
        borne
    }

    fn resource(&self, resource: &Resource, effect: Effect) -> Borne {
        let mut borne = match resource.kind {
            ResourceKind::Table => self.table(&resource.name),
            _ => Borne::default(),
        };
        if resource.kind == ResourceKind::Table && is_done_to_all_columns(effect) {
            for (pattern, label) in &self.columns.patterns {
                if let Some(parent) = pattern.parent().filter(|parent| !parent.is_any()) {
                    borne.note(parent.matches(&resource.name), *label);
                }
            }
        }
        for (pattern, label) in &self.others {
            borne.note(pattern.matches(resource), *label);
        }
        borne
    }
}

/// The labels of what one action touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Labels {
    /// Of everything that it touches.
    pub touched: Borne,
    /// Of what comes out.
    pub output: Borne,
    /// Of what it changes or removes.
    pub written: Borne,
    /// Of what it copies to where the label does not stand.
    pub copied: Borne,
}

impl Labels {
    /// The labels of an action. `is_known` is false where nobody could tell what it is done to.
    #[must_use]
    pub fn of(action: &Action, data: &Data, is_known: bool) -> Self {
        if data.names.is_empty() {
            return Self::default();
        }
        if !is_known {
            let any = Borne {
                possible: data.everything(),
                ..Borne::default()
            };
            return Self {
                touched: any,
                output: any,
                written: any,
                copied: any,
            };
        }
        let mut tally = Tally::new(data);
        for resource in &action.resources {
            tally.resource(action, resource);
        }
        for used in &action.columns {
            tally.column(used);
        }
        let mut labels = tally.finish();
        labels.copied = copied(action, data);
        labels
    }
}

/// Removing a row or an object removes what stands in all of its columns.
const fn is_done_to_all_columns(effect: Effect) -> bool {
    matches!(
        effect,
        Effect::Delete | Effect::Truncate | Effect::Drop | Effect::Alter | Effect::Export
    )
}

struct Tally<'d> {
    data: &'d Data,
    labels: Labels,
    whole: [Option<LabelSet>; 3],
    table: (String, Borne),
}

impl<'d> Tally<'d> {
    fn new(data: &'d Data) -> Self {
        Self {
            data,
            labels: Labels::default(),
            whole: [None; 3],
            table: (String::new(), Borne::default()),
        }
    }

    fn resource(&mut self, action: &Action, resource: &Resource) {
        let borne = self.data.resource(resource, action.effect);
        let has_columns = resource.kind == ResourceKind::Table
            && action
                .columns
                .binary_search_by(|used| used.column.table.as_str().cmp(&resource.name))
                .is_ok();
        self.labels.touched.add(borne);
        if !has_columns {
            share(&mut self.whole[0], borne.sure);
        }
        let comes_out = match action.effect {
            Effect::Export => true,
            Effect::Read | Effect::Call | Effect::Invoke => resource.kind != ResourceKind::Table,
            _ => false,
        };
        if comes_out {
            self.labels.output.add(borne);
            share(&mut self.whole[1], borne.sure);
        }
        let is_changed = is_done_to_all_columns(action.effect) && action.effect != Effect::Export
            || !has_columns && !matches!(action.effect, Effect::Read | Effect::Export);
        if is_changed {
            self.labels.written.add(borne);
            share(&mut self.whole[2], borne.sure);
        }
    }

    fn column(&mut self, used: &ColumnUse) {
        let mut borne = self.table_of(&used.column);
        let mut own = self.data.column(&used.column);
        if used.column.name == Column::ALL {
            // The table is sure, which of its columns are meant is not.
            own = own.doubted();
        }
        borne.add(own);
        if !used.is_certain && used.column.name != Column::ALL {
            borne = borne.doubted();
        }
        self.labels.touched.add(borne);
        share(&mut self.whole[0], borne.sure);
        match used.usage {
            Usage::Predicate => {}
            Usage::Output => {
                self.labels.output.add(borne);
                share(&mut self.whole[1], borne.sure);
            }
            Usage::Written => {
                self.labels.written.add(borne);
                share(&mut self.whole[2], borne.sure);
            }
        }
    }

    /// Columns come sorted by table, so the last one asked for is mostly the one.
    fn table_of(&mut self, column: &Column) -> Borne {
        if self.table.0 != column.table {
            self.table = (column.table.clone(), self.data.table(&column.table));
        }
        self.table.1
    }

    fn finish(mut self) -> Labels {
        let [touched, output, written] = self.whole.map(Option::unwrap_or_default);
        self.labels.touched.whole = touched;
        self.labels.output.whole = output;
        self.labels.written.whole = written;
        self.labels
    }
}

fn share(whole: &mut Option<LabelSet>, sure: LabelSet) {
    *whole = Some(whole.map_or(sure, |known| known.shared(sure)));
}

/// Labels that stand at the source of an edge and not at its target.
fn copied(action: &Action, data: &Data) -> Borne {
    let labels = |column: &Column| {
        let mut borne = data.column(column);
        borne.add(data.table(&column.table));
        borne
    };
    let mut copied = Borne::default();
    let mut whole = None;
    for edge in &action.lineage {
        if edge.target.table.is_empty() {
            continue;
        }
        let (source, target) = (labels(&edge.source), labels(&edge.target));
        let sure = source.sure.without(target.sure);
        share(&mut whole, sure);
        copied.add(Borne {
            sure,
            possible: source.possible.without(target.sure),
            whole: LabelSet::default(),
        });
    }
    copied.whole = whole.unwrap_or_default();
    copied
}
