//! Policies to decide by: a hundred rules as people write them, ten thousand of which ten can
//! match, and a call that touches a thousand columns.

use std::fmt::Write as _;

use lictor_engine::action::{
    Action, Arguments, Cause, Column, ColumnUse, Effect, Reach, Resource, ResourceKind, Usage,
};

const HEAD: &str = "\
lictor: v1
environment: production
apis:
- {name: reports, match: {path: /sql}, sql: {dialect: postgres, at: $.query}}
data:
- {label: pii, columns: [users.ssn, users.email, cards.pan, '*.*_token']}
lists:
  oncall: [oncall]
default: allow
rules:
";

/// Eight rules that people wrote for real needs.
const NAMED: &str = r#"
- {id: p1-agent-drop-prod, effect: deny, match: {action.effect: [drop, truncate], principal.kind: agent, environment: production}}
- {id: p2-bulk-delete, effect: ask, match: {action.effect: delete, action.reach: all}, approved: has(claims.approval)}
- {id: p3-pii, effect: deny, match: {action.output_labels: pii}, except: {principal.groups: [dpo, security]}}
- id: p4-oncall-hours
  effect: deny
  match: {environment: production, action.effect: [create, alter]}
  when: now.hour < 8 || now.hour >= 18 || now.weekday in [0, 6]
  except: {principal.groups: $oncall}
- {id: p5-agent-needs-human, effect: deny, match: {principal.kind: agent}, when: '!(has(principal.for) && principal.for.kind == "human")'}
- {id: p6-analyst-rows, effect: deny, mode: shadow, match: {action.effect: read, principal.groups: analysts}, when: '!has(action.rows) || action.rows > 1000'}
- {id: p7-tool, effect: deny, match: {action.resources: ["tool:delete_repository", "tool:merge_*"]}, when: 'has(request.body.base) && request.body.base in ["main", "master"]'}
- {id: p8-shadow-delete, effect: deny, mode: shadow, match: {request.method: DELETE, request.path: /api/v2/customers/**}}
"#;

/// A hundred rules, all kinds mixed as on a real list; none refuses [`actions`].
#[must_use]
pub fn hundred() -> String {
    let mut text = format!("{HEAD}{}", NAMED.trim_start());
    for number in 0..92 {
        let rule = match number {
            0..20 => format!(
                "effect: deny, match: {{action.tables: vault_{number}, action.effect: [update, delete]}}"
            ),
            20..35 => format!(
                "effect: deny, match: {{}}, when: 'request.path.matches(\"^/internal/v[0-9]+/team{number}/\")'"
            ),
            35..50 => format!(
                "effect: deny, match: {{action.resources: \"tool:tool_{number}\"}}, when: 'principal.subject != \"owner{number}\"'"
            ),
            50..60 => format!(
                "effect: tag, tag: t{number}, match: {{}}, when: 'action.columns.exists(c, c.table == \"t{number}\" && c.name.endsWith(\"_secret\"))'"
            ),
            60..70 => format!(
                "effect: deny, match: {{}}, when: 'now.hour == {} && principal.issuer.startsWith(\"https://other{number}\")'",
                number % 24
            ),
            70..82 => format!(
                "effect: allow, match: {{principal.groups: team-{number}, action.effect: read}}"
            ),
            _ => format!(
                "effect: deny, match: {{action.resources: \"method:shop.S{number}/*\"}}, when: '\"admin\" in principal.roles'"
            ),
        };
        let _ = writeln!(text, "- {{id: g{number}, {rule}}}");
    }
    text
}

/// As many rules, of which ten can match [`actions`] and none refuses it.
#[must_use]
pub fn sparse(rules: usize) -> String {
    let mut text = HEAD.to_owned();
    for number in 0..rules {
        let rule = match (number % (rules / 10).max(1), number % 4) {
            (0, _) => "match: {action.tables: users}, when: action.effect == \"drop\"".to_owned(),
            (_, 0) => format!("match: {{action.tables: [vault_{number}, store_{number}]}}"),
            (_, 1) => format!("match: {{principal.subject: 'user-{number}'}}"),
            (_, 2) => format!("match: {{request.path: '/internal/{number}/**'}}"),
            _ => format!("match: {{principal.groups: 'team-{number}', action.effect: delete}}"),
        };
        let _ = writeln!(text, "- {{id: s{number}, effect: deny, {rule}}}");
    }
    text
}

/// One read of this many columns.
#[must_use]
pub fn actions(columns: usize) -> Vec<Action> {
    let used = |number: usize| ColumnUse {
        column: Column {
            table: "users".to_owned(),
            name: format!("column_{number:04}"),
        },
        usage: Usage::Output,
        is_certain: true,
    };
    vec![Action {
        effect: Effect::Read,
        operation: "SELECT".to_owned(),
        reach: Reach::Filtered,
        cause: Some(Cause::Condition),
        resources: vec![Resource {
            kind: ResourceKind::Table,
            name: "users".to_owned(),
        }],
        columns: (0..columns).map(used).collect(),
        lineage: Vec::new(),
        fingerprint: Some("3f9c0a".to_owned()),
        statement: None,
        arguments: Arguments::None,
    }]
}
