//! Validates an authorization request whose return address is valid.

use crate::parameters::Parameters;

/// An error code with a description (RFC 6749, section 4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) error: &'static str,
    pub(super) description: &'static str,
}

impl Problem {
    pub(super) const fn new(error: &'static str, description: &'static str) -> Self {
        Self { error, description }
    }

    const fn invalid_request(description: &'static str) -> Self {
        Self::new("invalid_request", description)
    }
}

/// A valid request.
#[derive(Debug)]
pub(super) struct AuthorizationRequest<'a> {
    pub(super) scope: &'a str,
    pub(super) nonce: Option<&'a str>,
    /// The S256 challenge: 32 bytes in unpadded base64url.
    pub(super) code_challenge: &'a str,
    /// The email address that the visitor entered at the client.
    pub(super) login_hint: Option<&'a str>,
}

/// Parameters of OpenID Connect Core 1.0, sections 6 and 7, that have an error code of their own.
const UNSUPPORTED: [(&str, Problem); 3] = [
    (
        "request",
        Problem::new("request_not_supported", "request is not supported."),
    ),
    (
        "request_uri",
        Problem::new("request_uri_not_supported", "request_uri is not supported."),
    ),
    (
        "registration",
        Problem::new(
            "registration_not_supported",
            "registration is not supported.",
        ),
    ),
];

impl<'a> AuthorizationRequest<'a> {
    pub(super) fn read(parameters: &'a Parameters) -> Result<Self, Problem> {
        if parameters.repeated().is_some() {
            return Err(Problem::invalid_request("A parameter came twice."));
        }
        let mut unsupported = UNSUPPORTED.iter();
        if let Some((_, problem)) = unsupported.find(|(name, _)| parameters.get(name).is_some()) {
            return Err(*problem);
        }
        match parameters.get("response_type") {
            Some("code") => {}
            Some(_) => {
                return Err(Problem::new(
                    "unsupported_response_type",
                    "Only code is supported.",
                ));
            }
            None => return Err(Problem::invalid_request("response_type is missing.")),
        }
        if !matches!(
            parameters.get("response_mode"),
            None | Some("query" | "form_post")
        ) {
            return Err(Problem::invalid_request(
                "response_mode must be query or form_post.",
            ));
        }
        let scope = parameters.get("scope").unwrap_or_default();
        if !scope.split(' ').any(|scope| scope == "openid") {
            return Err(Problem::new("invalid_scope", "scope must hold openid."));
        }
        check_prompt(parameters.get("prompt").unwrap_or_default())?;
        Ok(Self {
            scope,
            nonce: parameters.get("nonce"),
            code_challenge: code_challenge(parameters)?,
            login_hint: parameters.get("login_hint"),
        })
    }
}

/// PKCE is required (RFC 9700, section 2.1.1), and `plain` is not offered.
fn code_challenge(parameters: &Parameters) -> Result<&str, Problem> {
    let challenge = parameters
        .get("code_challenge")
        .ok_or(Problem::invalid_request("code_challenge is missing."))?;
    if parameters.get("code_challenge_method") != Some("S256") {
        return Err(Problem::invalid_request(
            "code_challenge_method must be S256.",
        ));
    }
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() != 43 || !challenge.bytes().all(is_base64url) {
        return Err(Problem::invalid_request(
            "code_challenge must be 43 characters of base64url.",
        ));
    }
    Ok(challenge)
}

/// The page is login, consent and account selection at once, so only `none`, which forbids showing it,
/// makes a difference.
fn check_prompt(prompt: &str) -> Result<(), Problem> {
    if prompt == "none" {
        return Err(Problem::new("login_required", "No user is signed in here."));
    }
    let known = ["login", "consent", "select_account"];
    if prompt
        .split(' ')
        .all(|value| value.is_empty() || known.contains(&value))
    {
        return Ok(());
    }
    Err(Problem::invalid_request(
        "prompt must be none, or some of login, consent and select_account.",
    ))
}
