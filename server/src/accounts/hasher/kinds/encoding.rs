//! Base64 as hashes have it, and their comparison.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use subtle::ConstantTimeEq;

/// Shorter outputs are too easy to meet by chance; the shortest of all kinds has 16 bytes.
pub(super) const MIN_BYTES: usize = 16;

/// Some write padding, some do not, and some leave bits at the end.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true)
        .with_encode_padding(false),
);

/// Decodes base64 in the standard, the URL-safe and passlib's alphabet.
pub(in crate::accounts) fn decode(text: &str) -> Option<Vec<u8>> {
    let standard = |c| match c {
        '.' | '-' => '+',
        '_' => '/',
        other => other,
    };
    let text: String = text.chars().map(standard).collect();
    LENIENT.decode(text).ok()
}

/// Decodes the output of a hash function, which must be long enough.
pub(super) fn decode_output(text: &str) -> Option<Vec<u8>> {
    decode(text).filter(|bytes| (MIN_BYTES..=512).contains(&bytes.len()))
}

/// Encodes bytes as PHC strings have them.
pub(in crate::accounts) fn encode(bytes: &[u8]) -> String {
    LENIENT.encode(bytes)
}

/// The values of parameters such as `ln=14,r=8`, in the order of their names; `None` unless exactly these are there.
pub(super) fn parameters<const N: usize>(text: &str, names: [&str; N]) -> Option<[u32; N]> {
    let pairs: Option<Vec<(&str, &str)>> =
        text.split(',').map(|pair| pair.split_once('=')).collect();
    let pairs = pairs.filter(|pairs| pairs.len() == N)?;
    let mut values = [0; N];
    for (value, name) in values.iter_mut().zip(names) {
        let (_, text) = pairs.iter().find(|(found, _)| *found == name)?;
        *value = text.parse().ok()?;
    }
    Some(values)
}

/// Whether two outputs are the same, in a time that does not tell where they differ.
pub(super) fn equal(computed: &[u8], expected: &[u8]) -> bool {
    computed.ct_eq(expected).into()
}
