//! Links that earn money, told by their address alone.
//!
//! In: a web address. Out: whether somebody is paid when it is followed. Readers must be told of such
//! links, and machines too. Asks nobody.

use std::collections::BTreeSet;

use serde::Serialize;

/// What the site says of its own commercial links, besides those everybody knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Affiliates {
    /// Hosts whose links earn money.
    pub hosts: Vec<String>,
    /// Parameters of addresses that earn money.
    pub parameters: Vec<String>,
}

/// Hosts that exist to count commissions.
const AFFILIATE_HOSTS: &[&str] = &[
    "amzn.to",
    "anrdoezrs.net",
    "awin1.com",
    "dpbolvw.net",
    "jdoqocy.com",
    "kqzyfj.com",
    "linksynergy.com",
    "pxf.io",
    "shareasale.com",
    "shrsl.com",
    "sjv.io",
    "tkqlhce.com",
];
/// Parameters that say who brought a customer.
const AFFILIATE_PARAMETERS: &[&str] =
    &["aff", "aff_id", "affid", "affiliate", "affiliate_id", "irclickid", "raneaid", "ranmid", "ransiteid"];

impl Affiliates {
    /// Whether following a web address earns money.
    #[must_use]
    pub fn earns(&self, target: &str) -> bool {
        if !is_external(target) {
            return false;
        }
        let Some(host) = host(target) else { return false };
        let host = host.as_bytes();
        let of_host = |known: &str| {
            host.len().checked_sub(known.len()).is_some_and(|start| {
                host[start..].eq_ignore_ascii_case(known.as_bytes())
                    && (start == 0 || host[start - 1] == b'.')
            })
        };
        if AFFILIATE_HOSTS.iter().any(|known| of_host(known)) || self.hosts.iter().any(|known| of_host(known))
        {
            return true;
        }
        let Some((_, query)) = target.split_once('?') else { return false };
        let query = query.split('#').next().unwrap_or(query);
        let earns = |name: &str| {
            AFFILIATE_PARAMETERS.iter().any(|known| name.eq_ignore_ascii_case(known))
                || self.parameters.iter().any(|known| name.eq_ignore_ascii_case(known))
        };
        query.split('&').filter_map(|pair| pair.split('=').next()).any(earns)
    }
}

/// Addresses that earn money because the site's data says so: those of courses and promos that pay.
pub type Paid = BTreeSet<String>;

/// Which links earn money: by their address, or because the data says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Earners<'a> {
    /// What the settings say.
    pub affiliates: &'a Affiliates,
    /// What the data says.
    pub paid: &'a Paid,
}

impl Earners<'_> {
    /// Whether following a web address earns money.
    #[must_use]
    pub fn earns(&self, target: &str) -> bool {
        let address = target.split('#').next().unwrap_or(target);
        (!self.paid.is_empty() && (self.paid.contains(target) || self.paid.contains(address)))
            || self.affiliates.earns(target)
    }
}

/// Whether a link leads out of the site.
#[must_use]
pub fn is_external(target: &str) -> bool {
    let target = target.trim_start();
    let starts =
        |scheme: &str| target.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    starts("https://") || starts("http://") || target.starts_with("//")
}

/// The host of a web address, without a user and a port.
#[must_use]
pub fn host(target: &str) -> Option<&str> {
    let rest = target.split_once("//")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    if let Some(inside) = host.strip_prefix('[') {
        return inside.split(']').next();
    }
    host.split(':').next().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_out_of_addresses() {
        for (url, expected) in [
            ("https://Example.com/x", Some("Example.com")),
            ("http://u:p@example.com:80?q", Some("example.com")),
            ("http://[::1]:80/", Some("::1")),
            ("//example.com#x", Some("example.com")),
            ("mailto:a@b", None),
            ("https://", None),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }

    #[test]
    fn data_says_which_links_are_paid_for() {
        let (affiliates, paid) = (Affiliates::default(), Paid::from(["https://a.example/course".to_owned()]));
        let earners = Earners { affiliates: &affiliates, paid: &paid };
        assert!(earners.earns("https://a.example/course") && earners.earns("https://a.example/course#fees"));
        assert!(earners.earns("https://amzn.to/x") && !earners.earns("https://a.example/other"));
    }

    #[test]
    fn commercial_links_are_known_by_host_and_parameter() {
        let own = Affiliates { hosts: vec!["shop.example".to_owned()], parameters: Vec::new() };
        for (url, expected) in [
            ("https://amzn.to/x", true),
            ("https://click.linksynergy.com/x", true),
            ("https://notamzn.to/x", false),
            ("https://a.example/?affid=3", true),
            ("https://a.example/?staff=3", false),
            ("https://www.shop.example/", true),
            ("guides/affiliate.md?aff=1", false),
        ] {
            assert_eq!(own.earns(url), expected, "{url}");
        }
    }
}
