//! The bytes of one message become a tree by its schema, in exactly one way or not at all.
//!
//! Members have the names of the `.proto`. Whole numbers beyond 2^53 become decimal text,
//! `bytes` standard base64, enums their names, maps objects. A field without presence that was
//! not sent is there with its zero value, as the server sees it.
//!
//! Refused, because readers differ or because nobody here could tell what they mean: a singular
//! field or a group that is set twice, another wire type, a number that does not fit its type,
//! text that is not UTF-8, and fields that the schema does not have unless they are accepted.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::schema::{Field, Kind, Message, Schema};
use crate::limits;
use crate::protobuf::{Fields, Malformed, Payload, read_varint};
use crate::refusal::Refusal;
use crate::value::Value;

/// What becomes of fields that the schema does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// The message is refused.
    Refuse,
    /// They are left out of the tree.
    Accept,
}

/// Reads the message of the type at `place`.
///
/// # Errors
///
/// A message that can't be read in exactly one way.
pub(super) fn decode<'s>(
    schema: &'s Schema,
    place: usize,
    bytes: &'s [u8],
    unknown: Unknown,
) -> Result<Value<'s>, Refusal> {
    let mut decoder = Decoder {
        schema,
        unknown,
        left: limits::GRPC_VALUES,
    };
    decoder.message(place, bytes, 0)
}

struct Decoder<'s> {
    schema: &'s Schema,
    unknown: Unknown,
    /// Values that may still be made.
    left: usize,
}

