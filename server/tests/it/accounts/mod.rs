//! Accounts: registering, signing in, passwords, sessions.

mod sign_in;
