//! Xsolla Login: the API, the login page, user JWTs and their faults.

mod client;
mod control;
mod keys;
mod login;
mod login_page;
mod oauth2;
mod tokens;
mod validate;
mod verifier;
