//! The authorization response: a redirect, or a form that is posted (OAuth 2.0 Form Post Response
//! Mode). Each response, errors included, names the issuer (RFC 9207).

use axum::response::{IntoResponse, Redirect, Response};
use url::Url;

use super::page;
use super::request::Problem;
use crate::parameters::Parameters;
use crate::sso::metadata::OTHER_ISSUER;
use crate::sso::settings::AuthorizationFailure;
use crate::sso::state::Sso;

/// Where and how to send the response, and the state that it has to contain.
pub(super) struct ReturnAddress<'a> {
    pub(super) redirect_uri: &'a str,
    state: Option<&'a str>,
    is_form_post: bool,
}

impl<'a> ReturnAddress<'a> {
    /// Validates the client and its redirect URI, which is compared as a string (RFC 9700, section 4.1.3).
    /// Show errors to the visitor: an invalid address must not be redirected to (RFC 6749, section 4.1.2.1).
    pub(super) fn find(sso: &Sso, parameters: &'a Parameters) -> Result<Self, Problem> {
        if parameters.get("client_id") != Some(sso.client_id()) {
            return Err(Problem::new(
                "unknown_client",
                "The site that sent you here is not registered with this provider.",
            ));
        }
        let redirect_uri = parameters
            .get("redirect_uri")
            .filter(|uri| *uri == sso.redirect_uri())
            .ok_or(Problem::new(
                "wrong_redirect_uri",
                "The site that sent you here wants the response at an address that is not its own.",
            ))?;
        Ok(Self {
            redirect_uri,
            state: parameters.get("state"),
            is_form_post: parameters.get("response_mode") == Some("form_post"),
        })
    }

    /// Sends the browser to the client with `parameters`, the state and the issuer.
    pub(super) fn send(&self, sso: &Sso, parameters: &[(&str, &str)]) -> Response {
        let failure = sso.settings().authorization;
        let mut fields: Vec<(&str, String)> = Vec::new();
        fields.extend(
            parameters
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        if let Some(state) = self.state {
            let altered = failure == AuthorizationFailure::StateAltered;
            let suffix = if altered { "-altered" } else { "" };
            fields.push(("state", format!("{state}{suffix}")));
        }
        let issuer = sso.issuer();
        match failure {
            AuthorizationFailure::IssMissing => {}
            AuthorizationFailure::IssOther => fields.push(("iss", OTHER_ISSUER.to_owned())),
            AuthorizationFailure::IssTrailingSlash => fields.push(("iss", format!("{issuer}/"))),
            _ => fields.push(("iss", issuer.to_owned())),
        }
        if self.is_form_post {
            return page::form_post(sso, &fields).into_response();
        }
        match Url::parse(self.redirect_uri) {
            Ok(mut url) => {
                url.query_pairs_mut().extend_pairs(&fields);
                Redirect::to(url.as_str()).into_response()
            }
            Err(_) => page::error("The registered address is not a URL."),
        }
    }
}
