//! What the pages of the demo's customer site show.

/// What every page of the demo's customer site has around its content.
#[derive(Clone, Debug)]
pub struct SiteFrame {
    pub login_origin: String,
    /// The sandbox's own pages, absolute.
    pub sandbox_url: String,
    /// The parent domain of login and site.
    pub cookie_domain: String,
    /// The vendors that have a page, in the order of the navigation.
    pub vendors: Vec<VendorLink>,
    /// Names under which vendors keep credentials in cookies and storage of the site; a star ends a beginning.
    pub traces: Vec<String>,
}

/// What leads to the page of a vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VendorLink {
    /// The page's path, without the slash.
    pub name: &'static str,
    /// The vendor's name for people.
    pub label: &'static str,
    /// What it offers, in two or three words.
    pub kind: &'static str,
    /// What signing in does there, in a sentence.
    pub headline: &'static str,
}

/// `GET /` of the demo's customer site, with the chat boxes that it embeds.
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
    /// The vendor's script, which draws the box into the element with the id `chat-box-<id>`.
    pub script_url: String,
    /// Whether this site's origin may open its login popup.
    pub allowed: bool,
}

/// `GET /<vendor>` of the demo's customer site.
#[derive(Clone, Debug)]
pub struct VendorPage {
    pub frame: SiteFrame,
    pub showcase: Showcase,
}

/// What a vendor's page shows. The texts are the vendor's folder's own, and go with it.
#[derive(Clone, Debug)]
pub struct Showcase {
    pub link: VendorLink,
    pub intro: String,
    /// Other logins whose users this vendor takes.
    pub other_logins: Vec<OtherLogin>,
    pub exhibits: Vec<Exhibit>,
    /// What a team pastes.
    pub snippets: Vec<Snippet>,
    /// Scripts that come before the page's own, `/vendors/<name>.js`.
    pub scripts: Vec<String>,
    /// What the page's own script has to know: a JSON object.
    pub settings: String,
    /// Path of the vendor's console below the sandbox.
    pub console: &'static str,
}

/// A way to sign in that does not pass our login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherLogin {
    pub label: String,
    pub url: String,
}

/// A widget beside what was signed for it and what the vendor has answered; the page's script fills all three.
#[derive(Clone, Debug)]
pub struct Exhibit {
    /// The vendor's script draws into the element with the id `widget-<id>`.
    pub id: &'static str,
    pub title: &'static str,
    /// What there is to see, in a sentence.
    pub caption: &'static str,
    /// What is signed, and with what.
    pub signed: &'static str,
}

/// Code for somebody's own project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Where it belongs.
    pub title: &'static str,
    pub code: String,
}
