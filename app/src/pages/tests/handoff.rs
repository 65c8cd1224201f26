//! The popup's last page, with and without JavaScript.

use super::*;

#[test]
fn the_handoff_has_the_data_and_states_that_its_script_needs() {
    let html = render(handoff());
    assert_has(
        &html,
        &[
            "data-handoff",
            r#"data-credential-path="/api/credentials""#,
            r#"data-chat-box-id="cb_1""#,
            r#"data-origins="[&quot;https://a.example&quot;,&quot;https://b.example&quot;]""#,
            r#"data-receipt="1""#,
            r#"data-action="retry""#,
            ">Try again</button>",
            r#"data-action="close""#,
            ">Close window</button>",
            "<noscript>",
        ],
    );
    for state in ["working", "delivered", "no-opener", "unconfirmed", "failed"] {
        assert_has(
            &html,
            &[&format!(r#"<section data-state="{state}" hidden>"#)],
        );
    }
    for code in [
        "unavailable",
        "rejected",
        "too-long",
        "limited",
        "signed-out",
        "forbidden",
        "network",
    ] {
        assert_has(&html, &[&format!(r#"<p data-failure="{code}" hidden>"#)]);
    }
}

#[test]
fn the_last_page_goes_on_without_a_script() {
    let html = render(handoff());
    assert_has(
        &html,
        &[
            r#"<form id="code" method="post" action="/handoff/code">"#,
            r#"name="challenge" value="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM""#,
            "One more click",
            "Continue to Harbour",
        ],
    );
}

#[test]
fn a_failure_without_a_script_is_shown_and_can_be_retried() {
    let html = render(failed_handoff(Some(HandoffFailure::Rejected)));
    assert_has(
        &html,
        &[
            r#"<section data-state="working" hidden>"#,
            r#"<section data-state="failed">"#,
            r#"<p data-failure="rejected">"#,
            r#"<p data-failure="limited" hidden>"#,
            r#"<button type="submit" form="code""#,
        ],
    );
    assert!(!html.contains("One more click"), "{html}");
}
