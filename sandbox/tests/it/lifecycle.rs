//! Starting and stopping.

use clap::CommandFactory;
use sandbox::Config;
use tokio::net::TcpStream;

use crate::harness::Sandbox;

#[tokio::test]
async fn health_answers_ok() {
    let reply = Sandbox::start().await.get("/health").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "ok"));
}

#[tokio::test]
async fn dropping_it_frees_both_ports() {
    let sandbox = Sandbox::start().await;
    let (http, smtp) = (sandbox.running.http, sandbox.running.smtp);
    drop(sandbox);
    tokio::task::yield_now().await;
    assert!(TcpStream::connect(http).await.is_err());
    assert!(TcpStream::connect(smtp).await.is_err());
}

#[tokio::test]
async fn stopping_it_ends_what_it_started() {
    let sandbox = Sandbox::start().await;
    let http = sandbox.running.http;
    sandbox.running.stop().await;
    assert!(TcpStream::connect(http).await.is_err());
}

#[tokio::test]
async fn an_address_in_use_is_named_with_its_setting() {
    let first = Sandbox::start().await;
    let config = Config {
        addr: first.running.http,
        ..Config::ephemeral()
    };
    let error = sandbox::start(config).await.err().unwrap().to_string();
    assert!(error.contains(&first.running.http.to_string()), "{error}");
    assert!(error.contains("SANDBOX_ADDR"), "{error}");
}

#[test]
fn the_services_take_no_flag_of_each_other() {
    Config::command().debug_assert();
}
