//! Zendesk: Chat's token exchange, the Visitors API, Messaging's login, switches, the scripts.

mod chat_claims;
mod chat_login;
mod client;
mod connection;
mod control;
mod failures;
mod golden;
mod messaging;
mod renewal;
mod tokens;
mod visitors;
mod widget;
