//! A parsed expression becomes a program, or the list of all its mistakes.
//!
//! One walk checks types, guards and words, sums up cost and emits nodes; what is the same for
//! all facts is worked out on the way.

mod calculate;
mod call;
mod compare;
mod inline;
mod kind;
mod literal;
mod logic;
mod loops;
mod path;
mod spared;

use cel::common::ast::{CallExpr, Expr, IdedExpr, operators};

use super::guard::Guards;
use super::source::Source;
use super::{Constant, Environment, Facts, Fault, Id, Node, Outcome, Problem, Program, Type, Val};
use crate::limits;

use path::Paths;

/// Compiles an expression that gives a value of type `result`; `Dyn` takes any.
///
/// ```
/// use lictor_engine::cel::{Environment, Facts, Field, Type, Val, Vars, compile};
///
/// const ROOTS: &[Field] = &[Field {
///     name: "path",
///     kind: Type::Text,
///     is_optional: false,
///     words: &[],
///     about: "the path of the request",
/// }];
/// struct Call;
/// impl Facts for Call {
///     fn root(&self, _: usize) -> Val<'_> {
///         Val::Text("/users/7")
///     }
/// }
///
/// let vars = Vars::new();
/// let environment = Environment { roots: ROOTS, declared: &[], lists: &[], vars: &vars };
/// let program = compile("path.startsWith('/users/')", &environment, Type::Bool).unwrap();
/// assert_eq!(program.evaluate(&Call), Ok(true));
///
/// let problems = compile("pth == '/'", &environment, Type::Bool).err().unwrap();
/// assert_eq!(problems[0].code, "expression.unknown_field");
/// ```
///
/// # Errors
/// Every mistake that the text holds.
pub fn compile(
    text: &str,
    environment: &Environment<'_>,
    result: Type,
) -> Result<Program, Vec<Problem>> {
    Checker::compile(text, environment, result)
}

/// One compilation.
struct Checker<'t, 'e> {
    source: Source<'t>,
    environment: &'e Environment<'e>,
    program: Program,
    paths: Paths,
    /// Paths that are known to be there where the walk stands.
    known: Vec<u16>,
    loops: Vec<Variable>,
    loops_so_far: usize,
    deepest_loop: u8,
    problems: Vec<Problem>,
}

/// What a loop looks at.
struct Variable {
    name: String,
    kind: Type,
    words: &'static [&'static str],
    path: u16,
    slot: u8,
}

/// A checked part of an expression.
struct Typed {
    node: Id,
    kind: Type,
    words: &'static [&'static str],
    path: Option<u16>,
    holds: Guards,
    fails: Guards,
    depth: usize,
    cost: u32,
    /// Whether it can be a text that is seen in one case.
    is_folded: bool,
    /// Whether it is texts put together, which few may use.
    is_joined: bool,
    /// The fault that it always gives, and the node that gives it.
    fault: Option<(Fault, u64)>,
}

struct NoFacts;

impl Facts for NoFacts {
    fn root(&self, _: usize) -> Val<'_> {
        Val::Unknown
    }
}

impl<'t, 'e> Checker<'t, 'e> {
    fn compile(
        text: &'t str,
        environment: &'e Environment<'e>,
        result: Type,
    ) -> Result<Program, Vec<Problem>> {
        let mut source = Source::parse(text)?;
        let tree = std::mem::take(&mut source.tree);
        let mut checker = Self {
            source,
            environment,
            program: Program::default(),
            paths: Paths::default(),
            known: Vec::new(),
            loops: Vec::new(),
            loops_so_far: 0,
            deepest_loop: 0,
            problems: Vec::new(),
        };
        let typed = checker.lower(&tree);
        if let Some(typed) = typed {
            checker.finish(typed, tree.id, result);
        }
        if checker.problems.is_empty() {
            return Ok(checker.program);
        }
        let mut problems = checker.problems;
        problems.sort_by_key(|problem| problem.offset);
        problems.dedup();
        Err(problems)
    }

