//! Types that still call each other by name become a [`Schema`] in which they don't.

use std::collections::BTreeMap;

use super::{Field, Kind, Message, Method, Schema};

/// What was read so far.
#[derive(Debug, Default)]
pub(in super::super) struct Draft {
    messages: BTreeMap<String, DraftMessage>,
    enums: BTreeMap<String, Vec<(i32, Box<str>)>>,
    methods: BTreeMap<String, (String, bool)>,
}

/// A message whose fields name their types.
#[derive(Debug, Default, PartialEq, Eq, Clone)]
pub(super) struct DraftMessage {
    pub fields: Vec<DraftField>,
    pub is_entry: bool,
}

/// A field that names its type.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) struct DraftField {
    pub number: u32,
    pub name: String,
    pub json_name: String,
    pub kind: DraftKind,
    pub is_repeated: bool,
    pub oneof: Option<u32>,
    pub has_presence: bool,
}

/// A type: one of the language's own, or one by its full name.
#[derive(Debug, PartialEq, Eq, Clone)]
pub(super) enum DraftKind {
    Own(Kind),
    Enum(String),
    Message(String),
}

impl Draft {
    /// Adds a message; the same again is fine, another of its name is not.
    pub(super) fn message(&mut self, name: String, message: DraftMessage) -> Result<(), String> {
        match self.messages.get(&name) {
            Some(known) if *known != message => Err(twice(&name)),
            Some(_) => Ok(()),
            None => {
                self.messages.insert(name, message);
                Ok(())
            }
        }
    }

    /// Adds an enum.
    pub(super) fn r#enum(&mut self, name: String, mut names: Vec<(i32, Box<str>)>) {
        names.sort_by_key(|(number, _)| *number);
        // An alias is told by the first of its names.
        names.dedup_by_key(|(number, _)| *number);
        self.enums.insert(name, names);
    }

    /// Adds a method by its path; the input `-` is one that nobody looks into.
    pub(in super::super) fn method(&mut self, path: String, input: String, is_streamed: bool) {
        self.methods.insert(path, (input, is_streamed));
    }

    /// Resolves every name.
    ///
    /// # Errors
    ///
    /// A type that nobody declares, a number that stands twice, in words.
    pub(in super::super) fn finish(self) -> Result<Schema, String> {
        let messages = place_of(&self.messages);
        let enums = place_of(&self.enums);
        let resolve = |kind: DraftKind| match kind {
            DraftKind::Own(kind) => Ok(kind),
            DraftKind::Enum(name) => enums
                .get(&name)
                .map(|&place| Kind::Enum(place))
                .ok_or_else(|| undeclared(&name)),
            DraftKind::Message(name) => messages
                .get(&name)
                .map(|&place| Kind::Message(place))
                .ok_or_else(|| undeclared(&name)),
        };
        let mut schema = Schema::default();
        for (name, draft) in self.messages {
            let mut fields = Vec::with_capacity(draft.fields.len());
            for field in draft.fields {
                fields.push(Field {
                    number: field.number,
                    name: field.name.into_boxed_str(),
                    json_name: field.json_name.into_boxed_str(),
                    kind: resolve(field.kind)?,
                    is_repeated: field.is_repeated,
                    oneof: field.oneof,
                    has_presence: field.has_presence,
                });
            }
            fields.sort_by_key(|field| field.number);
            if fields.is_sorted_by(|one, other| one.number < other.number) {
                schema.messages.push(Message {
                    name: name.into_boxed_str(),
                    fields,
                    is_entry: draft.is_entry,
                });
            } else {
                return Err(format!("expected each field number of `{name}` once"));
            }
        }
        for (path, (input, is_streamed)) in self.methods {
            let input = match &*input {
                "-" => None,
                input => Some(*messages.get(input).ok_or_else(|| undeclared(input))?),
            };
            schema.methods.push(Method {
                input,
                path: path.into_boxed_str(),
                is_streamed,
            });
        }
        schema.enums = self.enums.into_values().collect();
        Ok(schema)
    }
}

fn place_of<T>(named: &BTreeMap<String, T>) -> BTreeMap<String, usize> {
    named.keys().cloned().zip(0..).collect()
}

fn undeclared(name: &str) -> String {
    format!("expected a descriptor of `{name}`, as `protoc --include_imports` writes it")
}

fn twice(name: &str) -> String {
    format!("expected one descriptor of `{name}`")
}
