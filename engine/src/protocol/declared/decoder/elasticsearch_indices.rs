//! Names of indices inside a body of Elasticsearch: a text with commas, a list, or that of the
//! path where the body names none.

use super::Input;
use crate::protocol::declared::name::Names;
use crate::refusal::Refusal;
use crate::value::Value;

pub(super) fn named(value: Option<&Value<'_>>, input: Input<'_, '_, '_>) -> Result<Names, Refusal> {
    let mut names = Names::default();
    let mut add = |text: &str| {
        text.split(',')
            .try_for_each(|name| names.add_table(name.trim(), input.dialect))
    };
    match value {
        None | Some(Value::Null) => add(input.view.parameter("index").unwrap_or_default())?,
        Some(value) => {
            for item in value.each() {
                // What is no text names nothing that could be told.
                add(item.text().unwrap_or_default())?;
            }
        }
    }
    Ok(names)
}
