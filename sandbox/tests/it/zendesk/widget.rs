//! The scripts that pages embed.

use crate::harness::Sandbox;

#[tokio::test]
async fn any_page_may_embed_the_scripts() {
    let sandbox = Sandbox::start().await;
    for script in ["/zendesk/web-sdk.js", "/zendesk/messaging.js"] {
        sandbox.assert_embeddable(script).await;
    }
}

#[tokio::test]
async fn the_web_sdk_speaks_with_the_vendors_words() {
    let script = Sandbox::start().await.get("/zendesk/web-sdk.js").await.body;
    for words in [
        "Zendesk Chat Web SDK has already been initialized. Please ensure that zChat.init() is only called once in your code",
        "This API is only applicable for authenticated visitors",
        "is not whitelisted",
        "invalid jwt in callback",
        "format error",
        "network/security error",
        "jwt verification error",
        "__zlcmid",
        "__zlcstore",
    ] {
        assert!(script.contains(words), "{words}");
    }
}
