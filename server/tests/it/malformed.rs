//! Bad input for every documented operation: the documented status, one sentence, the field; nothing has changed.

use http::header;
use serde_json::{Map, Value, json};

use crate::support::{Answer, Operation, Person, Things, World};

/// What may hold any character: nobody looks into a password.
const ANYTHING: [&str; 1] = ["password"];

/// A JSON object.
type Object = Map<String, Value>;

/// A server and who may do everything on it: the author, or for the cache tools a developer.
struct Bench {
    world: World,
    things: Things,
    developer: Person,
    document: Value,
}

impl Bench {
    async fn start() -> Self {
        let world = World::start().await;
        let developer = world.somebody(domain::user::Role::Developer).await;
        let document = developer.get("/api/openapi.json").await.json();
        Bench { things: world.things().await, developer, document, world }
    }

    fn person(&self, operation: &Operation) -> &Person {
        if operation.path.starts_with("/studio/api/cache/") { &self.developer } else { &self.world.author }
    }

    async fn send(&self, operation: &Operation, kind: &str, body: impl Into<axum::body::Body>) -> Answer {
        let headers = [(header::CONTENT_TYPE.as_str(), kind)];
        let path = self.things.path(operation);
        self.person(operation).send(operation.method.clone(), &path, &headers, body.into()).await
    }

    /// The operations that take a body, with one that is good, and the properties of its schema.
    fn with_bodies(&self) -> Vec<(&Operation, Object, Object)> {
        let operations = self.world.operations.iter().filter_map(|operation| {
            let schema = &operation.described["requestBody"]["content"]["application/json"]["schema"];
            let pointer = schema["$ref"].as_str()?.strip_prefix('#')?;
            let properties = self.document.pointer(pointer)?["properties"].as_object().cloned().unwrap_or_default();
            let good = self.things.body(operation).unwrap_or(json!({}));
            Some((operation, good.as_object()?.clone(), properties))
        });
        operations.collect()
    }
}

fn with(good: &Map<String, Value>, name: &str, value: Value) -> String {
    let mut body = good.clone();
    body.insert(name.to_owned(), value);
    Value::Object(body).to_string()
}

/// Is one of the schema's types a string, and none of its forms an enum or an id?
fn is_text(schema: &Value) -> bool {
    let types = &schema["type"];
    schema["maxLength"].is_u64()
        && (types == "string" || types.as_array().is_some_and(|all| all.contains(&json!("string"))))
}

#[tokio::test]
async fn what_is_no_json_or_no_object_is_refused() {
    let bench = Bench::start().await;
    let stored = bench.world.dump().await;
    let tower = format!("{{\"a\":{}", "[".repeat(50_000));

    for (operation, good, _) in bench.with_bodies() {
        let is_required = operation.described["requestBody"]["required"] == true;
        let good = Value::Object(good).to_string();
        for body in ["{", "nonsense", "{\"a\":1}}", "{\"a\":\"\u{1}\"}", &format!("{good},"), &tower] {
            bench.send(operation, "application/json", body.to_owned()).await.assert_refused(400, "malformed", None);
        }
        for body in ["[]", "null", "7", "\"title\"", &format!("[{good}]")] {
            bench.send(operation, "application/json", body.to_owned()).await.assert_refused(422, "invalid", None);
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let answer = bench.send(operation, kind, good.clone()).await;
            answer.assert_refused(415, "unsupported_media_type", None);
        }
        if is_required {
            bench.send(operation, "application/json", "").await.assert_refused(400, "malformed", None);
        }
    }

    assert_eq!(bench.world.dump().await, stored);
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let bench = Bench::start().await;
    let stored = bench.world.dump().await;

    for (operation, good, properties) in bench.with_bodies() {
        let unknown = bench.send(operation, "application/json", with(&good, "colour", json!("red"))).await;
        unknown.assert_refused(422, "invalid", Some("colour"));
        for (name, schema) in &properties {
            let wrong = bench.send(operation, "application/json", with(&good, name, json!({ "x": [] }))).await;
            assert_eq!(wrong.status.as_u16(), 422, "{} {name}: {}", operation.id, wrong.text());
            let field = wrong.json()["field"].as_str().unwrap_or_default().to_owned();
            assert!(field.starts_with(name.as_str()), "{} {name}: {field}", operation.id);

            let twice = Value::Object(Map::from_iter([(name.clone(), good.get(name).cloned().unwrap_or(Value::Null))]));
            let once = twice.to_string();
            let inner = &once[1..once.len() - 1];
            let body = format!("{{{inner},{inner}}}");
            let twice = bench.send(operation, "application/json", body).await;
            twice.assert_refused(422, "invalid", Some(name));

            if is_text(schema) {
                let longest = schema["maxLength"].as_u64().and_then(|max| usize::try_from(max).ok()).unwrap();
                let long = with(&good, name, json!("a".repeat(longest + 1)));
                bench.send(operation, "application/json", long).await.assert_refused(422, "invalid", Some(name));
            }
            if is_text(schema) && !ANYTHING.contains(&name.as_str()) {
                let control = with(&good, name, json!("abc\u{0}@example.org"));
                bench.send(operation, "application/json", control).await.assert_refused(422, "invalid", Some(name));
            }
        }
    }

    assert_eq!(bench.world.dump().await, stored);
}

#[tokio::test]
async fn twenty_megabytes_are_too_many_everywhere() {
    let bench = Bench::start().await;
    let stored = bench.world.dump().await;
    let huge = format!("{{\"title\":\"{}\"}}", "a".repeat(20 * 1024 * 1024));
    let length = huge.len().to_string();

    for operation in bench.world.operations.iter().filter(|operation| operation.is_unsafe()) {
        let headers = [(header::CONTENT_TYPE.as_str(), "application/json"), (header::CONTENT_LENGTH.as_str(), &length)];
        let (person, path) = (bench.person(operation), bench.things.path(operation));
        let answer = person.send(operation.method.clone(), &path, &headers, huge.clone().into()).await;
        answer.assert_refused(413, "too_large", None);
    }

    assert_eq!(bench.world.dump().await, stored);
}

#[tokio::test]
async fn a_path_that_names_nothing_is_not_found_however_long() {
    let bench = Bench::start().await;
    let stored = bench.world.dump().await;
    let long = "a".repeat(10_000);

    for operation in &bench.world.operations {
        let parameters: Vec<_> = operation.parameters("path").collect();
        for (name, nonsense) in parameters.iter().flat_map(|name| [(name, long.as_str()), (name, "%00"), (name, "%ff")])
        {
            let template = format!("{{{name}}}");
            let path = bench
                .things
                .path(&Operation { path: operation.path.replace(&template, nonsense), ..operation.clone() });
            let (person, body) = (bench.person(operation), bench.things.body(operation));
            let answer = crate::support::send(person, operation, &path, &[], body).await;
            answer.assert_refused(404, "not_found", None);
        }
    }

    assert_eq!(bench.world.dump().await, stored);
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_malformed() {
    let bench = Bench::start().await;

    for operation in &bench.world.operations {
        let path = bench.things.path(operation);
        for (name, wrong) in [
            ("limit", "0"),
            ("limit", "-1"),
            ("limit", "many"),
            ("after", "made-up"),
            ("after", "%00"),
            ("sort", "best"),
        ] {
            if operation.parameters("query").any(|known| known == name) {
                let answer = bench.person(operation).get(&format!("{path}?{name}={wrong}")).await;
                answer.assert_refused(400, "malformed", Some(name));
            }
        }
    }
}
