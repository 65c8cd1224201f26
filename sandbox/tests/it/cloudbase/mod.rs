//! CloudBase: tickets, sessions, keys, the wire, switches.

mod control;
mod failures;
mod golden;
mod host;
mod keys;
mod session;
mod ticket;
mod wire;
