//! `cargo xtask dev`: runs the demo, rebuilds what a changed file affects, and reloads the browser.
//!
//! Changes are detected by polling the files' modification times, since a few hundred files need no library
//! for it.

mod reload;
mod watch;

use std::fs;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;

use crate::assets::{self, Frontend, Profile};
use crate::demo::{Demo, Options, report};
use crate::process::{self, Background};
use crate::{repo, steps};
use reload::Reload;
use watch::{Changes, Watch};

const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// Builds and starts the demo, and rebuilds it after every change until it is stopped.
pub(crate) fn run(options: &Options) -> Result<()> {
    process::listen_for_stop()?;
    let Some(demo) = Demo::start(options)? else {
        return Ok(());
    };
    let mut session = Session::start(demo)?;
    let mut watch = Watch::start(&repo::root())?;
    println!("  Watching for changes.\n");
    while !process::stop_requested() {
        session.take_islands()?;
        let changes = watch.changes()?;
        if changes.any() {
            session.follow(changes);
        }
        wait(POLL_INTERVAL);
    }
    println!("\nStopping.");
    drop(session.islands);
    session.demo.pair.stop();
    Ok(())
}

fn wait(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time && !process::stop_requested() {
        process::pause();
    }
}

/// A running demo and its build in the background.
struct Session {
    demo: Demo,
    reload: Reload,
    /// `None` while no islands are being built.
    islands: Option<Background<Frontend>>,
    /// The names of the islands that pages load.
    frontend: Option<Frontend>,
}

impl Session {
    fn start(mut demo: Demo) -> Result<Self> {
        let reload = Reload::install(&demo.site)?;
        let islands = Some(demo.build_islands());
        Ok(Self {
            demo,
            reload,
            islands,
            frontend: None,
        })
    }

    /// Takes over the islands that were built in the background, and reloads pages if they have changed.
    fn take_islands(&mut self) -> Result<()> {
        let Some(outcome) = self.islands.as_mut().and_then(Background::outcome) else {
            return Ok(());
        };
        self.islands = None;
        report(&outcome);
        if let Ok(frontend) = outcome
            && self.frontend.as_ref() != Some(&frontend)
        {
            self.frontend = Some(frontend);
            self.reload.pages()?;
        }
        Ok(())
    }

    /// Rebuilds after a change. If that fails, the session goes on, since the next change may succeed.
    fn follow(&mut self, changes: Changes) {
        let start = Instant::now();
        match self.rebuild(changes) {
            Ok(()) => println!("• Up to date after {:.1} s", start.elapsed().as_secs_f32()),
            Err(_) if process::stop_requested() => {}
            Err(error) => eprintln!("\n{error:#}\nWaiting for the next change."),
        }
    }

    fn rebuild(&mut self, changes: Changes) -> Result<()> {
        // Cargo would make the build of the programs wait for that of the islands.
        let interrupted = changes.programs && self.islands.take().is_some();
        if changes.style {
            let css = assets::restyle(&self.demo.site)?;
            self.reload.style(css)?;
        }
        if changes.programs {
            self.rebuild_programs()?;
        }
        if changes.files || changes.programs {
            self.reload.pages()?;
        }
        if changes.islands || interrupted {
            // Cancel the running build before the next one begins.
            self.islands = None;
            self.islands = Some(self.demo.build_islands());
        }
        Ok(())
    }

    fn rebuild_programs(&mut self) -> Result<()> {
        let [server, sandbox] = [built("latchkey")?, built("latchkey-sandbox")?];
        steps::headline("Server and sandbox", || {
            assets::build_programs(Profile::Dev)
        })?;
        if built("latchkey-sandbox")? != sandbox {
            self.demo.restart()
        } else if built("latchkey")? != server || self.demo.pair.check().is_err() {
            self.demo.restart_server()
        } else {
            Ok(())
        }
    }
}

/// When a program was last built.
fn built(name: &str) -> Result<Option<SystemTime>> {
    let file = repo::binaries()?.join(name);
    Ok(fs::metadata(file).and_then(|data| data.modified()).ok())
}
