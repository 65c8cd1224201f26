//! Where links begin and end.

use super::{Piece, split};

#[test]
fn a_text_without_addresses_is_one_piece() {
    assert_eq!(split("Hello."), [Piece::Text("Hello.")]);
    assert_eq!(split(""), []);
}

#[test]
fn punctuation_after_an_address_is_not_part_of_it() {
    let pieces = split("Open (http://a.test/x?y=1), please: https://b.test.");
    assert_eq!(
        pieces,
        [
            Piece::Text("Open ("),
            Piece::Link("http://a.test/x?y=1"),
            Piece::Text("), please: "),
            Piece::Link("https://b.test"),
            Piece::Text("."),
        ]
    );
}

#[test]
fn other_schemes_are_no_links() {
    assert_eq!(
        split("javascript:alert(1)"),
        [Piece::Text("javascript:alert(1)")]
    );
}
