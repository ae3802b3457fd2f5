//! Calls of pure functions on constants, where all engines that have them agree.

use sqlparser::ast::{BinaryOperator, Expr, Function};

use super::constant::Constant;
use super::itself::arguments;
use super::logic::TRUE;
use super::{Folded, Judge};
use crate::sql::dialect::Dialect;

impl Judge<'_> {
    pub(super) fn call(self, whole: &Expr, function: &Function, depth: usize) -> Folded {
        let plain = function.over.is_none()
            && function.filter.is_none()
            && function.within_group.is_empty();
        let name = match function.name.0.as_slice() {
            [name] => name.as_ident().filter(|_| plain),
            _ => None,
        };
        let (Some(name), Some(values)) = (name, arguments(function)) else {
            return self.dependence(whole);
        };
        let name = name.value.to_ascii_lowercase();
        match (name.as_str(), values.as_slice()) {
            ("coalesce" | "ifnull" | "nvl" | "isnull", [_, _, ..]) => {
                self.coalesced(whole, &values, depth)
            }
            ("isnull", [value]) => self.nullness(value, depth),
            ("nullif", [value, other]) => self.null_if(whole, value, other, depth),
            ("if" | "iif", [condition, yes, no]) => match self.truth(condition, depth) {
                TRUE => self.fold(yes, depth),
                Folded::Known(_) => self.fold(no, depth),
                unknown => super::predicate::one_of(
                    vec![self.fold(yes, depth), self.fold(no, depth)],
                    &unknown,
                ),
            },
            (name, values) => self.of_values(whole, name, values, depth),
        }
    }

    fn coalesced(self, whole: &Expr, values: &[&Expr], depth: usize) -> Folded {
        for value in values {
            match self.fold(value, depth) {
                Folded::Known(Constant::Null) => {}
                Folded::Known(value) => return Folded::Known(value),
                _ => return self.dependence(whole),
            }
        }
        Folded::Known(Constant::Null)
    }

    fn null_if(self, whole: &Expr, value: &Expr, other: &Expr, depth: usize) -> Folded {
        let value = self.fold(value, depth);
        match self.computed(&value, &BinaryOperator::Eq, &self.fold(other, depth)) {
            TRUE => Folded::Known(Constant::Null),
            Folded::Known(_) => value,
            _ => self.dependence(whole),
        }
    }

    fn of_values(self, whole: &Expr, name: &str, values: &[&Expr], depth: usize) -> Folded {
        let mut known = Vec::new();
        for value in values {
            match self.fold(value, depth) {
                Folded::Known(value) => known.push(value),
                _ => return self.dependence(whole),
            }
        }
        let value = match known.as_slice() {
            [] => None,
            [Constant::Null] => is_strict(name).then_some(Constant::Null),
            [value] => self.of_one(name, value),
            values => self.of_many(name, values),
        };
        match value {
            Some(Constant::Text(text)) if text.is_empty() && self.dialect == Dialect::Oracle => {
                Folded::Known(Constant::Null)
            }
            value => value.map_or(Folded::Open, Folded::Known),
        }
    }

    fn of_one(self, name: &str, value: &Constant) -> Option<Constant> {
        let text = || value.text(self.dialect).filter(|text| text.is_ascii());
        let number = || {
            value
                .number(self.dialect)
                .filter(|number| number.is_whole())
        };
        match name {
            "abs" => Some(Constant::number_of(number()?.value.abs())),
            "sign" => {
                let value = number()?.value;
                Some(Constant::number_of(if value == 0.0 {
                    0.0
                } else {
                    value.signum()
                }))
            }
            "floor" | "ceil" | "ceiling" | "round" => Some(Constant::number_of(number()?.value)),
            "length" | "char_length" | "character_length" | "len" | "octet_length" => {
                let text = text()?;
                // SQL Server does not count spaces at the end.
                let counted = (!text.ends_with(' ')).then_some(text.len())?;
                u32::try_from(counted)
                    .ok()
                    .map(|length| Constant::number_of(f64::from(length)))
            }
            "ascii" => {
                let byte = text()?.bytes().next()?;
                Some(Constant::number_of(f64::from(byte)))
            }
            "lower" | "lcase" => Some(Constant::Text(text()?.to_lowercase())),
            "upper" | "ucase" => Some(Constant::Text(text()?.to_uppercase())),
            "trim" => Some(Constant::Text(text()?.trim_matches(' ').to_owned())),
            "ltrim" => Some(Constant::Text(text()?.trim_start_matches(' ').to_owned())),
            "rtrim" => Some(Constant::Text(text()?.trim_end_matches(' ').to_owned())),
            "reverse" => Some(Constant::Text(text()?.chars().rev().collect())),
            "char" | "chr" => {
                let code = number().filter(|number| (32.0..127.0).contains(&number.value))?;
                let fits = |byte: &u8| f64::from(*byte) == code.value;
                let letter = (32..127_u8).find(fits)?;
                Some(Constant::Text(char::from(letter).to_string()))
            }
            _ => None,
        }
    }

    fn of_many(self, name: &str, values: &[Constant]) -> Option<Constant> {
        match (name, values) {
            ("concat", values) => {
                let nothing = values.contains(&Constant::Null);
                if nothing {
                    // Null in MySQL, the rest elsewhere.
                    let mysql = matches!(self.dialect, Dialect::Mysql | Dialect::Mariadb);
                    return mysql.then_some(Constant::Null);
                }
                let texts = values.iter().map(|value| value.text(self.dialect));
                texts.collect::<Option<String>>().map(Constant::Text)
            }
            ("mod", [left, right]) => match self.arithmetic(left, &BinaryOperator::Modulo, right) {
                Folded::Known(value) => Some(value),
                _ => None,
            },
            ("greatest" | "least", values) => {
                let numbers = values.iter().map(|value| match value {
                    Constant::Number(number) if number.is_whole() => Some(number.value),
                    _ => None,
                });
                let numbers = numbers.collect::<Option<Vec<f64>>>()?;
                let pick = if name == "least" { f64::min } else { f64::max };
                numbers.into_iter().reduce(pick).map(Constant::number_of)
            }
            _ => None,
        }
    }
}

/// Whether a function of one value surely gives null for null.
fn is_strict(name: &str) -> bool {
    const STRICT: [&str; 20] = [
        "abs",
        "ascii",
        "ceil",
        "ceiling",
        "char_length",
        "floor",
        "lcase",
        "len",
        "length",
        "lower",
        "ltrim",
        "octet_length",
        "reverse",
        "round",
        "rtrim",
        "sign",
        "sqrt",
        "trim",
        "ucase",
        "upper",
    ];
    STRICT.contains(&name)
}
