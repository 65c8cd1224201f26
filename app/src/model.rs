//! What each page shows. The server fills these; the pages only draw them.

mod admin_visitors;
mod flow;
mod site;

pub use admin_visitors::{
    AccountFound, AccountSummary, AdminVisitors, Search, VisitorFound, VisitorId, Whose,
};
pub use flow::{Flow, Popup};
pub use site::{
    Exhibit, OtherLogin, Showcase, Site, SiteChatBox, SiteFrame, Snippet, VendorLink, VendorPage,
};

/// A page and everything it needs to be drawn.
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
    Problem(Problem),
    Site(Site),
    Vendor(VendorPage),
}

/// What every page of this deployment has in common.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// What brings the islands to life; none leaves the pages plain.
    pub frontend: Option<Frontend>,
    /// File name of the built stylesheet below `/pkg/`.
    pub css: Option<String>,
    /// Origin of the site that embeds the widgets.
    pub site_origin: String,
    /// Where the demo shows its mails; none in production.
    pub mailbox_url: Option<String>,
    /// Whether demo accounts exist and may be named on the login page.
    pub demo: bool,
    /// Identity providers, in the order of their buttons.
    pub providers: Vec<ProviderButton>,
    /// Bounds of a new password in code points.
    pub password_length: (usize, usize),
}

/// File names of the built frontend below `/pkg/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontend {
    pub script: String,
    pub wasm: String,
}

/// An identity provider that somebody may sign in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderButton {
    /// Its name in URLs: `/oauth/<name>/start`.
    pub name: String,
    /// Its name for people.
    pub label: String,
}

/// The signed-in user as pages show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The stable id. Forms carry it, since somebody else may have signed in by the time they are sent.
    pub uid: String,
    pub email: String,
    pub display_name: String,
    pub photo_url: Option<String>,
}

/// Why the value of one field is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// On the list of passwords that attackers try first.
    PasswordCommon,
    /// The e-mail address, the display name or the product's name, with little added.
    PasswordPredictable,
    /// One short piece repeated, or a run of neighbouring characters.
    PasswordRepetitive,
    /// The current password, asked for to change it, is not right.
    CurrentPasswordWrong,
    /// Has a character that no form of this site sends, such as NUL.
    Unreadable,
}

/// Why a whole form is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormProblem {
    /// E-mail and password do not match an account; deliberately says no more.
    WrongCredentials,
    /// The password is right, the address is not confirmed yet: a new mail is on its way.
    EmailUnconfirmed,
    TooManyAttempts {
        retry_after_seconds: u64,
    },
    Busy {
        retry_after_seconds: u64,
    },
    /// The user, or the identity provider on their behalf, said no.
    ProviderDenied,
    ProviderUnavailable,
    /// The provider's answer proves nothing.
    ProviderFailed,
    /// Strangers get no accounts here.
    RegistrationClosed,
    AccountDisabled,
    /// The identity signs another user in.
    IdentityTaken,
    /// Without it nothing would sign the user in.
    LastWay,
    /// The sign-in is too long ago for what was asked.
    SignInAgain,
}

/// A line above a form that tells what has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    EmailConfirmed,
    PasswordReset,
    SignedOut,
    ProfileSaved,
    PasswordChanged,
    /// A provider has proved an address that has an account here.
    AccountExists,
    WayAdded,
    WayRemoved,
}

/// `GET /login` for a visitor who is not signed in; form: `POST /login`.
#[derive(Clone, Debug, Default)]
pub struct Login {
    pub flow: Flow,
    pub email: String,
    pub email_problem: Option<FieldProblem>,
    pub password_problem: Option<FieldProblem>,
    pub problem: Option<FormProblem>,
    pub notice: Option<Notice>,
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
    /// Random value sent along in the hidden field `attempt`, so that a double click registers once.
    pub attempt: String,
    pub email_problem: Option<FieldProblem>,
    pub display_name_problem: Option<FieldProblem>,
    pub password_problem: Option<FieldProblem>,
    pub problem: Option<FormProblem>,
}

/// What a mail that was just sent is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPurpose {
    ConfirmEmail,
    ResetPassword,
}

