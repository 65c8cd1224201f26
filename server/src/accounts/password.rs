//! Passwords: the rules for new ones, and the form in which they are hashed.

use std::fmt;

use app::{i18n::Locale, model::FieldProblem};
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use crate::accounts::PasswordConfig;

/// Passwords of at least 15 characters from lists of leaked passwords, and obvious phrases.
const COMMON: &str = include_str!("common_passwords.txt");

/// A password as it is hashed: normalized to NFC, so that it does not matter how a keyboard composes letters
/// (NIST SP 800-63B-4); otherwise exactly as typed, neither trimmed nor truncated.
#[derive(Clone)]
pub struct Password {
    normal: SecretString,
    /// As typed, if that differs: other systems hash it so.
    typed: Option<SecretString>,
}

impl Password {
    /// Parses a password that was typed to sign in. The rules for new passwords are not checked, so that old
    /// passwords stay usable.
    ///
    /// # Errors
    /// [`FieldProblem::Missing`], [`FieldProblem::PasswordTooLong`] or [`FieldProblem::Unreadable`].
    pub fn parse_existing(text: &str, config: &PasswordConfig) -> Result<Self, FieldProblem> {
        let too_long = FieldProblem::PasswordTooLong {
            max: config.max_length,
        };
        if text.is_empty() {
            return Err(FieldProblem::Missing);
        }
        if text.len() > config.max_length * 8 {
            return Err(too_long);
        }
        if text.contains('\0') {
            return Err(FieldProblem::Unreadable);
        }
        let normal: String = text.nfc().collect();
        if normal.chars().count() > config.max_length {
            return Err(too_long);
        }
        Ok(Self {
            typed: (normal != text).then(|| text.into()),
            normal: normal.into(),
        })
    }

    /// Validates a new password.
    ///
    /// `personal` are words that an attacker would try first for this person, such as the address and the name.
    ///
    /// # Errors
    /// As [`Password::parse_existing`], or why the password is too short or too easy to guess.
    pub fn parse_new(
        text: &str,
        personal: &[&str],
        config: &PasswordConfig,
    ) -> Result<Self, FieldProblem> {
        let password = Self::parse_existing(text, config)?;
        if password.as_str().chars().count() < config.min_length {
            return Err(FieldProblem::PasswordTooShort {
                min: config.min_length,
            });
        }
        password.reject_guessable(personal)?;
        Ok(password)
    }

    /// The bytes to hash.
    pub fn as_bytes(&self) -> &[u8] {
        self.as_str().as_bytes()
    }

    /// The bytes that a stored hash may be of.
    pub(super) fn spellings(&self) -> impl Iterator<Item = &[u8]> {
        let typed = self.typed.iter();
        [&self.normal]
            .into_iter()
            .chain(typed)
            .map(|text| text.expose_secret().as_bytes())
    }

    fn as_str(&self) -> &str {
        self.normal.expose_secret()
    }

    fn reject_guessable(&self, personal: &[&str]) -> Result<(), FieldProblem> {
        let folded = fold(self.as_str());
        if COMMON.lines().any(|common| fold(common) == folded) {
            return Err(FieldProblem::PasswordCommon);
        }
        if is_repetitive(&folded) {
            return Err(FieldProblem::PasswordRepetitive);
        }
        let brand = app::text::brand(Locale::default());
        let mut rest = folded;
        let words = personal.iter().copied().chain([brand, "password"]);
        for word in words.map(fold).filter(|word| word.chars().count() >= 4) {
            rest = rest.replace(&word, "");
        }
        // What is left without these words must be long enough by itself.
        if rest.chars().count() < 8 {
            return Err(FieldProblem::PasswordPredictable);
        }
        Ok(())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Lower case without separators, since such variants make a password no harder to guess.
fn fold(text: &str) -> String {
    let is_separator = |c: &char| c.is_ascii_punctuation() || c.is_whitespace();
    let lower = text.to_lowercase();
    let folded: String = lower.chars().filter(|c| !is_separator(c)).collect();
    // Too little would be left of a password that consists mostly of punctuation.
    if folded.chars().count() < 8 {
        lower
    } else {
        folded
    }
}

/// Whether the text repeats a short sequence, or consists mostly of neighbouring characters such as `abcdef`
/// and `987654`.
fn is_repetitive(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let repeats = |period: usize| {
        letters
            .iter()
            .skip(period)
            .zip(&letters)
            .all(|(later, earlier)| later == earlier)
    };
    if (1..=letters.len() / 3).any(repeats) {
        return true;
    }
    let steps = letters
        .windows(2)
        .map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])));
    let neighbours = steps.filter(|step| (-1..=1).contains(step)).count();
    neighbours * 10 >= letters.len().saturating_sub(1) * 8
}

#[cfg(test)]
mod tests;
