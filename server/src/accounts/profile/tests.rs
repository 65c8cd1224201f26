//! Which names and photo URLs a profile accepts.

use super::*;

#[test]
fn a_name_is_one_line_without_hidden_characters() {
    assert_eq!(display_name("  Dana Demo "), Ok("Dana Demo".into()));
    assert_eq!(
        display_name("<img src=x onerror=alert(1)>"),
        Ok("<img src=x onerror=alert(1)>".into())
    );
    assert_eq!(display_name(" \u{a0} "), Err(FieldProblem::Missing));
    assert_eq!(display_name(&"é".repeat(80)), Ok("é".repeat(80)));
    assert_eq!(
        display_name(&"é".repeat(81)),
        Err(FieldProblem::DisplayNameTooLong { max: 80 })
    );
    for hidden in [
        "a\u{202e}b",
        "a\0b",
        "a\nb",
        "a\u{200b}b",
        "a\u{2028}b",
        "a\u{2066}b",
    ] {
        assert_eq!(
            display_name(hidden),
            Err(FieldProblem::DisplayNameInvalid),
            "{hidden:?}"
        );
    }
}

#[test]
fn a_photo_is_an_https_address() {
    assert_eq!(photo_url(""), Ok(None));
    assert_eq!(
        photo_url(" https://img.test/a b.png "),
        Ok(Some("https://img.test/a%20b.png".into()))
    );
    assert_eq!(
        photo_url("http://localhost:3001/dana.svg"),
        Ok(Some("http://localhost:3001/dana.svg".into()))
    );
    let long = format!("https://img.test/{}", "a".repeat(2000));
    for refused in [
        "javascript:alert(1)",
        "data:image/png,x",
        "http://img.test/a.png",
        "//img.test/a",
        "/a.png",
        "https://user:password@img.test/a.png",
        "ftp://img.test/a",
        &long,
    ] {
        assert_eq!(
            photo_url(refused),
            Err(FieldProblem::PhotoUrlInvalid),
            "{refused}"
        );
    }
}
