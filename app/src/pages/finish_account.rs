//! `GET /finish-account`: asks for an email address after a provider sent no verified one.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell, bad_fields};
use crate::{
    i18n::td_string,
    model::FinishAccount,
    text,
    ui::{Card, FlowFields, Problems, TextField},
};

pub(super) fn render(context: PageContext<'_>, page: FinishAccount) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, finish_account.title);
    let home = context.home();
    let shell = Shell::of(page.flow.popup.as_ref());
    let popup = page.flow.popup.clone();
    let back = page.flow.url("/login");
    let has_problem = page.problem.is_some()
        || page.email_problem.is_some()
        || page.display_name_problem.is_some();
    let email = td_string!(locale, field.email);
    let name = td_string!(locale, field.display_name);
    let fields = bad_fields(&[
        (page.email_problem, "email", email),
        (page.display_name_problem, "display_name", name),
    ]);
    let problem_text =
        move |problem: Option<_>| problem.map(|problem| text::field_problem(locale, problem));
    let check_fields = context.check_fields();
    let focus_name = page.email_problem.is_none() && page.display_name_problem.is_some();

    let body = view! {
        <Card locale home title popup>
            <p>{td_string!(locale, finish_account.explain, provider = page.provider)}</p>
            <form method="post" action="/finish-account" novalidate>
                <Problems
                    message=page.problem.map(|problem| text::form_problem(locale, problem))
                    fields
                    check_fields
                />
                <FlowFields flow=page.flow />
                <TextField
                    name="email"
                    label=email
                    value=page.email
                    problem=problem_text(page.email_problem)
                    kind="email"
                    autocomplete="email"
                    inputmode="email"
                    required=true
                    autofocus=!focus_name
                />
                <TextField
                    name="display_name"
                    label=name
                    value=page.display_name
                    problem=problem_text(page.display_name_problem)
                    autocomplete="name"
                    required=true
                    autofocus=focus_name
                />
                <button type="submit" class="button primary">
                    {td_string!(locale, finish_account.submit)}
                </button>
            </form>
            <p>
                <a href=back>{td_string!(locale, finish_account.have_one)}</a>
            </p>
        </Card>
    };
    RenderedPage::new(title, shell, body).with_problem(has_problem)
}
