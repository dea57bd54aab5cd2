//! The OpenAPI document and the router say the same.

use std::collections::BTreeSet;

use http::Method;
use serde_json::Value;

use crate::support::{Operation, TestApp, operations};

async fn document(app: &TestApp) -> Value {
    app.visitor().get("/api/openapi.json").await.assert_status(200).json()
}

#[tokio::test]
async fn every_operation_says_what_it_is_for_under_a_name_of_its_own() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    assert_eq!(document["openapi"], "3.1.0");

    let operations = operations(&document);

    let ids: BTreeSet<_> = operations.iter().map(|operation| operation.id.clone()).collect();
    assert_eq!(ids.len(), operations.len());
    for operation in &operations {
        assert!(operation.described["summary"].as_str().is_some_and(|text| !text.is_empty()), "{}", operation.id);
    }
}

#[tokio::test]
async fn a_path_takes_exactly_the_methods_that_are_documented() {
    let app = TestApp::start().await;
    let operations = operations(&document(&app).await);
    let paths: BTreeSet<_> = operations.iter().map(|operation| operation.path.clone()).collect();

    for path in paths {
        let documented: BTreeSet<_> = operations
            .iter()
            .filter(|operation| operation.path == path)
            .flat_map(|Operation { method, .. }| {
                // A route for GET answers HEAD too; that goes without saying.
                [Some(method.to_string()), (*method == Method::GET).then(|| "HEAD".to_owned())]
            })
            .flatten()
            .collect();

        let asked = Method::from_bytes(b"TRACE").unwrap();
        let answer = app.visitor().send(asked, &path.replace(['{', '}'], ""), &[], "".into()).await;

        let allowed = answer.assert_refused(405, "method_not_allowed", None).header("allow").unwrap();
        assert_eq!(allowed.split(',').map(str::to_owned).collect::<BTreeSet<_>>(), documented, "{path}");
    }
}

#[tokio::test]
async fn the_parameters_of_a_path_are_documented() {
    let app = TestApp::start().await;

    for operation in operations(&document(&app).await) {
        let in_template: BTreeSet<_> = operation
            .path
            .split('/')
            .filter_map(|word| word.strip_prefix('{')?.strip_suffix('}'))
            .map(str::to_owned)
            .collect();
        let documented: BTreeSet<_> = operation.parameters("path").map(|name| name.to_owned()).collect();
        assert_eq!(documented, in_template, "{}", operation.id);
    }
}

#[tokio::test]
async fn whatever_the_document_refers_to_is_in_it() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let ids: Vec<_> = operations(&document).into_iter().map(|operation| operation.id).collect();
    let mut values = vec![&document];

    while let Some(value) = values.pop() {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            let pointer = target.strip_prefix('#').expect("a place in this document");
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
        if let Some(target) = value.get("operationId").and_then(Value::as_str) {
            assert!(ids.iter().any(|id| id == target), "{target}");
        }
        values.extend(value.as_object().into_iter().flat_map(|object| object.values()));
        values.extend(value.as_array().into_iter().flatten());
    }
}

#[tokio::test]
async fn what_is_created_links_to_all_that_can_be_done_with_it() {
    let app = TestApp::start().await;
    let document = document(&app).await;

    let links = &document["paths"]["/studio/api/stories"]["post"]["responses"]["201"]["links"];

    assert_eq!(links["getStudioStoryById"]["operationId"], "getStudioStoryById");
    assert_eq!(links["getStudioStoryById"]["parameters"]["id"], "$response.body#/story/id");
    assert!(links["putStudioStoryByIdPublication"].is_object(), "{links}");
}
