//! One exchange from its first byte to its record: the only file that wires the stages
//! together.
//!
//! The host calls [`Session::open`] with the head, [`Session::decode`] and
//! [`Session::decide`] once the body is there, or [`Session::messages`] as they come, and [`crate::record::Chain::add`] at the end. Each of
//! the first three either goes on or ends in a [`Reply`]; nothing goes through that was not decided.

mod answer;
mod fault;
mod handles;
mod stream;
mod verdict;

use std::rc::Rc;

pub use self::answer::Answered;
use self::answer::Reading;
pub use self::fault::HostFault;
use self::handles::Handles;
pub use self::handles::Remembered;
use self::stream::Stream;

use crate::action::Action;
use crate::config::{Api, Guard, Unmatched};
use crate::content;
use crate::identity::{self, PeerFacts, Principal};
use crate::inflate::{InflateError, inflate};
use crate::message::{Head, Request, Wanted};
use crate::path;
use crate::protocol::grpc::frame::Carriage;
use crate::protocol::{Body, Denied, Fact, Intent, METHOD_OVERRIDE};
use crate::refusal::Refusal;
use crate::reply::{Form, Problem, Reply};
use crate::value::Value;

/// The path on which the filter answers itself, to find out whether headers are held.
pub const SELF_TEST_PATH: &str = "/.well-known/lictor/self-test";

/// What the host does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Hold everything until the body is complete, then decode and decide.
    Hold,
    /// Hold until a message of gRPC is whole, and judge each by itself.
    Messages,
    /// Decode and decide now: the body is empty or not needed.
    Decide,
    /// Let the rest of the exchange through.
    Pass,
    /// Answer in place of the upstream.
    Reply(Reply),
}

/// How far an exchange has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is decided.
    Undecided,
    /// It goes through.
    Allowed,
    /// It was refused: by a rule, or with a code of its own.
    Denied,
    /// It was refused for want of an approval.
    Asked,
    /// The filter answered its own self-test.
    SelfTest,
}

/// One exchange.
#[derive(Debug)]
pub struct Session {
    pub(crate) guard: Rc<Guard>,
    pub(crate) head: Head,
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) host: String,
    query: String,
    route_environment: Option<String>,
    has_body: bool,
    api: Option<usize>,
    pub(crate) principal: Rc<Principal>,
    pub(crate) actions: Vec<Action>,
    /// How many actions of a stream are not among them.
    pub(crate) actions_dropped: usize,
    message: Option<Value<'static>>,
    /// The body, where it came compressed.
    inflated: Option<Vec<u8>>,
    stream: Stream,
    handles: Handles,
    reading: Reading,
    pub(crate) facts: Vec<Fact>,
    pub(crate) outcome: Outcome,
    pub(crate) code: Option<&'static str>,
    pub(crate) rules: Vec<String>,
    pub(crate) shadow: Vec<String>,
    pub(crate) approved: Vec<String>,
    pub(crate) tagged: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) criteria: Vec<String>,
    pub(crate) faulty: Vec<(String, &'static str)>,
    pub(crate) reason: String,
}

impl Session {
    /// An exchange of which only the head is known. `id` names its record.
    #[must_use]
    pub fn new(guard: Rc<Guard>, head: Head, id: String) -> Self {
        let nobody = Rc::new(identity::anonymous());
        let mut session = Self {
            guard,
            head,
            id,
            path: String::new(),
            host: String::new(),
            query: String::new(),
            route_environment: None,
            has_body: false,
            api: None,
            principal: nobody,
            actions: Vec::new(),
            actions_dropped: 0,
            message: None,
            inflated: None,
            stream: Stream::default(),
            handles: Handles::default(),
            reading: Reading::default(),
            facts: Vec::new(),
            outcome: Outcome::Undecided,
            code: None,
            rules: Vec::new(),
            shadow: Vec::new(),
            approved: Vec::new(),
            tagged: Vec::new(),
            tags: Vec::new(),
            criteria: Vec::new(),
            faulty: Vec::new(),
            reason: String::new(),
        };
        session.locate();
        session
    }

    /// Path as far as it can be told, query and API: also for exchanges that an earlier filter
    /// ended.
    fn locate(&mut self) {
        let (path, query) = path::split(self.head.target().unwrap_or_default());
        let decoded = path::decode(path);
        let is_plain = decoded.is_ok();
        self.path = decoded.map_or_else(|_| path.to_owned(), std::borrow::Cow::into_owned);
        self.query = query.to_owned();
        self.host = self.head.host().to_ascii_lowercase();
        let method = self.head.method().unwrap_or_default();
        let host = self.head.host();
        let mut apis = self.guard.apis.iter();
        self.api = apis
            .position(|api| api.matches(host, &self.path, method))
            .filter(|_| is_plain);
    }

    /// The API that the call belongs to.
    #[must_use]
    pub fn api(&self) -> Option<&Api> {
        self.guard.apis.get(self.api?)
    }

