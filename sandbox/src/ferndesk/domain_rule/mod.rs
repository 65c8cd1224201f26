//! The vendor's rule for pages that identify users: "same domain or 1-level subdomain".

#[cfg(test)]
mod tests;

use url::{Host, Url};

use crate::origin::Origin;

/// Whether a page at `page` (an `Origin` header) may identify users: its host has to be the help center's
/// own, their common registrable domain, or one label below that domain. Ports do not matter.
pub(super) fn allows(help_center: &Origin, page: &str) -> bool {
    let page = page.parse::<Origin>().ok();
    let page = page.and_then(|page| domain(&page));
    let (Some(page), Some(help_center)) = (page, domain(help_center)) else {
        return false;
    };
    if page == help_center {
        return true;
    }
    // Hosts that share only a public suffix such as github.io or co.uk are unrelated.
    let Some(root) = psl::domain_str(&help_center) else {
        return false;
    };
    page == root
        || page
            .strip_suffix(root)
            .and_then(|labels| labels.strip_suffix('.'))
            .is_some_and(|label| !label.is_empty() && !label.contains('.'))
}

/// The origin's host name, or `None` for an IP address.
fn domain(origin: &Origin) -> Option<String> {
    match Url::parse(origin.as_str()).ok()?.host()? {
        Host::Domain(name) => Some(name.to_owned()),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}
