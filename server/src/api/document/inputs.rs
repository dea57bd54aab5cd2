//! What a route takes, and how its extractors refuse it.

use aide::{
    OperationInput,
    generate::GenContext,
    openapi::{
        HeaderStyle, MediaType, Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle,
        ReferenceOr, RequestBody, Response, SchemaObject,
    },
};
use domain::{
    cache::{GroupBy, TimeRange},
    id::{StoryId, UserId},
    page::{Cursor, MAX_LIMIT},
    reading::Sort,
    studio::{ExportFormat, QUERY},
    text,
};
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, json_schema};

use super::outputs::refusals;
use crate::api::{
    Door,
    edit::{Edit, IfMatch},
    events::{Heard, ListensAs},
    json::{Bounded, Json, Optional},
    metrics::Wanted,
    path::{CacheKey, Id, Nth},
    query::{Entries, Format, KeyWanted, Novels, Posts, Search},
    visitor::{Anyone, Developer, Member, Writer},
};

/// The name of the security scheme: the session's cookie.
pub(super) const SESSION: &str = "session";

type Refusals = Vec<(Option<u16>, Response)>;

impl OperationInput for Door {}

impl OperationInput for Anyone {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        operation.security = vec![IndexMap::new(), session()];
    }
}

macro_rules! guarded {
    ($($visitor:ty: $statuses:expr;)*) => {$(
        impl OperationInput for $visitor {
            fn operation_input(_: &mut GenContext, operation: &mut Operation) {
                operation.security = vec![session()];
            }

            fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
                refusals(ctx, &$statuses)
            }
        }
    )*};
}

guarded! {
    Member: [401];
    Writer: [401, 403];
    Developer: [401, 403];
}

fn session() -> IndexMap<String, Vec<String>> {
    IndexMap::from([(SESSION.to_owned(), Vec::new())])
}

impl<T: JsonSchema + Bounded> OperationInput for Json<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        body::<T>(ctx, operation, true);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        let of_what_it_names: &[u16] = if T::NAMES_OTHERS { &[404] } else { &[] };
        refusals(ctx, &[&[400, 415], of_what_it_names].concat())
    }
}

impl<T: JsonSchema + Bounded> OperationInput for Optional<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        body::<T>(ctx, operation, false);
    }

    fn inferred_early_responses(ctx: &mut GenContext, operation: &mut Operation) -> Refusals {
        Json::<T>::inferred_early_responses(ctx, operation)
    }
}

impl<T: JsonSchema + Bounded> OperationInput for Edit<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        body::<T>(ctx, operation, true);
        if_match(operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, operation: &mut Operation) -> Refusals {
        let mut all = Json::<T>::inferred_early_responses(ctx, operation);
        all.extend(refusals(ctx, &[409, 428]));
        all
    }
}

impl OperationInput for IfMatch {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        if_match(operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[409])
    }
}

impl<T: JsonSchema> OperationInput for Id<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let schema = ctx.schema.subschema_for::<T>();
        in_path(operation, "id", "Which one.", schema);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[404])
    }
}

impl OperationInput for Nth {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        in_path(operation, "n", "Which one, counted from 1.", json_schema!({ "type": "integer", "minimum": 1 }));
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[404])
    }
}

impl OperationInput for CacheKey {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let schema = json_schema!({ "type": "string", "minLength": 1 });
        in_path(operation, "key", "The key of a view, as the list of keys has it.", schema);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[404])
    }
}

impl OperationInput for Novels {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        in_query(operation, "q", "What titles or summaries hold.", at_most(text::SEARCH.max));
        in_query(operation, "genre", "Only these.", at_most(text::GENRE.max));
        let sort = ctx.schema.subschema_for::<Sort>();
        in_query(operation, "sort", "In which order.", sort);
        page(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[400])
    }
}

impl OperationInput for Posts {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let story = ctx.schema.subschema_for::<StoryId>();
        in_query(operation, "storyId", "Only those of this story's board.", story);
        page(ctx, operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[400, 404])
    }
}

impl OperationInput for Search {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        in_query(operation, "q", "What to find: 1 to 255 characters.", at_most(QUERY.max));
        for (name, sentence) in [
            ("case", "Do capitals matter?"),
            ("word", "Only whole words?"),
            ("regex", "Is it a regular expression? It has no look-around and no back references."),
        ] {
            in_query(operation, name, sentence, json_schema!({ "type": "boolean" }));
        }
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[400])
    }
}

