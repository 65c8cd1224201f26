//! The demo's chat boxes, as an administrator would set them up in Knoon's dashboard.

use super::organizations::OTHER_ORGANIZATION;

/// One chat box: its public id, its name, who owns it, and its "Sign in" switch.
#[derive(Debug, Clone)]
pub(super) struct ChatBox {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) org_id: String,
    pub(super) sign_in_enabled: bool,
}

/// The chat boxes of all organizations. One belongs to another organization and one has sign-in switched off,
/// so that tests can catch a host that does not check.
pub(super) struct ChatBoxes(Vec<ChatBox>);

impl ChatBoxes {
    pub(super) fn demo(org_id: &str) -> Self {
        let chat_box = |id, name, org_id: &str, sign_in_enabled| ChatBox {
            id,
            name,
            org_id: org_id.to_owned(),
            sign_in_enabled,
        };
        Self(vec![
            chat_box("cb_demo", "Support", org_id, true),
            chat_box("cb_partner", "Partner support", org_id, true),
            chat_box("cb_disabled", "Sign-in switched off", org_id, false),
            chat_box(
                "cb_foreign",
                "Another company's box",
                OTHER_ORGANIZATION,
                true,
            ),
        ])
    }

    pub(super) fn find(&self, id: &str) -> Option<&ChatBox> {
        self.0.iter().find(|chat_box| chat_box.id == id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &ChatBox> {
        self.0.iter()
    }
}
