//! The demo's customer site: the page with the chat boxes, and a page for each vendor.

mod home;
mod vendor;

#[cfg(test)]
pub(super) mod tests;

use leptos::prelude::*;

use crate::{
    i18n::{Locale, td_string},
    model::{SiteFrame, VendorLink},
    ui::Header,
};

pub(super) use home::render as render_home;
pub(super) use vendor::render as render_vendor;

/// Header and footer of every page of the site. `current` is the vendor of a showcase.
#[component]
fn Frame(
    locale: Locale,
    frame: SiteFrame,
    current: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let account = format!("{}/account", frame.login_origin);
    let vendor = move |link: VendorLink| {
        let current = (current == Some(link.name)).then_some("page");
        view! {
            <a href=format!("/{}", link.name) aria-current=current>
                {link.label}
            </a>
        }
    };

    view! {
        <Header locale href="/".to_owned()>
            {frame.vendors.into_iter().map(vendor).collect_view()}
            <a href=account>
                {td_string!(locale, page.account_link)}
            </a>
        </Header>
        <main>{children()}</main>
        <footer class="site-footer">
            <p>{td_string!(locale, site.footer)}</p>
        </footer>
    }
}

/// The script that tracks the signed-in user, for the scripts that follow.
fn viewer_script(frame: &SiteFrame, nonce: &str) -> impl IntoView + use<> {
    view! {
        <script
            src="/viewer.js"
            data-login=frame.login_origin.clone()
            data-domain=frame.cookie_domain.clone()
            data-traces=frame.traces.join(" ")
            defer
            nonce=nonce.to_owned()
        ></script>
    }
}

fn script(src: String, nonce: &str) -> impl IntoView + use<> {
    view! { <script src=src defer nonce=nonce.to_owned()></script> }
}
