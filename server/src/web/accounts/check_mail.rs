//! `GET /check-mail`, after a form that has sent a mail.

use app::model::{CheckMail, Flow, MailPurpose, Page};
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{
    accounts::Email,
    handoff::{FlowParams, Handoffs},
    web::{
        Flash, FormSender, Outcome, Pages,
        http::{HttpError, ReadQuery},
    },
};

#[derive(Deserialize)]
pub(super) struct CheckMailQuery {
    #[serde(flatten)]
    flow: FlowParams,
    #[serde(default)]
    purpose: PurposeParam,
}

/// [`MailPurpose`] in a query.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PurposeParam {
    #[default]
    ConfirmEmail,
    ResetPassword,
}

pub(super) async fn show(
    State(pages): State<Pages>,
    State(handoffs): State<Handoffs>,
    flash: Flash,
    ReadQuery(query): ReadQuery<CheckMailQuery>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&query.flow).await?;
    let purpose = match query.purpose {
        PurposeParam::ConfirmEmail => MailPurpose::ConfirmEmail,
        PurposeParam::ResetPassword => MailPurpose::ResetPassword,
    };
    Ok(pages.respond(StatusCode::OK, page(flow, purpose, &flash)))
}

/// Answers a form after which a mail goes to `email`, if at all.
pub fn mail_sent(
    sender: FormSender,
    flow: Flow,
    purpose: MailPurpose,
    email: &Email,
    pages: &Pages,
) -> Response {
    let purpose_word = match purpose {
        MailPurpose::ConfirmEmail => "confirm-email",
        MailPurpose::ResetPassword => "reset-password",
    };
    let url = flow.url(&format!("/check-mail?purpose={purpose_word}"));
    let outcome = Outcome::accepted(Flash::of_value("email", email.as_str()));
    sender.respond(outcome, &url, pages, |flash| page(flow, purpose, flash))
}

fn page(flow: Flow, purpose: MailPurpose, flash: &Flash) -> Page {
    Page::CheckMail(CheckMail {
        flow,
        email: flash.value("email"),
        purpose,
    })
}