impl<'s> Decoder<'s> {
    fn message(
        &mut self,
        place: usize,
        bytes: &'s [u8],
        depth: usize,
    ) -> Result<Value<'s>, Refusal> {
        let message = self.schema.message(place).ok_or(MALFORMED)?;
        if depth >= limits::GRPC_DEPTH {
            return Err(TOO_DEEP);
        }
        if &*message.name == "google.protobuf.Any" {
            return self.any(bytes, depth);
        }
        let slots = self.slots(message, bytes, depth)?;
        let mut members = Vec::with_capacity(slots.len());
        for (field, value) in message.fields.iter().zip(slots) {
            let value = match value {
                Some(value) => Some(self.as_map(field, value)?),
                None => self.absent(field, message.is_entry, depth)?,
            };
            members.extend(value.map(|value| (Cow::Borrowed(&*field.name), value)));
        }
        Ok(Value::Object(members))
    }

    /// One slot a field.
    fn slots(
        &mut self,
        message: &'s Message,
        bytes: &'s [u8],
        depth: usize,
    ) -> Result<Vec<Option<Value<'s>>>, Refusal> {
        self.spend(message.fields.len())?;
        let mut slots: Vec<Option<Value<'s>>> = Vec::new();
        slots.resize_with(message.fields.len(), || None);
        let mut groups = Vec::new();
        for field in Fields::of(bytes) {
            let (number, payload) = field.map_err(malformed)?;
            let place = message.field(number);
            let found =
                place.and_then(|place| Some((message.fields.get(place)?, slots.get_mut(place)?)));
            let Some((field, slot)) = found else {
                match self.unknown {
                    Unknown::Refuse => return Err(UNKNOWN_FIELD),
                    Unknown::Accept => continue,
                }
            };
            if field.is_repeated {
                let list = slot.get_or_insert_with(|| Value::List(Vec::new()));
                if let Value::List(list) = list {
                    self.items(field.kind, payload, depth, list)?;
                }
                continue;
            }
            let is_second = slot.is_some()
                || field.oneof.is_some_and(|group| {
                    let is_set = groups.contains(&group);
                    groups.push(group);
                    is_set
                });
            if is_second {
                return Err(REPEATED);
            }
            *slot = Some(self.value(field.kind, payload, depth)?);
        }
        Ok(slots)
    }

    fn spend(&mut self, values: usize) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(values).ok_or(TOO_LARGE)?;
        Ok(())
    }

    /// One item, or a packed row of them.
    fn items(
        &mut self,
        kind: Kind,
        payload: Payload<'s>,
        depth: usize,
        list: &mut Vec<Value<'s>>,
    ) -> Result<(), Refusal> {
        let (Payload::Bytes(mut packed), Some(width)) = (payload, width(kind)) else {
            self.spend(1)?;
            list.push(self.value(kind, payload, depth)?);
            return Ok(());
        };
        while !packed.is_empty() {
            self.spend(1)?;
            let payload = match width {
                Width::Varint => Payload::Varint(read_varint(&mut packed).map_err(malformed)?),
                Width::Four => Payload::Fixed32(fixed(&mut packed)?),
                Width::Eight => Payload::Fixed64(fixed(&mut packed)?),
            };
            list.push(self.value(kind, payload, depth)?);
        }
        Ok(())
    }

    fn value(
        &mut self,
        kind: Kind,
        payload: Payload<'s>,
        depth: usize,
    ) -> Result<Value<'s>, Refusal> {
        Ok(match (kind, payload) {
            (Kind::Double, Payload::Fixed64(bytes)) => float(f64::from_le_bytes(bytes)),
            (Kind::Float, Payload::Fixed32(bytes)) => float(f64::from(f32::from_le_bytes(bytes))),
            (Kind::Fixed64, Payload::Fixed64(bytes)) => whole(u64::from_le_bytes(bytes).into()),
            (Kind::Sfixed64, Payload::Fixed64(bytes)) => whole(i64::from_le_bytes(bytes).into()),
            (Kind::Fixed32, Payload::Fixed32(bytes)) => whole(u32::from_le_bytes(bytes).into()),
            (Kind::Sfixed32, Payload::Fixed32(bytes)) => whole(i32::from_le_bytes(bytes).into()),
            (Kind::Text, Payload::Bytes(bytes)) => {
                Value::from(std::str::from_utf8(bytes).map_err(|_| MALFORMED)?)
            }
            (Kind::Bytes, Payload::Bytes(bytes)) => Value::from(STANDARD.encode(bytes)),
            (Kind::Opaque, Payload::Bytes(_)) => Value::Null,
            (Kind::Message(place), Payload::Bytes(bytes)) => {
                self.message(place, bytes, depth.saturating_add(1))?
            }
            (_, Payload::Varint(value)) => self.varint(kind, value).ok_or(MALFORMED)?,
            _ => return Err(MALFORMED),
        })
    }

    fn varint(&self, kind: Kind, value: u64) -> Option<Value<'s>> {
        let signed = value.cast_signed();
        let unzigzag = (value >> 1).cast_signed() ^ (value & 1).cast_signed().wrapping_neg();
        Some(match kind {
            Kind::Bool if value <= 1 => Value::Bool(value == 1),
            Kind::Uint64 => whole(value.into()),
            Kind::Int64 => whole(signed.into()),
            Kind::Sint64 => whole(unzigzag.into()),
            Kind::Uint32 => whole(u32::try_from(value).ok()?.into()),
            Kind::Int32 => whole(i32::try_from(signed).ok()?.into()),
            Kind::Sint32 => whole(i32::try_from(unzigzag).ok()?.into()),
            Kind::Enum(place) => self.name(place, i32::try_from(signed).ok()?)?,
            _ => return None,
        })
    }

    /// A number that the enum does not have is as good as an unknown field.
    fn name(&self, place: usize, number: i32) -> Option<Value<'s>> {
        let mut names = self.schema.names(place).iter();
        match names.find(|(known, _)| *known == number) {
            Some((_, name)) => Some(Value::from(&**name)),
            None if self.unknown == Unknown::Accept => Some(whole(number.into())),
            None => None,
        }
    }

    /// What a field that was not sent stands for.
    fn absent(
        &mut self,
        field: &'s Field,
        is_entry: bool,
        depth: usize,
    ) -> Result<Option<Value<'s>>, Refusal> {
        if field.is_repeated {
            return self.as_map(field, Value::List(Vec::new())).map(Some);
        }
        match field.kind {
            Kind::Message(place) if is_entry => {
                self.message(place, &[], depth.saturating_add(1)).map(Some)
            }
            _ if field.has_presence && !is_entry => Ok(None),
            Kind::Message(_) | Kind::Opaque => Ok(None),
            Kind::Text | Kind::Bytes => Ok(Some(Value::from(""))),
            Kind::Bool => Ok(Some(Value::Bool(false))),
            Kind::Enum(place) => Ok(self
                .schema
                .names(place)
                .first()
                .map(|(_, name)| Value::from(&**name))),
            _ => Ok(Some(Value::Number(0.0))),
        }
    }

    /// The entries of a map as an object.
    fn as_map(&self, field: &Field, value: Value<'s>) -> Result<Value<'s>, Refusal> {
        let is_map = matches!(field.kind, Kind::Message(place)
            if self.schema.message(place).is_some_and(|message| message.is_entry));
        match value {
            Value::List(entries) if is_map => object(entries),
            other => Ok(other),
        }
    }

    /// A message of any type: read where its type is in the schema.
    fn any(&mut self, bytes: &'s [u8], depth: usize) -> Result<Value<'s>, Refusal> {
        self.spend(2)?;
        let (mut url, mut content) = (None, None);
        for field in Fields::of(bytes) {
            let slot = match field.map_err(malformed)? {
                (1, Payload::Bytes(bytes)) => (&mut url, bytes),
                (2, Payload::Bytes(bytes)) => (&mut content, bytes),
                _ => return Err(UNKNOWN_FIELD),
            };
            if slot.0.replace(slot.1).is_some() {
                return Err(REPEATED);
            }
        }
        let url = std::str::from_utf8(url.unwrap_or_default()).map_err(|_| MALFORMED)?;
        let content = content.unwrap_or_default();
        let name = url.rsplit('/').next().unwrap_or_default();
        let value = match self.schema.place(name) {
            Some(place) => self.message(place, content, depth.saturating_add(1))?,
            None => Value::from(STANDARD.encode(content)),
        };
        Ok(Value::Object(vec![
            (Cow::Borrowed("type_url"), Value::from(url)),
            (Cow::Borrowed("value"), value),
        ]))
    }
}

fn malformed(_: Malformed) -> Refusal {
    MALFORMED
}

enum Width {
    Varint,
    Four,
    Eight,
}

/// How wide an item of a packed row is; `None` for what can't be packed.
const fn width(kind: Kind) -> Option<Width> {
    match kind {
        Kind::Text | Kind::Bytes | Kind::Message(_) | Kind::Opaque => None,
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => Some(Width::Eight),
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => Some(Width::Four),
        _ => Some(Width::Varint),
    }
}

fn fixed<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Refusal> {
    let (bytes, after) = rest.split_first_chunk::<N>().ok_or(MALFORMED)?;
    *rest = after;
    Ok(*bytes)
}

fn float<'v>(number: f64) -> Value<'v> {
    if number.is_nan() {
        Value::from("NaN")
    } else if number.is_infinite() {
        Value::from(if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        })
    } else {
        Value::Number(number)
    }
}

