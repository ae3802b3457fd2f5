//! Tools that agents and models call: a name and arguments become what the call would do.
//!
//! A call is always an action on its tool, whatever else it does, so that rules about tools see
//! every call. SQL in the arguments is analysed: where the operator says that it stands, else
//! under the names that give it away. What a server says of its own tools never counts.

mod argument;
mod statement;

use std::rc::Rc;

use self::argument::Types;
use self::statement::Finder;
use super::Given;
use super::declared::{Spoken, Told, dialect_of};
use crate::action::{Action, Arguments, Effect, Reach, Resource, ResourceKind};
use crate::document::{Mapping, Node, Reader};
use crate::glob::Glob;
use crate::message::Wanted;
use crate::refusal::Refusal;
use crate::sql;
use crate::value::Value;

/// The tools that an API offers, as far as its operator tells of them.
#[derive(Debug)]
pub(super) struct Tools {
    /// Those that have no star in their names first.
    declared: Vec<Declared>,
    undeclared: Undeclared,
    finder: Finder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Undeclared {
    Deny,
    Invoke,
}

/// What is told of the tools of one name, or of a pattern of names.
#[derive(Debug)]
struct Declared {
    name: Glob,
    effect: Effect,
    told: Told,
    types: Option<Types>,
}

/// A call of a tool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    /// What calling is called in the protocol's words.
    pub(super) operation: &'a str,
    /// The name of the tool.
    pub(super) name: &'a str,
    /// What it is called with; `null` is nothing.
    pub(super) arguments: &'a Value<'a>,
}

impl Tools {
    /// Reads `tools`, `undeclared`, `dialect` and `schema` of an API.
    pub(super) fn compile(
        reader: &mut Reader,
        mapping: &mut Mapping<'_>,
        given: &Given,
    ) -> Option<Self> {
        let dialect = mapping.optional("dialect");
        let dialect = dialect.and_then(|(node, path)| dialect_of(reader, node, &path));
        let schema = mapping.optional("schema");
        let schema = schema.as_ref().map(|(node, path)| (*node, path.as_str()));
        let spoken = Spoken { dialect, schema };
        let undeclared = mapping.optional("undeclared");
        let words = [("deny", Undeclared::Deny), ("invoke", Undeclared::Invoke)];
        let undeclared = undeclared.and_then(|(node, path)| reader.word(node, &path, &words));
        let mut declared = Vec::new();
        if let Some((node, path)) = mapping.optional("tools")
            && let Some(mapping) = reader.mapping(node, &path)
        {
            for (key, node, path) in mapping.entries() {
                declared.extend(tool(reader, (&key.text, node, &path), (spoken, given)));
            }
        }
        declared.sort_by_key(|tool: &Declared| tool.name.as_str().contains('*'));
        Some(Self {
            declared,
            undeclared: undeclared.unwrap_or(Undeclared::Invoke),
            finder: Finder::compile(reader, spoken, given)?,
        })
    }

    /// Adds what a call would do: first what it does to the tool itself.
    ///
    /// # Errors
    ///
    /// A name or arguments that can't be read in exactly one way, a tool that nobody declared
    /// where all must be, arguments of other types than declared, SQL that can't be analysed.
    pub(super) fn read(
        &self,
        call: &Call<'_>,
        (analyses, wanted): (&sql::Cache, Wanted),
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let (declared, mut action) = self.action(call.operation, call.name)?;
        let nothing = Value::Object(Vec::new());
        let arguments = match call.arguments {
            Value::Null => &nothing,
            known @ Value::Object(_) => known,
            _ => return Err(ARGUMENTS),
        };
        if wanted.arguments {
            action.arguments = Arguments::Known(Rc::new(arguments.clone().into_owned()));
        }
        let place = actions.len();
        actions.push(action);
        let mut is_searched = true;
        if let Some(declared) = declared {
            if let Some(types) = &declared.types {
                types.check(arguments)?;
            }
            let reach = declared.told.add(arguments, analyses, actions)?;
            if let (Some(reach), Some(action)) = (reach, actions.get_mut(place)) {
                action.reach = reach;
            }
            is_searched = !declared.told.tells_sql();
        }
        if is_searched {
            self.finder.add(arguments, analyses, actions)?;
        }
        Ok(())
    }

    /// What a call of a tool does to the tool, whatever its arguments may be.
    ///
    /// # Errors
    ///
    /// Those of [`Tools::read`] that have to do with the name.
    pub(super) fn offered(&self, operation: &str, name: &str) -> Result<Action, Refusal> {
        let (_, mut action) = self.action(operation, name)?;
        action.arguments = Arguments::Unknown;
        Ok(action)
    }

    fn action(&self, operation: &str, name: &str) -> Result<(Option<&Declared>, Action), Refusal> {
        if !is_plain(name) {
            return Err(NAME);
        }
        let declared = self.declared.iter().find(|tool| tool.name.matches(name));
        if declared.is_none() && self.undeclared == Undeclared::Deny {
            return Err(UNDECLARED);
        }
        let effect = declared.map_or(Effect::Invoke, |tool| tool.effect);
        let resource = Resource {
            kind: ResourceKind::Tool,
            name: name.to_owned(),
        };
        let action = Action::new(effect, operation, Reach::Unknown, vec![resource]);
        Ok((declared, action))
    }
}

fn tool(
    reader: &mut Reader,
    (name, node, path): (&str, &Node, &str),
    setting: (Spoken<'_>, &Given),
) -> Option<Declared> {
    let mut mapping = reader.mapping_or_nothing(node, path)?;
    if !is_plain(&name.replace('*', "x")) {
        let message = format!("expected a name that {NAMES}, `*` in it for anything");
        reader.mistake("tool.name", node.position, path, message);
    }
    let words = Effect::ALL.map(|effect| (effect.name(), effect));
    let effect = mapping.optional("effect");
    let effect = effect.and_then(|(node, path)| reader.word(node, &path, &words));
    let types = mapping.optional("arguments");
    let types = types.map(|(node, path)| Types::compile(reader, node, &path));
    let told = Told::compile(reader, &mut mapping, name, setting);
    mapping.finish(reader);
    Some(Declared {
        name: Glob::new(name, 0),
        effect: effect.unwrap_or(Effect::Invoke),
        told: told?,
        types,
    })
}

/// Longest name of a tool, in bytes, as MCP recommends it.
const NAME_BYTES: usize = 128;

/// Whether a name is one that everybody reads alike, and a pattern can't be fooled by.
pub(super) fn is_plain(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@+".contains(&byte);
    (1..=NAME_BYTES).contains(&name.len()) && name.bytes().all(is_plain)
}

const NAMES: &str = "has 1 to 128 letters, digits and `_-./:@+`";
const NAME: Refusal = Refusal::malformed(
    "tool.name",
    "expected a tool whose name has 1 to 128 letters, digits and `_-./:@+`",
    "give the tool a plain name",
);
const UNDECLARED: Refusal = Refusal::with_status(
    403,
    "tool.undeclared",
    "expected a tool that the guard's configuration declares",
    "use a tool that is declared, or ask the operator to declare it",
);
const ARGUMENTS: Refusal = Refusal::malformed(
    "tool.arguments",
    "expected the arguments of a tool as an object",
    "send an object of named arguments",
);

#[cfg(test)]
mod tests;
