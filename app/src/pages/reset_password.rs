//! `GET /reset-password`: the target of the emailed link.

use leptos::prelude::*;

use super::{Islands, PageContext, RenderedPage, Shell, bad_fields};
use crate::{
    i18n::td_string,
    model::{FieldProblem, FormProblem, ResetPassword},
    text,
    ui::{Card, HiddenUsername, NewPasswordField, Problems},
};

pub(super) fn render(context: PageContext<'_>, page: ResetPassword) -> RenderedPage {
    match page {
        ResetPassword::Choose {
            token,
            email,
            password_problem,
            problem,
        } => choose(context, token, email, password_problem, problem),
        ResetPassword::Gone => gone(context),
    }
}

fn choose(
    context: PageContext<'_>,
    token: String,
    email: String,
    password_problem: Option<FieldProblem>,
    problem: Option<FormProblem>,
) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, reset_password.title);
    let home = context.home();
    let label = td_string!(locale, field.new_password);
    let min = context.deployment.password_length.0;
    let check_fields = context.check_fields();
    let has_problem = password_problem.is_some() || problem.is_some();

    let body = view! {
        <Card locale home title popup=None>
            <p>{td_string!(locale, reset_password.explain)}</p>
            <form method="post" action="/reset-password" novalidate>
                <Problems
                    message=problem.map(|problem| text::form_problem(locale, problem))
                    fields=bad_fields(&[(password_problem, "new_password", label)])
                    check_fields
                />
                <input type="hidden" name="token" value=token />
                <HiddenUsername email />
                <NewPasswordField
                    locale
                    name="new_password"
                    label
                    min
                    problem=password_problem
                    autofocus=true
                />
                <button type="submit" class="button primary">
                    {td_string!(locale, reset_password.submit)}
                </button>
            </form>
        </Card>
    };
    RenderedPage::new(title, Shell::Card, body)
        .with_islands(Islands::Login)
        .with_problem(has_problem)
        .with_query_removed(context.nonce)
}

fn gone(context: PageContext<'_>) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, reset_password.gone_title);
    let home = context.home();
    let body = view! {
        <Card locale home title popup=None>
            <p>{td_string!(locale, reset_password.gone)}</p>
            <a class="button primary" href="/forgot-password">
                {td_string!(locale, reset_password.again)}
            </a>
        </Card>
    };
    RenderedPage::new(title, Shell::Card, body).with_problem(true)
}
