//! Registering for an account.

use crate::{
    harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, Response, TestApp, token_in},
    vendors,
};

const ADA: &str = "ada@example.test";
const NO_LIMITS: [(&str, &str); 2] = [
    ("LATCHKEY_LIMIT_FORM_BURST", "100"),
    ("LATCHKEY_LIMIT_MAIL_BURST", "100"),
];

#[tokio::test]
async fn an_account_begins_with_one_mail_and_not_before_its_link_is_used() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let response = browser.register(ADA, "Ada", GOOD_PASSWORD).await;
    assert_eq!(response.status, 200);
    assert!(response.set_cookies().is_empty());
    assert_eq!(app.mails_to(ADA).await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 2);
    assert_eq!(browser.sign_in(ADA, GOOD_PASSWORD).await.status, 401);
    vendors::all_answer(&browser, 401).await;
}

#[tokio::test]
async fn an_address_with_an_account_gets_the_same_answer_and_its_owner_another_mail() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let first = browser.register(ADA, "Ada", GOOD_PASSWORD).await;
    let token = token_in(&app.mail_to(ADA, 0).await);
    browser.post("/verify-email", &[("token", &token)]).await;

    let second = browser.register(ADA, "Ada", "another long secret 12").await;
    assert_eq!(first.essence(ADA), second.essence(ADA));
    let mail = app.mail_to(ADA, 1).await;
    assert!(!mail.contains("token="), "{mail}");
    assert!(mail.contains("/forgot-password"), "{mail}");
    let response = browser.sign_in(ADA, "another long secret 12").await;
    assert_eq!(response.status, 401);
    app.signed_in_as(ADA, GOOD_PASSWORD).await;
}

#[tokio::test]
async fn parallel_registrations_of_one_address_make_one_account() {
    let app = TestApp::start_with(&NO_LIMITS).await;
    let browser = app.anonymous();
    let [a, b, c, d, e, f] = ["ada", "Ada", "aDa", "adA", "ADA", "aDA"].map(|local| {
        let email = format!("{local}@example.test");
        let browser = &browser;
        async move {
            let response = browser.register(&email, "Ada", GOOD_PASSWORD).await;
            response.essence(&email)
        }
    });
    let (a, b, c, d, e, f) = tokio::join!(a, b, c, d, e, f);
    for other in [b, c, d, e, f] {
        assert_eq!(other, a);
    }
    assert!(a.starts_with("200"), "{a}");

    assert_eq!(app.mails_to(ADA).await, 6);
    let mut confirmed = Vec::new();
    for mail in app.sandbox.mailbox().messages_for(ADA) {
        let token = token_in(&mail.text);
        confirmed.push(
            browser
                .post("/verify-email", &[("token", &token)])
                .await
                .status,
        );
    }
    assert_eq!(confirmed, [303, 410, 410, 410, 410, 410]);
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 3);
}

#[tokio::test]
async fn every_form_takes_every_spelling_of_an_address_for_the_same() {
    let app = TestApp::start().await;
    app.register("Ada@Example.test", GOOD_PASSWORD).await;
    app.signed_in_as("ADA@EXAMPLE.TEST", GOOD_PASSWORD).await;
    app.reset_token("ada@example.TEST").await;
    app.anonymous()
        .register("aDA@example.test", "Ada", GOOD_PASSWORD)
        .await;
    let mail = app.mail_to(ADA, 2).await;
    assert!(!mail.contains("token="), "{mail}");
}

async fn register_with(browser: &Browser, password: &str) -> Response {
    browser.register(ADA, "Ada", password).await
}

#[tokio::test]
async fn the_length_of_a_password_is_bounded_on_both_sides_and_never_cut() {
    let app = TestApp::start_with(&NO_LIMITS).await;
    let browser = app.anonymous();
    let numbers: String = (10..)
        .map(|n| format!("{} kites ", n * n))
        .take(20)
        .collect();
    let of_length = |length| numbers.chars().take(length).collect::<String>();
    for (password, status) in [
        (of_length(14), 422),
        (of_length(15), 200),
        ("🦊🍕🎈🚲🌵🎻🧊🪁🐙🍋🚀🧶🔔🥝🐝".to_owned(), 200),
        (of_length(128), 200),
        (of_length(129), 422),
    ] {
        let response = register_with(&browser, &password).await;
        assert_eq!(response.status, status, "{password}");
    }
    let too_short = register_with(&browser, &of_length(14)).await;
    assert!(too_short.body.contains("at least 15 characters"));
    let too_long = register_with(&browser, &of_length(129)).await;
    assert!(too_long.body.contains("at most 128 characters"));

    app.register("long@example.test", &of_length(128)).await;
    let cut = browser.sign_in("long@example.test", &of_length(127)).await;
    assert_eq!(cut.status, 401);
    app.signed_in_as("long@example.test", &of_length(128)).await;
}

#[tokio::test]
async fn a_guessable_password_is_refused_with_the_reason_and_nothing_is_stored() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for (password, reason) in [
        ("ada@example.test", "too similar to your name"),
        ("latchkey latchkey", "too similar to your name"),
        ("aaaaaaaaaaaaaaa", "Avoid repeated characters"),
        ("correcthorsebatterystaple", "This password is too common"),
    ] {
        let response = register_with(&browser, password).await;
        assert_eq!(response.status, 422, "{password}");
        assert!(
            response.body.contains(reason),
            "{password}: {}",
            response.body
        );
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM registrations").await, 0);
    assert_eq!(app.mails_to(ADA).await, 0);
}