    fn finish(&mut self, typed: Typed, id: u64, result: Type) {
        self.report_fault(&typed);
        if !kind::agree(typed.kind, result) {
            let (expected, found) = (kind::name(result), kind::name(typed.kind));
            self.problem(
                id,
                "expression.type",
                format!("expected {expected}, found {found}"),
            );
        }
        if typed.cost > limits::EXPRESSION_COST {
            let (cost, most) = (typed.cost, limits::EXPRESSION_COST);
            let message = format!("costs {cost} steps, expected at most {most}: loops in loops");
            self.problem(id, "expression.cost", message);
        }
        let path = typed.path.map(|path| self.paths.key(path).to_owned());
        self.program.root = typed.node;
        self.program.result = Outcome {
            kind: typed.kind,
            words: typed.words,
            path,
            holds: self.paths.keys(&typed.holds),
            fails: self.paths.keys(&typed.fails),
            depth: typed.depth,
            cost: typed.cost,
            loops: self.deepest_loop,
            is_folded: typed.is_folded,
        };
        self.program.reads.sort_unstable();
        self.program.reads.dedup();
    }

    /// A part, of which `None` is told where its mistake has been.
    fn lower(&mut self, tree: &IdedExpr) -> Option<Typed> {
        let typed = self.lower_joinable(tree)?;
        if typed.is_joined {
            let message = "texts put together can only be compared with `==` and `!=`, or stand \
                           in `startsWith` and `endsWith`";
            return self.problem(tree.id, "expression.unsupported", message.to_owned());
        }
        Some(typed)
    }

    /// A part that may be texts put together.
    fn lower_joinable(&mut self, tree: &IdedExpr) -> Option<Typed> {
        match &tree.expr {
            Expr::Ident(_) | Expr::Select(_) => self.path(tree),
            Expr::Call(call) => self.operator(tree, call),
            Expr::Literal(literal) => self.literal(tree.id, literal),
            Expr::List(list) => self.list(tree.id, list),
            Expr::Map(map) => self.map(tree.id, map),
            Expr::Comprehension(comprehension) => self.comprehension(tree.id, comprehension),
            Expr::Struct(_) => {
                let message = "messages can't be made, only maps (`{'key': value}`)".to_owned();
                self.problem(tree.id, "expression.unsupported", message)
            }
            Expr::Unspecified => self.problem(
                tree.id,
                "expression.syntax",
                "expected an expression".to_owned(),
            ),
        }
    }

    fn operator(&mut self, tree: &IdedExpr, call: &CallExpr) -> Option<Typed> {
        use super::{Calculation as Does, Comparison as Is};
        let arguments = call.args.as_slice();
        match (call.func_name.as_str(), arguments) {
            (operators::LOGICAL_AND, _) => self.logic(tree, false),
            (operators::LOGICAL_OR, _) => self.logic(tree, true),
            (operators::LOGICAL_NOT, [of]) => self.not(tree.id, of),
            (operators::CONDITIONAL, [condition, one, other]) => {
                self.choice(tree.id, condition, one, other)
            }
            (operators::EQUALS, [left, right]) => self.compare(tree.id, Is::Equal, left, right),
            (operators::NOT_EQUALS, [left, right]) => {
                self.compare(tree.id, Is::Unequal, left, right)
            }
            (operators::LESS, [left, right]) => self.compare(tree.id, Is::Less, left, right),
            (operators::LESS_EQUALS, [left, right]) => {
                self.compare(tree.id, Is::LessOrEqual, left, right)
            }
            (operators::GREATER, [left, right]) => self.compare(tree.id, Is::Greater, left, right),
            (operators::GREATER_EQUALS, [left, right]) => {
                self.compare(tree.id, Is::GreaterOrEqual, left, right)
            }
            (operators::IN, [member, of]) => self.is_in(tree.id, member, of),
            (operators::ADD, [left, right]) => self.calculate(tree.id, Does::Add, left, right),
            (operators::SUBSTRACT, [left, right]) => {
                self.calculate(tree.id, Does::Subtract, left, right)
            }
            (operators::MULTIPLY, [left, right]) => {
                self.calculate(tree.id, Does::Multiply, left, right)
            }
            (operators::DIVIDE, [left, right]) => {
                self.calculate(tree.id, Does::Divide, left, right)
            }
            (operators::MODULO, [left, right]) => {
                self.calculate(tree.id, Does::Remainder, left, right)
            }
            (operators::NEGATE, [of]) => self.negate(tree.id, of),
            (operators::INDEX, [_, _]) => self.path(tree),
            _ => self.call(tree.id, call),
        }
    }

    /// Tells a mistake. Gives `None`, for whoever has nothing else to give then.
    fn problem(&mut self, id: u64, code: &'static str, message: String) -> Option<Typed> {
        if self.problems.len() >= limits::EXPRESSION_PROBLEMS {
            return None;
        }
        let offset = self.source.offset(id);
        self.problems.push(Problem {
            code,
            offset,
            message,
        });
        None
    }

