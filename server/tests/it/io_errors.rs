//! A file that can be read and not written, as on a disk with errors: the system refuses every write of a running
//! server for a while.

use reqwest::Method;
use rustix::process::{Resource, Rlimit, getrlimit, prlimit};

use crate::harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, Process, file_url};

/// A request that writes: its form, in which # is the number of the try, whether it needs a session, and its status when all is well.
type Write = (
    Method,
    &'static str,
    &'static [(&'static str, &'static str)],
    bool,
    u16,
);

const WRITES: [Write; 7] = [
    (
        Method::POST,
        "/login",
        &[("email", DANA), ("password", PASSWORD)],
        false,
        303,
    ),
    (
        Method::POST,
        "/register",
        &[
            ("email", "ada@example.test"),
            ("display_name", "Ada"),
            ("password", GOOD_PASSWORD),
        ],
        false,
        200,
    ),
    (
        Method::POST,
        "/forgot-password",
        &[("email", DANA)],
        false,
        200,
    ),
    (Method::GET, "/oauth/sso/start", &[], false, 303),
    (
        Method::POST,
        "/account/profile",
        &[("display_name", "Dana #"), ("photo_url", "")],
        true,
        303,
    ),
    (
        Method::POST,
        "/account/password",
        &[
            ("current_password", "a wrong password 1"),
            ("new_password", GOOD_PASSWORD),
        ],
        true,
        422,
    ),
    (Method::POST, "/logout", &[], true, 303),
];

/// Limits the size of the files that a program may write: beyond it, writes fail with EFBIG.
fn limit_files(process: &Process, bytes: Option<u64>) {
    let maximum = getrlimit(Resource::Fsize).maximum;
    let limit = Rlimit {
        current: bytes.or(maximum),
        maximum,
    };
    prlimit(Some(process.id()), Resource::Fsize, limit).unwrap();
}

#[tokio::test]
async fn after_io_errors_every_request_writes_again_without_a_restart() {
    let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = file_url(folder.path());
    let settings = [
        ("DATABASE_URL", url.as_str()),
        ("LATCHKEY_LIMIT_MAIL_BURST", "1000"),
    ];
    let process = Process::start(&sandbox, folder.path(), &settings).await;
    let lasting = process.anonymous();
    assert_eq!(lasting.sign_in(DANA, PASSWORD).await.status, 303);
    for (method, path, form, needs_session, status) in WRITES {
        for number in 0..3 {
            let form: Vec<_> = form
                .iter()
                .map(|(name, value)| (*name, value.replace('#', &number.to_string())))
                .collect();
            let browser = process.anonymous();
            if needs_session {
                assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303, "{path}");
            }
            let send = async |browser: &Browser| {
                let request = browser.own_page(browser.request(method.clone(), path));
                browser.send(request.form(&form)).await
            };
            limit_files(&process, Some(0));
            let response = send(&browser).await;
            assert_eq!(response.status, 503, "{path}: {}", response.body);
            limit_files(&process, None);
            assert_eq!(browser.is_signed_in().await, needs_session, "{path}");
            let response = send(&browser).await;
            assert_eq!(response.status, status, "{path}: {}", response.body);
        }
    }
    assert!(lasting.is_signed_in().await);
}
