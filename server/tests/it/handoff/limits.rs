//! The rate limits on redeeming codes by a client and on requesting them by a user. Responses say how long to
//! wait.

use super::code::{FORM, VERIFIER, assert_refused, code_in, codes, redeem, send_form};
use crate::harness::TestApp;

#[tokio::test]
async fn one_client_cannot_try_codes_forever() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CODE_BURST", "3")]).await;
    for _ in 0..3 {
        assert_refused(&redeem(&app, "x", VERIFIER).await);
    }
    let response = redeem(&app, "x", VERIFIER).await;
    assert_eq!(response.status, 429);
    assert_eq!(response.header("retry-after"), "2");
    let readable_by = response.header("access-control-allow-origin");
    assert_eq!(readable_by, app.site_origin());
}

#[tokio::test]
async fn one_user_who_asks_too_often_is_told_how_long_to_wait() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CREDENTIAL_BURST", "1")]).await;
    let browser = app.signed_in().await;
    code_in(&send_form(&browser, &FORM).await);
    let response = send_form(&browser, &FORM).await;
    assert_eq!(
        (response.status, response.header("retry-after")),
        (429, "2")
    );
    assert!(response.body.contains("data-failed=\"limited\""));
    assert_eq!(codes(&app).await, 1);
}
