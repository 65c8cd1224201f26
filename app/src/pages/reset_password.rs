//! `GET /reset-password`: what the link in a mail leads to.

use leptos::prelude::*;

use super::{Scene, Sheet, Shell, bad_fields};
use crate::{
    i18n::td_string,
    model::{FieldProblem, FormProblem, ResetPassword},
    text,
    ui::{Card, NewPasswordField, Problems},
};

pub(super) fn draw(scene: Scene<'_>, page: ResetPassword) -> Sheet {
    match page {
        ResetPassword::Choose {
            token,
            password_problem,
            problem,
        } => choose(scene, token, password_problem, problem),
        ResetPassword::Gone => gone(scene),
    }
}

fn choose(
    scene: Scene<'_>,
    token: String,
    password_problem: Option<FieldProblem>,
    problem: Option<FormProblem>,
) -> Sheet {
    let locale = scene.locale;
    let title = td_string!(locale, reset_password.title);
    let home = scene.home();
    let label = td_string!(locale, field.new_password);
    let min = scene.deployment.password_length.0;
    let check_fields = scene.check_fields();
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
    Sheet::new(title, Shell::Card, body)
        .with_islands()
        .with_problem(has_problem)
        .with_query_forgotten(scene.nonce)
}

fn gone(scene: Scene<'_>) -> Sheet {
    let locale = scene.locale;
    let title = td_string!(locale, reset_password.gone_title);
    let home = scene.home();
    let body = view! {
        <Card locale home title popup=None>
            <p>{td_string!(locale, reset_password.gone)}</p>
            <a class="button primary" href="/forgot-password">
                {td_string!(locale, reset_password.again)}
            </a>
        </Card>
    };
    Sheet::new(title, Shell::Card, body).with_problem(true)
}
