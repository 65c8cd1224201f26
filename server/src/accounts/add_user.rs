//! Adding a user without confirming the address by mail, for demo data.

use super::{
    Accounts, Email, Password, Profile, ServiceError,
    store::{self, NewUser},
};

impl Accounts {
    /// Adds a user with a verified address, unless the address has an account. Returns whether the user was
    /// added.
    ///
    /// # Errors
    /// If the hashing queue is overloaded or the write fails.
    pub async fn add_user(
        &self,
        email: &Email,
        profile: &Profile,
        password: Password,
    ) -> Result<bool, ServiceError> {
        if store::password_by_email(self.database.read(), email)
            .await?
            .is_some()
        {
            return Ok(false);
        }
        let hash = self.hasher.hash(password).await?;
        let new = NewUser {
            email: email.as_str(),
            email_key: email.key(),
            display_name: &profile.display_name,
            photo_url: profile.photo_url.as_deref(),
            password_hash: Some(&hash),
        };
        let mut tx = self.database.write().await?;
        let added = store::insert_user(&mut tx, &new, self.clock.now()).await?;
        tx.commit().await?;
        Ok(added.is_some())
    }
}
