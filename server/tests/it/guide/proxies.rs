//! The proxies of `deploy/`, running: nginx with TLS, and Caddy, in front of a server of ours.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
};

use axum::{Router, http::HeaderMap};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use super::document::root;
use crate::support::TestApp;

/// A proxy with the configuration that is shipped, but for its names and ports.
struct Proxy {
    process: Child,
    /// How visitors reach it.
    base: String,
    _folder: TempDir,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Nginx,
    Caddy,
}

impl Proxy {
    /// Starts one in front of `upstream`, such as `127.0.0.1:3000`, and waits until it listens.
    fn start(kind: Kind, upstream: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [plain, secure] = [(); 2].map(|()| free_port());
        let (process, base) = match kind {
            Kind::Nginx => (nginx(folder.path(), upstream, plain, secure), format!("https://127.0.0.1:{secure}")),
            Kind::Caddy => (caddy(folder.path(), upstream, plain), format!("http://127.0.0.1:{plain}")),
        };
        let mut proxy = Proxy { process, base, _folder: folder };
        let port = if matches!(kind, Kind::Nginx) { secure } else { plain };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = proxy.process.try_wait().unwrap();
            assert!(ended.is_none(), "{kind:?} does not run: {}", complaints(&mut proxy.process));
            std::thread::yield_now();
        }
        proxy
    }

    /// What `curl` gets, with its headers; the certificate is our own.
    fn get(&self, path: &str, options: &[&str]) -> String {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--insecure", "--include", "--max-time", "5"]).args(options);
        let output = curl.arg(format!("{}{path}", self.base)).output().expect("curl");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn nginx(folder: &Path, upstream: &str, plain: u16, secure: u16) -> Child {
    let site = fs::read_to_string(root().join("deploy/nginx.conf"))
        .unwrap()
        .replace("server 127.0.0.1:3000;", &format!("server {upstream};"))
        .replace("listen [::]:80;", "")
        .replace("listen [::]:443 ssl http2;", "")
        .replace("listen 80;", &format!("listen 127.0.0.1:{plain};"))
        .replace("listen 443 ssl", &format!("listen 127.0.0.1:{secure} ssl"))
        .replace("/etc/letsencrypt/live/fictures.example", &folder.display().to_string());
    certificate(folder);
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};\n", folder.display()))
        .concat();
    let main = format!("pid nginx.pid; error_log stderr; events {{}}\nhttp {{ access_log off;\n{temporary}{site} }}\n");
    fs::write(folder.join("nginx.conf"), main).unwrap();
    let mut nginx = Command::new("nginx");
    nginx.args(["-g", "daemon off; master_process off;", "-e", "stderr", "-c", "nginx.conf", "-p"]).arg(folder);
    nginx.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("nginx is there; `make test` installs it")
}

fn certificate(folder: &Path) {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=fictures.example"]);
    openssl.args(["-keyout", "privkey.pem", "-out", "fullchain.pem"]).current_dir(folder);
    assert!(openssl.output().expect("openssl").status.success());
}

fn caddy(folder: &Path, upstream: &str, plain: u16) -> Child {
    let site = fs::read_to_string(root().join("deploy/Caddyfile"))
        .unwrap()
        .replace("fictures.example {", &format!("http://127.0.0.1:{plain} {{"))
        .replace("reverse_proxy 127.0.0.1:3000 {", &format!("reverse_proxy {upstream} {{"));
    fs::write(folder.join("Caddyfile"), format!("{{\n\tadmin off\n}}\n{site}")).unwrap();
    let mut caddy = Command::new("caddy");
    caddy.args(["run", "--adapter", "caddyfile", "--config", "Caddyfile"]).current_dir(folder).env("HOME", folder);
    caddy.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("caddy is there; `make test` installs it")
}

fn complaints(process: &mut Child) -> String {
    let pipe = process.stderr.take().expect("a pipe");
    std::io::read_to_string(pipe).unwrap_or_default()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts the proxy in front of `upstream`, and asks it all of these.
async fn asked<const N: usize>(
    kind: Kind,
    upstream: String,
    questions: [(&'static str, Vec<String>); N],
) -> [String; N] {
    let answers = spawn_blocking(move || {
        let proxy = Proxy::start(kind, &upstream);
        questions.map(|(path, options)| proxy.get(path, &options.iter().map(String::as_str).collect::<Vec<_>>()))
    });
    answers.await.unwrap()
}

async fn a_server_is_reached(kind: Kind) {
    let app = TestApp::start_with(&["--trust-proxy=on", "--secure-cookies=on"]).await;
    let base = app.listen().await;
    let upstream = base.trim_start_matches("http://").to_owned();
    let account = r#"{"username":"ada","email":"ada@example.org","password":"a-long-enough-secret","role":"writer"}"#;
    let questions = [
        ("/novels/api/stories", vec![]),
        ("/novels/api/stories", vec![]),
        ("/novels", vec![]),
        ("/api/auth/register", vec!["--json".to_owned(), account.to_owned()]),
        // The stream has no end: what arrives within two seconds was passed on as it came.
        ("/api/events", vec!["--no-buffer".to_owned(), "--max-time".to_owned(), "2".to_owned()]),
    ];

    let [first, again, page, registered, events] = asked(kind, upstream, questions).await;

    assert!(page.contains("<html"), "{page}");
    assert!(first.to_lowercase().contains("x-cache-status: miss"), "{first}");
    assert!(again.to_lowercase().contains("x-cache-status: hit") && again.contains("\"stories\""), "{again}");
    assert!(registered.contains("\"username\":\"ada\"") && registered.contains("; Secure"), "{registered}");
    assert!(events.contains("event: ping"), "{events}");
}

/// What the proxy tells about a visitor who tells lies about where they come from.
async fn a_visitor_cannot_choose_an_address(kind: Kind) {
    let told = |headers: HeaderMap| async move { format!("{headers:?}\n") };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = listener.local_addr().unwrap().to_string();
    let service = Router::new().fallback(told).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let lie = vec!["--header".to_owned(), "X-Forwarded-For: 192.0.2.7, 192.0.2.8".to_owned()];

    let [told] = asked(kind, upstream, [("/", lie)]).await;

    assert!(told.contains(r#""x-forwarded-for": "127.0.0.1""#), "{told}");
    assert!(told.contains(r#""host": "127.0.0.1:"#), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_reached_through_nginx() {
    a_server_is_reached(Kind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_reached_through_caddy() {
    a_server_is_reached(Kind::Caddy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_of_nginx_cannot_choose_an_address() {
    a_visitor_cannot_choose_an_address(Kind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_of_caddy_cannot_choose_an_address() {
    a_visitor_cannot_choose_an_address(Kind::Caddy).await;
}
