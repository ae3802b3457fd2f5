//! Names of time zones become the rules that hold there today.
//!
//! From the IANA time zone database: what stands at the end of each zone's compiled file.

const TABLE: &str = include_str!("zones.txt");

/// The POSIX rule of a zone such as `Europe/Berlin`.
pub(super) fn rule(name: &str) -> Option<&'static str> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let mut words = line.split(' ');
        let rule = words.next();
        if words.any(|zone| zone == name) {
            return rule;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{TABLE, rule};
    use crate::policy::Zone;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_rule_can_be_read() {
        let rules = TABLE.lines().skip(1);
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
        assert_eq!(rule("Europe/Berlin"), Some("CET-1CEST,M3.5.0,M10.5.0/3"));
        assert_eq!(rule("Europe"), None);
        assert_eq!(rule("CET-1"), None);
    }
}
