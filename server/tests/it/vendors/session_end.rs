//! What ends a session, or its user's right to a credential, while another server is asked.

use crate::harness::{Browser, GOOD_PASSWORD, PASSWORD, RIVA, TestApp};

#[derive(Clone, Copy, Debug)]
pub enum SessionEnd {
    SignOut,
    AnotherUser,
    AnotherAccount,
    PasswordChangedHere,
    PasswordChangedElsewhere,
    PasswordReset,
    Disabled,
}

impl SessionEnd {
    pub const ALL: [Self; 7] = [
        Self::SignOut,
        Self::AnotherUser,
        Self::AnotherAccount,
        Self::PasswordChangedHere,
        Self::PasswordChangedElsewhere,
        Self::PasswordReset,
        Self::Disabled,
    ];

    /// Ends Dana's session in the browser, which shares it with the one that asks for a credential.
    /// `reset_token` is one of hers.
    pub async fn happen(self, app: &TestApp, browser: &Browser, reset_token: &str) {
        let change = [
            ("current_password", PASSWORD),
            ("new_password", GOOD_PASSWORD),
        ];
        let reset = [("token", reset_token), ("new_password", GOOD_PASSWORD)];
        let done = match self {
            Self::SignOut => browser.post("/logout", &[]).await,
            Self::AnotherUser => browser.sign_in(RIVA, PASSWORD).await,
            Self::AnotherAccount => browser.post("/switch-account", &[]).await,
            Self::PasswordChangedHere => browser.post("/account/password", &change).await,
            Self::PasswordChangedElsewhere => {
                let elsewhere = app.signed_in().await;
                elsewhere.post("/account/password", &change).await
            }
            Self::PasswordReset => app.anonymous().post("/reset-password", &reset).await,
            Self::Disabled => return app.execute("UPDATE users SET disabled_at = 1").await,
        };
        assert_eq!(done.status, 303, "{self:?}: {}", done.body);
    }
}
