//! The OpenID provider: metadata, authorization, tokens, userinfo, switches.

mod authorization;
mod client;
mod control;
mod id_token;
mod metadata;
mod token;
mod userinfo;
mod verifier;
