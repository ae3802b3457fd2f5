//! A refusal worded for the client: `application/problem+json`, or a gRPC status.
//!
//! Sources: the gRPC-Web protocol, RFC 9457 (problem details), RFC 6750 (`WWW-Authenticate`), the gRPC status codes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use std::borrow::Cow;

use crate::message::Request;
use crate::value::Value;

/// What is sent instead of the upstream's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Status for gRPC clients; `None` where the client does not speak gRPC.
    pub grpc_status: Option<u32>,
    /// Header fields.
    pub headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// Body, or the message of the gRPC status.
    pub body: Vec<u8>,
    /// Envoy's response code details, for the access log.
    pub details: String,
}

/// What a reply is made of.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: &'a str,
    /// The rule that refused, if one did.
    pub rule: Option<&'a str>,
    /// What was refused and why.
    pub detail: &'a str,
    /// What the client can change; may be empty.
    pub advice: &'a str,
    /// Id of the record.
    pub record: &'a str,
    /// The path of the call, decoded.
    pub path: &'a str,
    /// The request, where its body is there.
    pub request: Option<&'a Request<'a>>,
}

/// How the client wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Problem details in the body.
    Http,
    /// A status in trailers.
    Grpc,
    /// Trailers as a frame of the body.
    GrpcWeb,
    /// The same in base64.
    GrpcWebText,
}

impl Problem<'_> {
    /// The reply in a form that the client understands.
    #[must_use]
    pub fn reply(&self, form: Form) -> Reply {
        if matches!(form, Form::GrpcWeb | Form::GrpcWebText) {
            return self.web_reply(form == Form::GrpcWebText);
        }
        let (grpc_status, headers, body) = match form {
            Form::Grpc => (Some(grpc_status(self.status)), Vec::new(), self.message()),
            _ => (None, self.headers(), self.json()),
        };
        Reply {
            status: self.status,
            grpc_status,
            headers,
            body: body.into_bytes(),
            details: self.details(),
        }
    }

    /// Nothing but trailers, as a client of gRPC-Web reads them: HTTP says that all is well.
    fn web_reply(&self, is_text: bool) -> Reply {
        const TRAILERS: u8 = 0x80;
        let message = percent_encoded(&self.message());
        let trailers = format!(
            "grpc-status:{}\r\ngrpc-message:{message}\r\n",
            grpc_status(self.status)
        );
        let length = u32::try_from(trailers.len()).unwrap_or(u32::MAX);
        let mut frame = vec![TRAILERS];
        frame.extend(length.to_be_bytes());
        frame.extend(trailers.into_bytes());
        let (media, body) = match is_text {
            true => (
                "application/grpc-web-text+proto",
                STANDARD.encode(frame).into_bytes(),
            ),
            false => ("application/grpc-web+proto", frame),
        };
        Reply {
            status: 200,
            grpc_status: None,
            headers: vec![
                ("content-type".into(), media.into()),
                ("cache-control".into(), "no-store".into()),
            ],
            body,
            details: self.details(),
        }
    }

    fn headers(&self) -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
        let mut headers = vec![
            ("content-type".into(), "application/problem+json".into()),
            ("cache-control".into(), "no-store".into()),
        ];
        if self.status == 401 {
            headers.push(("www-authenticate".into(), "Bearer".into()));
        }
        headers
    }

    fn json(&self) -> String {
        let mut members = vec![
            (
                "type".into(),
                Value::from(format!("urn:lictor:problem:{}", self.code)),
            ),
            ("title".into(), Value::from(title(self.status))),
            ("status".into(), Value::from(u32::from(self.status))),
            ("detail".into(), Value::from(self.detail)),
            ("code".into(), Value::from(self.code)),
        ];
        if let Some(rule) = self.rule {
            members.push(("rule".into(), Value::from(rule)));
        }
        if !self.advice.is_empty() {
            members.push(("advice".into(), Value::from(self.advice)));
        }
        members.push(("record".into(), Value::from(self.record)));
        serde_json::to_string(&Value::Object(members)).unwrap_or_default()
    }

    /// What was refused and why, in one line.
    #[must_use]
    pub fn message(&self) -> String {
        let mut message = self.detail.to_owned();
        if !self.advice.is_empty() {
            message.truncate(self.detail.trim_end_matches('.').len());
            message.push_str("; ");
            message.push_str(self.advice);
        }
        let by = self.rule.unwrap_or(self.code);
        message.push_str(&format!(" ({by}, record {})", self.record));
        message
    }

    fn details(&self) -> String {
        match self.rule {
            Some(rule) => format!("lictor_denied{{{rule}}}"),
            None => format!("lictor_refused{{{}}}", self.code),
        }
    }
}

