//! What the next page shows of a form, and who gets a page at once.

use axum::http::{
    HeaderValue, Request,
    header::{COOKIE as COOKIE_HEADER, LOCATION, SET_COOKIE},
};

use super::*;

fn sent_back(response: &Response, url: Option<&str>) -> Flash {
    let location = response.headers()[LOCATION].to_str().unwrap();
    let set_cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    let cookie = set_cookie.split(';').next().unwrap();
    let request = Request::get(url.unwrap_or(location)).header(COOKIE_HEADER, cookie);
    Flash::from_request(&request.body(()).unwrap().into_parts().0)
}

fn rejected() -> Flash {
    Outcome::rejected_fields([
        ("email", Some(FieldProblem::EmailInvalid)),
        ("password", None),
    ])
    .with_value("email", "dana@")
    .flash
}

#[test]
fn values_and_problems_come_back_with_the_redirect() {
    let response = redirect(&rejected(), "/login?next=%2Faccount");
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(sent_back(&response, None), rejected());
}

#[test]
fn the_cookie_reveals_nothing_without_the_url() {
    let response = redirect(&rejected(), "/login");
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    assert!(!cookie.contains("dana"), "{cookie}");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("Secure"),
        "{cookie}"
    );
    for url in ["/login", "/login?form=x"] {
        assert_eq!(sent_back(&response, Some(url)), Flash::default(), "{url}");
    }
}

#[test]
fn without_the_cookie_the_query_still_says_the_cause() {
    let outcome = Outcome::rejected(StatusCode::UNAUTHORIZED, FormProblem::WrongCredentials);
    let response = redirect(&outcome.flash, "/login");
    let location = response.headers()[LOCATION].to_str().unwrap();
    let (parts, ()) = Request::get(location).body(()).unwrap().into_parts();
    let flash = Flash::from_request(&parts);
    assert_eq!(flash.problem(), Some(FormProblem::WrongCredentials));
}

#[test]
fn values_that_do_not_fit_are_left_out() {
    let flash = rejected().with_value("display_name", &"x".repeat(4_000));
    let flash = sent_back(&redirect(&flash, "/register"), None);
    assert_eq!(flash.value("display_name"), None);
    assert_eq!(flash.problem_of("email"), Some(FieldProblem::EmailInvalid));
}

#[test]
fn a_page_is_told_from_a_script() {
    for (name, value, sender) in [
        ("sec-fetch-mode", "navigate", FormSender::Page),
        ("sec-fetch-mode", "cors", FormSender::Script),
        ("sec-fetch-mode", "same-origin", FormSender::Script),
        (
            "accept",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            FormSender::Page,
        ),
        ("accept", "*/*", FormSender::Script),
        ("accept", "application/json", FormSender::Script),
        ("x-none", "", FormSender::Script),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        assert_eq!(FormSender::of(&headers), sender, "{name}: {value}");
    }
}