    /// Takes in the environment that the route names, where it names one.
    pub fn place(&mut self, environment: Option<String>) {
        self.route_environment = environment;
    }

    /// Takes in the head: which API, who asks, whether the body is needed.
    ///
    /// `metadata` is Envoy's dynamic metadata as serialized protobuf, `peer` what is known of
    /// the client's certificate; `has_body` is false where the head ends the request.
    pub fn open(&mut self, metadata: &[u8], peer: Option<&PeerFacts>, has_body: bool) -> Step {
        self.has_body = has_body;
        if self.path == SELF_TEST_PATH {
            self.outcome = Outcome::SelfTest;
            return if has_body {
                Step::Hold
            } else {
                Step::Reply(self_test_reply())
            };
        }
        match self.opened(metadata, peer, has_body) {
            Ok(step) => step,
            Err(refusal) => self.refuse(&refusal),
        }
    }

    fn opened(
        &mut self,
        metadata: &[u8],
        peer: Option<&PeerFacts>,
        has_body: bool,
    ) -> Result<Step, Refusal> {
        self.head.method()?;
        path::decode(path::split(self.head.target()?).0)?;
        let principal = self.guard.reading.principal(metadata, peer);
        if self.api().is_none() {
            // Nobody guards it, so a token that says nothing useful is no reason to refuse it.
            self.principal = principal.unwrap_or_else(|_| Rc::clone(&self.principal));
            return self.unmatched();
        }
        self.principal = principal?;
        let api = self.api().ok_or(UNMATCHED)?;
        if self.principal.kind == identity::Kind::Anonymous && !self.guard.reading.accepts_anonymous
        {
            return Err(ANONYMOUS);
        }
        let overrides = [
            "x-http-method-override",
            "x-http-method",
            "x-method-override",
            // Frameworks take the path from these.
            "x-original-url",
            "x-rewrite-url",
        ];
        if overrides
            .iter()
            .any(|name| self.head.headers.first(name).is_some())
        {
            return Err(METHOD_OVERRIDE);
        }
        let body = api.protocol.body(&self.head)?;
        if body == Body::Streamed || !has_body {
            return Ok(Step::Decide);
        }
        if body == Body::Messages {
            return Ok(Step::Messages);
        }
        self.check_declared_length()?;
        Ok(Step::Hold)
    }

    fn unmatched(&mut self) -> Result<Step, Refusal> {
        match self.guard.unmatched {
            Unmatched::Deny => Err(UNMATCHED),
            Unmatched::Allow => {
                self.outcome = Outcome::Allowed;
                self.rules = vec!["unmatched".to_owned()];
                Ok(Step::Pass)
            }
        }
    }

    fn check_declared_length(&self) -> Result<(), Refusal> {
        let declared = self.head.headers.first("content-length");
        let declared = declared.and_then(|value| std::str::from_utf8(value).ok()?.parse().ok());
        match declared {
            Some(length) if self.is_too_large(length) => Err(TOO_LARGE),
            _ => Ok(()),
        }
    }

    /// Whether a body of that many bytes is beyond the limit.
    #[must_use]
    pub fn is_too_large(&self, body_bytes: usize) -> bool {
        body_bytes > self.guard.body_bytes
    }

    /// Ends an exchange whose body grew beyond the limit.
    pub fn refuse_too_large(&mut self) -> Step {
        self.refuse(&TOO_LARGE)
    }

    /// Ends an exchange for a reason of the host's.
    pub fn refuse_for_host(&mut self, fault: HostFault) -> Step {
        self.refuse(&fault.refusal())
    }

    /// Reads what the call would do. `body` is all of it.
    pub fn decode(&mut self, body: &[u8]) -> Option<Step> {
        if self.outcome == Outcome::SelfTest {
            return Some(Step::Reply(self_test_reply()));
        }
        let inflated = match self.inflated(body) {
            Ok(inflated) => inflated,
            Err(refusal) => return Some(self.refuse(&refusal)),
        };
        let plain = inflated.as_deref().unwrap_or(body);
        let step = match self.read(plain, false) {
            Ok(intent) => {
                self.actions = intent.actions;
                self.message = intent.body;
                intent.facts.into_iter().for_each(|fact| self.note(fact));
                self.expect_handles(body);
                self.expect_answer(plain);
                None
            }
            Err(refusal) => Some(self.refuse_about(&refusal, Some(plain))),
        };
        self.inflated = inflated;
        step
    }

    /// What a body stands for that came with a Content-Encoding.
    fn inflated(&self, body: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
        if self.is_too_large(body.len()) {
            return Err(TOO_LARGE);
        }
        match content::encoding(&self.head)? {
            Some(compression) if !body.is_empty() => {
                match inflate(body, compression, self.guard.body_bytes) {
                    Ok(plain) => Ok(Some(plain)),
                    Err(InflateError::TooLarge) => Err(TOO_LARGE),
                    Err(InflateError::Malformed) => Err(INFLATE),
                }
            }
            _ => Ok(None),
        }
    }

