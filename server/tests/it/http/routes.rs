//! Every route that changes something, except the vendors'. Tests of all such routes use this list.

use leptos::server_fn::axum::server_fn_paths;
use server::vendors::Vendors;

use super::pages;
use crate::harness::TestApp;

/// Routes of the login origin with an unsafe method, all of them POST.
pub const MUTATING: [&str; 16] = [
    "/login",
    "/logout",
    "/register",
    "/verify-email",
    "/forgot-password",
    "/reset-password",
    "/account/profile",
    "/account/password",
    "/account/linked-accounts/none/remove",
    "/finish-account",
    "/connect",
    "/oauth/sso/link",
    "/continue",
    "/switch-account",
    "/handoff/code",
    "/api/account/profile",
];

#[tokio::test]
async fn the_list_has_every_form_and_every_server_function() {
    let app = TestApp::start().await;
    let mut found: Vec<String> = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert!(!found.is_empty());
    for (_, page) in pages::all(&app).await {
        let actions = pages::attributes(&page.body, "form", "action");
        let paths = actions
            .into_iter()
            .map(|action| action.expect("an action in every form"))
            .map(|action| action.strip_prefix(&app.login_origin()).unwrap_or(action));
        found.extend(paths.map(without_id));
    }
    // The popup's last page and its form exist only with a vendor of the popup.
    let shown = |path: &str| match Vendors::handoff() {
        Some(_) => !path.starts_with("/api/"),
        None => !path.starts_with("/api/") && !path.starts_with("/handoff/"),
    };
    for path in MUTATING.iter().filter(|path| shown(path)) {
        assert!(
            found.iter().any(|found| found == path),
            "no form posts to {path}"
        );
    }
    for path in found {
        assert!(
            MUTATING.contains(&path.as_str()),
            "{path} is not in the list"
        );
    }
}

/// Replaces the id in the path that removes a linked account, so that it equals the listed one.
fn without_id(path: &str) -> String {
    match path.strip_prefix("/account/linked-accounts/") {
        Some(_) => "/account/linked-accounts/none/remove".to_owned(),
        None => path.to_owned(),
    }
}

#[tokio::test]
async fn no_listed_route_takes_another_unsafe_method() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for path in MUTATING {
        for method in ["PUT", "DELETE", "PATCH"] {
            let method = method.parse().unwrap();
            let response = browser
                .send(browser.own_page(browser.request(method, path)))
                .await;
            assert_eq!(response.status, 405, "{path}");
            assert!(response.header("allow").contains("POST"), "{path}");
        }
    }
}
