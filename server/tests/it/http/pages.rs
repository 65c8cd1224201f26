//! Every page, reached as visitors reach it.

use std::collections::BTreeSet;

use crate::{
    harness::{DANA, PASSWORD, RIVA, Response, TestApp, token_in},
    oauth,
};

/// All pages by name.
pub async fn all(app: &TestApp) -> Vec<(&'static str, Response)> {
    let stranger = app.anonymous();
    let reset = stranger.post("/forgot-password", &[("email", DANA)]).await;
    let register = stranger
        .register("new@example.test", "New One", "seven purple kites at dusk")
        .await;
    let reset_link = link("/reset-password", &app.mail_to(DANA, 0).await);
    let verify_link = link("/verify-email", &app.mail_to("new@example.test", 0).await);
    let mut pages = vec![
        ("check mail after reset", reset),
        ("check mail after registration", register),
        ("reset password", stranger.get(&reset_link).await),
        ("verify email", stranger.get(&verify_link).await),
    ];
    for path in [
        "/login",
        "/login?chatBoxId=cb_demo",
        "/register",
        "/forgot-password",
        "/verify-email?token=x",
        "/reset-password?token=x",
        "/login?chatBoxId=cb_unknown",
        "/nowhere",
    ] {
        pages.push((path, stranger.get(path).await));
    }
    let dana = app.signed_in().await;
    pages.push(("continue", dana.get("/login?chatBoxId=cb_demo").await));
    dana.post("/continue", &[("chatBoxId", "cb_demo")]).await;
    let handoff = format!("/handoff?chatBoxId=cb_demo&challenge={}", "c".repeat(43));
    pages.push(("handoff", dana.get(&handoff).await));
    pages.push(("account", dana.get("/account").await));
    pages.push(("leave", dana.post("/oauth/sso/link", &[]).await));
    oauth::linking::link(app, &dana, "vera-verified").await;
    pages.push(("account with a way", dana.get("/account").await));
    oauth::sign_in_as(app, &stranger, "nora-nomail").await;
    pages.push(("finish account", stranger.get("/finish-account").await));
    stranger.sign_in(RIVA, PASSWORD).await;
    pages.push(("connect", stranger.get("/connect").await));
    stranger.post("/logout", &[]).await;
    let over = "/oauth/sso/callback?code=x&state=x";
    pages.push(("sign-in over", stranger.get(over).await));
    let site = dana.get(&format!("{}/", app.site_origin())).await;
    for path in vendor_pages(&site) {
        let page = dana.get(&format!("{}{path}", app.site_origin())).await;
        pages.push(("site", page));
    }
    pages.push(("site", site));
    pages
}

/// The vendors' pages that the site's first page links to.
pub fn vendor_pages(home: &Response) -> BTreeSet<&str> {
    let links = attributes(&home.body, "a", "href").into_iter().flatten();
    links
        .filter(|link| link.starts_with('/') && *link != "/")
        .collect()
}

fn link(path: &str, mail: &str) -> String {
    format!("{path}?token={}", token_in(mail))
}

/// The value of the attribute `name` in every `<tag …>`.
pub fn attributes<'a>(html: &'a str, tag: &str, name: &str) -> Vec<Option<&'a str>> {
    let (tag, attribute) = (format!("<{tag} "), format!("{name}=\""));
    let tags = html.split(tag.as_str()).skip(1);
    tags.map(|rest| {
        let inside = rest.split('>').next()?;
        inside.split_once(attribute.as_str())?.1.split('"').next()
    })
    .collect()
}