/// The answer to `POST /register` and `POST /forgot-password`: the same whether or not an account exists.
#[derive(Clone, Debug)]
pub struct CheckMail {
    pub flow: Flow,
    pub email: String,
    pub purpose: MailPurpose,
}

/// `GET /verify-email?token=…`: asks for a click, since mail scanners follow links; form: `POST /verify-email`.
#[derive(Clone, Debug)]
pub enum VerifyEmail {
    Confirm {
        token: String,
        /// The identity provider that signs in to the account afterwards, if no password does.
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
        password_problem: Option<FieldProblem>,
        problem: Option<FormProblem>,
    },
    Gone,
}

/// `GET /account`; forms: `POST /account/profile`, `POST /account/password`, `POST /logout`.
#[derive(Clone, Debug)]
pub struct Account {
    pub viewer: Viewer,
    /// What the profile form holds: the saved values, or refused ones with their problems.
    pub display_name: String,
    pub display_name_problem: Option<FieldProblem>,
    pub photo_url: String,
    pub photo_url_problem: Option<FieldProblem>,
    pub current_password_problem: Option<FieldProblem>,
    pub new_password_problem: Option<FieldProblem>,
    /// A problem of the password form as a whole.
    pub problem: Option<FormProblem>,
    /// Identities that sign the user in; forms: `POST /account/ways/<id>/remove`, `POST /oauth/<provider>/link`.
    pub ways: Vec<Way>,
    pub has_password: bool,
    /// Whether there are pages of administrators to go to.
    pub is_admin: bool,
    pub ways_problem: Option<FormProblem>,
    pub notice: Option<Notice>,
}

/// An account at an identity provider that signs the user in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub id: String,
    /// The provider's name in URLs.
    pub provider: String,
    /// Which of the user's accounts there it is.
    pub label: Option<String>,
}

/// `GET /finish-account`: a provider has told no proved address; form: `POST /finish-account`.
#[derive(Clone, Debug, Default)]
pub struct FinishAccount {
    pub flow: Flow,
    /// The provider's name for people.
    pub provider: String,
    pub email: String,
    pub display_name: String,
    pub email_problem: Option<FieldProblem>,
    pub display_name_problem: Option<FieldProblem>,
    pub problem: Option<FormProblem>,
}

/// A page on the way to an identity provider, for those whose browser does not go there by itself.
#[derive(Clone, Debug)]
pub struct Leave {
    pub provider: String,
    pub url: String,
}

/// `GET /handoff?chatBoxId=…`: the popup's last page, which gives the credential to its opener; form:
/// `POST /handoff/code`, for an opener that cannot be reached.
#[derive(Clone, Debug)]
pub struct Handoff {
    pub popup: Popup,
    pub viewer: Viewer,
    /// Where the page asks for the credential, with a POST of `{"chatBoxId":…}`.
    pub credential_path: String,
    /// Origin of the chat box's return page, where a code leads.
    pub return_origin: String,
    /// What has just failed; none while it is still to be tried.
    pub failure: Option<HandoffFailure>,
}

/// Why there is no credential to hand over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandoffFailure {
    /// The vendor is down, slow or talks nonsense.
    Unavailable,
    /// The vendor gives this user none.
    Refused,
    /// This user has asked too often.
    Limited,
    SignedOut,
    /// The user's address is not confirmed.
    Forbidden,
    /// The popup has lost its connection to the login.
    Network,
}

impl HandoffFailure {
    pub const ALL: [Self; 6] = [
        Self::Unavailable,
        Self::Refused,
        Self::Limited,
        Self::SignedOut,
        Self::Forbidden,
        Self::Network,
    ];

    /// Its name in the page and its script.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
            Self::Limited => "limited",
            Self::SignedOut => "signed-out",
            Self::Forbidden => "forbidden",
            Self::Network => "network",
        }
    }
}

/// A page that explains why there is no other page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    NotFound,
    UnknownChatBox,
    /// The popup was opened by a page whose origin this chat box does not list.
    OpenerNotAllowed,
    /// The request came from another site or from a page that is too old.
    Forbidden,
    BadRequest,
    TooLarge,
    /// A provider's answer to a sign-in that this browser has not begun, or that is over.
    SignInOver,
    TooManyRequests,
    Unavailable,
    Internal,
}
