//! A real nginx that distributes requests to several servers.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::Report;
use super::stage::until;
use crate::process::Service;
use crate::{http_probe, repo};

/// The file of its log, which has status, method and path of every response.
const LOG: &str = "statuses.log";

/// A running nginx; stops when dropped.
pub(super) struct Nginx {
    _service: Service,
    folder: PathBuf,
}

impl Nginx {
    /// Listens on `port` and forwards each request to one of the servers on these ports.
    pub(super) fn start(port: u16, servers: &[u16]) -> Result<Self> {
        let folder = env::temp_dir().join(format!("latchkey-nginx-{}-{port}", std::process::id()));
        repo::create_folder(&folder)?;
        let file = folder.join("nginx.conf");
        repo::write(
            &file,
            configuration(&folder.display().to_string(), port, servers),
        )?;
        let Some(program) = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"]
            .map(PathBuf::from)
            .into_iter()
            .find(|program| program.is_file())
        else {
            bail!("nginx is not installed; install your system's package of it.");
        };
        let mut command = Command::new(program);
        command
            .arg("-p")
            .arg(&folder)
            .arg("-c")
            .arg(&file)
            .args(["-e", "stderr"]);
        let mut service = Service::start("nginx", command)?;
        let listens = || http_probe::answers_ok(port, "/health/live");
        if let Err(error) = until("nginx listens", listens) {
            service.check()?;
            return Err(error);
        }
        Ok(Self {
            _service: service,
            folder,
        })
    }

    /// Prints how many responses had each status. One of 500 is a loss, except at paths that begin with one of `excused`:
    /// nginx responds with 502 and 504 if it reaches no server, and a server without its database with 503.
    pub(super) fn check(&self, report: &mut Report, excused: &[&str]) -> Result<()> {
        let log = String::from_utf8_lossy(&repo::read(&self.folder.join(LOG))?).into_owned();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (status, request) in log.lines().filter_map(|line| line.split_once(' ')) {
            *counts.entry(status).or_default() += 1;
            let (_, path) = request.split_once(' ').unwrap_or_default();
            let is_excused = excused.iter().any(|begin| path.starts_with(begin));
            report.expect(
                status != "500" || is_excused,
                format!("a server failed at {request}"),
            );
        }
        let list: Vec<String> = counts
            .iter()
            .map(|(status, count)| format!("{count} × {status}"))
            .collect();
        println!("  responses: {}", list.join(", "));
        Ok(())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // If this fails, the system deletes it with its other temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// nginx passes on what clients claim of themselves unless told otherwise, and drops the port from `$host`.
fn configuration(folder: &str, port: u16, servers: &[u16]) -> String {
    let servers: String = servers
        .iter()
        .map(|port| format!("    server 127.0.0.1:{port} max_fails=1 fail_timeout=1s;\n"))
        .collect();
    format!(
        "daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  log_format statuses '$status $request_method $uri';
  access_log {folder}/{LOG} statuses;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream nodes {{
{servers}    keepalive 16;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://nodes;
      proxy_http_version 1.1;
      proxy_connect_timeout 1s;
      proxy_set_header Connection \"\";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Real-IP \"\";
      proxy_set_header Forwarded \"\";
    }}
  }}
}}
"
    )
}
