//! The vendors' pages on the demo site.

use super::{off, secrets};
use crate::{
    harness::{Browser, TestApp},
    http::pages::vendor_pages,
};

/// The vendors whose pages the first page links to.
async fn vendors(app: &TestApp, browser: &Browser) -> Vec<String> {
    let home = browser.get(&format!("{}/", app.site_origin())).await;
    let pages = vendor_pages(&home).into_iter();
    pages.map(|path| path[1..].to_owned()).collect()
}

#[tokio::test]
async fn every_vendor_has_a_page_with_a_script_and_code() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let vendors = vendors(&app, &browser).await;
    assert!(!vendors.is_empty());
    for vendor in vendors {
        let page = browser
            .get(&format!("{}/{vendor}", app.site_origin()))
            .await;
        assert_eq!(page.status, 200, "{vendor}");
        let script = format!("/vendors/{vendor}.js");
        for part in [&script, "data-snippet", "data-verdict", &app.login_origin()] {
            assert!(page.body.contains(part), "{vendor}: {part}");
        }
        let mut permits = page.body.split("__").skip(1);
        let is_empty = |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_uppercase());
        assert!(!permits.any(is_empty), "{vendor} has an empty place");
        let script = browser.get(&format!("{}{script}", app.site_origin())).await;
        assert_eq!(script.status, 200, "{vendor}");
        assert!(script.header("content-type").starts_with("text/javascript"));
    }
}

#[tokio::test]
async fn no_page_and_no_script_of_the_site_has_a_secret() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for vendor in vendors(&app, &browser).await {
        for path in [vendor.clone(), format!("vendors/{vendor}.js")] {
            let response = browser.get(&format!("{}/{path}", app.site_origin())).await;
            for secret in secrets() {
                assert!(!response.body.contains(secret), "{path} has {secret}");
            }
        }
    }
}

#[tokio::test]
async fn a_vendor_that_is_off_has_no_page() {
    let on = TestApp::start().await;
    let mut paths = vendors(&on, &on.anonymous()).await;
    let others = ["unknown", "vendors/unknown.js", "vendors/"];
    paths.extend(others.map(str::to_owned));
    let app = TestApp::start_with(&off()).await;
    let browser = app.anonymous();
    assert!(vendors(&app, &browser).await.is_empty());
    for path in paths {
        let response = browser.get(&format!("{}/{path}", app.site_origin())).await;
        assert_eq!(response.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_page_that_signs_out_may_name_itself_to_come_back_to() {
    let app = TestApp::start().await;
    let own = format!("{}/a/page", app.site_origin());
    let home = format!("{}/", app.site_origin());
    for (next, target) in [
        (own.as_str(), own.as_str()),
        ("https://evil.example/", home.as_str()),
        ("//evil.example/", home.as_str()),
        ("", home.as_str()),
    ] {
        let browser = app.signed_in().await;
        let request = browser.request(reqwest::Method::POST, "/logout");
        let request = request
            .header("origin", app.site_origin())
            .header("sec-fetch-site", "same-site")
            .form(&[("next", next)]);
        let response = browser.send(request).await;
        assert_eq!(
            (response.status, response.location()),
            (303, target),
            "{next}"
        );
        assert!(!browser.is_signed_in().await);
    }
}
