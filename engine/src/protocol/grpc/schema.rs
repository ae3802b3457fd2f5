//! What messages look like: fields by number, methods by path, compiled into flat tables.
//!
//! Made of a descriptor set or of the short form that built-in services are written in; after
//! that every name is resolved, so decoding never looks one up.

mod descriptor;
mod draft;
mod text;

pub(super) use descriptor::read as read_descriptors;
pub(super) use draft::Draft;
pub(super) use text::read as read_text;

/// Messages, enums and methods.
#[derive(Debug, Default)]
pub struct Schema {
    /// Sorted by name.
    messages: Vec<Message>,
    enums: Vec<Vec<(i32, Box<str>)>>,
    /// Sorted by path.
    methods: Vec<Method>,
}

/// A message type.
#[derive(Debug)]
pub(super) struct Message {
    /// Its full name.
    pub name: Box<str>,
    /// Sorted by number.
    pub fields: Vec<Field>,
    /// Whether it is an entry of a map.
    pub is_entry: bool,
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    /// Its number on the wire.
    pub number: u32,
    /// Its name as in the `.proto`.
    pub name: Box<str>,
    /// Its name in JSON.
    pub json_name: Box<str>,
    /// What it holds.
    pub kind: Kind,
    /// Whether it holds a list.
    pub is_repeated: bool,
    /// The group of which at most one field is set.
    pub oneof: Option<u32>,
    /// Whether "not set" differs from the zero value.
    pub has_presence: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `double`.
    Double,
    /// `float`.
    Float,
    /// `int32`.
    Int32,
    /// `int64`.
    Int64,
    /// `uint32`.
    Uint32,
    /// `uint64`.
    Uint64,
    /// `sint32`.
    Sint32,
    /// `sint64`.
    Sint64,
    /// `fixed32`.
    Fixed32,
    /// `fixed64`.
    Fixed64,
    /// `sfixed32`.
    Sfixed32,
    /// `sfixed64`.
    Sfixed64,
    /// `bool`.
    Bool,
    /// `string`.
    Text,
    /// `bytes`.
    Bytes,
    /// An enum, by its place in the table.
    Enum(usize),
    /// A message, by its place in the table.
    Message(usize),
    /// A message that nobody looks into.
    Opaque,
}

/// A method.
#[derive(Debug)]
pub(super) struct Method {
    /// `package.Service/Method`.
    pub path: Box<str>,
    /// What the client sends, by its place in the table; `None` where nobody looks into it.
    pub input: Option<usize>,
    /// Whether the client may send any number of messages.
    pub is_streamed: bool,
}

impl Schema {
    /// The method at that path, `package.Service/Method`.
    pub(super) fn method(&self, path: &str) -> Option<&Method> {
        let found = self
            .methods
            .binary_search_by(|method| (*method.path).cmp(path));
        self.methods.get(found.ok()?)
    }

    /// Every method.
    pub(super) fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// The message at that place.
    pub(super) fn message(&self, place: usize) -> Option<&Message> {
        self.messages.get(place)
    }

    /// The place of the message of that name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let found = self
            .messages
            .binary_search_by(|message| (*message.name).cmp(name));
        found.ok()
    }

    /// The names of an enum, by number.
    pub(super) fn names(&self, place: usize) -> &[(i32, Box<str>)] {
        self.enums.get(place).map_or(&[], Vec::as_slice)
    }
}

impl Message {
    /// The place of the field of that number.
    pub(super) fn field(&self, number: u32) -> Option<usize> {
        let close = usize::try_from(number).ok()?.checked_sub(1)?;
        if self
            .fields
            .get(close)
            .is_some_and(|field| field.number == number)
        {
            return Some(close);
        }
        self.fields
            .binary_search_by_key(&number, |field| field.number)
            .ok()
    }
}