/// A whole number, as text where a double would round it.
pub(super) fn whole<'v>(number: i128) -> Value<'v> {
    const EXACT: u128 = 1 << 53;
    if number.unsigned_abs() <= EXACT {
        #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
        Value::Number(number as f64)
    } else {
        Value::from(number.to_string())
    }
}

fn object(entries: Vec<Value<'_>>) -> Result<Value<'_>, Refusal> {
    let mut members = Vec::with_capacity(entries.len());
    for entry in entries {
        let Value::Object(fields) = entry else {
            return Err(MALFORMED);
        };
        let mut fields = fields.into_iter().map(|(_, value)| value);
        let (Some(key), Some(value)) = (fields.next(), fields.next()) else {
            return Err(MALFORMED);
        };
        let key = match key {
            Value::Text(text) => text,
            Value::Bool(is_true) => Cow::Borrowed(if is_true { "true" } else { "false" }),
            Value::Number(number) => Cow::Owned(number.to_string()),
            _ => return Err(MALFORMED),
        };
        members.push((key, value));
    }
    let names: BTreeSet<&str> = members.iter().map(|(name, _)| &**name).collect();
    if names.len() < members.len() {
        return Err(REPEATED);
    }
    Ok(Value::Object(members))
}

pub(super) const MALFORMED: Refusal = Refusal::malformed(
    "grpc.message_malformed",
    "expected a message of the method's type that every reader takes alike",
    "send the message as the service's `.proto` declares it",
);
pub(super) const UNKNOWN_FIELD: Refusal = Refusal::malformed(
    "grpc.field_unknown",
    "expected only fields that the guard knows of",
    "leave out fields that are newer than the guard's descriptors",
);
pub(super) const REPEATED: Refusal = Refusal::malformed(
    "grpc.field_repeated",
    "expected each field once, and one field of a group",
    "send each field once",
);
pub(super) const TOO_DEEP: Refusal = Refusal::malformed(
    "grpc.too_deep",
    "expected messages nested at most 32 deep",
    "nest fewer messages",
);
const TOO_LARGE: Refusal = Refusal::with_status(
    413,
    "grpc.message_too_large",
    "expected at most 262,144 values in one message",
    "send less in one message",
);

#[cfg(test)]
mod tests;
