//! The demo's data: two users and two chat boxes. Never written in production.

use anyhow::Context;

use crate::{
    accounts::{Accounts, Email, Password, Profile},
    config::HttpConfig,
    handoff::{ChatBox, DEMO_CHAT_BOX, Handoffs},
};

const PASSWORD: &str = "correct horse battery staple";

/// Email address, name, and path of the photo at the sandbox's origin.
const USERS: [(&str, &str, &str); 2] = [
    ("demo@latchkey.localhost", "Dana Demo", "/people/dana.svg"),
    (
        "rival@latchkey.localhost",
        "Riva L. Rival",
        "/people/riva.svg",
    ),
];

/// Writes the demo data. Existing users stay unchanged.
///
/// # Errors
/// If the write fails.
pub async fn seed(
    accounts: &Accounts,
    handoffs: &Handoffs,
    config: &HttpConfig,
) -> anyhow::Result<()> {
    for (email, name, photo) in USERS {
        let photo = config.sandbox.as_ref().map(|sandbox| sandbox.url(photo));
        let profile = Profile::parse(name, photo.as_deref().unwrap_or_default())
            .ok()
            .context("a demo profile is wrong")?;
        let email = Email::parse(email)
            .ok()
            .context("a demo address is wrong")?;
        let password = Password::parse_existing(PASSWORD, accounts.password_rules())
            .ok()
            .context("the demo password is wrong")?;
        accounts.add_user(&email, &profile, password).await?;
    }
    let port = config.addr.port();
    let partner = format!("http://www.partner.localhost:{port}");
    for (id, name, origin) in [
        (DEMO_CHAT_BOX, "Support", config.site_origin.to_string()),
        ("cb_partner", "Partner support", partner),
    ] {
        let return_url = format!("{origin}/");
        handoffs
            .save(&ChatBox::new(id, name, &[origin], &return_url)?)
            .await?;
    }
    Ok(())
}
