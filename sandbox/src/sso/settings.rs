//! The switches of the sandbox's OpenID provider: for each step, one fault at a time.

use maud::Markup;

use super::switches::switches;
use crate::pages::parts::choice;

switches! {
    /// What is wrong with the discovery document.
    discovery: DiscoveryFailure, "discovery", "Discovery" {
        Unavailable = "unavailable", "503";
        Slow = "slow", "Slow response";
        Malformed = "malformed", "Broken JSON";
        Huge = "huge", "Huge response";
        Redirect = "redirect", "Redirects to another host";
        WrongIssuer = "wrong_issuer", "Names another issuer";
        TokenEndpointElsewhere = "token_endpoint_elsewhere", "Token endpoint on another host";
    }

    /// What is wrong with the JWK Set.
    jwks: JwksFailure, "jwks", "Key set" {
        Unavailable = "unavailable", "503";
        Slow = "slow", "Slow response";
        Malformed = "malformed", "Broken JSON";
        Huge = "huge", "Huge response";
        Redirect = "redirect", "Redirects to another host";
        Empty = "empty", "No keys";
    }

    /// What is wrong with the response of the authorization endpoint.
    authorization: AuthorizationFailure, "authorization", "Authorization response" {
        TemporarilyUnavailable = "temporarily_unavailable", "Error temporarily_unavailable";
        ServerError = "server_error", "Error server_error";
        IssMissing = "iss_missing", "No iss";
        IssOther = "iss_other", "Another issuer's iss";
        IssTrailingSlash = "iss_trailing_slash", "iss with a slash at its end";
        StateAltered = "state_altered", "Another state";
    }

    /// The `Cross-Origin-Opener-Policy` of the authorization page; `None` sends no such header.
    opener_policy: OpenerPolicy, "openerPolicy", "Opener policy of the page" {
        SameOrigin = "same_origin", "COOP same-origin";
        SameOriginAllowPopups = "same_origin_allow_popups", "COOP same-origin-allow-popups";
    }

    /// How the token endpoint fails.
    token: TokenFailure, "token", "Token endpoint" {
        ServerError = "server_error", "500";
        Slow = "slow", "Slow response";
        InvalidGrant = "invalid_grant", "400 invalid_grant";
        InvalidClient = "invalid_client", "401 invalid_client";
        Malformed = "malformed", "Broken JSON";
        Huge = "huge", "Huge response";
        Redirect = "redirect", "Redirects (307) to another host";
    }

    /// What is wrong with an otherwise valid ID token.
    id_token: IdTokenFault, "idToken", "ID token" {
        Missing = "missing", "No ID token";
        AlgNone = "alg_none", "alg none, unsigned";
        Hs256ClientSecret = "hs256_client_secret", "HS256 with the client secret";
        Hs256PublicKey = "hs256_public_key", "HS256 with the public key's PEM";
        UnknownKid = "unknown_kid", "kid of no key";
        NoKid = "no_kid", "No kid; a fault once keys were rotated";
        EmbeddedJwk = "embedded_jwk", "Unlisted key in the header (jwk)";
        LinkedJwks = "linked_jwks", "Unlisted key linked in the header (jku)";
        UnknownCrit = "unknown_crit", "Unknown critical header";
        SignatureBroken = "signature_broken", "Broken signature";
        IssOther = "iss_other", "Another issuer";
        IssTrailingSlash = "iss_trailing_slash", "Issuer with a slash at its end";
        IssMissing = "iss_missing", "No issuer";
        AudOther = "aud_other", "Another client's";
        AudExtraWithoutAzp = "aud_extra_without_azp", "Two audiences, no azp";
        AudMissing = "aud_missing", "No audience";
        AzpOther = "azp_other", "Another client in azp";
        Expired = "expired", "Expired yesterday";
        ExpMissing = "exp_missing", "No expiry";
        IssuedTomorrow = "issued_tomorrow", "Issued tomorrow";
        NotYetValid = "not_yet_valid", "nbf tomorrow";
        NonceMissing = "nonce_missing", "No nonce";
        NonceOther = "nonce_other", "Another nonce";
        SubMissing = "sub_missing", "No sub";
        SubEmpty = "sub_empty", "Empty sub";
        SubNumber = "sub_number", "sub is a number";
        SubTooLong = "sub_too_long", "sub of 300 characters";
        SubOther = "sub_other", "Another user's sub";
        AtHashWrong = "at_hash_wrong", "Hash of another access token";
        DuplicateSub = "duplicate_sub", "sub twice, the second another's";
        DuplicateEmail = "duplicate_email", "email twice, the second another's";
    }

    /// How the userinfo endpoint fails.
    userinfo: UserinfoFailure, "userinfo", "Userinfo" {
        ServerError = "server_error", "500";
        Slow = "slow", "Slow response";
        Huge = "huge", "Huge response";
        SubOther = "sub_other", "Another user's sub";
        GarbageJwt = "garbage_jwt", "A signed response that is none";
    }

    /// What is wrong with `email_verified`, both in the ID token and in userinfo.
    email_verified: EmailVerifiedFault, "emailVerified", "email_verified" {
        Text = "text", "The text \"true\"";
        Number = "number", "The number 1";
        Missing = "missing", "Left out";
    }
}
