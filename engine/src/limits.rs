//! Every bound in one place: its default, its unit and the attack it stops.

/// Those of deciding.
pub use lictor_decide::limits::*;

/// Longest SQL text that is analysed. Stops texts whose parse costs megabytes of memory.
pub const SQL_TEXT_BYTES: usize = 64 * 1024;

/// Deepest nesting of a JSON body. Stops stack exhaustion; stays below serde_json's own 128.
pub const JSON_DEPTH: usize = 64;

/// Deepest nesting of a protobuf `Struct`. Stops stack exhaustion by a crafted token.
pub const STRUCT_DEPTH: usize = 64;

/// Most parameters in one query or form. Stops slow look-ups and oversized records.
pub const PARAMETERS: usize = 256;

/// Most parts of one multipart body. Stops slow look-ups of thousands of names.
pub const MULTIPART_PARTS: usize = 128;

/// Largest body that is held and read, in bytes, unless the document says otherwise. Stays
/// below Envoy's own 1 MiB, so that the refusal is ours, worded and recorded.
pub const BODY_BYTES: usize = 512 * 1024;

/// Largest `body_bytes` that a document may ask for. Stops a body from filling the 1 GiB of
/// a filter's virtual machine.
pub const BODY_BYTES_MOST: usize = 16 * 1024 * 1024;

/// How many bytes one byte of compressed text may become. Stops bombs before they are written
/// out: a kilobyte of deflate can make a megabyte.
pub const INFLATE_RATIO: usize = 256;

/// Bytes that compressed text may become whatever the ratio: short texts of spaces are no bomb.
pub const INFLATE_ALWAYS_BYTES: usize = 16 * 1024;

/// Most bytes of all texts that the engine brings along. Our own, so no attack: a bound all the
/// same.
pub const EMBEDDED_BYTES: usize = 4 * 1024 * 1024;

/// Deepest nesting of a configuration document. Stops stack exhaustion at load.
pub const DOCUMENT_DEPTH: usize = 48;

/// Most nodes of a configuration document, aliases counted in full. Stops alias bombs.
pub const DOCUMENT_NODES: usize = 2_000_000;

/// Longest chain of earlier actors in a token (RFC 8693). Stops oversized records.
pub const ACTORS: usize = 8;

/// Largest verified payloads of one request, in bytes. Stops tokens that cost more to read than
/// the call that they come with; lies above what fits into Envoy's request header fields.
pub const CLAIM_BYTES: usize = 128 * 1024;

/// Most claims and items of claims in one request. Stops tokens made of thousands of small ones.
pub const CLAIM_VALUES: usize = 8192;

/// Most members of one object of claims. Stops look-ups by name that grow with the square.
pub const CLAIM_MEMBERS: usize = 512;

/// Longest claim that tells who asks, in bytes. Stops subjects that flood the records.
pub const CLAIM_TEXT_BYTES: usize = 1024;

/// Most groups, roles or scopes of one principal. Stops rules that walk endless lists.
pub const CLAIM_LIST: usize = 1024;

/// Longest SPIFFE ID, in bytes: what its specification asks readers to take.
pub const SPIFFE_ID_BYTES: usize = 2048;

/// Most statements in one text. Stops `SELECT 1;` repeated, whose trees cost kilobytes each.
pub const SQL_STATEMENTS: usize = 64;

/// Most tokens in one text, white space and comments apart. Stops lists that grow a tree of
/// tens of megabytes.
pub const SQL_TOKENS: usize = 10_000;

/// Deepest nesting of brackets. Stops quadratic parsing of `((((`, and stack exhaustion.
pub const SQL_BRACKET_DEPTH: usize = 32;

/// Most operators and keywords with no comma between, those inside brackets counted with
/// those around. Stops left-deep chains (`a OR a OR …`), whose tree is freed by recursion.
pub const SQL_CHAIN: usize = 2_000;

/// The same for texts with an operator whose left side the parser copies each time (`DIV`,
/// `REGEXP`, `MATCH`, `GLOB`). Stops quadratic work, and a deeper recursion.
pub const SQL_CHAIN_COPIED: usize = 250;

/// Most verbs and FROM clauses in one text. Stops UNION and CTE lists, whose trees cost ten
/// kilobytes a member.
pub const SQL_QUERIES: usize = 1024;

