//! Zendesk Chat: a token of the site's own login is verified, and another one is signed.

use crate::Way;

pub const WAY: Way = Way {
    name: "zendesk",
    settings: &[(
        "ZENDESK_CHAT_SECRET",
        "zendesk-chat-demo-secret-not-for-production",
    )],
    run: |stage| stage.respond(stage.with_login_token("/generate/token")),
    instructions: 122_139,
};
