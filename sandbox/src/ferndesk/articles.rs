//! The articles of the help center.

/// An article of the help center.
pub(super) struct Article {
    pub(super) slug: &'static str,
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
    pub(super) paragraphs: &'static [&'static str],
}

/// All articles, in display order.
pub(super) const ARTICLES: [Article; 4] = [
    Article {
        slug: "getting-started",
        title: "Getting started",
        summary: "What your first day looks like, in three steps.",
        paragraphs: &[
            "Create your account, confirm your address, and you are in. Everything else can wait.",
            "If you were invited, use the address that the invitation was sent to: your team is \
             then already there.",
        ],
    },
    Article {
        slug: "change-your-password",
        title: "Change your password",
        summary: "Where to do it, and why long beats complicated.",
        paragraphs: &[
            "Open your account page and choose a new password. Other devices are signed out at once.",
            "Four or five unrelated words are easier to remember than eight special characters, and \
             harder to guess.",
        ],
    },
    Article {
        slug: "export-your-data",
        title: "Export your data",
        summary: "Take everything with you as one archive.",
        paragraphs: &[
            "Ask for an export on your account page. You get a mail with a link as soon as it is ready.",
            "The link works for a day, and only while you are signed in.",
        ],
    },
    Article {
        slug: "talk-to-a-human",
        title: "Talk to a human",
        summary: "How to reach us, and what to tell us first.",
        paragraphs: &[
            "Open the help button in the corner of any page and write to us. If you are signed in, we \
             already know your name and your address.",
            "Tell us what you did, what you saw, and what you expected to see.",
        ],
    },
];

/// The article with this slug.
pub(super) fn find(slug: &str) -> Option<&'static Article> {
    ARTICLES.iter().find(|article| article.slug == slug)
}
