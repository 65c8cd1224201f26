//! `GET /admin/visitors`: for support staff.

use leptos::prelude::*;

use super::{PageContext, RenderedPage, Shell};
use crate::{
    i18n::{Locale, td_string},
    model::{
        AccountFound, AccountSummary, AdminVisitors, Search, VisitorFound, VisitorId, VisitorOwner,
    },
    ui::{Header, Notice, TextField},
};

pub(super) fn render(context: PageContext<'_>, page: AdminVisitors) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, admin_visitors.title);
    let home = context.home();
    let vendors = page.vendors.join(", ");
    let (about_visitor, about_account) = match page.search {
        Search::Nothing => (None, None),
        Search::NoAccount => {
            let text = td_string!(locale, admin_visitors.no_account);
            (None, Some(notice(text).into_any()))
        }
        Search::Account(found) => (None, Some(account_found(locale, *found).into_any())),
        Search::Visitor(found) => (Some(visitor_found(locale, *found).into_any()), None),
        Search::NoVisitor => {
            let text = td_string!(locale, admin_visitors.no_visitor);
            (Some(notice(text).into_any()), None)
        }
        Search::VendorRejects => {
            let text = td_string!(locale, admin_visitors.vendor_rejects);
            (Some(problem(text).into_any()), None)
        }
        Search::VendorUnavailable => {
            let text = td_string!(locale, admin_visitors.vendor_unavailable);
            (Some(problem(text).into_any()), None)
        }
    };
    let by_visitor = (!page.vendors.is_empty()).then(|| {
        view! {
            <section class="part" aria-labelledby="by-visitor">
                <div class="part-words">
                    <h2 id="by-visitor">{td_string!(locale, admin_visitors.by_visitor)}</h2>
                    <p class="quiet">{td_string!(locale, admin_visitors.by_visitor_explain, vendors = vendors)}</p>
                </div>
                <div class="part-form">
                    <form method="get" action="/admin/visitors">
                        <TextField
                            name="visitor"
                            label=td_string!(locale, admin_visitors.visitor)
                            hint=td_string!(locale, admin_visitors.visitor_hint)
                            value=page.visitor
                            problem=None
                            autocomplete="off"
                            required=true
                        />
                        <button type="submit" class="button primary">
                            {td_string!(locale, admin_visitors.find_account)}
                        </button>
                    </form>
                    {about_visitor}
                </div>
            </section>
        }
    });

    let body = view! {
        <Header locale href=home>
            <a href="/account">{td_string!(locale, page.account_link)}</a>
        </Header>
        <main class="account">
            <h1>{title}</h1>
            {by_visitor}
            <section class="part" aria-labelledby="by-account">
                <div class="part-words">
                    <h2 id="by-account">{td_string!(locale, admin_visitors.by_account)}</h2>
                    <p class="quiet">{td_string!(locale, admin_visitors.by_account_explain)}</p>
                </div>
                <div class="part-form">
                    <form method="get" action="/admin/visitors">
                        <TextField
                            name="account"
                            label=td_string!(locale, admin_visitors.account)
                            value=page.account
                            problem=None
                            autocomplete="off"
                            required=true
                        />
                        <button type="submit" class="button primary">
                            {td_string!(locale, admin_visitors.find_visitors)}
                        </button>
                    </form>
                    {about_account}
                </div>
            </section>
        </main>
    };
    RenderedPage::new(title, Shell::Wide, body)
}

fn notice(text: &str) -> impl IntoView + use<> {
    view! { <Notice text=Some(text.to_owned()) /> }
}

fn problem(text: &str) -> impl IntoView + use<> {
    view! {
        <div class="problems" role="alert">
            <p>{text.to_owned()}</p>
        </div>
    }
}

fn visitor_found(locale: Locale, found: VisitorFound) -> impl IntoView {
    let title = td_string!(
        locale,
        admin_visitors.visitor_at,
        id = found.id,
        vendor = found.vendor
    );
    let fact = |name, value: Option<String>| value.map(|value| view! { <Fact name value /> });
    let owner = match found.owner {
        VisitorOwner::Account(account) => account_facts(locale, account).into_any(),
        VisitorOwner::Upstream(login) => {
            let text = td_string!(locale, admin_visitors.external, login = login);
            view! { <p>{text}</p> }.into_any()
        }
        VisitorOwner::Anonymous => {
            view! { <p>{td_string!(locale, admin_visitors.anonymous)}</p> }.into_any()
        }
        VisitorOwner::Unknown => {
            view! { <p>{td_string!(locale, admin_visitors.unknown)}</p> }.into_any()
        }
    };
    view! {
        <section class="found" aria-labelledby="found-visitor">
            <h3 id="found-visitor">{title}</h3>
            <dl class="facts">
                {fact(td_string!(locale, admin_visitors.name), found.name)}
                {fact(td_string!(locale, admin_visitors.email), found.email)}
                {fact(td_string!(locale, admin_visitors.external_id), found.external_id)}
                {fact(td_string!(locale, admin_visitors.since), found.since)}
            </dl>
            <h4>{td_string!(locale, admin_visitors.owner)}</h4>
            {owner}
        </section>
    }
}

fn account_facts(locale: Locale, account: AccountSummary) -> impl IntoView {
    let href = format!("/admin/visitors?account={}", account.id);
    view! {
        {summary(locale, account)}
        <a href=href>{td_string!(locale, admin_visitors.find_visitors)}</a>
    }
}

fn summary(locale: Locale, account: AccountSummary) -> impl IntoView {
    let verified = match account.email_verified {
        true => td_string!(locale, admin_visitors.verified),
        false => td_string!(locale, admin_visitors.unverified),
    };
    view! {
        <dl class="facts">
            <Fact name=td_string!(locale, admin_visitors.name) value=account.display_name />
            <Fact
                name=td_string!(locale, admin_visitors.email)
                value=format!("{} ({verified})", account.email)
            />
            <Fact name=td_string!(locale, admin_visitors.account_id) value=account.id />
        </dl>
    }
}

fn account_found(locale: Locale, found: AccountFound) -> impl IntoView {
    let ids = found.ids.into_iter();
    let ids: Vec<_> = ids.map(|id| visitor_id(locale, id)).collect();
    let none = ids.is_empty();
    view! {
        <section class="found" aria-labelledby="found-account">
            <h3 id="found-account">{td_string!(locale, admin_visitors.account_found)}</h3>
            {summary(locale, found.account)}
            <h4>{td_string!(locale, admin_visitors.ids)}</h4>
            {none.then(|| view! { <p>{td_string!(locale, admin_visitors.no_ids)}</p> })}
            {ids}
        </section>
    }
}

fn visitor_id(locale: Locale, id: VisitorId) -> impl IntoView {
    let origin = id.login.unwrap_or_else(|| {
        let own = td_string!(locale, admin_visitors.own_account);
        own.to_owned()
    });
    view! {
        <dl class="facts">
            <Fact name=td_string!(locale, admin_visitors.vendor) value=id.vendor />
            <Fact name=td_string!(locale, admin_visitors.external_id) value=id.external_id />
            <Fact name=td_string!(locale, admin_visitors.origin) value=origin />
            <Fact name=td_string!(locale, admin_visitors.first) value=id.first />
            <Fact name=td_string!(locale, admin_visitors.last) value=id.last />
        </dl>
    }
}

#[component]
fn Fact(name: &'static str, value: String) -> impl IntoView {
    view! {
        <dt>{name}</dt>
        <dd>{value}</dd>
    }
}

#[cfg(test)]
mod tests;