impl OperationInput for Format {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let schema = ctx.schema.subschema_for::<ExportFormat>();
        in_query(operation, "format", "In which form.", schema);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[400])
    }
}

impl OperationInput for Entries {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        in_query(operation, "prefix", "Only what begins so.", json_schema!({ "type": "string" }));
        limit(operation);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[400])
    }
}

impl OperationInput for KeyWanted {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let schema = json_schema!({ "type": "string", "minLength": 1 });
        let parameter_data = data("key", "The key of a view, as the list of keys has it.", true, schema);
        add_to_query(operation, parameter_data);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[400])
    }
}

impl OperationInput for Heard {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        let text = || json_schema!({ "type": "string" });
        in_header(operation, "Last-Event-ID", "The id of the event that was heard last.", text());
        in_query(
            operation,
            "lastEventId",
            "The same, for a first connection that goes on where another ended.",
            text(),
        );
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[400])
    }
}

impl OperationInput for ListensAs {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let person = ctx.schema.subschema_for::<UserId>();
        in_query(operation, "person", "Refuse unless this person is signed in; absent listens as whoever is.", person);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[400])
    }
}

impl OperationInput for Wanted {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let (range, by) = (ctx.schema.subschema_for::<TimeRange>(), ctx.schema.subschema_for::<GroupBy>());
        in_query(operation, "timeRange", "How far back; absent is `24h`.", range);
        in_query(operation, "groupBy", "What `grouped` is put together by; absent is `cacheType`.", by);
    }

    fn inferred_early_responses(ctx: &mut GenContext, _: &mut Operation) -> Refusals {
        refusals(ctx, &[400])
    }
}

fn page(ctx: &mut GenContext, operation: &mut Operation) {
    limit(operation);
    let cursor = ctx.schema.subschema_for::<Cursor>();
    in_query(operation, "after", "The `next` of the page before.", cursor);
}

fn limit(operation: &mut Operation) {
    let sentence = format!("How many at most; above {MAX_LIMIT} means {MAX_LIMIT}.");
    in_query(operation, "limit", &sentence, json_schema!({ "type": "integer", "minimum": 1 }));
}

fn at_most(length: usize) -> Schema {
    json_schema!({ "type": "string", "maxLength": length })
}

fn if_match(operation: &mut Operation) {
    let schema = json_schema!({ "type": "string", "pattern": "^\"v[0-9]{1,18}\"$" });
    in_header(operation, "If-Match", "The version that this was made from: `\"v<version>\"`.", schema);
}

fn body<T: JsonSchema>(ctx: &mut GenContext, operation: &mut Operation, required: bool) {
    let media = MediaType { schema: Some(schema_object(ctx.schema.subschema_for::<T>())), ..MediaType::default() };
    let content = IndexMap::from([("application/json".to_owned(), media)]);
    let body = RequestBody { content, required, ..RequestBody::default() };
    operation.request_body = Some(ReferenceOr::Item(body));
}

fn in_path(operation: &mut Operation, name: &str, sentence: &str, schema: Schema) {
    let parameter_data = data(name, sentence, true, schema);
    add(operation, Parameter::Path { parameter_data, style: PathStyle::Simple });
}

fn in_query(operation: &mut Operation, name: &str, sentence: &str, schema: Schema) {
    add_to_query(operation, data(name, sentence, false, schema));
}

fn add_to_query(operation: &mut Operation, parameter_data: ParameterData) {
    let style = QueryStyle::Form;
    add(operation, Parameter::Query { parameter_data, allow_reserved: false, style, allow_empty_value: None });
}

/// Notes a header that may be sent.
pub(super) fn in_header(operation: &mut Operation, name: &str, sentence: &str, schema: Schema) {
    let parameter_data = data(name, sentence, false, schema);
    add(operation, Parameter::Header { parameter_data, style: HeaderStyle::Simple });
}

fn add(operation: &mut Operation, parameter: Parameter) {
    operation.parameters.push(ReferenceOr::Item(parameter));
}

fn data(name: &str, sentence: &str, required: bool, schema: Schema) -> ParameterData {
    ParameterData {
        name: name.to_owned(),
        description: Some(sentence.to_owned()),
        required,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(schema_object(schema)),
        example: None,
        examples: IndexMap::new(),
        explode: None,
        extensions: IndexMap::new(),
    }
}

/// A schema where the document wants one.
pub(super) fn schema_object(json_schema: Schema) -> SchemaObject {
    SchemaObject { json_schema, external_docs: None, example: None }
}
