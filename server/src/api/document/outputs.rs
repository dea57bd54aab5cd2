//! What a route gives.

use aide::{
    OperationOutput,
    generate::GenContext,
    openapi::{
        Header, HeaderStyle, MediaType, Operation, ParameterSchemaOrContent, ReferenceOr, Response as Described,
    },
};
use domain::{studio::Backup, user::UserAnswer};
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Map, Value, json};

use super::{
    Document,
    inputs::{in_header, schema_object},
};
use crate::api::{
    Problem,
    answer::{Created, Done, File, Located, Plain, Shown, SignedUp, Stored},
    events::Events,
    metrics::{Accepted, Exposition, Table},
};

/// Where a described answer keeps what its links are made of, until all routes are known.
pub(super) const LOCATED: &str = "x-located";

type Answers = Vec<(Option<u16>, Described)>;

impl<T: JsonSchema> OperationOutput for Shown<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Answers {
        let text = || json_schema!({ "type": "string" });
        in_header(operation, "If-None-Match", "The `ETag` of an answer that is already there.", text());
        in_header(operation, "X-Cache-Clock", "The answer must not be older than this; as it came.", text());
        let shown = Described { headers: read_headers(), ..json_of::<T>(ctx, "The view.") };
        let description = "The client has this view already.".to_owned();
        let known = Described { description, headers: read_headers(), ..Described::default() };
        vec![(Some(200), shown), (Some(304), known)]
    }
}

impl<T: JsonSchema> OperationOutput for Stored<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Answers {
        let headers = write_headers();
        vec![(Some(200), Described { headers, ..json_of::<T>(ctx, "It is written; this is how it stands now.") })]
    }
}

impl<T: JsonSchema + Located> OperationOutput for Created<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Answers {
        let mut headers = write_headers();
        headers.insert("Location".to_owned(), header("Where it is.", true));
        let located = json!({ "path": T::PATH, "id": T::ID });
        let extensions = IndexMap::from([(LOCATED.to_owned(), located)]);
        vec![(Some(201), Described { headers, extensions, ..json_of::<T>(ctx, "It is there now.") })]
    }
}

impl<T: JsonSchema> OperationOutput for Plain<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Answers {
        vec![(Some(200), json_of::<T>(ctx, "How it stands now; never cached."))]
    }
}

impl OperationOutput for File {
    type Inner = Backup;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Answers {
        let mut content = json(ctx.schema.subschema_for::<Backup>());
        for kind in ["text/markdown", "text/html", "text/plain", "application/epub+zip"] {
            let schema = Some(schema_object(json_schema!({ "type": "string" })));
            content.insert(kind.to_owned(), MediaType { schema, ..MediaType::default() });
        }
        let headers = headers(&[("Content-Disposition", "A name for the file, made of the title.", true)]);
        vec![(Some(200), Described { description: "The file.".to_owned(), content, headers, ..Described::default() })]
    }
}

impl OperationOutput for Events {
    type Inner = String;

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Answers {
        let description = "Server-sent events, each with a position in the history of writes as its id. \
            `invalidate`: `{tags, pageTypes, clock, entity, action, mutation, at}`, these views are stale. \
            `reset`: `{clock}`, something may not have been told; ask again for everything. \
            `ping`: `{clock}`, first of all and every 15 seconds; everything up to here was told."
            .to_owned();
        let schema = Some(schema_object(json_schema!({ "type": "string" })));
        let content = IndexMap::from([("text/event-stream".to_owned(), MediaType { schema, ..MediaType::default() })]);
        vec![(Some(200), Described { description, content, ..Described::default() })]
    }
}

impl OperationOutput for Accepted {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Answers {
        vec![(Some(202), Described { description: "Taken.".to_owned(), ..Described::default() })]
    }
}

impl OperationOutput for Exposition {
    type Inner = String;

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Answers {
        let description = "Counters, gauges and histograms in the text format of Prometheus.".to_owned();
        let schema = Some(schema_object(json_schema!({ "type": "string" })));
        let content = IndexMap::from([("text/plain".to_owned(), MediaType { schema, ..MediaType::default() })]);
        vec![(Some(200), Described { description, content, ..Described::default() })]
    }
}

