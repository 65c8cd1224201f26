//! What an issuer's discovery document says that does not fit the sign-ins here. The operator is told when it is read,
//! at the start in production, and not by the first user.

use anyhow::ensure;

use super::keys::{accepted, plain};
use crate::json::Object;

/// How users sign in through a provider, as far as its document can rule it out.
pub(super) struct SignInSettings<'a> {
    /// The provider's name here, for the log.
    pub provider: &'a str,
    /// Whether the response comes as a form, not in the query.
    pub form_post: bool,
    pub pkce: bool,
}

/// A member of the document that rules out how users sign in here, and what to change.
type Misfit = (&'static str, &'static str);

/// Compares the algorithms with which the issuer signs ID tokens with those that are accepted, before anyone is sent
/// there. HMAC is refused on purpose: see [`super::keys::ALGORITHMS`].
pub(super) fn check_algorithms(document: &Object, is_first: bool) -> anyhow::Result<()> {
    let listed = document.texts("id_token_signing_alg_values_supported");
    let listed = listed.unwrap_or_default();
    let refused: Vec<&str> = listed
        .iter()
        .map(String::as_str)
        .filter(|name| accepted(name).is_none())
        .collect();
    let names: Vec<String> = refused.iter().copied().map(plain).collect();
    ensure!(
        listed.is_empty() || refused.len() < listed.len(),
        "the issuer signs ID tokens only with {}, which is not accepted: choose RS256 or ES256 for this client",
        names.join(", ")
    );
    // A token without signature is never sent to a client that does not ask for it.
    if is_first && refused.iter().any(|name| *name != "none") {
        tracing::info!(
            algorithms = names.join(", "),
            "the issuer can also sign ID tokens with algorithms that are not accepted"
        );
    }
    Ok(())
}

/// Logs every other misfit. Sign-ins are tried nevertheless, since documents list less than their servers do.
pub(super) fn tell(document: &Object, settings: &SignInSettings<'_>) {
    for (member, change) in misfits(document, settings) {
        tracing::warn!(
            provider = settings.provider,
            member,
            change,
            "the issuer's document rules out how users sign in here"
        );
    }
}

fn misfits(document: &Object, settings: &SignInSettings<'_>) -> impl Iterator<Item = Misfit> {
    let lacks = |member: &str, needed: &[&str]| {
        let listed = document.texts(member).unwrap_or_default();
        !listed.is_empty() && !listed.iter().any(|it| needed.contains(&it.as_str()))
    };
    let demands = |member: &str| document.boolean(member) == Some(true);
    let mode = if settings.form_post {
        "form_post"
    } else {
        "query"
    };
    let secrets = ["client_secret_basic", "client_secret_post"];
    [
        (
            lacks("response_types_supported", &["code"]),
            "response_types_supported",
            "allow the response type code",
        ),
        (
            lacks("response_modes_supported", &[mode]),
            "response_modes_supported",
            "allow the response mode query; for Apple, form_post",
        ),
        (
            lacks("grant_types_supported", &["authorization_code"]),
            "grant_types_supported",
            "allow the grant type authorization_code",
        ),
        (
            lacks("token_endpoint_auth_methods_supported", &secrets),
            "token_endpoint_auth_methods_supported",
            "let the client authenticate with client_secret_basic or client_secret_post",
        ),
        (
            settings.pkce && lacks("code_challenge_methods_supported", &["S256"]),
            "code_challenge_methods_supported",
            "allow S256, or set OAUTH_SSO_PKCE=off",
        ),
        (
            demands("require_pushed_authorization_requests"),
            "require_pushed_authorization_requests",
            "do not require pushed authorization requests of this client",
        ),
        (
            demands("require_signed_request_object"),
            "require_signed_request_object",
            "do not require signed request objects of this client",
        ),
    ]
    .into_iter()
    .filter_map(|(is_misfit, member, change)| is_misfit.then_some((member, change)))
}
