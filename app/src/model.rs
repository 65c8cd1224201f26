//! Page models. The server fills them; the pages only render them.

mod admin_visitors;
mod deployment;
mod flow;
mod site;

use serde::{Deserialize, Serialize};

pub use admin_visitors::{
    AccountFound, AccountSummary, AdminVisitors, Search, VisitorFound, VisitorId, VisitorOwner,
};
pub use deployment::{Bundle, Deployment, Frontend, ProviderButton};
pub use flow::{Flow, Popup};
pub use site::{
    Exhibit, OtherLogin, Showcase, Site, SiteChatBox, SiteFrame, Snippet, VendorLink, VendorPage,
};

/// A page and everything needed to render it.
#[derive(Clone, Debug)]
pub enum Page {
    Login(Login),
    ContinueAs(ContinueAs),
    Register(Register),
    CheckMail(CheckMail),
    VerifyEmail(VerifyEmail),
    ForgotPassword(ForgotPassword),
    ResetPassword(ResetPassword),
    Account(Account),
    AdminVisitors(AdminVisitors),
    Handoff(Handoff),
    FinishAccount(FinishAccount),
    Leave(Leave),
    Connect(Connect),
    Problem(Problem),
    Site(Site),
    Vendor(VendorPage),
}

/// The signed-in user as shown on pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The stable ID. Forms submit it, so that a change of user since the page was rendered is noticed.
    pub uid: String,
    pub email: String,
    pub display_name: String,
    pub photo_url: Option<String>,
}

/// Why a field was rejected.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum FieldProblem {
    Missing,
    EmailInvalid,
    DisplayNameInvalid,
    DisplayNameTooLong {
        max: usize,
    },
    PhotoUrlInvalid,
    PasswordTooShort {
        min: usize,
    },
    PasswordTooLong {
        max: usize,
    },
    /// On the list of common passwords.
    PasswordCommon,
    /// Too similar to the email address, the display name or the product's name.
    PasswordPredictable,
    /// A repeated string, or a run of adjacent characters.
    PasswordRepetitive,
    /// The current password is wrong.
    CurrentPasswordWrong,
    /// Contains an unsupported character, such as NUL.
    Unreadable,
}

/// Why a form was rejected.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum FormProblem {
    /// Email or password is wrong. Deliberately doesn't say which.
    WrongCredentials,
    /// The password is right, but the address isn't verified yet. A new mail has been queued.
    EmailUnverified,
    TooManyAttempts {
        retry_after_seconds: u64,
    },
    Busy {
        retry_after_seconds: u64,
    },
    /// The password was right, but the browser hasn't kept the session's cookie.
    NoCookies,
    /// The user or the identity provider denied the sign-in.
    ProviderDenied,
    /// The user took too long at the provider, or loaded its response again.
    ProviderExpired,
    ProviderUnavailable,
    /// The provider is set up in a way that can't work, here or there.
    ProviderMisconfigured,
    /// Accounts of this domain can't sign in.
    ProviderOtherDomain,
    /// The provider's response couldn't be verified.
    ProviderFailed,
    /// Registration is closed.
    RegistrationClosed,
    AccountDisabled,
    /// The identity is linked to another user.
    IdentityTaken,
    /// The user's only sign-in method can't be removed.
    LastSignInMethod,
    /// The change requires a more recent sign-in.
    SignInAgain,
}

/// A status message above a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    EmailVerified,
    PasswordReset,
    SignedOut,
    ProfileSaved,
    PasswordChanged,
    /// A provider verified an address that already has an account.
    AccountExists,
    /// A user wants to link an account, which requires a more recent sign-in.
    SignInToConnect,
    AccountLinked,
    AccountUnlinked,
}

/// `GET /login` for a visitor who is not signed in, or has to sign in again; form: `POST /login`.
#[derive(Clone, Debug, Default)]
pub struct Login {
    pub flow: Flow,
    pub email: String,
    pub email_problem: Option<FieldProblem>,
    pub password_problem: Option<FieldProblem>,
    pub problem: Option<FormProblem>,
    pub notice: Option<Notice>,
    /// Whether the browser is built into an app, where some providers let no one sign in.
    pub in_app: bool,
}

/// `GET /login` in a popup for a visitor who is signed in; forms: `POST /continue`, `POST /switch-account`.
#[derive(Clone, Debug)]
pub struct ContinueAs {
    pub flow: Flow,
    pub viewer: Viewer,
}

/// `GET /register`; form: `POST /register`.
#[derive(Clone, Debug, Default)]
pub struct Register {
    pub flow: Flow,
    pub email: String,
    pub display_name: String,
    /// Random value of the hidden field `attempt`, so that a double click registers only once.
    pub attempt: String,
    pub email_problem: Option<FieldProblem>,
    pub display_name_problem: Option<FieldProblem>,
    pub password_problem: Option<FieldProblem>,
    pub problem: Option<FormProblem>,
}

/// The purpose of the mail that was just sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPurpose {
    ConfirmEmail,
    ResetPassword,
}

/// `GET /check-mail`, after a registration or a request for a reset link; identical whether or not an account exists.
#[derive(Clone, Debug)]
pub struct CheckMail {
    pub flow: Flow,
    /// The address to which the mail goes, if the browser still knows it.
    pub email: Option<String>,
    pub purpose: MailPurpose,
}