/// Deepest recursion of the parser, in its own units. Stops stack exhaustion, which no
/// handler can catch.
pub const SQL_RECURSION: usize = 24;

/// Prefix expressions that may be parsed beyond one for each byte of the text. With it the
/// parser's backtracking stays linear (`b.CEIL(b.CEIL(…` doubles at each level).
pub const SQL_PREFIX_BUDGET: usize = 64;

/// Steps that judging all conditions of one text may take. Stops conditions in conditions that
/// are judged again at each level.
pub const SQL_FOLDS: usize = 150_000;

/// Most functions of one text that nobody knows and that are told one by one. Stops a text
/// whose thousands of calls would each be an action for the policy to judge.
pub const SQL_FUNCTIONS: usize = 64;

/// How deep SQL inside string literals (`EXECUTE IMMEDIATE '…'`) is followed. Stops texts
/// that unfold.
pub const SQL_NESTED_TEXTS: usize = 3;

/// Most texts analysed for one call, those inside string literals included. Stops a text
/// of many small dynamic statements.
pub const SQL_TEXTS: usize = 32;

/// Longest redacted statement in a record, in bytes. Stops records that flood the log.
pub const SQL_REDACTED_BYTES: usize = 4 * 1024;

/// Most actions that a record lists; the rest is counted. Stops oversized access logs.
pub const RECORD_ACTIONS: usize = 32;

/// Longest redacted statement in a record, in bytes.
pub const RECORD_STATEMENT_BYTES: usize = 2048;

/// Longest path or host in a record, in bytes.
pub const RECORD_PATH_BYTES: usize = 512;

/// Most groups of a principal in a record.
pub const RECORD_GROUPS: usize = 16;

/// Most rows that a LIMIT (or an HTTP paging parameter) may ask for and still count as a bound.
/// Stops `DELETE … LIMIT 1000000000` from passing for a small change.
pub const BOUND_ROWS: u64 = 1000;

/// Most analyses in one generation of the cache. Stops a flood of texts from filling memory.
pub const SQL_CACHE_ENTRIES: usize = 1024;

/// Most bytes in one generation of the cache; there are two.
pub const SQL_CACHE_BYTES: usize = 2 * 1024 * 1024;

/// Longest text that is remembered. Stops a few long texts from driving out all others.
pub const SQL_CACHE_TEXT_BYTES: usize = 4 * 1024;

/// Longest text that is remembered by its shape alone once the shape is known. Stops a flood of
/// short texts that differ in literals from driving out all others.
pub const SQL_CACHE_SHAPED_BYTES: usize = 512;

/// Most principals that are remembered. Stops a flood of tokens from filling memory.
pub const KNOWN_PRINCIPALS: usize = 512;
/// Largest verified payloads that are remembered, in bytes.
pub const KNOWN_PRINCIPAL_BYTES: usize = 4096;

/// Most columns of one text that are told apart. Stops queries that multiply stars.
pub const SQL_COLUMNS: usize = 4096;
/// Most pairs of columns of which one becomes the other. Stops results made of everything.
pub const SQL_EDGES: usize = 4096;
/// Most columns of one result. Stops `SELECT *` of itself, again and again.
pub const SQL_RESULT_COLUMNS: usize = 2048;
/// Most steps of working out columns, beyond what the length of a text bounds. Stops results
/// that are made of results, each larger than the one before.
pub const SQL_RESOLVING: usize = 60_000;
/// How many names that are only compared count for one of these steps.
pub const SQL_LOOKED_AT: usize = 8;
/// Most rounds in which a query that refers to itself is worked out.
pub const SQL_RECURSIVE_ROUNDS: usize = 4;
/// What one query counts for among these steps. Stops queries that are walked twice at every
/// level.
pub const SQL_QUERY_WORK: usize = 100;

/// Most columns of one usage that a record shows for an action. Stops records of megabytes.
pub const RECORD_COLUMNS: usize = 64;
/// Most pairs of columns that a record shows. Stops records of megabytes.
pub const RECORD_EDGES: usize = 64;

/// Most words that reading a statement by its words may look at ahead of where it stands.
/// Stops verbs that each look for the end of the text.
pub const SQL_LOOKING_AHEAD: usize = 200_000;

