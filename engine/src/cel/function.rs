//! The table of functions: name, types and which of them run.

use super::{Function, Type};

/// One way to call a function.
pub struct Signature {
    /// Its name, with the name before the dot where that is part of it (`ip.isCanonical`).
    pub name: &'static str,
    /// The types that it takes; of a method the first is what it is called on.
    pub takes: &'static [Type],
    /// Whether it is called on its first argument.
    pub is_method: bool,
    /// The type that it gives.
    pub gives: Type,
    /// What it does.
    pub function: Function,
}

const fn function(
    name: &'static str,
    takes: &'static [Type],
    gives: Type,
    function: Function,
) -> Signature {
    Signature {
        name,
        takes,
        is_method: false,
        gives,
        function,
    }
}

const fn method(
    name: &'static str,
    takes: &'static [Type],
    gives: Type,
    does: Function,
) -> Signature {
    Signature {
        is_method: true,
        ..function(name, takes, gives, does)
    }
}

use Type::{
    Bool, Bytes, Cidr, Double, Duration, Dyn, Int, Ip, List, Map, Text, Timestamp, Uint, Version,
};

const ANY_LIST: Type = List(&Dyn);
const ANY_MAP: Type = Map(&Dyn);

/// Every way to call every function. `matches` stands apart: its pattern is compiled.
pub const SIGNATURES: &[Signature] = &[
    function("dyn", &[Dyn], Dyn, Function::Dyn),
    function("size", &[Text], Int, Function::Size),
    function("size", &[Bytes], Int, Function::Size),
    function("size", &[ANY_LIST], Int, Function::Size),
    function("size", &[ANY_MAP], Int, Function::Size),
    method("size", &[Text], Int, Function::Size),
    method("size", &[Bytes], Int, Function::Size),
    method("size", &[ANY_LIST], Int, Function::Size),
    method("size", &[ANY_MAP], Int, Function::Size),
    method("startsWith", &[Text, Text], Bool, Function::StartsWith),
    method("endsWith", &[Text, Text], Bool, Function::EndsWith),
    method("contains", &[Text, Text], Bool, Function::Contains),
    method("lowerAscii", &[Text], Text, Function::LowerAscii),
    method("upperAscii", &[Text], Text, Function::UpperAscii),
    method("trim", &[Text], Text, Function::Trim),
    method("substring", &[Text, Int], Text, Function::Substring),
    method("substring", &[Text, Int, Int], Text, Function::Substring),
    method("charAt", &[Text, Int], Text, Function::CharAt),
    method("indexOf", &[Text, Text], Int, Function::IndexOf),
    method("indexOf", &[Text, Text, Int], Int, Function::IndexOf),
    method("lastIndexOf", &[Text, Text], Int, Function::LastIndexOf),
    method(
        "lastIndexOf",
        &[Text, Text, Int],
        Int,
        Function::LastIndexOf,
    ),
    function("bool", &[Bool], Bool, Function::ToBool),
    function("bool", &[Text], Bool, Function::ToBool),
    function("int", &[Int], Int, Function::ToInt),
    function("int", &[Uint], Int, Function::ToInt),
    function("int", &[Double], Int, Function::ToInt),
    function("int", &[Text], Int, Function::ToInt),
    function("int", &[Timestamp], Int, Function::ToInt),
    function("uint", &[Uint], Uint, Function::ToUint),
    function("uint", &[Int], Uint, Function::ToUint),
    function("uint", &[Double], Uint, Function::ToUint),
    function("uint", &[Text], Uint, Function::ToUint),
    function("double", &[Double], Double, Function::ToDouble),
    function("double", &[Int], Double, Function::ToDouble),
    function("double", &[Uint], Double, Function::ToDouble),
    function("double", &[Text], Double, Function::ToDouble),
    function("string", &[Text], Text, Function::ToText),
    function("string", &[Bool], Text, Function::ToText),
    function("string", &[Bytes], Text, Function::ToText),
    function("bytes", &[Bytes], Bytes, Function::ToBytes),
    function("bytes", &[Text], Bytes, Function::ToBytes),
    function("timestamp", &[Timestamp], Timestamp, Function::ToTimestamp),
    function("timestamp", &[Text], Timestamp, Function::ToTimestamp),
    function("timestamp", &[Int], Timestamp, Function::ToTimestamp),
    function("duration", &[Duration], Duration, Function::ToDuration),
    function("duration", &[Text], Duration, Function::ToDuration),
    method("getFullYear", &[Timestamp], Int, Function::FullYear),
    method("getFullYear", &[Timestamp, Text], Int, Function::FullYear),
    method("getMonth", &[Timestamp], Int, Function::Month),
    method("getMonth", &[Timestamp, Text], Int, Function::Month),
    method("getDayOfMonth", &[Timestamp], Int, Function::DayOfMonth),
    method(
        "getDayOfMonth",
        &[Timestamp, Text],
        Int,
        Function::DayOfMonth,
    ),
    method("getDate", &[Timestamp], Int, Function::Date),
    method("getDate", &[Timestamp, Text], Int, Function::Date),
    method("getDayOfWeek", &[Timestamp], Int, Function::DayOfWeek),
    method("getDayOfWeek", &[Timestamp, Text], Int, Function::DayOfWeek),
    method("getDayOfYear", &[Timestamp], Int, Function::DayOfYear),
    method("getDayOfYear", &[Timestamp, Text], Int, Function::DayOfYear),
    method("getHours", &[Timestamp], Int, Function::Hours),
    method("getHours", &[Timestamp, Text], Int, Function::Hours),
    method("getHours", &[Duration], Int, Function::Hours),
    method("getMinutes", &[Timestamp], Int, Function::Minutes),
    method("getMinutes", &[Timestamp, Text], Int, Function::Minutes),
    method("getMinutes", &[Duration], Int, Function::Minutes),
    method("getSeconds", &[Timestamp], Int, Function::Seconds),
    method("getSeconds", &[Timestamp, Text], Int, Function::Seconds),
    method("getSeconds", &[Duration], Int, Function::Seconds),
    method("getMilliseconds", &[Timestamp], Int, Function::Milliseconds),
    method(
        "getMilliseconds",
        &[Timestamp, Text],
        Int,
        Function::Milliseconds,
    ),
    method("getMilliseconds", &[Duration], Int, Function::Milliseconds),
    function("ip", &[Text], Ip, Function::ToIp),
    function("isIP", &[Text], Bool, Function::IsIp),
    function("ip.isCanonical", &[Text], Bool, Function::IsCanonical),
    method("family", &[Ip], Int, Function::Family),
    method("isUnspecified", &[Ip], Bool, Function::IsUnspecified),
    method("isLoopback", &[Ip], Bool, Function::IsLoopback),
    method("isGlobalUnicast", &[Ip], Bool, Function::IsGlobalUnicast),
    method(
        "isLinkLocalMulticast",
        &[Ip],
        Bool,
        Function::IsLinkLocalMulticast,
    ),
    method(
        "isLinkLocalUnicast",
        &[Ip],
        Bool,
        Function::IsLinkLocalUnicast,
    ),
    function("cidr", &[Text], Cidr, Function::ToCidr),
    function("isCIDR", &[Text], Bool, Function::IsCidr),
    method("containsIP", &[Cidr, Ip], Bool, Function::ContainsIp),
    method("containsIP", &[Cidr, Text], Bool, Function::ContainsIp),
    method("containsCIDR", &[Cidr, Cidr], Bool, Function::ContainsCidr),
    method("containsCIDR", &[Cidr, Text], Bool, Function::ContainsCidr),
    method("ip", &[Cidr], Ip, Function::AddressOf),
    method("masked", &[Cidr], Cidr, Function::Masked),
    method("prefixLength", &[Cidr], Int, Function::PrefixLength),
    function("semver", &[Text], Version, Function::ToVersion),
    function("isSemver", &[Text], Bool, Function::IsVersion),
    method(
        "isGreaterThan",
        &[Version, Version],
        Bool,
        Function::IsGreaterThan,
    ),
    method(
        "isLessThan",
        &[Version, Version],
        Bool,
        Function::IsLessThan,
    ),
    method("compareTo", &[Version, Version], Int, Function::CompareTo),
    method("major", &[Version], Int, Function::Major),
    method("minor", &[Version], Int, Function::Minor),
    method("patch", &[Version], Int, Function::Patch),
];

/// Functions that other CEL hosts have and this subset leaves out, with what to write instead.
pub const LEFT_OUT: &[(&str, &str)] = &[
    (
        "map",
        "write what is asked of each member with `exists` or `all`",
    ),
    (
        "filter",
        "only `size()` can be asked of it; write `exists` or `all`",
    ),
    (
        "type",
        "an open value is tested by comparing it; declare its type to be sure of it",
    ),
    ("format", "texts can't be made, only compared"),
    ("join", "texts can't be made, only compared"),
    ("replace", "texts can't be made, only compared"),
    ("reverse", "texts can't be made, only compared"),
    (
        "split",
        "use `startsWith`, `endsWith`, `contains` or `matches`",
    ),
    ("quote", "texts can't be made, only compared"),
    ("bind", "name the part in `vars`"),
    (
        "transformList",
        "write what is asked of each member with `exists` or `all`",
    ),
    (
        "transformMap",
        "write what is asked of each member with `exists` or `all`",
    ),
];