    fn request<'r>(&'r self, body: &'r [u8]) -> Request<'r> {
        Request {
            head: &self.head,
            path: &self.path,
            query: &self.query,
            body,
            analyses: &self.guard.analyses,
            wanted: self.wanted(),
        }
    }

    fn wanted(&self) -> Wanted {
        let reads = &self.guard.policy.reads;
        Wanted {
            body: reads.body,
            arguments: reads.arguments,
        }
    }

    fn read(&self, body: &[u8], has_begun: bool) -> Result<Intent, Refusal> {
        let api = self.api().ok_or(UNMATCHED)?;
        let request = self.request(body);
        if has_begun {
            return api.protocol.read_next(&request);
        }
        let intent = match (&self.handles.recalled, api.protocol.handles()) {
            (Some(known), Some(handles)) => handles.read(&request, known)?,
            _ => api.protocol.read(&request)?,
        };
        if intent.actions.is_empty() {
            Err(NO_ACTION)
        } else {
            Ok(intent)
        }
    }

    fn refuse(&mut self, refusal: &Refusal) -> Step {
        self.refuse_about(refusal, None)
    }

    /// Refuses a request whose plain body is there.
    fn refuse_about(&mut self, refusal: &Refusal, body: Option<&[u8]>) -> Step {
        self.reason = refusal.detail.to_string();
        self.outcome = Outcome::Denied;
        self.code = Some(refusal.code);
        let denied = self.denied_by(refusal);
        Step::Reply(self.reply(refusal.status, &denied, body))
    }

    /// A refusal in the words of the API, or of what the client sent.
    fn reply(&self, status: u16, denied: &Denied, body: Option<&[u8]>) -> Reply {
        let request = body.map(|body| self.request(body));
        let problem = Problem {
            status,
            code: denied.code,
            rule: denied.rule.as_deref(),
            detail: &denied.detail,
            advice: &denied.advice,
            record: &self.id,
            path: &self.path,
            request: request.as_ref(),
        };
        let own = self.api().and_then(|api| api.protocol.problem(&problem));
        own.unwrap_or_else(|| problem.reply(self.form()))
    }

    /// How the client reads a refusal, by what it sent.
    fn form(&self) -> Form {
        match Carriage::of(&self.head) {
            Some(Carriage::Grpc) => return Form::Grpc,
            Some(Carriage::Web) => return Form::GrpcWeb,
            Some(Carriage::WebText) => return Form::GrpcWebText,
            None => {}
        }
        let media = self.head.headers.first("content-type").unwrap_or_default();
        match media.strip_prefix(b"application/grpc") {
            Some(rest) if matches!(rest.first(), None | Some(b'+' | b';' | b' ')) => Form::Grpc,
            _ => Form::Http,
        }
    }

    /// The id of the record.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The outcome so far.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The code of the refusal, if there was one.
    #[must_use]
    pub const fn code(&self) -> Option<&'static str> {
        self.code
    }

    /// Ids of the rules that decided.
    #[must_use]
    pub fn rules(&self) -> &[String] {
        &self.rules
    }

    /// Ids of rules in shadow mode that would have refused.
    #[must_use]
    pub fn shadow(&self) -> &[String] {
        &self.shadow
    }
}

fn self_test_reply() -> Reply {
    Reply {
        status: 200,
        grpc_status: None,
        headers: vec![
            ("content-type".into(), "application/json".into()),
            ("cache-control".into(), "no-store".into()),
        ],
        body: br#"{"headers_held":true}"#.to_vec(),
        details: "lictor_self_test".to_owned(),
    }
}

const ANONYMOUS: Refusal = Refusal::with_status(
    401,
    "identity.anonymous",
    "expected a token that the proxy verified",
    "send a bearer token of the configured identity provider",
);
const UNMATCHED: Refusal = Refusal::with_status(
    404,
    "api.unmatched",
    "expected a call of a configured API",
    "use a host, path and method that the guard's configuration names",
);
const TOO_LARGE: Refusal = Refusal::with_status(
    413,
    "body.too_large",
    "expected a smaller body",
    "send less in one request",
);
const INFLATE: Refusal = Refusal::malformed(
    "content.compressed",
    "expected a body that is one gzip member, or one zlib stream for `deflate`",
    "compress the whole body once, with nothing after it",
);
const NO_ACTION: Refusal = Refusal::with_status(
    403,
    "action.none",
    "expected a request that does something which can be judged",
    "",
);
const UNKNOWN: Refusal = Refusal::with_status(
    403,
    "action.unknown",
    "expected a request whose effects can all be told",
    "send statements whose effects do not depend on code or text that the guard can't see",
);

#[cfg(test)]
mod tests;
