//! Lengths count code points, guessable passwords are rejected with the reason, and nothing is trimmed.

use super::*;

const CONFIG: PasswordConfig = PasswordConfig {
    min_length: 15,
    max_length: 128,
    memory_kib: 7168,
    passes: 1,
    threads: 1,
    queue: 1,
    firebase_signer_key: None,
};

fn chosen(text: &str) -> Result<String, FieldProblem> {
    let personal = ["dana@example.test", "Dana Demo", "latchkey"];
    Password::parse_new(text, &personal, &CONFIG).map(|password| password.as_str().to_owned())
}

#[test]
fn lengths_are_counted_in_code_points() {
    let emoji: String = "😀🐙🎈🌵🚀🧭🍋🪁🦊🎻🧊🥝🛶🪴🐝".into();
    assert_eq!(emoji.chars().count(), 15);
    assert!(
        Password::parse_new(&emoji, &[], &CONFIG)
            .is_ok_and(|password| password.as_bytes().len() >= 60)
    );
    assert_eq!(
        chosen("fourteen-long!"),
        Err(FieldProblem::PasswordTooShort { min: 15 })
    );
    assert!(chosen("fifteen-is-long").is_ok());
    let long = "wöchentlich elf Zitronen ".repeat(6);
    let longest: String = long.chars().take(120).chain("und zwei".chars()).collect();
    assert!(chosen(&longest).is_ok());
    assert_eq!(
        chosen(&format!("{longest}x")),
        Err(FieldProblem::PasswordTooLong { max: 128 })
    );
}

#[test]
fn a_guessable_password_is_refused_with_the_reason() {
    for (text, problem) in [
        ("correct horse battery staple", FieldProblem::PasswordCommon),
        ("Correct-Horse-Battery-Staple", FieldProblem::PasswordCommon),
        ("passwordpassword1", FieldProblem::PasswordCommon),
        ("aaaaaaaaaaaaaaa", FieldProblem::PasswordRepetitive),
        ("abcabcabcabcabcabc", FieldProblem::PasswordRepetitive),
        ("1234567890123456", FieldProblem::PasswordRepetitive),
        ("abcdefghijklmnop", FieldProblem::PasswordRepetitive),
        ("dana@example.test", FieldProblem::PasswordPredictable),
        ("dana@example.test1", FieldProblem::PasswordPredictable),
        ("Latchkey-Latchkey-2026", FieldProblem::PasswordPredictable),
        ("Dana Demo Dana Demo 1", FieldProblem::PasswordPredictable),
    ] {
        assert_eq!(chosen(text), Err(problem), "{text}");
    }
}

#[test]
fn a_password_is_kept_exactly_as_typed() {
    assert_eq!(
        chosen("  seven purple kites\n"),
        Ok("  seven purple kites\n".into())
    );
    assert_eq!(
        chosen("seven purple\0 kites"),
        Err(FieldProblem::Unreadable)
    );
}

#[test]
fn letters_composed_differently_are_the_same_password() {
    assert_eq!(
        chosen("u\u{308}ber sieben Brücken"),
        chosen("über sieben Bru\u{308}cken")
    );
}

#[test]
fn a_password_is_not_in_the_debug_output() {
    let password = Password::parse_existing("seven purple kites", &CONFIG);
    assert!(!format!("{password:?}").contains("purple"));
}
