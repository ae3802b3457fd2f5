//! A configuration: bytes of any sort become a guard or mistakes.
//!
//! Claims: no input panics; a refused document has at least one mistake, each with a code, a
//! message and a place that is in the text; an accepted one decides, and decides the same when it
//! is read again.

use lictor_engine::action::{Action, Arguments, Effect, Reach, Resource, ResourceKind};
use lictor_engine::config;
use lictor_engine::document::Mistake;
use lictor_engine::identity;
use lictor_engine::policy::{Call, Moment, Request};

/// The input is the document.
///
/// # Panics
///
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    match config::compile(input) {
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "refused for no reason");
            mistakes.iter().for_each(|mistake| sound(mistake, input));
        }
        Ok(guard) => {
            let again = config::compile(input).map(|again| decided(&again.policy));
            assert_eq!(
                again.ok(),
                Some(decided(&guard.policy)),
                "decided otherwise"
            );
            let _ = guard.suspicions();
        }
    }
}

fn sound(mistake: &Mistake, input: &[u8]) {
    assert!(mistake.code.contains('.') && !mistake.message.is_empty());
    // A carriage return alone ends a line of YAML too, and where a text stops short the parser
    // points to the line below.
    let ends = input.iter().filter(|byte| b"\r\n".contains(byte)).count();
    assert!(
        !mistake.source.is_empty() || mistake.position.line <= ends.saturating_add(2),
        "beyond the text: {mistake}"
    );
}

/// What the rules say of a few calls, in words.
fn decided(policy: &lictor_engine::policy::Policy) -> String {
    let nobody = identity::anonymous();
    let mut words = String::new();
    for (effect, reach) in [
        (Effect::Read, Reach::Key),
        (Effect::Delete, Reach::All),
        (Effect::Drop, Reach::Unknown),
    ] {
        let actions = [Action {
            effect,
            operation: effect.name().to_uppercase(),
            reach,
            cause: None,
            resources: vec![Resource {
                kind: ResourceKind::Table,
                name: "public.users".to_owned(),
            }],
            columns: Vec::new(),
            lineage: Vec::new(),
            fingerprint: None,
            statement: None,
            arguments: Arguments::None,
        }];
        let decision = policy.decide(&Call {
            api: "reports",
            environment: "production",
            request: Request {
                method: "POST",
                host: "db.internal",
                path: "/sql",
                ..Request::default()
            },
            now: Some(policy.now(Moment {
                seconds: 1_793_793_600,
                nanos: 0,
            })),
            principal: &nobody,
            claims_are_known: true,
            actions: &actions,
        });
        words.push_str(&format!("{:?} {:?};", decision.verdict, decision.rules));
    }
    words
}
