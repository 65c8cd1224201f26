//! Components. Only those used by an island of the account page are compiled for the browser.

mod avatar;
mod field;
mod notice;
mod problems;

#[cfg(feature = "ssr")]
mod brand;
#[cfg(feature = "ssr")]
mod flow;
#[cfg(feature = "ssr")]
mod password_field;
#[cfg(feature = "ssr")]
mod shell;

pub(crate) use avatar::Avatar;
pub(crate) use field::TextField;
pub(crate) use notice::Notice;
pub(crate) use problems::{FieldLink, Problems};

#[cfg(feature = "ssr")]
pub(crate) use brand::Mark;
#[cfg(feature = "ssr")]
pub(crate) use flow::FlowFields;
#[cfg(feature = "ssr")]
pub(crate) use password_field::{HiddenUsername, NewPasswordField, PasswordField};
#[cfg(feature = "ssr")]
pub(crate) use shell::{Card, Header, origins};