impl OperationOutput for Table {
    type Inner = String;

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Answers {
        let description = "A table as RFC 4180 has it, with a header.".to_owned();
        let schema = Some(schema_object(json_schema!({ "type": "string" })));
        let content = IndexMap::from([("text/csv".to_owned(), MediaType { schema, ..MediaType::default() })]);
        let headers = headers(&[("Content-Disposition", "A name for the file, with the range in it.", true)]);
        vec![(Some(200), Described { description, content, headers, ..Described::default() })]
    }
}

impl OperationOutput for SignedUp {
    type Inner = UserAnswer;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Answers {
        vec![(Some(201), json_of::<UserAnswer>(ctx, "The account is there, and signed in."))]
    }
}

impl OperationOutput for Done {
    type Inner = ();

    fn inferred_responses(_: &mut GenContext, _: &mut Operation) -> Answers {
        vec![(Some(204), Described { description: "Done.".to_owned(), ..Described::default() })]
    }
}

impl OperationOutput for Problem {
    type Inner = Problem;

    /// A refusal that a route names; what its status means is added with those of the others.
    fn operation_response(ctx: &mut GenContext, _: &mut Operation) -> Option<Described> {
        Some(json_of::<Problem>(ctx, ""))
    }
}

impl OperationOutput for Document {
    type Inner = Document;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Answers {
        vec![(Some(200), json_of::<Map<String, Value>>(ctx, "OpenAPI 3.1."))]
    }
}

/// Refusals with these statuses.
pub(super) fn refusals(ctx: &mut GenContext, statuses: &[u16]) -> Answers {
    statuses.iter().map(|status| (Some(*status), json_of::<Problem>(ctx, ""))).collect()
}

fn json_of<T: JsonSchema>(ctx: &mut GenContext, sentence: &str) -> Described {
    Described {
        description: sentence.to_owned(),
        content: json(ctx.schema.subschema_for::<T>()),
        ..Described::default()
    }
}

/// JSON of this schema.
pub(super) fn json(schema: Schema) -> IndexMap<String, MediaType> {
    let media = MediaType { schema: Some(schema_object(schema)), ..MediaType::default() };
    IndexMap::from([("application/json".to_owned(), media)])
}

fn read_headers() -> IndexMap<String, ReferenceOr<Header>> {
    headers(&[
        ("X-Cache-Status", "What the server's cache did: `HIT`, `MISS`, `STALE` or `BYPASS`.", true),
        ("Cache-Status", "The same, in the words of RFC 9211.", true),
        ("X-Cache-Clock", "A position in the history of writes: the answer is as new as this.", true),
        ("ETag", "Changes whenever the answer does.", true),
        ("Cache-Control", "Who may keep the answer.", true),
    ])
}

fn write_headers() -> IndexMap<String, ReferenceOr<Header>> {
    headers(&[
        ("X-Cache-Invalidate", "The page types to look at again, with commas between them.", true),
        ("X-Cache-Invalidate-Keys", "The tags that are stale now, as a JSON array; left out when too long.", false),
        ("X-Cache-Invalidate-Timestamp", "When it happened; for people.", true),
        ("X-Cache-Clock", "The position of this write in the history of writes.", true),
        ("Cache-Group-Invalidation", "The same tags, in the words of RFC 9875.", false),
    ])
}

fn headers(described: &[(&str, &str, bool)]) -> IndexMap<String, ReferenceOr<Header>> {
    described.iter().map(|(name, sentence, always)| ((*name).to_owned(), header(sentence, *always))).collect()
}

/// A header of an answer.
pub(super) fn header(sentence: &str, always: bool) -> ReferenceOr<Header> {
    ReferenceOr::Item(Header {
        description: Some(sentence.to_owned()),
        style: HeaderStyle::Simple,
        required: always,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(schema_object(json_schema!({ "type": "string" }))),
        example: None,
        examples: IndexMap::new(),
        extensions: IndexMap::new(),
    })
}
