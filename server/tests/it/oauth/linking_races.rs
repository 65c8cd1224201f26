//! Linking and removing sign-in methods at the same moment, in another order, or in another user's session.

use futures_util::future::join_all;

use super::{
    callback_url, choose, identities,
    linking::{begin_link, link, removals},
    sign_in_as, users,
};
use crate::harness::{DANA, GOOD_PASSWORD, TestApp};

const VERA: &str = "vera@people.example";

#[tokio::test]
async fn who_registered_the_address_without_owning_it_has_nothing_of_the_account() {
    let app = TestApp::start().await;
    let token = app.registration_token(VERA, GOOD_PASSWORD).await;
    let vera = app.anonymous();
    let response = sign_in_as(&app, &vera, "vera-verified").await;
    assert_eq!(response.location(), "/account", "nothing blocks her");
    let attacker = app.anonymous();
    let confirmed = attacker.post("/verify-email", &[("token", &token)]).await;
    assert_eq!(confirmed.status, 410);
    assert_eq!(attacker.sign_in(VERA, GOOD_PASSWORD).await.status, 401);
    assert_eq!(users(&app).await, 3);
    assert!(vera.is_signed_in().await);
}

#[tokio::test]
async fn ten_links_at_once_make_one_row() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let mut backs = Vec::new();
    for _ in 0..10 {
        backs.push(choose(&app, &begin_link(&dana).await, "vera-verified").await);
    }
    for response in join_all(backs.iter().map(|back| dana.get(back))).await {
        assert_eq!(response.location(), "/account?notice=account-linked");
    }
    assert_eq!(identities(&app).await, 1);
    let removal = removals(&dana).await.remove(0);
    let removed = join_all((0..10).map(|_| dana.post(&removal, &[]))).await;
    let done = removed
        .iter()
        .filter(|response| response.status == 303)
        .count();
    let gone = removed
        .iter()
        .filter(|response| response.status == 404)
        .count();
    assert_eq!((done, gone), (1, 9));
}

#[tokio::test]
async fn two_last_ways_removed_at_once_leave_one() {
    let app = TestApp::start().await;
    let vera = app.anonymous();
    sign_in_as(&app, &vera, "vera-verified").await;
    link(&app, &vera, "nora-nomail").await;
    let removals = removals(&vera).await;
    assert_eq!(removals.len(), 2);
    join_all(removals.iter().map(|path| vera.post(path, &[]))).await;
    assert_eq!(identities(&app).await, 1);
}

#[tokio::test]
async fn two_users_who_link_the_same_at_once_do_not_share_it() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let riva = app
        .signed_in_as(crate::harness::RIVA, crate::harness::PASSWORD)
        .await;
    let mut links = Vec::new();
    for user in [&dana, &riva] {
        links.push(choose(&app, &begin_link(user).await, "vera-verified").await);
    }
    let (first, second) = tokio::join!(dana.get(&links[0]), riva.get(&links[1]));
    let mut ends = [first.location(), second.location()];
    ends.sort_unstable();
    assert_eq!(
        ends,
        [
            "/account?notice=account-linked",
            "/account?problem=identity-taken"
        ]
    );
    assert_eq!(identities(&app).await, 1);
}

#[tokio::test]
async fn many_first_sign_ins_of_one_person_at_once_make_one_account() {
    let app = TestApp::start().await;
    let browsers: Vec<_> = (0..6).map(|_| app.anonymous()).collect();
    let mut backs = Vec::new();
    for browser in &browsers {
        backs.push(callback_url(&app, browser, "vera-verified").await);
    }
    let pairs = browsers.iter().zip(&backs);
    for response in join_all(pairs.map(|(browser, back)| browser.get(back))).await {
        assert_eq!(response.location(), "/account");
    }
    assert_eq!((users(&app).await, identities(&app).await), (3, 1));
}

#[tokio::test]
async fn anyone_who_was_signed_in_before_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    browser.post("/continue", &[("chatBoxId", "cb_demo")]).await;
    sign_in_as(&app, &browser, "mallory-mirror").await;
    let before = browser.session();
    sign_in_as(&app, &browser, "vera-verified").await;
    assert_ne!(browser.session(), before);
    assert!(browser.get("/account").await.body.contains(VERA));
    let handoff = browser.get("/handoff?chatBoxId=cb_demo").await;
    assert_eq!(handoff.status, 303, "Dana's consent is not Vera's");
    let old = app.anonymous();
    old.set_cookie("latchkey", &before);
    assert!(!old.is_signed_in().await);
    browser.sign_in(DANA, crate::harness::PASSWORD).await;
    assert_eq!(identities(&app).await, 1, "what waited is forgotten");
}

#[tokio::test]
async fn a_session_that_another_user_has_planted_stays_a_strangers() {
    let app = TestApp::start().await;
    let attacker = app.anonymous();
    sign_in_as(&app, &attacker, "nora-nomail").await;
    let planted = attacker.session();
    let victim = app.anonymous();
    victim.set_cookie("latchkey", &planted);
    sign_in_as(&app, &victim, "vera-verified").await;
    assert!(victim.is_signed_in().await && !attacker.is_signed_in().await);
    assert_ne!(victim.session(), planted);
}
