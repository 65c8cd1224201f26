//! Knoon: credentials, sessions, switches, the widget's files.

mod authorization;
mod body;
mod client;
mod control;
mod failures;
mod session;
mod widget;