/// `GET /verify-email?token=…`: requires a click, since mail scanners open links; form: `POST /verify-email`.
#[derive(Clone, Debug)]
pub enum VerifyEmail {
    Confirm {
        token: String,
        /// The identity provider to be linked, if the account has no password.
        provider: Option<String>,
    },
    Gone,
}

/// `GET /forgot-password`; form: `POST /forgot-password`.
#[derive(Clone, Debug, Default)]
pub struct ForgotPassword {
    pub flow: Flow,
    pub email: String,
    pub email_problem: Option<FieldProblem>,
    pub problem: Option<FormProblem>,
}

/// `GET /reset-password?token=…`; form: `POST /reset-password`.
#[derive(Clone, Debug)]
pub enum ResetPassword {
    Choose {
        token: String,
        /// For password managers.
        email: String,
        password_problem: Option<FieldProblem>,
        problem: Option<FormProblem>,
    },
    Gone,
}

/// `GET /account`; forms: `POST /account/profile`, `POST /account/password`, `POST /logout`.
#[derive(Clone, Debug)]
pub struct Account {
    pub viewer: Viewer,
    /// The values of the profile form: saved ones, or rejected ones with their problems.
    pub display_name: String,
    pub display_name_problem: Option<FieldProblem>,
    pub photo_url: String,
    pub photo_url_problem: Option<FieldProblem>,
    pub current_password_problem: Option<FieldProblem>,
    pub new_password_problem: Option<FieldProblem>,
    /// A problem of the password form as a whole.
    pub problem: Option<FormProblem>,
    /// Linked accounts; forms: `POST /account/linked-accounts/<id>/remove`, `POST /oauth/<provider>/link`.
    pub linked_accounts: Vec<LinkedAccount>,
    pub has_password: bool,
    /// Whether to link to the administrators' pages.
    pub is_admin: bool,
    pub linked_accounts_problem: Option<FormProblem>,
    pub notice: Option<Notice>,
}

/// An account at an identity provider that is linked to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedAccount {
    pub id: String,
    /// The provider's name in URLs.
    pub provider: String,
    /// Identifies the account at the provider, such as by its email address.
    pub label: Option<String>,
}

/// `GET /finish-account`: a provider sent no verified address; form: `POST /finish-account`.
#[derive(Clone, Debug, Default)]
pub struct FinishAccount {
    pub flow: Flow,
    /// The provider's display name.
    pub provider: String,
    pub email: String,
    pub display_name: String,
    pub email_problem: Option<FieldProblem>,
    pub display_name_problem: Option<FieldProblem>,
    pub problem: Option<FormProblem>,
}

/// `GET /connect`: the user has just signed in, and before that at a provider; form: `POST /connect`.
#[derive(Clone, Debug)]
pub struct Connect {
    pub flow: Flow,
    pub viewer: Viewer,
    /// The provider's display name.
    pub provider: String,
    /// Identifies the account at the provider, such as by its email address.
    pub label: Option<String>,
}

/// The response to a form that leads to another origin, with a link in case the redirect doesn't happen.
#[derive(Clone, Debug)]
pub struct Leave {
    /// The display name of the target: a provider or a chat box.
    pub name: String,
    pub url: String,
}

/// `GET /handoff?chatBoxId=…`: the popup's last page, which passes the credential to its opener; form:
/// `POST /handoff/code`, if the opener can't be reached.
#[derive(Clone, Debug)]
pub struct Handoff {
    pub popup: Popup,
    pub viewer: Viewer,
    /// Path of the credential endpoint, which takes a POST of `{"chatBoxId":…}`.
    pub credential_path: String,
    /// The last failure; `None` before the first attempt.
    pub failure: Option<HandoffFailure>,
}

/// Why the hand-off failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandoffFailure {
    /// The vendor is down, timed out or sent an invalid response.
    Unavailable,
    /// The vendor rejected the user.
    Rejected,
    /// The vendor's credential doesn't fit into a cookie.
    TooLong,
    /// The user is rate limited.
    Limited,
    SignedOut,
    /// The user's email address isn't verified.
    Forbidden,
    /// The popup couldn't reach the login.
    Network,
}

impl HandoffFailure {
    pub const ALL: [Self; 7] = [
        Self::Unavailable,
        Self::Rejected,
        Self::TooLong,
        Self::Limited,
        Self::SignedOut,
        Self::Forbidden,
        Self::Network,
    ];

    /// The failure with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.code() == code)
    }

    /// Its name in data attributes, scripts and queries.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Rejected => "rejected",
            Self::TooLong => "too-long",
            Self::Limited => "limited",
            Self::SignedOut => "signed-out",
            Self::Forbidden => "forbidden",
            Self::Network => "network",
        }
    }
}

/// An error page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    NotFound,
    UnknownChatBox,
    /// The opener's origin isn't on the chat box's list.
    OpenerNotAllowed,
    /// The request came from another site or an outdated page.
    Forbidden,
    BadRequest,
    TooLarge,
    /// A provider's response to a flow that this browser didn't start, or that has expired or was already used.
    SignInExpired,
    /// A provider's response in a browser without any cookie.
    NoCookies,
    TooManyRequests,
    Unavailable,
    Internal,
}
