//! What is true of every route: names, tags, the refusals that layers give, and the links between routes.

use aide::openapi::{
    ApiKeyLocation, Components, Info, Link, LinkOperation, OpenApi, Operation, PathItem, ReferenceOr, Response,
    Responses, SecurityScheme, StatusCode,
};
use indexmap::IndexMap;
use schemars::{Schema, json_schema};

use super::{
    inputs::{SESSION, in_header},
    outputs::{LOCATED, header, json},
};
use crate::middleware::session;

/// Refusals that any request can get.
const ALWAYS: [u16; 3] = [413, 414, 503];
/// Refusals that any unsafe request can get: from another site, with a key that is none, too often.
const UNSAFE: [u16; 3] = [403, 422, 429];

/// An operation, as links refer to it.
struct Target {
    path: String,
    id: String,
    /// May it name the version that it was made from?
    takes_version: bool,
}

/// Adds what the routes do not say one by one.
pub(super) fn complete(api: &mut OpenApi) {
    api.info = Info {
        title: "Fictures".to_owned(),
        description: Some("Novels: written in the studio, read by anyone, talked about by members.".to_owned()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Info::default()
    };
    let cookie = SecurityScheme::ApiKey {
        location: ApiKeyLocation::Cookie,
        name: session::COOKIE.to_owned(),
        description: Some("Set by registering and logging in; ended by logging out.".to_owned()),
        extensions: IndexMap::new(),
    };
    let components = api.components.get_or_insert_with(Components::default);
    components.security_schemes.insert(SESSION.to_owned(), ReferenceOr::Item(cookie));

    let mut targets = Vec::new();
    for_each(api, |path, method, operation| {
        let id = operation_id(method, path);
        let mut parameters = operation.parameters.iter().filter_map(ReferenceOr::as_item);
        let takes_version = parameters.any(|parameter| parameter.parameter_data_ref().name == "If-Match");
        targets.push(Target { path: path.to_owned(), id: id.clone(), takes_version });
        operation.operation_id = Some(id);
        operation.tags = vec![tag(path).to_owned()];
        add_refusals(method, operation);
    });
    for_each(api, |_, _, operation| link(operation, &targets));
}

fn for_each(api: &mut OpenApi, mut work: impl FnMut(&str, &str, &mut Operation)) {
    for (path, item) in api.paths.iter_mut().flat_map(|paths| paths.paths.iter_mut()) {
        let Some(PathItem { get, put, post, delete, patch, .. }) = item.as_item_mut() else { continue };
        let methods = [("get", get), ("put", put), ("post", post), ("delete", delete), ("patch", patch)];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                work(path, method, operation);
            }
        }
    }
}

/// `GET /studio/api/scenes/{id}/revisions` is `getStudioScenesByIdRevisions`.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.split('/').filter(|word| !word.is_empty() && *word != "api").map(|word| {
        let (before, word) = match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            Some(parameter) => ("By", parameter),
            None => ("", word.strip_suffix(".json").unwrap_or(word)),
        };
        let (first, rest) = word.split_at(1);
        format!("{before}{}{rest}", first.to_ascii_uppercase())
    });
    format!("{method}{}", words.collect::<String>())
}

/// Who an operation is for.
fn tag(path: &str) -> &'static str {
    let of = |prefix: &str| path.starts_with(prefix);
    if of("/studio/api/cache/") {
        "cache tools"
    } else if of("/studio/") {
        "studio"
    } else if of("/novels/") {
        "reading"
    } else if of("/community/") {
        "community"
    } else if of("/api/auth/") {
        "accounts"
    } else {
        "server"
    }
}

fn add_refusals(method: &str, operation: &mut Operation) {
    if method != "get" {
        let key = json_schema!({ "type": "string", "pattern": "^[!-~]{1,255}$" });
        let sentence =
            "A retry with the same key and the same request gets the first answer again, and changes nothing.";
        in_header(operation, "Idempotency-Key", sentence, key);
    }
    let Responses { responses, .. } = operation.responses.get_or_insert_with(Responses::default);
    let from_layers = ALWAYS.iter().chain(UNSAFE.iter().filter(|_| method != "get"));
    for status in from_layers {
        responses.entry(StatusCode::Code(*status)).or_insert_with(|| ReferenceOr::Item(problem()));
    }
    for (status, response) in &mut *responses {
        if let (StatusCode::Code(status), Some(response)) = (status, response.as_item_mut()) {
            describe(*status, response);
        }
    }
    responses.sort_by(|one, _, other, _| one.cmp(other));
}

/// An error answer.
fn problem() -> Response {
    Response { content: json(Schema::new_ref("#/components/schemas/Problem".to_owned())), ..Response::default() }
}

/// Says what an error status means, unless a route has said it.
fn describe(status: u16, response: &mut Response) {
    if !response.description.is_empty() {
        return;
    }
    response.description = match status {
        400 => "The JSON or the query cannot be read.",
        401 => "Nobody is signed in.",
        403 => "This account may not do this, or another site asked for it.",
        404 => "It is not there, or not yours to see.",
        409 => "The stored version is another, and comes as `current`; or the name is taken. Nothing was changed.",
        413 => "The body is too large.",
        414 => "The address is too long.",
        415 => "The body does not say that it is JSON.",
        422 => "A value breaks a rule; the field is named. Also: a field nobody knows, a key used for another request.",
        428 => "An edit must name the version that it was made from.",
        429 => "Too often: come back later.",
        503 => "Not now: come back later.",
        _ => "Refused.",
    }
    .to_owned();
    if status == 429 {
        response.headers.insert("Retry-After".to_owned(), header("In how many seconds.", true));
    }
}

/// From what was created to everything that can be done with it.
fn link(operation: &mut Operation, targets: &[Target]) {
    let responses = operation.responses.iter_mut().flat_map(|responses| responses.responses.values_mut());
    for response in responses.filter_map(ReferenceOr::as_item_mut) {
        let Some(located) = response.extensions.shift_remove(LOCATED) else { continue };
        let (Some(path), Some(id)) = (located["path"].as_str(), located["id"].as_str()) else { continue };
        for target in targets.iter().filter(|target| target.path.starts_with(path)) {
            let mut parameters = IndexMap::from([("id".to_owned(), format!("$response.body#{id}").into())]);
            if target.takes_version {
                let version = id.replace("/id", "/version");
                parameters.insert("If-Match".to_owned(), format!("\"v{{$response.body#{version}}}\"").into());
            }
            let link = Link {
                description: None,
                operation: LinkOperation::OperationId(target.id.clone()),
                request_body: None,
                parameters,
                server: None,
                extensions: IndexMap::new(),
            };
            response.links.insert(target.id.clone(), ReferenceOr::Item(link));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::operation_id;

    #[test]
    fn an_operation_is_named_after_its_method_and_path() {
        assert_eq!(operation_id("get", "/studio/api/stories"), "getStudioStories");
        assert_eq!(operation_id("post", "/studio/api/scenes/{id}/move"), "postStudioScenesByIdMove");
        assert_eq!(operation_id("get", "/api/openapi.json"), "getOpenapi");
    }
}
