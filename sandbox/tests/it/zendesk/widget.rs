//! What pages embed.

use crate::harness::Sandbox;

const SCRIPTS: [&str; 2] = ["/zendesk/web-sdk.js", "/zendesk/messaging.js"];

#[tokio::test]
async fn the_scripts_may_be_embedded_by_any_site() {
    let sandbox = Sandbox::start().await;
    for script in SCRIPTS {
        let reply = sandbox.get(script).await;
        assert_eq!(
            reply.header("content-type"),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(reply.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn the_scripts_need_nothing_that_a_strict_policy_forbids() {
    let sandbox = Sandbox::start().await;
    for script in SCRIPTS {
        let text = sandbox.get(script).await.body;
        for forbidden in [
            "innerHTML",
            "eval(",
            "new Function",
            "document.write",
            "insertAdjacentHTML",
            ".style.",
        ] {
            assert!(!text.contains(forbidden), "{script}: {forbidden}");
        }
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
