//! Who is asking: makes a [`Visitor`] of cookie and address, and writes the cookie that a use case asked for.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{CookieChange, SessionSlot, SessionToken, Visitor};
use domain::user::User;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{api::Problem, router::Server};

/// The name of the session cookie.
pub(crate) const COOKIE: &str = "fictures_session";
/// How long a browser keeps the cookie, in seconds: 60 days, the longest that a session can live.
const MAX_AGE_SECS: u32 = 60 * 24 * 60 * 60;
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Puts a [`Visitor`] into the request, and what its slot says into the answer's cookie.
pub(crate) async fn session(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let slot = SessionSlot::default();
    let (token, address) = (token(request.headers()), address(&server, &request));
    let user = match user(&server, token.as_ref()).await {
        Ok(user) => user,
        Err(error) => return Problem::from(error).into_response(),
    };
    request.extensions_mut().insert(Visitor { user, address, token, slot: slot.clone() });
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    match slot.take() {
        None => {}
        Some(CookieChange::Set(token)) => set_cookie(headers, &server, &token.expose(), MAX_AGE_SECS),
        Some(CookieChange::Remove) => {
            set_cookie(headers, &server, "", 0);
            // What the browser itself kept of this person's answers goes too. Never "storage": unsent text lives there.
            headers.insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""));
        }
    }
    response
}

async fn user(server: &Server, token: Option<&SessionToken>) -> Result<Option<User>, backend::Error> {
    match token {
        Some(token) => server.backend.session(token).await,
        None => Ok(None),
    }
}

/// The secret that the browser presents. Of several cookies with our name the first that can be ours counts.
fn token(headers: &HeaderMap) -> Option<SessionToken> {
    let lists = headers.get_all(header::COOKIE).iter().filter_map(|list| list.to_str().ok());
    let pairs = lists.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, value)| value.parse().ok())
}

fn set_cookie(headers: &mut HeaderMap, server: &Server, value: &str, max_age_secs: u32) {
    let secure = if server.secure_cookies { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age_secs}{secure}");
    if let Ok(cookie) = HeaderValue::try_from(text) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Where a request comes from. Behind a proxy of ours that is the last address of `X-Forwarded-For`, which our proxy
/// wrote; those before it are whatever the client wrote.
fn address(server: &Server, request: &Request) -> IpAddr {
    let forwarded = server.trust_proxy.then(|| last_forwarded(request.headers())).flatten();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    forwarded.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical()
}

fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let secret = "A".repeat(43);
        let cookies = headers(header::COOKIE, &["theme=dark", &format!("a=b; fictures_session={secret}; c=d")]);

        assert_eq!(token(&cookies).map(|token| token.expose()), Some(secret));
    }

    #[test]
    fn a_cookie_that_cannot_be_ours_is_no_session() {
        for text in ["", "fictures_session", "fictures_session=", "fictures_session=x", "x_fictures_session=y; ;=;"] {
            assert_eq!(token(&headers(header::COOKIE, &[text])), None, "{text}");
        }
    }

    #[test]
    fn of_the_forwarded_addresses_the_last_is_the_proxys_own_word() {
        let name = HeaderName::from_static("x-forwarded-for");

        assert_eq!(last_forwarded(&headers(name.clone(), &["6.6.6.6, 192.0.2.7"])), "192.0.2.7".parse().ok());
        assert_eq!(last_forwarded(&headers(name.clone(), &["6.6.6.6", "192.0.2.8"])), "192.0.2.8".parse().ok());
        assert_eq!(last_forwarded(&headers(name, &["nonsense"])), None);
    }
}
