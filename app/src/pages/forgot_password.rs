//! `GET /forgot-password`.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell, bad_fields};
use crate::{
    i18n::td_string,
    model::ForgotPassword,
    text,
    ui::{Card, FlowFields, Problems, TextField},
};

pub(super) fn render(context: PageContext<'_>, page: ForgotPassword) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, forgot_password.title);
    let shell = Shell::of(page.flow.popup.as_ref());
    let has_problem = page.problem.is_some() || page.email_problem.is_some();
    let popup = page.flow.popup.clone();
    let login = page.flow.url("/login");

    let home = context.home();
    let form = form(context, page);

    let body = view! {
        <Card locale home title popup>
            <p>{td_string!(locale, forgot_password.explain)}</p>
            {form}
            <div class="other-links">
                <p>
                    <a href=login>{td_string!(locale, page.back_to_sign_in)}</a>
                </p>
            </div>
        </Card>
    };
    RenderedPage::new(title, shell, body).with_problem(has_problem)
}

fn form(context: PageContext<'_>, page: ForgotPassword) -> impl IntoView + use<> {
    let locale = context.locale;
    let email = td_string!(locale, field.email);

    view! {
        <form method="post" action="/forgot-password" novalidate>
            <Problems
                message=page.problem.map(|problem| text::form_problem(locale, problem))
                fields=bad_fields(&[(page.email_problem, "email", email)])
                check_fields=context.check_fields()
            />
            <FlowFields flow=page.flow />
            <TextField
                name="email"
                label=email
                value=page.email
                problem=page.email_problem.map(|problem| text::field_problem(locale, problem))
                kind="email"
                autocomplete="username"
                inputmode="email"
                required=true
                autofocus=true
            />
            <button type="submit" class="button primary">
                {td_string!(locale, forgot_password.submit)}
            </button>
        </form>
    }
}
