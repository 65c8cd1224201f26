//! Error pages.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell};
use crate::{
    i18n::{Locale, td_string},
    model::{Problem, ProblemPage},
    ui::{Card, Mark},
};

pub(super) fn render(context: PageContext<'_>, page: ProblemPage) -> RenderedPage {
    let (title, detail) = words(context.locale, page.problem);
    let detail = view! {
        <p>{detail}</p>
        {page.request_id.map(|id| request_id(context.locale, id))}
    };
    match page.problem {
        Problem::UnknownChatBox | Problem::OpenerNotAllowed => in_popup(context, title, detail),
        Problem::SignInExpired | Problem::NoCookies => begin_again(context, title, detail),
        _ => on_page(context, title, detail),
    }
}

fn request_id(locale: Locale, id: String) -> impl IntoView {
    view! {
        <p class="quiet">{td_string!(locale, problem.request_id)} " " <code>{id}</code></p>
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
        Problem::SignInExpired => (
            td_string!(locale, problem.sign_in_expired),
            td_string!(locale, problem.sign_in_expired_detail),
        ),
        Problem::NoCookies => (
            td_string!(locale, problem.no_cookies),
            td_string!(locale, problem.no_cookies_detail),
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

/// In the popup, the only next step is to close the window.
fn in_popup(
    context: PageContext<'_>,
    title: &'static str,
    detail: impl IntoView + 'static,
) -> RenderedPage {
    let close_hint = td_string!(context.locale, page.close_hint);
    let body = view! {
        <main class="card">
            <Mark class="card-mark" />
            <h1>{title}</h1>
            {detail}
            <p class="notice">{close_hint}</p>
        </main>
    };
    RenderedPage::new(title, Shell::Popup, body).with_problem(true)
}

/// In a page or a popup: the flow is lost, so the user starts again.
fn begin_again(
    context: PageContext<'_>,
    title: &'static str,
    detail: impl IntoView + 'static,
) -> RenderedPage {
    let locale = context.locale;
    let home = context.home();
    let body = view! {
        <Card locale home title popup=None>
            {detail}
            <a class="button primary" href="/login">
                {td_string!(locale, page.back_to_sign_in)}
            </a>
        </Card>
    };
    RenderedPage::new(title, Shell::Card, body).with_problem(true)
}

fn on_page(
    context: PageContext<'_>,
    title: &'static str,
    detail: impl IntoView + 'static,
) -> RenderedPage {
    let locale = context.locale;
    let home = context.home();
    let body = view! {
        <Card locale home=home.clone() title popup=None>
            {detail}
            <a class="button primary" href=home.clone()>
                {td_string!(locale, problem.home)}
            </a>
            <a class="button" href="/account">
                {td_string!(locale, problem.account)}
            </a>
        </Card>
    };
    RenderedPage::new(title, Shell::Card, body).with_problem(true)
}
