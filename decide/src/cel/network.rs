//! IP addresses and ranges of them, read as Kubernetes' CEL library reads them.

use core::net::{IpAddr, Ipv6Addr};

/// Reads an address. An IPv4 address in IPv6 form becomes the IPv4 address that it is, so
/// that no range can be left by spelling an address otherwise; with dots it is refused.
pub fn address(text: &str) -> Option<IpAddr> {
    match text.parse().ok()? {
        IpAddr::V6(_) if text.contains('.') && is_mapped(text) => None,
        address => Some(address.to_canonical()),
    }
}

fn is_mapped(text: &str) -> bool {
    let address: Option<Ipv6Addr> = text.parse().ok();
    address.is_some_and(|address| address.to_ipv4_mapped().is_some())
}

/// Reads a range: `10.0.0.0/8`.
pub fn range(text: &str) -> Option<(IpAddr, u8)> {
    let (written, bits) = text.split_once('/')?;
    let plain: IpAddr = written.parse().ok()?;
    let address = address(written).filter(|address| address.is_ipv4() == plain.is_ipv4())?;
    let is_plain = bits.bytes().all(|byte| byte.is_ascii_digit());
    let has_zeros = bits.len() > 1 && bits.starts_with('0');
    let bits: u8 = bits.parse().ok().filter(|_| is_plain && !has_zeros)?;
    (bits <= width(address)).then_some((address, bits))
}

/// Whether the text is how the address is written at its shortest.
pub fn is_canonical(text: &str, address: IpAddr) -> bool {
    use std::fmt::Write as _;

    let mut rest = Rest(Some(text));
    let written = write!(rest, "{address}");
    written.is_ok() && rest.0 == Some("")
}

/// What is left of a text after what is written onto it was found at its start.
struct Rest<'t>(Option<&'t str>);

impl std::fmt::Write for Rest<'_> {
    fn write_str(&mut self, part: &str) -> std::fmt::Result {
        self.0 = self.0.and_then(|rest| rest.strip_prefix(part));
        self.0.map(|_| ()).ok_or(std::fmt::Error)
    }
}

/// Whether a range holds an address.
pub fn holds((of, bits): (IpAddr, u8), address: IpAddr) -> bool {
    of.is_ipv4() == address.is_ipv4() && number(masked(of, bits)) == number(masked(address, bits))
}

/// Whether a range holds all of another.
pub fn holds_range(one: (IpAddr, u8), other: (IpAddr, u8)) -> bool {
    one.1 <= other.1 && holds(one, other.0)
}

/// The first address of a range.
pub fn masked(address: IpAddr, bits: u8) -> IpAddr {
    let host = u32::from(width(address).saturating_sub(bits));
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(host).unwrap_or(0);
            IpAddr::V4((u32::from(v4) & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(host).unwrap_or(0);
            IpAddr::V6((u128::from(v6) & mask).into())
        }
    }
}

/// Whether an address names one interface beyond its own link.
pub fn is_global_unicast(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
    !(is_broadcast
        || address.is_unspecified()
        || address.is_loopback()
        || address.is_multicast()
        || is_link_local(address))
}

/// Whether an address names one interface on its own link.
pub fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

/// Whether an address names many interfaces on their own link.
pub fn is_link_local_multicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => matches!(v4.octets(), [224, 0, 0, _]),
        IpAddr::V6(v6) => v6
            .segments()
            .first()
            .is_some_and(|first| first & 0xff0f == 0xff02),
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u32::from(v4).into(),
        IpAddr::V6(v6) => v6.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{address, holds, holds_range, is_canonical, range};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn ranges_hold_addresses_however_spelt() {
        let office = range("10.0.0.0/8").unwrap();
        assert!(holds(office, address("10.255.0.1").unwrap()));
        assert!(holds(office, address("::ffff:a00:1").unwrap()));
        assert!(!holds(office, address("11.0.0.1").unwrap()));
        assert!(!holds(office, address("2001:db8::1").unwrap()));
        assert!(holds(
            range("0.0.0.0/0").unwrap(),
            address("1.2.3.4").unwrap()
        ));
        assert!(!holds(range("::/0").unwrap(), address("1.2.3.4").unwrap()));
        assert!(holds_range(office, range("10.1.0.0/16").unwrap()));
        assert!(!holds_range(office, range("0.0.0.0/0").unwrap()));
    }

    #[test]
    fn what_is_read_in_two_ways_is_refused() {
        for wrong in [
            "010.0.0.1",
            "10.0.0",
            "1.2.3.4.5",
            "fe80::1%eth0",
            "::ffff:10.0.0.1",
            "",
            " 1.2.3.4",
        ] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
        for wrong in [
            "10.0.0.0",
            "10.0.0.0/",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/33",
            "::ffff:a00:0/104",
        ] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_shortest_form_is_known() {
        for (text, expected) in [
            ("127.0.0.1", true),
            ("2001:DB8::68", false),
            ("2001:db8::68", true),
            ("0:0::1", false),
        ] {
            assert_eq!(
                is_canonical(text, address(text).unwrap()),
                expected,
                "{text}"
            );
        }
    }
}
