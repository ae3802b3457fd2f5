//! What a record is written to: JSON text in canonical form, or a `google.protobuf.Struct`.
//!
//! Both take the same calls, so a record is described once. Members must come in the order of
//! their names; then the JSON is what RFC 8785 gives, as every number is a small integer.

use crate::protobuf;

/// Takes one value, which may be made of others.
pub(super) trait Sink: Sized {
    fn null(&mut self);
    fn text(&mut self, text: &str);
    fn number(&mut self, number: u32);
    fn object(&mut self, fill: impl FnOnce(&mut Members<'_, Self>));
    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, each: impl Fn(&mut Self, T));
    /// Takes a member of the object that is being filled.
    fn member(&mut self, is_first: bool, name: &str, fill: impl FnOnce(&mut Self));

    fn texts<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) {
        self.list(texts, |sink, text| sink.text(text.as_ref()));
    }
}

/// The members of one object, in the order of their names.
pub(super) struct Members<'s, S> {
    sink: &'s mut S,
    is_first: bool,
}

impl<'s, S: Sink> Members<'s, S> {
    const fn of(sink: &'s mut S) -> Self {
        Self {
            sink,
            is_first: true,
        }
    }

    pub(super) fn member(&mut self, name: &str, fill: impl FnOnce(&mut S)) {
        self.sink.member(self.is_first, name, fill);
        self.is_first = false;
    }

    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.member(name, |sink| sink.text(text));
    }

    pub(super) fn number(&mut self, name: &str, number: u32) {
        self.member(name, |sink| sink.number(number));
    }

    /// A text, or null where there is none.
    pub(super) fn text_or_null(&mut self, name: &str, text: Option<&str>) {
        self.member(name, |sink| match text {
            Some(text) => sink.text(text),
            None => sink.null(),
        });
    }
}

/// JSON without white space.
#[derive(Default)]
pub(super) struct Json(pub(super) String);

impl Sink for Json {
    fn null(&mut self) {
        self.0.push_str("null");
    }

    fn text(&mut self, text: &str) {
        let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        if text.bytes().all(is_plain) {
            self.0.push('"');
            self.0.push_str(text);
            self.0.push('"');
        } else {
            self.0
                .push_str(&serde_json::to_string(text).unwrap_or_default());
        }
    }

    fn number(&mut self, number: u32) {
        self.0.push_str(itoa::Buffer::new().format(number));
    }

    fn object(&mut self, fill: impl FnOnce(&mut Members<'_, Self>)) {
        self.0.push('{');
        fill(&mut Members::of(self));
        self.0.push('}');
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, each: impl Fn(&mut Self, T)) {
        self.0.push('[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            each(self, item);
        }
        self.0.push(']');
    }

    fn member(&mut self, is_first: bool, name: &str, fill: impl FnOnce(&mut Self)) {
        if !is_first {
            self.0.push(',');
        }
        self.text(name);
        self.0.push(':');
        fill(self);
    }
}

/// A serialized `google.protobuf.Value`, or the members of a `Struct` at the top.
#[derive(Default)]
pub(super) struct Struct(pub(super) Vec<u8>);

impl Struct {
    /// The members alone: a `Struct` and not a `Value` that holds one.
    pub(super) fn members(&mut self) -> Members<'_, Self> {
        Members::of(self)
    }

    fn message(&mut self, number: u32, fill: impl FnOnce(&mut Self)) {
        let place = protobuf::open_message(&mut self.0, number);
        fill(self);
        protobuf::close_message(&mut self.0, place);
    }
}

impl Sink for Struct {
    fn null(&mut self) {
        protobuf::write_varint(&mut self.0, 1, 0);
    }

    fn text(&mut self, text: &str) {
        protobuf::write_bytes(&mut self.0, 3, text.as_bytes());
    }

    fn number(&mut self, number: u32) {
        protobuf::write_double(&mut self.0, 2, f64::from(number));
    }

    fn object(&mut self, fill: impl FnOnce(&mut Members<'_, Self>)) {
        self.message(5, |sink| fill(&mut Members::of(sink)));
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, each: impl Fn(&mut Self, T)) {
        self.message(6, |sink| {
            for item in items {
                sink.message(1, |sink| each(sink, item));
            }
        });
    }

    fn member(&mut self, _is_first: bool, name: &str, fill: impl FnOnce(&mut Self)) {
        self.message(1, |sink| {
            protobuf::write_bytes(&mut sink.0, 1, name.as_bytes());
            sink.message(2, fill);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, Sink, Struct};
    use crate::struct_value;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn fill<S: Sink>(sink: &mut S) {
        sink.object(|members| {
            members.member("a", |sink| sink.texts(["x", "ä\"\\\n\u{1}"]));
            members.text_or_null("b", None);
            members.member("c", |sink| {
                sink.list([0, 10, u32::MAX], |sink, number| sink.number(number));
            });
            members.member("d", |sink| sink.object(|_| {}));
        });
    }

    #[test]
    fn both_forms_say_the_same() {
        let mut json = Json::default();
        fill(&mut json);
        let mut bytes = Struct::default();
        bytes.members().member("top", fill);
        let read = struct_value::read(&bytes.0).unwrap();
        let printed = serde_json::to_string(&read).unwrap();
        assert_eq!(printed, format!("{{\"top\":{}}}", json.0));
    }

    #[test]
    fn json_is_canonical() {
        let mut json = Json::default();
        fill(&mut json);
        let tree: serde_json::Value = serde_json::from_str(&json.0).unwrap();
        assert_eq!(tree.to_string(), json.0);
    }
}
