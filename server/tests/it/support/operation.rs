//! The routes, as the OpenAPI document lists them: tests that walk these cannot forget one.

use http::Method;
use serde_json::Value;

/// A documented operation.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    /// The template, e.g. `/studio/api/story/{id}`.
    pub(crate) path: String,
    /// All that the document says about it.
    pub(crate) described: Value,
}

impl Operation {
    /// The names of the parameters in `place`: `path`, `query` or `header`.
    pub(crate) fn parameters<'a>(&'a self, place: &'a str) -> impl Iterator<Item = &'a str> {
        let all = self.described["parameters"].as_array().into_iter().flatten();
        all.filter(move |parameter| parameter["in"] == place).filter_map(|parameter| parameter["name"].as_str())
    }
}

/// All operations of a document.
pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("paths");
    let items = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("methods");
        methods.iter().map(move |(method, described)| (path, method, described))
    });
    items
        .map(|(path, method, described)| Operation {
            id: described["operationId"].as_str().expect("a name").to_owned(),
            method: method.to_uppercase().parse().expect("a method"),
            path: path.clone(),
            described: described.clone(),
        })
        .collect()
}