#[tokio::test]
async fn a_password_is_taken_exactly_as_typed() {
    let app = TestApp::start().await;
    let typed = "  \u{feff}seven purple\nkites at dusk ";
    app.register(ADA, typed).await;
    let browser = app.anonymous();
    assert_eq!(browser.sign_in(ADA, typed.trim()).await.status, 401);
    assert_eq!(browser.sign_in(ADA, typed).await.status, 303);
    let with_nul = register_with(&app.anonymous(), "seven purple\0kites").await;
    assert_eq!(with_nul.status, 422);
}

#[tokio::test]
async fn fields_that_the_form_does_not_have_change_nothing() {
    let app = TestApp::start().await;
    let form = [
        ("email", ADA),
        ("display_name", "Ada"),
        ("password", GOOD_PASSWORD),
        ("id", "1"),
        ("role", "admin"),
        ("email_verified", "true"),
        ("email_verified_at", "1"),
    ];
    let response = app.anonymous().post("/register", &form).await;
    assert_eq!(response.status, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM users").await, 2);
    let ids = "SELECT COUNT(*) FROM registrations WHERE length(id) = 32";
    assert_eq!(app.count(ids).await, 1);
}

#[tokio::test]
async fn only_the_password_of_the_confirmed_attempt_works() {
    for victim_first in [false, true] {
        let app = TestApp::start().await;
        let attack = "the attackers own secret";
        let token = if victim_first {
            let token = app.registration_token(ADA, GOOD_PASSWORD).await;
            app.registration_token(ADA, attack).await;
            token
        } else {
            app.registration_token(ADA, attack).await;
            app.registration_token(ADA, GOOD_PASSWORD).await
        };
        let browser = app.anonymous();
        let confirmed = browser.post("/verify-email", &[("token", &token)]).await;
        assert_eq!(confirmed.status, 303);
        assert_eq!(browser.sign_in(ADA, attack).await.status, 401);
        assert_eq!(browser.sign_in(ADA, GOOD_PASSWORD).await.status, 303);
    }
}

#[tokio::test]
async fn a_form_sent_twice_registers_once() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let page = browser.get("/register").await.body;
    let hidden = page.split_once("name=\"attempt\" value=\"").unwrap().1;
    let attempt = hidden.split_once('"').unwrap().0;
    let form = [
        ("email", ADA),
        ("display_name", "Ada"),
        ("password", GOOD_PASSWORD),
        ("attempt", attempt),
    ];
    let (first, second) = tokio::join!(
        browser.post("/register", &form),
        browser.post("/register", &form)
    );
    assert_eq!(first.essence(ADA), second.essence(ADA));
    assert_eq!(app.mails_to(ADA).await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM registrations").await, 1);

    let corrected = form.map(|(name, value)| {
        (
            name,
            if name == "email" {
                "ada@example.com"
            } else {
                value
            },
        )
    });
    browser.post("/register", &corrected).await;
    assert_eq!(app.mails_to("ada@example.com").await, 1);
}

#[tokio::test]
async fn a_display_name_is_text_and_bounded() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for name in [
        "x".repeat(81).as_str(),
        "Ada\u{202e}nimdA",
        "Ada\r\nBcc: eve@example.test",
        " ",
    ] {
        let response = browser.register(ADA, name, GOOD_PASSWORD).await;
        assert_eq!(response.status, 422, "{name:?}");
    }
    assert_eq!(app.mails_to(ADA).await, 0);

    let dana = app.signed_in().await;
    let name = "<img src=x onerror=alert(1)>";
    let saved = dana
        .post(
            "/account/profile",
            &[("display_name", name), ("photo_url", "")],
        )
        .await;
    assert_eq!(saved.status, 303);
    let page = dana.get("/account").await.body;
    assert!(!page.contains("<img src=x"), "{page}");
    assert!(page.contains("onerror=alert(1)"), "{page}");
}

#[tokio::test]
async fn closed_registration_is_closed_for_page_and_form() {
    let app = TestApp::start_with(&[("LATCHKEY_REGISTRATION", "closed")]).await;
    let browser = app.anonymous();
    assert_eq!(browser.get("/register").await.status, 404);
    assert_eq!(register_with(&browser, GOOD_PASSWORD).await.status, 404);
    assert_eq!(app.count("SELECT COUNT(*) FROM registrations").await, 0);
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn an_address_that_could_mean_another_mailbox_gets_no_mail() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for email in [
        "\"eve@example.test\"@victim.test",
        "ada@example.test, eve@example.test",
        "ada@example.test;eve@example.test",
        "<ada@example.test>",
        "ada@example.test\r\nBcc: eve@example.test",
        "ada＠example.test",
        "ada@eve@example.test",
        "ada@[127.0.0.1]",
        "ada\0@example.test",
    ] {
        let response = browser.register(email, "Ada", GOOD_PASSWORD).await;
        assert_eq!(response.status, 422, "{email:?}");
        let forgot = browser.post("/forgot-password", &[("email", email)]).await;
        assert_eq!(forgot.status, 422, "{email:?}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM mails").await, 0);
    assert!(app.sandbox.mailbox().messages().is_empty());
}
