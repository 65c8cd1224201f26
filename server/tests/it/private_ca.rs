//! Providers, vendors and mail servers whose certificates a company's own authority has issued.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use server::outbound;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

use crate::harness::{DANA, TestApp};

/// Speaks TLS as `localhost` and passes everything on to `target`.
async fn tls_in_front_of(target: SocketAddr) -> u16 {
    let pem = include_bytes!("../fixtures/localhost_of_company_ca.pem");
    let chain = CertificateDer::pem_slice_iter(pem).map(Result::unwrap);
    let key = PrivateKeyDer::from_pem_slice(pem).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain.collect(), key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut client) = acceptor.accept(stream).await else {
                    return;
                };
                let mut server = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    port
}

#[tokio::test]
async fn a_private_authority_is_trusted_by_both_clients_if_a_setting_says_so() {
    let mail = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    let ca = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/company_ca.pem");
    let smtp = format!("smtps://localhost:{}", tls_in_front_of(mail.smtp).await);
    let settings = [("SSL_CERT_FILE", ca.to_str().unwrap()), ("SMTP_URL", &smtp)];
    let get = async |app: &TestApp| {
        let port = tls_in_front_of(app.addr).await;
        let client = outbound::client(Duration::from_secs(5)).unwrap();
        let url = format!("https://localhost:{port}/health/live");
        client
            .get(url)
            .send()
            .await
            .map(|response| response.status().as_u16())
    };
    let app = TestApp::start().await;
    let error = format!("{:?}", get(&app).await.unwrap_err());
    assert!(error.contains("UnknownIssuer"), "{error}");

    let app = TestApp::start_with(&settings).await;
    assert_eq!(get(&app).await.unwrap(), 200);
    let form = [("email", DANA)];
    app.anonymous().post("/forgot-password", &form).await;
    for _ in 0..500 {
        if !mail.mailbox().messages_for(DANA).is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no mail after five seconds");
}
