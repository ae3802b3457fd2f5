//! Placeholders such as `${NAME}` in a configuration become values; none is left over.

use std::collections::BTreeMap;

use super::LaunchError;

/// Names and values.
pub(super) type Values = BTreeMap<&'static str, String>;

/// Fills every placeholder. The lines of a value stand at the column of its placeholder, so that
/// a whole document fits into a YAML block.
pub(super) fn fill(template: &str, values: &Values) -> Result<String, LaunchError> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, tail)) = after.split_once('}') else {
            return Err(LaunchError::NoValue(after.to_owned()));
        };
        let value = values
            .get(name)
            .ok_or_else(|| LaunchError::NoValue(name.to_owned()))?;
        filled.push_str(before);
        filled.push_str(&indented(value, &filled));
        rest = tail;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn indented(value: &str, before: &str) -> String {
    let line = before.rsplit('\n').next().unwrap_or(before);
    if !line.chars().all(|character| character == ' ') {
        return value.to_owned();
    }
    value.trim_end().replace('\n', &format!("\n{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_keeps_its_column() {
        let values = Values::from([
            ("POLICY", "a:\n- b\n".to_owned()),
            ("PORT", "80".to_owned()),
        ]);
        let filled = fill("port: ${PORT}\nvalue: |\n  ${POLICY}\nend", &values);
        assert_eq!(
            filled.expect("filled"),
            "port: 80\nvalue: |\n  a:\n  - b\nend"
        );
    }

    #[test]
    fn a_placeholder_without_a_value_is_named() {
        let error = fill("${NOTHING}", &Values::new()).expect_err("no value");
        assert_eq!(error.to_string(), "placeholder `NOTHING` has no value");
    }
}
