//! CloudBase: tickets, sessions, keys, wire format, switches.

mod control;
mod failures;
mod golden;
mod host;
mod keys;
mod session;
mod ticket;
mod wire;
