//! Markup that forms, tests and assistive technology rely on.

mod handoff;

use std::{collections::BTreeSet, sync::Arc};

use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::{
    document,
    i18n::Locale,
    model::{
        Account, Bundle, CheckMail, ContinueAs, Deployment, FieldProblem, Flow, ForgotPassword,
        FormProblem, Frontend, Handoff, HandoffFailure, Login, MailPurpose, Notice, Page, Popup,
        Problem, ProviderButton, Register, ResetPassword, VerifyEmail, Viewer,
    },
    pages::site::tests as site,
};

fn bundle(name: &str) -> Bundle {
    Bundle {
        script: format!("{name}.js"),
        wasm: format!("{name}_bg.wasm"),
    }
}

fn deployment() -> Deployment {
    Deployment {
        frontend: Some(Frontend {
            all: bundle("frontend.1a2b"),
            login: bundle("login.5e6f"),
        }),
        css: Some("main.3c4d.css".to_owned()),
        site_css: Some("site.7a8b.css".to_owned()),
        reload: None,
        site_origin: "https://www.example.com".to_owned(),
        mailbox_url: Some("https://mail.example.com/".to_owned()),
        demo: true,
        providers: vec![ProviderButton {
            name: "sso".to_owned(),
            label: "Harbour SSO".to_owned(),
        }],
        password_length: (15, 128),
    }
}

fn render_for(deployment: &Deployment, page: Page) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    owner.with(|| document(deployment, Locale::en, "n0nce", page))
}

pub(super) fn render(page: Page) -> String {
    render_for(&deployment(), page)
}

fn popup() -> Popup {
    Popup {
        chat_box_id: "cb_1".to_owned(),
        chat_box_name: "Harbour".to_owned(),
        receipt: true,
        challenge: Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned()),
        origins: vec![
            "https://a.example".to_owned(),
            "https://b.example".to_owned(),
        ],
        cancel_url: "https://a.example/#latchkey_error=cancelled".to_owned(),
    }
}

fn flow() -> Flow {
    Flow {
        popup: Some(popup()),
        next: Some("/account?a=b&c".to_owned()),
    }
}

const QUERY: &str = "?chatBoxId=cb_1&amp;receipt=1\
    &amp;challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&amp;next=%2Faccount%3Fa%3Db%26c";

fn viewer() -> Viewer {
    Viewer {
        uid: "u_dana".to_owned(),
        email: "dana@example.com".to_owned(),
        display_name: "Dana <b>Demo</b>".to_owned(),
        photo_url: None,
    }
}

fn account() -> Account {
    Account {
        viewer: viewer(),
        display_name: "Dana <b>Demo</b>".to_owned(),
        display_name_problem: None,
        photo_url: String::new(),
        photo_url_problem: None,
        current_password_problem: None,
        new_password_problem: None,
        problem: None,
        linked_accounts: Vec::new(),
        has_password: true,
        is_admin: false,
        linked_accounts_problem: None,
        notice: None,
    }
}

fn handoff() -> Page {
    failed_handoff(None)
}

fn failed_handoff(failure: Option<HandoffFailure>) -> Page {
    Page::Handoff(Handoff {
        popup: popup(),
        viewer: viewer(),
        credential_path: "/api/credentials".to_owned(),
        failure,
    })
}

#[track_caller]
pub(super) fn assert_has(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(html.contains(part), "no {part} in {html}");
    }
}

