//! Every fault of the sandbox's provider, one at a time. None signs anyone in, and after it has ended
//! everything works again without a restart.

use std::time::Duration;

use sandbox::sso::{
    AuthorizationFailure, DiscoveryFailure, EmailVerifiedFault, IdTokenFault, JwksFailure,
    SettingsChange, TokenFailure, UserinfoFailure,
};

use super::{assert_no_one, begin, choose, problem, sign_in_as};
use crate::harness::{DANA, PASSWORD, TestApp};

const FAILED: &str = "provider-failed";
const UNAVAILABLE: &str = "provider-unavailable";
const MISCONFIGURED: &str = "provider-misconfigured";

/// A server whose requests to providers time out before a slow response.
async fn impatient() -> TestApp {
    let app = TestApp::start_with(&[("OAUTH_TIMEOUT_MS", "1000")]).await;
    slow_down(&app);
    app
}

fn slow_down(app: &TestApp) {
    app.sandbox.sso().change(SettingsChange {
        slow_milliseconds: Some(60_000),
        ..SettingsChange::default()
    });
}

/// Asserts that signing in works again, and that no request went to the other host.
async fn assert_recovers(app: &TestApp) {
    assert_eq!(app.sandbox.sso().log().calls.other_host, 0);
    app.sandbox.sso().reset();
    let browser = app.anonymous();
    let response = sign_in_as(app, &browser, "vera-verified").await;
    assert_eq!((response.status, response.location()), (303, "/account"));
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn an_id_token_with_anything_wrong_signs_no_one_in() {
    let app = TestApp::start().await;
    for &(fault, what, _) in IdTokenFault::ALL {
        let persona = match fault {
            // A provider with a single key need not name it.
            IdTokenFault::None | IdTokenFault::NoKid => continue,
            // The token is valid but of another user, which only userinfo shows; that is requested only if
            // the token has no address.
            IdTokenFault::SubOther => "nora-nomail",
            _ => "vera-verified",
        };
        app.sandbox.sso().change(fault);
        let browser = app.anonymous();
        let response = sign_in_as(&app, &browser, persona).await;
        let problem = problem(&response);
        let expected = match fault {
            IdTokenFault::AlgNone
            | IdTokenFault::Hs256ClientSecret
            | IdTokenFault::Hs256PublicKey => MISCONFIGURED,
            _ => FAILED,
        };
        assert_eq!(problem, expected, "{what}");
        assert_no_one(&app, &browser, what).await;
    }
    assert_recovers(&app).await;
}

#[tokio::test]
async fn without_a_key_id_each_key_of_the_issuer_is_tried() {
    let app = TestApp::start().await;
    app.sandbox.sso().rotate_keys().unwrap();
    app.sandbox.sso().change(IdTokenFault::NoKid);
    let browser = app.anonymous();
    let response = sign_in_as(&app, &browser, "vera-verified").await;
    assert_eq!(response.location(), "/account");
}

#[tokio::test]
async fn a_token_endpoint_that_fails_signs_no_one_in() {
    let app = impatient().await;
    for &(fault, what, _) in TokenFailure::ALL {
        let expected = match fault {
            TokenFailure::None => continue,
            TokenFailure::InvalidGrant => FAILED,
            TokenFailure::InvalidClient => MISCONFIGURED,
            _ => UNAVAILABLE,
        };
        app.sandbox.sso().change(fault);
        app.sandbox.sso().clear_log();
        let browser = app.anonymous();
        let response = sign_in_as(&app, &browser, "vera-verified").await;
        assert_eq!(problem(&response), expected, "{what}");
        assert_no_one(&app, &browser, what).await;
        let calls = app.sandbox.sso().log().calls;
        // The secret is sent in another way, too.
        let attempts = match fault {
            TokenFailure::InvalidClient => 2,
            _ => 1,
        };
        assert_eq!((calls.token, calls.other_host), (attempts, 0), "{what}");
    }
    assert_recovers(&app).await;
}

#[tokio::test]
async fn a_userinfo_endpoint_that_fails_signs_no_one_in() {
    let app = impatient().await;
    for &(fault, what, _) in UserinfoFailure::ALL {
        let expected = match fault {
            UserinfoFailure::None => continue,
            UserinfoFailure::SubOther => FAILED,
            // It will be no better in a minute, so the user enters the address.
            UserinfoFailure::GarbageJwt => "303 /finish-account",
            _ => UNAVAILABLE,
        };
        app.sandbox.sso().change(fault);
        let browser = app.anonymous();
        let response = sign_in_as(&app, &browser, "nora-nomail").await;
        assert_eq!(problem(&response), expected, "{what}");
        assert_no_one(&app, &browser, what).await;
    }
    assert_recovers(&app).await;
}

#[tokio::test]
async fn a_provider_that_cannot_be_discovered_gets_no_visitors() {
    let app = impatient().await;
    let discovery = DiscoveryFailure::ALL.iter();
    let discovery = discovery.map(|(fault, what, _)| (SettingsChange::from(*fault), *what));
    let jwks = JwksFailure::ALL.iter();
    let jwks = jwks.filter(|(fault, ..)| *fault != JwksFailure::Empty);
    let jwks = jwks.map(|(fault, what, _)| (SettingsChange::from(*fault), *what));
    for (fault, what) in discovery.chain(jwks).filter(|(_, what)| *what != "none") {
        app.sandbox.sso().reset();
        app.sandbox.sso().change(fault);
        slow_down(&app);
        let response = app.anonymous().get("/oauth/sso/start").await;
        let expected = match what {
            "wrong_issuer" => MISCONFIGURED,
            _ => UNAVAILABLE,
        };
        assert_eq!(problem(&response), expected, "{what}");
        assert_eq!(app.count("SELECT COUNT(*) FROM oauth_flows").await, 0);
        app.signed_in_as(DANA, PASSWORD).await;
        app.clock.advance(Duration::from_secs(3));
    }
    assert_recovers(&app).await;
}

#[tokio::test]
async fn a_provider_without_keys_works_as_soon_as_it_has_some() {
    let app = TestApp::start().await;
    app.sandbox.sso().change(JwksFailure::Empty);
    let browser = app.anonymous();
    let response = sign_in_as(&app, &browser, "vera-verified").await;
    assert_eq!(problem(&response), FAILED);
    assert_no_one(&app, &browser, "no keys").await;
    app.clock.advance(Duration::from_secs(60));
    assert_recovers(&app).await;
}

#[tokio::test]
async fn an_answer_that_is_not_the_providers_signs_no_one_in() {
    let app = TestApp::start().await;
    for &(fault, what, _) in AuthorizationFailure::ALL {
        let expected = match fault {
            AuthorizationFailure::None => continue,
            AuthorizationFailure::TemporarilyUnavailable | AuthorizationFailure::ServerError => {
                UNAVAILABLE
            }
            AuthorizationFailure::StateAltered => "400 ",
            _ => FAILED,
        };
        app.sandbox.sso().change(fault);
        let browser = app.anonymous();
        let response = sign_in_as(&app, &browser, "vera-verified").await;
        assert_eq!(problem(&response), expected, "{what}");
        assert_no_one(&app, &browser, what).await;
    }
    assert_eq!(
        app.sandbox.sso().log().calls.token,
        0,
        "a code was redeemed"
    );
    assert_recovers(&app).await;
}

#[tokio::test]
async fn only_true_means_that_an_address_is_verified() {
    let app = TestApp::start().await;
    for &(fault, what, _) in EmailVerifiedFault::ALL {
        // Text is read as what it says.
        if matches!(fault, EmailVerifiedFault::None | EmailVerifiedFault::Text) {
            continue;
        }
        app.sandbox.sso().change(fault);
        for persona in ["vera-verified", "mallory-mirror"] {
            let browser = app.anonymous();
            let url = begin(&browser, "/oauth/sso/start").await;
            let response = browser.get(&choose(&app, &url, persona).await).await;
            assert_eq!(response.location(), "/finish-account", "{what}");
            assert_no_one(&app, &browser, what).await;
            browser.sign_in(DANA, PASSWORD).await;
            assert_eq!(super::identities(&app).await, 0, "{what} links");
            browser.post("/logout", &[]).await;
        }
    }
    assert_recovers(&app).await;
}
