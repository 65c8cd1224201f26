//! Making a user whose address is known to be theirs, without a mail: for demo data and operators.

use super::{
    Accounts, Email, Hindrance, Password, Profile,
    store::{self, PendingRegistration},
};
use crate::random;

impl Accounts {
    /// Adds a user, unless the address has an account; whether it was added.
    ///
    /// # Errors
    /// If the password cannot be hashed for now, or the database does not take it.
    pub async fn add_user(
        &self,
        email: &Email,
        profile: &Profile,
        password: Password,
    ) -> Result<bool, Hindrance> {
        if store::password_by_email(self.database.read(), email)
            .await?
            .is_some()
        {
            return Ok(false);
        }
        let user = PendingRegistration {
            id: random::uid(),
            email: email.as_str().to_owned(),
            email_key: email.key().to_owned(),
            display_name: profile.display_name.clone(),
            password_hash: self.hasher.hash(password).await?,
        };
        let mut tx = self.database.write().await?;
        let added = store::insert_user(&mut tx, &user, self.clock.now()).await?;
        if let Some(user_id) = &added {
            store::set_profile(
                &mut tx,
                user_id,
                &profile.display_name,
                profile.photo_url.as_deref(),
            )
            .await?;
        }
        tx.commit().await?;
        Ok(added.is_some())
    }
}
