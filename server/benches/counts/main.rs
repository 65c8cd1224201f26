//! What the server does often, each alone, for `cargo xtask bench counts`: it runs this program under Valgrind, which
//! counts the instructions of [`measured`]. Without a name, this program prints the compiler of the committed figures, and for
//! every way its name, how often it is run, and its figure.
//!
//! One thread, one user, and a clock that stands still. Every way is run before it is counted, so that what happens only
//! once does not count: connections, prepared statements, caches. The threads on which SQLite writes do not count either.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may panic if it cannot continue"
)]

mod ferndesk;
mod stage;
mod zendesk;

use std::hint::black_box;

use serde_json::{Map, json};
use server::handoff::{Credential, DEMO_CHAT_BOX, Redemption};

use stage::Stage;

/// The compiler of the figures below; another one compiles other instructions.
const COMPILER: &str = "rustc 1.95.0";

/// How often a way is run while it is counted.
const TIMES: usize = 50;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Something that the server does often.
struct Way {
    name: &'static str,
    /// The variables that it needs.
    settings: &'static [(&'static str, &'static str)],
    /// Does it once.
    run: fn(&Stage),
    /// The instructions when they were last counted.
    instructions: u64,
}

/// The ways of the vendors.
macro_rules! vendors {
    ($($vendor:ident,)+) => {
        const VENDORS: &[Way] = &[$( $vendor::WAY, )+];
    };
}

vendors! {
    ferndesk,
    zendesk,
}

const OWN: &[Way] = &[
    Way {
        name: "session",
        settings: &[],
        run: |stage| stage.respond(stage.signed_in("/api/viewer")),
        instructions: 64_133,
    },
    Way {
        name: "login-page",
        settings: &[],
        run: |stage| stage.respond(stage.get("/login")),
        instructions: 223_069,
    },
    Way {
        name: "account-page",
        settings: &[],
        run: |stage| stage.respond(stage.signed_in("/account")),
        instructions: 499_796,
    },
    Way {
        name: "handoff-code",
        settings: &[],
        run: hand_off,
        instructions: 131_989,
    },
];

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    let ways = VENDORS.iter().chain(OWN);
    let Some(way) = ways.clone().find(|way| way.name == name) else {
        println!("{COMPILER}");
        ways.for_each(|way| println!("{} {TIMES} {}", way.name, way.instructions));
        return;
    };
    let stage = Stage::new(way.settings);
    for _ in 0..TIMES {
        (way.run)(&stage);
    }
    measured(way.run, &stage);
}

/// What is counted.
#[inline(never)]
fn measured(run: fn(&Stage), stage: &Stage) {
    for _ in 0..TIMES {
        run(black_box(stage));
    }
}

/// A credential is stored under a code, which is redeemed.
fn hand_off(stage: &Stage) {
    let handoffs = &stage.state.handoffs;
    let data = json!({ "jwt": "header.payload.signature", "expiresAt": "2026-01-01T01:00:00Z" });
    let credential = Credential {
        data: Map::from_iter(data.as_object().unwrap().clone()),
        expires_at: None,
    };
    let redeemed = stage.runtime.block_on(async {
        let chat_box = handoffs.chat_box(DEMO_CHAT_BOX).await.unwrap().unwrap();
        let now = stage.now();
        let code = handoffs
            .issue_code(&stage.session, &chat_box, CHALLENGE, &credential, now)
            .await
            .unwrap();
        let redemption = Redemption {
            code: &code,
            verifier: VERIFIER,
            origin: &chat_box.return_origin(),
        };
        handoffs.redeem_code(&chat_box, redemption, now).await
    });
    assert!(redeemed.unwrap().is_some());
}