/// A message of a status as gRPC sends it: visible ASCII but for the percent sign.
fn percent_encoded(message: &str) -> String {
    let mut encoded = String::with_capacity(message.len());
    for byte in message.bytes() {
        match byte {
            b' '..=b'~' if byte != b'%' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

const fn title(status: u16) -> &'static str {
    match status {
        401 => "Who asks is not known",
        403 => "Refused by policy",
        404 => "Not guarded, so not served",
        405 => "Method not allowed",
        413 => "Too large",
        415 => "Body can't be read",
        500 => "The guard failed",
        _ => "Request can't be read",
    }
}

/// The nearest gRPC status: unlike Envoy's own mapping it never says "unavailable", which
/// clients retry.
const fn grpc_status(status: u16) -> u32 {
    const INVALID_ARGUMENT: u32 = 3;
    const PERMISSION_DENIED: u32 = 7;
    const RESOURCE_EXHAUSTED: u32 = 8;
    const UNIMPLEMENTED: u32 = 12;
    const INTERNAL: u32 = 13;
    const UNAUTHENTICATED: u32 = 16;
    match status {
        401 => UNAUTHENTICATED,
        403 => PERMISSION_DENIED,
        404 | 405 => UNIMPLEMENTED,
        413 => RESOURCE_EXHAUSTED,
        500 => INTERNAL,
        _ => INVALID_ARGUMENT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const DENIED: Problem<'_> = Problem {
        status: 403,
        code: "policy.denied",
        rule: Some("no-drops"),
        detail: "Use a \"migration\".",
        advice: "",
        record: "r1",
        path: "/",
        request: None,
    };

    #[test]
    fn http_clients_get_problem_details() {
        let reply = DENIED.reply(Form::Http);
        assert_eq!(reply.details, "lictor_denied{no-drops}");
        assert_eq!(
            String::from_utf8(reply.body).unwrap(),
            r#"{"type":"urn:lictor:problem:policy.denied","title":"Refused by policy","status":403,"detail":"Use a \"migration\".","code":"policy.denied","rule":"no-drops","record":"r1"}"#
        );
    }

    #[test]
    fn grpc_clients_get_a_status_and_one_line() {
        let reply = DENIED.reply(Form::Grpc);
        assert_eq!(reply.grpc_status, Some(7));
        assert_eq!(reply.body, b"Use a \"migration\". (no-drops, record r1)");
    }

    #[test]
    fn grpc_web_clients_get_trailers_in_the_body() {
        let problem = Problem {
            detail: "100 %\u{e9}",
            ..DENIED
        };
        let reply = problem.reply(Form::GrpcWeb);
        let trailers = b"grpc-status:7\r\ngrpc-message:100 %25%C3%A9 (no-drops, record r1)\r\n";
        assert_eq!(reply.status, 200);
        assert_eq!(reply.body[..5], [0x80, 0, 0, 0, 65]);
        assert_eq!(reply.body[5..], trailers[..]);
        let text = problem.reply(Form::GrpcWebText);
        assert_eq!(STANDARD.decode(text.body).unwrap(), reply.body);
    }

    #[test]
    fn a_coded_refusal_is_not_called_a_denial() {
        let problem = Problem {
            status: 401,
            rule: None,
            code: "identity.anonymous",
            ..DENIED
        };
        let reply = problem.reply(Form::Http);
        assert_eq!(reply.details, "lictor_refused{identity.anonymous}");
        assert!(
            reply
                .headers
                .contains(&("www-authenticate".into(), "Bearer".into()))
        );
    }
}
