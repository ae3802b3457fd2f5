//! Names of time zones become the rules that hold there today.
//!
//! From the IANA time zone database: what stands at the end of each zone's compiled file.

use super::Zone;
use crate::embedded;

/// Reads a zone: a name of the database, which stands for the rule that holds today, an offset or
/// a rule. Nothing where it is none.
#[must_use]
pub fn zone(text: &str) -> Option<Zone> {
    Zone::parse(text).or_else(|| Zone::parse(&rule(text)?))
}

/// The POSIX rule of a zone such as `Europe/Berlin`.
fn rule(name: &str) -> Option<String> {
    let table = embedded::text("engine/src/policy/zones.txt")?;
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let mut words = line.split(' ');
        let rule = words.next();
        if words.any(|zone| zone == name) {
            return rule.map(str::to_owned);
        }
    }
    None
}

#[cfg(test)]
mod clocks;

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::policy::Zone;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_rule_can_be_read() {
        let rules = include_str!("zones.txt").lines().skip(1);
        let mut read = 0;
        for line in rules {
            let rule = line.split(' ').next().unwrap();
            assert!(Zone::parse(rule).is_some(), "{rule}");
            read += 1;
        }
        assert!(read > 80);
    }

    #[test]
    fn a_zone_is_found_by_its_whole_name() {
        let berlin = rule("Europe/Berlin");
        assert_eq!(berlin.as_deref(), Some("CET-1CEST,M3.5.0,M10.5.0/3"));
        assert_eq!(rule("Europe"), None);
        assert_eq!(rule("CET-1"), None);
    }
}
