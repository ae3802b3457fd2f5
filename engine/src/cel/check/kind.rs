//! Which types go together, and what they are called.

use crate::cel::Type;

/// Whether a value of one type can be one of the other. Open values can be anything.
pub fn agree(one: Type, other: Type) -> bool {
    match (one, other) {
        (Type::Dyn, _) | (_, Type::Dyn) => true,
        (Type::List(one), Type::List(other)) | (Type::Map(one), Type::Map(other)) => {
            agree(*one, *other)
        }
        (Type::Record(one), Type::Record(other)) => std::ptr::eq(one, other),
        _ => std::mem::discriminant(&one) == std::mem::discriminant(&other),
    }
}

/// The type of both, if they have one.
pub fn shared(one: Type, other: Type) -> Option<Type> {
    agree(one, other).then_some(if is_open(one) { one } else { other })
}

/// Whether nothing is known of values of that type, or of what they hold.
pub fn is_open(kind: Type) -> bool {
    match kind {
        Type::Dyn => true,
        Type::List(kind) | Type::Map(kind) => is_open(*kind),
        _ => false,
    }
}

/// The type's name in CEL.
pub fn name(kind: Type) -> String {
    let name = match kind {
        Type::Bool => "bool",
        Type::Int => "int",
        Type::Uint => "uint",
        Type::Double => "double",
        Type::Text => "string",
        Type::Bytes => "bytes",
        Type::Null => "null",
        Type::Timestamp => "timestamp",
        Type::Duration => "duration",
        Type::Dyn => "dyn",
        Type::Ip => "ip",
        Type::Cidr => "cidr",
        Type::Version => "semver",
        Type::Record(record) => record.name,
        Type::List(kind) => return format!("list({})", name(*kind)),
        Type::Map(kind) => return format!("map(string, {})", name(*kind)),
    };
    name.to_owned()
}

/// A list of values of that type. Of lists and maps it is not told apart further.
pub fn list_of(kind: Type) -> Type {
    match kind {
        Type::Bool => Type::List(&Type::Bool),
        Type::Int => Type::List(&Type::Int),
        Type::Uint => Type::List(&Type::Uint),
        Type::Double => Type::List(&Type::Double),
        Type::Text => Type::List(&Type::Text),
        Type::Bytes => Type::List(&Type::Bytes),
        Type::Timestamp => Type::List(&Type::Timestamp),
        Type::Duration => Type::List(&Type::Duration),
        _ => Type::List(&Type::Dyn),
    }
}

/// A map of values of that type.
pub fn map_of(kind: Type) -> Type {
    match list_of(kind) {
        Type::List(kind) => Type::Map(kind),
        _ => Type::Map(&Type::Dyn),
    }
}

/// Whether it is one of the three types of numbers.
pub fn is_number(kind: Type) -> bool {
    matches!(kind, Type::Int | Type::Uint | Type::Double)
}

/// Whether values of that type may be handed over as open ones and have to be read as it.
pub fn has_to_be_read(kind: Type) -> bool {
    matches!(
        kind,
        Type::Int
            | Type::Uint
            | Type::Timestamp
            | Type::Duration
            | Type::Ip
            | Type::Cidr
            | Type::Version
    )
}
