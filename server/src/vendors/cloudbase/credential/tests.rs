//! Every user ID becomes one that the platform allows, and no two become the same.

use std::collections::BTreeSet;

use super::*;
use crate::random;

/// The rule of the vendor's documentation; its code accepts `=` and `*` as well.
fn is_allowed(id: &str) -> bool {
    (4..=32).contains(&id.len())
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-#@(){}[]:.,<>+~".contains(c))
}

#[test]
fn our_own_ids_stay_as_they_are() {
    for _ in 0..1000 {
        let id = random::uid();
        assert_eq!(custom_user_id(&id), id);
        assert!(is_allowed(&id));
    }
}

#[test]
fn other_ids_become_distinct_allowed_ones() {
    let long = "x".repeat(33);
    let ids = [
        "",
        "abc",
        "1",
        &long,
        "é",
        "a b c d",
        "a/b/c/d",
        "dana@latchkey.localhost/1",
        "用户用户",
        "a=b*c",
        "550e8400-e29b-41d4-a716-446655440000",
        "550e8400-e29b-41d4-a716-446655440001",
        "h:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "abcd\n",
    ];
    let made: BTreeSet<String> = ids.iter().map(|id| custom_user_id(id)).collect();
    assert_eq!(made.len(), ids.len());
    for id in &made {
        assert!(is_allowed(id), "{id}");
    }
}

#[test]
fn no_two_ids_become_one() {
    let made: BTreeSet<String> = (0..20_000)
        .map(|number| custom_user_id(&format!("user number {number}")))
        .collect();
    assert_eq!(made.len(), 20_000);
}

#[test]
fn a_derived_id_is_not_mistaken_for_an_id_of_ours() {
    let made = custom_user_id("a b c d");
    assert_ne!(custom_user_id(&made), made);
}