    /// Tells that a part always fails, where nothing absorbs that.
    fn report_fault(&mut self, typed: &Typed) {
        let Some((fault, id)) = typed.fault else {
            return;
        };
        let code = match fault {
            Fault::Invalid => "expression.invalid",
            _ => "expression.fails",
        };
        let message = match fault {
            Fault::Invalid => "a literal that is not what it is read as".to_owned(),
            fault => format!("always fails with `{}`", fault.name()),
        };
        self.problem(id, code, message);
    }

    /// Adds a node of these parts. What needs no facts is worked out.
    fn emit(&mut self, id: u64, node: Node, kind: Type, parts: &[&Typed]) -> Option<Typed> {
        let depth = parts.iter().map(|part| part.depth).max();
        let depth = depth.map_or(1, |depth| depth.saturating_add(1));
        let costs = parts.iter().map(|part| part.cost);
        let cost = costs.fold(1_u32, u32::saturating_add);
        if depth > limits::EXPRESSION_DEPTH {
            let message = format!("nested deeper than {} levels", limits::EXPRESSION_DEPTH);
            return self.problem(id, "expression.too_large", message);
        }
        let mut typed = Typed {
            node: self.add(id, node)?,
            kind,
            words: &[],
            path: None,
            holds: Guards::NONE,
            fails: Guards::NONE,
            depth,
            cost,
            is_folded: parts.iter().any(|part| part.is_folded),
            is_joined: false,
            fault: parts.iter().find_map(|part| part.fault),
        };
        let is_fixed = !parts.is_empty() && parts.iter().all(|part| self.constant(part).is_some());
        if is_fixed && typed.fault.is_none() {
            self.fold(id, &mut typed);
        }
        Some(typed)
    }

    fn add(&mut self, id: u64, node: Node) -> Option<Id> {
        let count = self.program.nodes.len();
        if count >= limits::EXPRESSION_NODES {
            let most = limits::EXPRESSION_NODES;
            let message = format!("larger than {most} steps, those of `vars` counted");
            self.problem(id, "expression.too_large", message)?;
        }
        self.program.nodes.push(node);
        Id::try_from(count).ok()
    }

    fn fold(&mut self, id: u64, typed: &mut Typed) {
        let folded = match self.program.value_of(typed.node, &NoFacts) {
            Ok(value) => Constant::of(value),
            Err(fault) => {
                typed.fault = Some((fault, id));
                None
            }
        };
        if let Some(constant) = folded {
            self.replace(typed, constant);
        }
    }

    /// Puts a constant in the place of a node.
    fn replace(&mut self, typed: &mut Typed, constant: Constant) {
        match constant {
            Constant::Bool(true) => typed.fails = Guards::Never,
            Constant::Bool(false) => typed.holds = Guards::Never,
            _ => {}
        }
        typed.is_folded = false;
        typed.fault = None;
        let Some(index) = self.keep(constant) else {
            return;
        };
        if let Some(node) = self.program.nodes.get_mut(usize::from(typed.node)) {
            *node = Node::Constant(index);
        }
    }

    fn keep(&mut self, constant: Constant) -> Option<u16> {
        let index = u16::try_from(self.program.constants.len()).ok()?;
        self.program.constants.push(constant);
        Some(index)
    }

    fn keep_text(&mut self, text: &str) -> Option<u16> {
        self.keep(Constant::Text(text.into()))
    }

    /// Children as a run; where it starts and how many there are.
    fn run(&mut self, parts: &[&Typed]) -> Option<(u16, u16)> {
        let start = u16::try_from(self.program.children.len()).ok()?;
        let ids = parts.iter().map(|part| part.node);
        self.program.children.extend(ids);
        Some((start, u16::try_from(parts.len()).ok()?))
    }

    fn constant(&self, typed: &Typed) -> Option<&Constant> {
        match self.program.nodes.get(usize::from(typed.node))? {
            Node::Constant(index) => self.program.constants.get(usize::from(*index)),
            _ => None,
        }
    }

    fn constant_text(&self, typed: &Typed) -> Option<&str> {
        match self.constant(typed)? {
            Constant::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Checks a part with more paths known than around it.
    fn lower_knowing(&mut self, guards: &Guards, tree: &IdedExpr) -> Option<Typed> {
        let before = self.known.len();
        self.known.extend_from_slice(guards.paths());
        let typed = self.lower(tree);
        self.known.truncate(before);
        typed
    }
}
