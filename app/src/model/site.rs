//! Models of the demo site's pages.

/// What every page of the demo site needs for its header and footer.
#[derive(Clone, Debug)]
pub struct SiteFrame {
    pub login_origin: String,
    /// Absolute URL of the sandbox.
    pub sandbox_url: String,
    /// The common parent domain of login and site.
    pub cookie_domain: String,
    /// The vendors with a showcase, in navigation order.
    pub vendors: Vec<VendorLink>,
    /// Names of the cookies and storage entries in which vendors keep credentials on the site. A trailing `*` matches a prefix.
    pub traces: Vec<String>,
}

/// A link to a vendor's showcase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VendorLink {
    /// Path of the page, without the slash.
    pub name: &'static str,
    /// The vendor's display name.
    pub label: &'static str,
    /// The product category, in two or three words.
    pub kind: &'static str,
    /// What signing in does there, in one sentence.
    pub headline: &'static str,
}

/// `GET /` of the demo site, with its chat boxes.
#[derive(Clone, Debug)]
pub struct Site {
    pub frame: SiteFrame,
    pub chat_boxes: Vec<SiteChatBox>,
    /// The script that connects the chat boxes with `latchkey.js`, if there are any.
    pub chat_script: Option<String>,
}

/// A chat box embedded in the demo site.
#[derive(Clone, Debug)]
pub struct SiteChatBox {
    pub id: String,
    pub name: String,
    /// The vendor's script, which renders the chat box into the element with the ID `chat-box-<id>`.
    pub script_url: String,
    /// Whether this site's origin may open its login popup.
    pub allowed: bool,
}

/// `GET /<vendor>` of the demo site.
#[derive(Clone, Debug)]
pub struct VendorPage {
    pub frame: SiteFrame,
    pub showcase: Showcase,
}

/// A vendor's demo page. Its texts live in the vendor's folder and are removed with it.
#[derive(Clone, Debug)]
pub struct Showcase {
    pub link: VendorLink,
    pub intro: String,
    /// Upstream logins whose users this vendor accepts.
    pub other_logins: Vec<OtherLogin>,
    pub exhibits: Vec<Exhibit>,
    /// Integration code to copy.
    pub snippets: Vec<Snippet>,
    /// URLs of scripts to load before the page's own, `/vendors/<name>.js`.
    pub scripts: Vec<String>,
    /// Settings of the page's own script: a JSON object.
    pub settings: String,
    /// Path of the vendor's console in the sandbox.
    pub console: &'static str,
}

/// A sign-in link of an upstream login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherLogin {
    pub label: String,
    pub url: String,
}

/// A widget beside its token and the vendor's response. The page's script fills all three.
#[derive(Clone, Debug)]
pub struct Exhibit {
    /// The vendor's script renders into the element with the ID `widget-<id>`.
    pub id: &'static str,
    pub title: &'static str,
    /// What the widget shows, in one sentence.
    pub caption: &'static str,
    /// What is signed, and with which key.
    pub signed: &'static str,
}

/// Integration code to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Where to put it.
    pub title: &'static str,
    pub code: String,
}
