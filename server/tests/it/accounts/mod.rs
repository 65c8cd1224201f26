//! Accounts: registering, signing in, passwords, sessions.

mod admin;
mod attributes;
mod audit;
mod change_password;
mod confirm_email;
mod enumeration;
mod form_redirects;
mod mail;
mod manage;
mod password_reset;
mod profile;
mod rate_limits;
mod registration;
mod secrets;
mod sessions;
mod sessions_in_flight;
mod sign_in;
mod viewer;
