//! Ferndesk: a session and its user are read, and a token is signed.

use crate::Way;

pub const WAY: Way = Way {
    name: "ferndesk",
    settings: &[(
        "FERNDESK_JWT_SECRET",
        "ferndesk-demo-secret-not-for-production",
    )],
    run: |stage| stage.respond(stage.signed_in("/api/ferndesk-token")),
    instructions: 72_053,
};
