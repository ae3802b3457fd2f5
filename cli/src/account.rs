//! Why a rule applies to a call or does not, in words that outlive the call.

use lictor_engine::cel::Fault;
use lictor_engine::glob::Truth;
use lictor_engine::policy::{self, Call, Mode, Policy, Rule};

/// What one rule says of a call: of the action to which it comes nearest.
#[derive(Debug, Clone)]
pub struct Account {
    /// The rule's id.
    pub rule: String,
    /// What the rule does.
    pub effect: &'static str,
    /// Whether it is only recorded.
    pub is_shadow: bool,
    /// The pack that it is from, else empty, and its line.
    pub origin: (String, usize),
    /// The actions that it applies to, by their places, from 1.
    pub applies_to: Vec<usize>,
    /// The action that the tests are told of, by its place, from 1.
    pub action: usize,
    /// Whether it applies to that action.
    pub truth: Truth,
    /// How near it comes.
    pub nearness: Nearness,
    /// Its tests.
    pub tests: Vec<Test>,
}

/// How near a rule comes to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// Most of what it asks for is otherwise.
    Far,
    /// One thing that it asks for is otherwise.
    Close,
    /// All that it asks for is there, and an exemption too.
    Exempt,
    /// It applies.
    Applies,
}

impl Nearness {
    /// The word used in every form of output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Far => "far",
            Self::Close => "close",
            Self::Exempt => "exempt",
            Self::Applies => "applies",
        }
    }
}

/// One test of a rule with its answer.
#[derive(Debug, Clone)]
pub struct Test {
    /// The key of the rule that it stands under.
    pub key: &'static str,
    /// The field or the expression.
    pub what: String,
    /// Its answer.
    pub truth: Truth,
    /// Why it has none.
    pub fault: Option<&'static str>,
    /// Whether it is only a part of an expression.
    pub is_part: bool,
}

/// The word for an answer.
pub const fn word(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Maybe => "unknown",
    }
}

/// An account of every rule, in the order of the document.
pub fn of_each(policy: &Policy, call: &Call<'_>) -> Vec<Account> {
    let mut all: Vec<Account> = Vec::new();
    for told in policy.explain(call) {
        let account = one(policy, &told);
        match all.last_mut() {
            Some(last) if last.rule == account.rule => last.join(account),
            _ => all.push(account),
        }
    }
    all
}

impl Account {
    /// Takes in what the same rule says of another action.
    fn join(&mut self, other: Self) {
        let mut applies_to = std::mem::take(&mut self.applies_to);
        applies_to.extend_from_slice(&other.applies_to);
        let rank = |account: &Self| (account.truth, account.nearness);
        if rank(&other) > rank(self) {
            *self = other;
        }
        self.applies_to = applies_to;
    }
}

fn one(policy: &Policy, told: &policy::Account<'_>) -> Account {
    let rule = told.rule;
    let tests: Vec<Test> = told.steps.iter().map(|step| test(rule, step)).collect();
    let place = told.action.saturating_add(1);
    let applies =
        told.truth >= Truth::Maybe && (rule.effect.is_restricting() || told.truth == Truth::Yes);
    Account {
        rule: rule.id.clone(),
        effect: rule.effect.name(),
        is_shadow: rule.mode == Mode::Shadow || policy.mode == Mode::Shadow,
        origin: (rule.origin.source.clone(), rule.origin.position.line),
        applies_to: if applies { vec![place] } else { Vec::new() },
        action: place,
        truth: told.truth,
        nearness: nearness(applies, &tests),
        tests,
    }
}

fn test(rule: &Rule, step: &policy::Step) -> Test {
    let is_whole = matches!(step.key, "match" | "except")
        || rule
            .expressions()
            .any(|expression| expression.text == step.what);
    Test {
        key: step.key,
        what: step.what.clone(),
        truth: step.truth,
        fault: step.fault.map(Fault::name),
        is_part: !is_whole,
    }
}

fn nearness(applies: bool, tests: &[Test]) -> Nearness {
    let asked = tests
        .iter()
        .filter(|test| matches!(test.key, "match" | "when") && !test.is_part);
    let (mut number, mut failing) = (0_usize, 0_usize);
    for test in asked {
        number = number.saturating_add(1);
        failing = failing.saturating_add(usize::from(test.truth == Truth::No));
    }
    match (applies, failing) {
        (true, _) => Nearness::Applies,
        (false, 0) => Nearness::Exempt,
        (false, 1) if number > 1 => Nearness::Close,
        (false, _) => Nearness::Far,
    }
}