/// Longest expression, in bytes. Stops texts whose trees cost megabytes.
pub const EXPRESSION_BYTES: usize = 16 * 1024;
/// Deepest nesting of an expression, every operator of a chain counted. Stops stack
/// exhaustion in the parser, in its trees' clean-up and in our evaluator.
pub const EXPRESSION_DEPTH: usize = 40;
/// Most nodes of one expression, those of its `vars` counted in full. Stops `vars` that double
/// at each level.
pub const EXPRESSION_NODES: usize = 4096;
/// How long a list of facts is taken to be when the cost of an expression is told.
pub const EXPRESSION_LIST: u32 = 32;
/// Most steps that an expression may cost by that count. Stops rules that make every call
/// slow.
pub const EXPRESSION_COST: u32 = 100_000;
/// Most mistakes that are told of one expression.
pub const EXPRESSION_PROBLEMS: usize = 16;

/// Most names of one declared action, and most actions of one call. Stops batches whose every
/// item is told apart.
pub const API_NAMES: usize = 256;
/// Longest name that is taken from a request, in bytes. Stops records of megabytes.
pub const API_NAME_BYTES: usize = 512;
/// Most items of a batch. Stops bodies of hundred thousands of empty items.
pub const API_ITEMS: usize = 10_000;
/// Most databases of one API that differ in where tables are looked for. Stops a client from
/// filling memory with names of schemas.
pub const API_SEARCH_PATHS: usize = 32;

/// Most tokens of one GraphQL document. Stops documents whose trees cost megabytes.
pub const GRAPHQL_TOKENS: usize = 8192;
/// Deepest nesting of selections and of values in GraphQL, fragments in place. Stops stack
/// exhaustion and fragments that hold themselves.
pub const GRAPHQL_DEPTH: usize = 32;
/// Most fields of one operation, those of fragments counted wherever they are used. Stops
/// fragments that double at each level.
pub const GRAPHQL_FIELDS: usize = 4096;
/// Most bytes of all values of one operation, variables counted wherever they are used. Stops one
/// large variable that is used a thousand times.
pub const GRAPHQL_VALUE_BYTES: usize = 2 * 1024 * 1024;
/// Most root fields of one request, aliases and batches counted in full. Stops a request from
/// being a thousand calls.
pub const GRAPHQL_ACTIONS: usize = 128;

/// Deepest nesting of schemas of an OpenAPI document, references followed. Stops stack exhaustion
/// at load, and schemas that hold themselves.
pub const OPENAPI_DEPTH: usize = 24;
/// Most columns that are told of one schema; of a larger one any column may come out. Stops
/// actions that list thousands of properties for every call.
pub const OPENAPI_COLUMNS: usize = 256;
/// Most base paths of one OpenAPI document. Stops servers that multiply operations.
pub const OPENAPI_SERVERS: usize = 8;

/// Largest message of gRPC after it was inflated, in bytes: what gRPC's own readers take unless
/// told otherwise. Stops bombs.
pub const GRPC_INFLATED_BYTES: usize = 4 * 1024 * 1024;
/// Deepest nesting of messages. Stops stack exhaustion.
pub const GRPC_DEPTH: usize = 32;
/// Most values of one message, fields that were not sent included. Stops messages whose tree
/// is a hundred times as large as they are.
pub const GRPC_VALUES: usize = 262_144;
/// Longest statement that is remembered by its handle, in bytes. Stops handles from filling the
/// memory that workers share.
pub const HANDLE_TEXT_BYTES: usize = 16 * 1024;
/// Most handles that one piece of an answer may give.
pub const HANDLES_OF_ANSWER: usize = 64;
/// How many handles are remembered at most; a new one takes the place of another.
pub const HANDLES: u32 = 1024;
/// How long a handle is remembered, in seconds.
pub const HANDLE_SECONDS: u64 = 24 * 60 * 60;
/// Most actions of one stream that are kept for its record. Stops streams that never end from
/// filling memory.
pub const STREAM_ACTIONS: usize = 256;
/// Most facts of one exchange that its record tells.
pub const RECORD_FACTS: usize = 32;
/// Longest name that a record tells as a fact, in bytes.
pub const RECORD_FACT_BYTES: usize = 256;

/// Largest event of an event stream, in bytes. Stops streams whose event never ends from filling
/// memory; lies above answers that repeat all of what was streamed.
pub const EVENT_BYTES: usize = 4 * 1024 * 1024;
/// Most messages of MCP in one list, and most resources of one subscription. Stops a request from
/// being a thousand calls.
pub const MCP_MESSAGES: usize = 64;
