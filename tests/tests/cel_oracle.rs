//! Random expressions and facts: our evaluator and the `cel` interpreter must agree.
//!
//! Whatever our checker accepts is held against the interpreter. Where the two differ, the CEL
//! specification decides. The interpreter's own deviations, which the generator leaves out:
//!
//! - a point in time keeps the offset that it was written with, and `getHours()` and its like
//!   show it; CEL shows UTC where no zone is given.

#[path = "cel/generator.rs"]
mod generator;
#[path = "cel/random.rs"]
mod random;
#[path = "cel/world.rs"]
mod world;

use cel::objects::Value as Theirs;
use lictor_engine::cel::{Environment, Fault, Type, Vars, compile};

use generator::Generator;
use random::Random;
use world::{ROOTS, World};

/// How many pairs of expression and facts are held against each other, unless
/// `LICTOR_ORACLE_PAIRS` says otherwise.
const PAIRS: usize = 40_000;
/// Facts for each expression.
const WORLDS: usize = 4;

/// What the interpreter answers: a truth value, or that it fails.
fn theirs(program: &cel::Program, context: &cel::Context<'_, '_>) -> Result<bool, String> {
    match program.execute(context) {
        Ok(Theirs::Bool(answer)) => Ok(answer),
        Ok(other) => Err(format!("{other:?}")),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn we_agree_with_the_interpreter() {
    let asked = std::env::var("LICTOR_ORACLE_PAIRS").ok();
    let most = asked.map_or(PAIRS, |asked| asked.parse().unwrap());
    let mut random = Random::new(u64::try_from(most).unwrap());
    let vars = Vars::new();
    let declared = [(vec!["claims".to_owned(), "score".to_owned()], Type::Int)];
    let environment = Environment {
        roots: ROOTS,
        declared: &declared,
        lists: &[],
        vars: &vars,
    };
    let (mut pairs, mut accepted, mut made, mut faults) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    let worlds: Vec<World> = (0..200).map(|_| World::random(&mut random)).collect();
    let contexts: Vec<_> = worlds.iter().map(World::context).collect();
    while pairs < most && wrong.len() < 25 {
        made += 1;
        let depth = random.below(4) + 1;
        let text = Generator::new(&mut random).truth(depth);
        let Ok(ours) = compile(&text, &environment, Type::Bool) else {
            continue;
        };
        accepted += 1;
        let interpreted = cel::Program::compile(&text);
        let interpreted = interpreted.unwrap_or_else(|error| panic!("{text}: {error}"));
        for _ in 0..WORLDS {
            pairs += 1;
            let world = random.below(worlds.len());
            let found = ours.evaluate(&worlds[world]);
            let expected = theirs(&interpreted, &contexts[world]);
            faults += usize::from(found.is_err());
            let agree = match (&found, &expected) {
                (Ok(found), Ok(expected)) => found == expected,
                (Err(Fault::Unknown | Fault::TooMuch), _) => false,
                (Err(_), Err(_)) => true,
                _ => false,
            };
            if !agree {
                wrong.push(format!("{text}\n  ours {found:?}, theirs {expected:?}"));
            }
        }
    }
    println!("{made} made, {accepted} accepted, {pairs} pairs, {faults} faults");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted * 10 > made * 7, "{accepted} of {made}");
    assert!(faults * 50 > pairs, "{faults} of {pairs}");
}
