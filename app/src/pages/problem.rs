//! A page that explains why there is no other page.

use leptos::prelude::*;

use super::{Scene, Sheet, Shell};
use crate::{
    i18n::{Locale, td_string},
    model::Problem,
    ui::{Card, Mark},
};

pub(super) fn draw(scene: Scene<'_>, problem: Problem) -> Sheet {
    let (title, detail) = words(scene.locale, problem);
    match problem {
        Problem::UnknownChatBox | Problem::OpenerNotAllowed => in_popup(scene, title, detail),
        Problem::SignInOver => begin_again(scene, title, detail),
        _ => on_page(scene, title, detail),
    }
}

fn words(locale: Locale, page: Problem) -> (&'static str, &'static str) {
    match page {
        Problem::NotFound => (
            td_string!(locale, problem.not_found),
            td_string!(locale, problem.not_found_detail),
        ),
        Problem::UnknownChatBox => (
            td_string!(locale, problem.unknown_chat_box),
            td_string!(locale, problem.unknown_chat_box_detail),
        ),
        Problem::OpenerNotAllowed => (
            td_string!(locale, problem.opener_not_allowed),
            td_string!(locale, problem.opener_not_allowed_detail),
        ),
        Problem::Forbidden => (
            td_string!(locale, problem.forbidden),
            td_string!(locale, problem.forbidden_detail),
        ),
        Problem::BadRequest => (
            td_string!(locale, problem.bad_request),
            td_string!(locale, problem.bad_request_detail),
        ),
        Problem::TooLarge => (
            td_string!(locale, problem.too_large),
            td_string!(locale, problem.too_large_detail),
        ),
        Problem::SignInOver => (
            td_string!(locale, problem.sign_in_over),
            td_string!(locale, problem.sign_in_over_detail),
        ),
        Problem::TooManyRequests => (
            td_string!(locale, problem.too_many_requests),
            td_string!(locale, problem.too_many_requests_detail),
        ),
        Problem::Unavailable => (
            td_string!(locale, problem.unavailable),
            td_string!(locale, problem.unavailable_detail),
        ),
        Problem::Internal => (
            td_string!(locale, problem.internal),
            td_string!(locale, problem.internal_detail),
        ),
    }
}

/// No way on from here: whatever opened the window must be left.
fn in_popup(scene: Scene<'_>, title: &'static str, detail: &'static str) -> Sheet {
    let close_hint = td_string!(scene.locale, page.close_hint);
    let body = view! {
        <main class="card">
            <Mark class="card-mark" />
            <h1>{title}</h1>
            <p>{detail}</p>
            <p class="notice">{close_hint}</p>
        </main>
    };
    Sheet::new(title, Shell::Popup, body).with_problem(true)
}

/// In the page or in a popup: what the sign-in was for is not known any more.
fn begin_again(scene: Scene<'_>, title: &'static str, detail: &'static str) -> Sheet {
    let locale = scene.locale;
    let home = scene.home();
    let body = view! {
        <Card locale home title popup=None>
            <p>{detail}</p>
            <a class="button primary" href="/login">
                {td_string!(locale, page.back_to_sign_in)}
            </a>
        </Card>
    };
    Sheet::new(title, Shell::Card, body).with_problem(true)
}

fn on_page(scene: Scene<'_>, title: &'static str, detail: &'static str) -> Sheet {
    let locale = scene.locale;
    let home = scene.home();
    let body = view! {
        <Card locale home=home.clone() title popup=None>
            <p>{detail}</p>
            <a class="button primary" href=home.clone()>
                {td_string!(locale, problem.home)}
            </a>
            <a class="button" href="/account">
                {td_string!(locale, problem.account)}
            </a>
        </Card>
    };
    Sheet::new(title, Shell::Card, body).with_problem(true)
}
