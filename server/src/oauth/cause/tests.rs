//! The table is complete, and the operators' page has all of it.

use super::*;

const PAGE: &str = include_str!("../../../../docs/log-messages.md");

const ALL: [Cause; 8] = [
    Cause::Denied,
    Cause::Expired,
    Cause::Unavailable,
    Cause::Misconfigured,
    Cause::Rejected,
    Cause::OtherDomain,
    Cause::RegistrationClosed,
    Cause::AccountDisabled,
];

#[test]
fn each_cause_has_its_own_words() {
    assert_eq!(CAUSES.map(|known| known.cause), ALL);
    for (index, one) in CAUSES.iter().enumerate() {
        for other in &CAUSES[index + 1..] {
            assert_ne!(one.message, other.message);
            assert_ne!(one.problem, other.problem);
        }
    }
}

#[test]
fn the_operators_page_explains_each_cause() {
    for known in CAUSES {
        let row = format!(
            "| `{}` | {} | {} |",
            known.message, known.meaning, known.action
        );
        assert!(
            PAGE.contains(&row),
            "docs/log-messages.md lacks this line:\n{row}"
        );
    }
}
