//! What the demo prints when it is ready.

use crate::{Ports, login_origin, sandbox_url, site_origin};

/// A table of the demo's URLs and users.
pub fn table(ports: Ports) -> String {
    let (login, site, sandbox) = (login_origin(ports), site_origin(ports), sandbox_url(ports));
    let rows = [
        ("Demo site", site),
        ("Login page", format!("{login}/login")),
        ("Account page", format!("{login}/account")),
        ("Sandbox console", sandbox.clone()),
        ("Mailbox", format!("{sandbox}/mailbox")),
        (
            "Demo users",
            "demo@latchkey.localhost    Dana Demo".to_owned(),
        ),
        ("", "rival@latchkey.localhost   Riva L. Rival".to_owned()),
        (
            "Password of both",
            "correct horse battery staple".to_owned(),
        ),
    ];
    let mut lines: Vec<String> = rows
        .iter()
        .map(|(label, value)| format!("  {label:<18} {value}"))
        .collect();
    lines.push("\n  Ctrl-C stops everything.\n".to_owned());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_aligned_and_names_the_chosen_ports() {
        let table = table(Ports::from_base(4000).unwrap());
        assert!(
            table.contains("  Login page         http://login.latchkey.localhost:4000/login"),
            "{table}"
        );
        assert!(
            table.contains("  Mailbox            http://localhost:4001/mailbox"),
            "{table}"
        );
    }
}
