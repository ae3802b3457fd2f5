//! What could be let through, told from rules.

use crate::action::{Action, Effect, Reach, Resource, ResourceKind};
use crate::policy::{Call, Content, Request};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn could_pass(rules: &str, tool: &str) -> bool {
    let document = format!(
        "lictor: v1\nidentity: {{anonymous: allow}}\napis: [{{name: tools, match: {{}}, http: {{}}}}]\n{rules}"
    );
    let guard = crate::config::compile(document.as_bytes()).unwrap();
    let resource = Resource {
        kind: ResourceKind::Tool,
        name: tool.to_owned(),
    };
    let mut action = Action::new(Effect::Invoke, "tools/call", Reach::Unknown, vec![resource]);
    action.arguments = crate::action::Arguments::Unknown;
    guard.policy.could_pass(&Call {
        api: "tools",
        environment: "",
        request: Request {
            method: "POST",
            host: "",
            path: "/",
            query: None,
            body: Content::Unknown,
        },
        now: None,
        principal: &crate::identity::anonymous(),
        claims_are_known: true,
        actions: &[action],
    })
}

#[test]
fn only_what_is_sure_to_be_refused_could_not_pass() {
    let denied = "rules: [{id: a, effect: deny, match: {action.resources: 'tool:drop*'}, when: 'WHEN'}]\ndefault: allow\n";
    let sure = denied.replace("WHEN", "true");
    let by_argument = denied.replace(
        "WHEN",
        "has(action.arguments.force) && action.arguments.force == true",
    );
    assert!(!could_pass(&sure, "drop_table"));
    assert!(could_pass(&sure, "read_table"));
    assert!(could_pass(&by_argument, "drop_table"));
    let shadow = sure.replace("effect: deny", "effect: deny, mode: shadow");
    assert!(could_pass(&shadow, "drop_table"));
    let allowed =
        "rules: [{id: a, effect: allow, match: {action.resources: 'tool:read*'}}]\ndefault: deny\n";
    assert!(could_pass(allowed, "read_table"));
    assert!(!could_pass(allowed, "drop_table"));
    assert!(could_pass(
        &format!("mode: shadow\n{allowed}"),
        "drop_table"
    ));
}