/// The start tag of the input with this name.
fn input<'a>(html: &'a str, name: &str) -> &'a str {
    let tags = html.split('<').filter(|tag| tag.starts_with("input"));
    tags.into_iter()
        .find(|tag| tag.contains(&format!(r#"name="{name}""#)))
        .and_then(|tag| tag.split('>').next())
        .unwrap_or_default()
}

/// All pages that belong to a sign-in, in a popup.
fn popup_forms() -> Vec<Page> {
    vec![
        Page::Login(Login {
            flow: flow(),
            ..Login::default()
        }),
        Page::ContinueAs(ContinueAs {
            flow: flow(),
            viewer: viewer(),
        }),
        Page::Register(Register {
            flow: flow(),
            ..Register::default()
        }),
        Page::ForgotPassword(ForgotPassword {
            flow: flow(),
            ..ForgotPassword::default()
        }),
    ]
}

fn every_page() -> Vec<Page> {
    let mail = |purpose| {
        Page::CheckMail(CheckMail {
            flow: Flow::default(),
            email: Some("dana@example.com".to_owned()),
            purpose,
        })
    };
    let mut pages = popup_forms();
    pages.extend([
        mail(MailPurpose::ConfirmEmail),
        mail(MailPurpose::ResetPassword),
        Page::VerifyEmail(VerifyEmail::Confirm {
            token: "t".to_owned(),
            provider: None,
        }),
        Page::VerifyEmail(VerifyEmail::Gone),
        Page::ResetPassword(ResetPassword::Choose {
            token: "t".to_owned(),
            email: "dana@example.test".to_owned(),
            password_problem: None,
            problem: None,
        }),
        Page::ResetPassword(ResetPassword::Gone),
        Page::Account(account()),
        Page::Problem(Problem::NotFound),
        Page::Problem(Problem::OpenerNotAllowed),
        handoff(),
        site::home(),
        site::vendor(),
    ]);
    pages
}

#[test]
fn every_page_is_a_whole_document_without_inline_style() {
    for page in every_page() {
        let html = render(page);
        assert!(
            html.starts_with("<!DOCTYPE html><html lang=\"en\">"),
            "{html}"
        );
        assert_has(
            &html,
            &[
                "<h1",
                "<main",
                "· Latchkey</title>",
                r#"href="/pkg/main.3c4d.css""#,
            ],
        );
        assert!(
            !html.contains("style=\"") && !html.contains("<style"),
            "{html}"
        );
        assert_eq!(
            html.matches("<script").count(),
            html.matches("nonce=\"n0nce\"").count()
        );
    }
}

#[test]
fn styles_of_the_demo_site_are_on_its_pages_alone() {
    for page in every_page() {
        let is_site = matches!(page, Page::Site(_) | Page::Vendor(_));
        assert_eq!(render(page).contains("/pkg/site.7a8b.css"), is_site);
    }
}

#[test]
fn only_the_site_may_be_listed() {
    for page in every_page() {
        let listed = matches!(page, Page::Site(_) | Page::Vendor(_));
        assert_eq!(render(page).contains(r#"content="noindex""#), !listed);
    }
}

#[test]
fn every_form_of_a_sign_in_carries_the_flow() {
    for page in popup_forms() {
        let html = render(page);
        let forms = html.matches("<form").count();
        for field in [
            r#"name="chatBoxId" value="cb_1""#,
            r#"name="receipt" value="1""#,
            r#"name="challenge" value="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM""#,
            r#"name="next" value="/account?a=b&amp;c""#,
        ] {
            assert_eq!(html.matches(field).count(), forms, "{field} in {html}");
        }
        assert_has(&html, &["to continue to Harbour", "shell-popup"]);
        assert_has(
            &html,
            &[r#"href="https://a.example/#latchkey_error=cancelled""#],
        );
    }
}

#[test]
fn links_of_a_sign_in_carry_the_flow() {
    let pages = popup_forms();
    let html: String = pages.into_iter().map(render).collect();
    for path in ["/login", "/register", "/forgot-password"] {
        assert_has(&html, &[&format!(r#"href="{path}{QUERY}""#)]);
    }
}

#[test]
fn without_a_flow_nothing_is_carried() {
    let html = render(Page::Login(Login::default()));
    assert!(!html.contains("chatBoxId") && !html.contains(r#"name="next""#));
    assert_has(
        &html,
        &[
            r#"href="/register""#,
            r#"href="/forgot-password""#,
            "shell-card",
        ],
    );
}

#[test]
fn the_login_form_works_plainly() {
    let html = render(Page::Login(Login::default()));
    assert_has(
        &html,
        &[
            r#"<form method="post" action="/login" novalidate"#,
            r#"<label for="email">Email</label>"#,
            r#"<label for="password">Password</label>"#,
            ">Sign in</button>",
            "<title>Sign in",
            "demo@latchkey.localhost",
        ],
    );
    assert_has(
        input(&html, "email"),
        &[r#"type="email""#, r#"autocomplete="username""#, "required"],
    );
    assert_has(
        input(&html, "password"),
        &[
            r#"type="password""#,
            r#"autocomplete="current-password""#,
            "required",
        ],
    );
    assert!(!html.contains("role=\"alert\"") && !html.contains("aria-invalid"));
}

#[test]
fn rejected_fields_say_so_to_assistive_technology() {
    let html = render(Page::Login(Login {
        email: "dana@".to_owned(),
        email_problem: Some(FieldProblem::EmailInvalid),
        password_problem: Some(FieldProblem::Missing),
        ..Login::default()
    }));
    assert_has(
        &html,
        &[
            "<title>Error: Sign in",
            r#"role="alert""#,
            r##"href="#email""##,
            r##"href="#password""##,
            r#"<p id="email-problem" class="field-problem">"#,
            r#"<p id="password-problem" class="field-problem">"#,
        ],
    );
    assert_has(
        input(&html, "email"),
        &[
            r#"aria-invalid="true""#,
            r#"aria-describedby="email-problem""#,
            "autofocus",
            r#"value="dana@""#,
        ],
    );
    let password = input(&html, "password");
    assert_has(
        password,
        &[
            r#"aria-invalid="true""#,
            r#"aria-describedby="password-problem""#,
        ],
    );
    assert!(!password.contains("autofocus") && !password.contains("value="));
}

#[test]
fn a_rejected_form_says_why() {
    let html = render(Page::Login(Login {
        problem: Some(FormProblem::WrongCredentials),
        ..Login::default()
    }));
    assert_has(
        &html,
        &[
            "<title>Error: ",
            r#"role="alert""#,
            "Incorrect email or password",
        ],
    );
}

#[test]
fn registration_asks_for_a_new_password_once() {
    let html = render(Page::Register(Register {
        attempt: "once".to_owned(),
        display_name: "\"><script>".to_owned(),
        display_name_problem: Some(FieldProblem::DisplayNameInvalid),
        ..Register::default()
    }));
    assert_has(
        &html,
        &[
            r#"action="/register""#,
            r#"name="attempt" value="once""#,
            r#"<label for="display_name">Display name</label>"#,
            ">Create account</button>",
            "At least 15 characters",
        ],
    );
    assert_has(
        input(&html, "password"),
        &[
            r#"autocomplete="new-password""#,
            r#"aria-describedby="password-hint""#,
        ],
    );
    let name = input(&html, "display_name");
    assert_has(
        name,
        &[
            r#"autocomplete="name""#,
            r#"aria-describedby="display_name-problem display_name-hint""#,
        ],
    );
    assert!(!html.contains("\"><script>"));
}

#[test]
fn hostile_names_are_text() {
    for page in every_page() {
        assert!(!render(page).contains("<b>Demo</b>"));
    }
}

#[test]
fn continuing_and_switching_are_two_forms() {
    let html = render(Page::ContinueAs(ContinueAs {
        flow: flow(),
        viewer: viewer(),
    }));
    assert_has(
        &html,
        &[
            r#"action="/continue""#,
            "Continue as Dana &lt;b&gt;Demo&lt;/b&gt;</button>",
            r#"action="/switch-account""#,
            ">Use another account</button>",
        ],
    );
}

#[test]
fn mails_lead_to_plain_forms() {
    let verify = render(Page::VerifyEmail(VerifyEmail::Confirm {
        token: "t0".to_owned(),
        provider: None,
    }));
    assert_has(
        &verify,
        &[
            r#"action="/verify-email""#,
            r#"name="token" value="t0""#,
            ">Confirm email</button>",
        ],
    );
    let reset = render(Page::ResetPassword(ResetPassword::Choose {
        token: "t1".to_owned(),
        email: "dana@example.test".to_owned(),
        password_problem: Some(FieldProblem::PasswordTooShort { min: 15 }),
        problem: None,
    }));
    assert_has(
        &reset,
        &[
            r#"action="/reset-password""#,
            r#"name="token" value="t1""#,
            r#"autocomplete="username" value="dana@example.test" readonly hidden"#,
            r#"<label for="new_password">New password</label>"#,
            r#"id="new_password-problem""#,
            ">Set new password</button>",
        ],
    );
    let forgot = render(Page::ForgotPassword(ForgotPassword::default()));
    assert_has(
        &forgot,
        &[r#"action="/forgot-password""#, ">Send reset link</button>"],
    );
}

#[test]
fn the_demo_mailbox_opens_beside_the_page() {
    let page = || {
        Page::CheckMail(CheckMail {
            flow: flow(),
            email: Some("dana@example.com".to_owned()),
            purpose: MailPurpose::ConfirmEmail,
        })
    };
    assert_has(
        &render(page()),
        &[
            "https://mail.example.com/",
            r#"target="_blank" rel="noopener""#,
        ],
    );
    let production = Deployment {
        mailbox_url: None,
        ..deployment()
    };
    assert!(!render_for(&production, page()).contains("_blank"));
}

#[test]
fn the_account_has_a_form_for_each_change() {
    let html = render(Page::Account(Account {
        photo_url: "me.jpg".to_owned(),
        photo_url_problem: Some(FieldProblem::PhotoUrlInvalid),
        notice: Some(Notice::PasswordChanged),
        ..account()
    }));
    assert_has(
        &html,
        &[
            r#"action="/account/profile""#,
            r#"action="/account/password""#,
            r#"action="/logout""#,
            ">Photo URL</label>",
            ">Current password</label>",
            r##"href="#photo_url""##,
            ">Save profile<",
            ">Change password</button>",
            ">Sign out</button>",
            r#"role="status""#,
        ],
    );
    assert_has(
        input(&html, "photo_url"),
        &[r#"value="me.jpg""#, r#"aria-invalid="true""#],
    );
}

#[test]
fn pages_of_mailed_links_forget_their_query() {
    let token = "t0ken".to_owned();
    let confirm = VerifyEmail::Confirm {
        token: token.clone(),
        provider: None,
    };
    let choose = ResetPassword::Choose {
        token,
        email: "dana@example.test".to_owned(),
        password_problem: None,
        problem: None,
    };
    for page in [Page::VerifyEmail(confirm), Page::ResetPassword(choose)] {
        let html = render(page);
        let script =
            r#"<script nonce="n0nce">history.replaceState(null, "", location.pathname);</script>"#;
        assert_has(&html, &[script, r#"name="token" value="t0ken""#]);
    }
}

#[test]
fn pages_load_the_smallest_bundle_with_their_islands() {
    let all = r#"data-script="frontend.1a2b.js" data-wasm="frontend.1a2b_bg.wasm""#;
    let login = r#"data-script="login.5e6f.js" data-wasm="login.5e6f_bg.wasm""#;
    for page in every_page() {
        let name = format!("{page:.24?}");
        let html = render(page);
        let islands: BTreeSet<&str> = html
            .split(r#"data-component=""#)
            .skip(1)
            .map(|rest| rest.split('_').next().unwrap())
            .collect();
        let islands: Vec<&str> = islands.into_iter().collect();
        let expected = match islands[..] {
            [] => [false, false],
            ["PasswordInput"] => [false, true],
            _ => [true, false],
        };
        assert_eq!(
            [all, login].map(|names| html.contains(names)),
            expected,
            "{name}: {islands:?}"
        );
    }
}

#[test]
fn pages_are_plain_until_the_islands_are_built() {
    let plain = Deployment {
        frontend: None,
        ..deployment()
    };
    assert!(!render_for(&plain, Page::Login(Login::default())).contains("<script"));
}

#[test]
fn pages_reload_themselves_in_development_alone() {
    let script = r#"<script type="module" nonce="n0nce" src="/pkg/reload.1a2b.js"></script>"#;
    let login = || Page::Login(Login::default());
    assert!(!render(login()).contains("reload"));
    let development = Deployment {
        reload: Some("reload.1a2b.js".to_owned()),
        ..deployment()
    };
    assert!(render_for(&development, login()).contains(script));
}
