//! Xsolla Login: the API, the login page, user JWTs and their faults.

mod client;
mod control;
mod golden;
mod keys;
mod login;
mod login_page;
mod oauth2;
mod tokens;
mod validate;
mod verifier;
