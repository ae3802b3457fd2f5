//! Functions: which way of calling one is meant, and patterns.

use cel::common::ast::{CallExpr, Expr, IdedExpr};

use super::{Checker, Typed, kind};
use crate::cel::function::{LEFT_OUT, SIGNATURES, Signature};
use crate::cel::{Function, Join, Node, Pattern, Type, zone};
use crate::document::nearest;

impl Checker<'_, '_> {
    /// A function or method.
    pub(super) fn call(&mut self, id: u64, call: &CallExpr) -> Option<Typed> {
        let target = call.target.as_deref();
        let qualified = target.and_then(|target| self.qualified(target, &call.func_name));
        let is_method = target.is_some() && qualified.is_none();
        let name = qualified.as_deref().unwrap_or(&call.func_name);
        let target = target.filter(|_| is_method);
        let arguments: Vec<&IdedExpr> = target.into_iter().chain(&call.args).collect();
        if name == "matches" {
            return self.matches(id, &arguments);
        }
        if let ("size", [argument]) = (name, arguments.as_slice())
            && let Some(count) = self.size_of_filter(id, argument)
        {
            return count;
        }
        let candidates = SIGNATURES.iter().filter(|one| one.name == name);
        let candidates: Vec<&Signature> = candidates
            .filter(|one| one.is_method == is_method)
            .collect();
        let mut parts = Vec::with_capacity(arguments.len());
        let mut is_whole = true;
        for argument in arguments {
            match self.lower_joinable(argument) {
                Some(part) => parts.push(part),
                None => is_whole = false,
            }
        }
        if candidates.is_empty() {
            return self.unknown_function(id, name, is_method);
        }
        if !is_whole {
            return None;
        }
        self.resolve(id, name, &candidates, parts)
    }

    /// `ip.isCanonical`: a name with a dot, where the first is no value.
    fn qualified(&self, target: &IdedExpr, name: &str) -> Option<String> {
        let Expr::Ident(space) = &target.expr else {
            return None;
        };
        let full = format!("{space}.{name}");
        let is_function = SIGNATURES.iter().any(|one| one.name == full);
        (is_function && !self.is_named(space)).then_some(full)
    }

    fn unknown_function(&mut self, id: u64, name: &str, is_method: bool) -> Option<Typed> {
        if let Some((_, advice)) = LEFT_OUT.iter().find(|(left_out, _)| *left_out == name) {
            let message = format!("`{name}` is not part of the subset: {advice}");
            return self.problem(id, "expression.unsupported", message);
        }
        let message = if SIGNATURES.iter().any(|one| one.name == name) {
            let form = if is_method { "f(x)" } else { "x.f()" };
            format!("`{name}` is called as `{form}`")
        } else {
            let names = SIGNATURES.iter().map(|one| one.name);
            let near = nearest(name, names.chain(std::iter::once("matches")));
            let advice = near.map(|near| format!("; did you mean `{near}`?"));
            format!(
                "there is no function `{name}`{}",
                advice.unwrap_or_default()
            )
        };
        self.problem(id, "expression.unknown_function", message)
    }

    fn resolve(
        &mut self,
        id: u64,
        name: &str,
        candidates: &[&Signature],
        mut parts: Vec<Typed>,
    ) -> Option<Typed> {
        let fitting = candidates.iter().filter(|one| takes(one, &parts));
        let fitting: Vec<&&Signature> = fitting.collect();
        let Some(first) = fitting.first() else {
            return self.no_overload(id, name, candidates, &parts);
        };
        let function = first.function;
        if let Some(place) = parts.iter().position(|part| part.is_joined) {
            return self.call_joined(id, name, function, place, parts);
        }
        self.check_folded(id, name, function, &parts)?;
        if function == Function::ToText && parts.iter().any(|part| kind::is_open(part.kind)) {
            let message = "`string` does not take open values, for numbers would have to be \
                           written down: compare the value as it is, or declare its type";
            return self.problem(id, "expression.unsupported", message.to_owned());
        }
        self.check_zone(id, function, &parts)?;
        let kind = first.gives;
        let references: Vec<&Typed> = parts.iter().collect();
        let (start, count) = self.run(&references)?;
        let node = Node::Call {
            function,
            count: u8::try_from(count).ok()?,
            start,
        };
        let mut typed = self.emit(id, node, kind, &references)?;
        typed.is_folded = matches!(typed.kind, Type::Text)
            && (typed.is_folded || matches!(function, Function::LowerAscii | Function::UpperAscii))
            && self.constant(&typed).is_none();
        if function == Function::Dyn {
            typed.path = parts.pop().and_then(|part| part.path);
        }
        Some(typed)
    }

    fn call_joined(
        &mut self,
        id: u64,
        name: &str,
        function: Function,
        place: usize,
        mut parts: Vec<Typed>,
    ) -> Option<Typed> {
        let how = match function {
            Function::StartsWith => Join::Starts,
            Function::EndsWith => Join::Ends,
            _ => return self.cannot_join(id, name),
        };
        if place != 1 {
            return self.cannot_join(id, name);
        }
        let joined = parts.pop()?;
        let text = parts.pop()?;
        self.joined(id, how, text, joined)
    }

    fn cannot_join(&mut self, id: u64, name: &str) -> Option<Typed> {
        let message = format!("`{name}` does not take texts put together");
        self.problem(id, "expression.unsupported", message)
    }

    /// A text in another case can be compared and searched; reading it as something else
    /// would need a copy.
    fn check_folded(
        &mut self,
        id: u64,
        name: &str,
        function: Function,
        parts: &[Typed],
    ) -> Option<()> {
        let takes_folded = matches!(
            function,
            Function::Dyn
                | Function::Size
                | Function::StartsWith
                | Function::EndsWith
                | Function::Contains
                | Function::Trim
                | Function::Substring
                | Function::CharAt
                | Function::IndexOf
                | Function::LastIndexOf
                | Function::ToText
        );
        if takes_folded || !parts.iter().any(|part| part.is_folded) {
            return Some(());
        }
        let message = format!("`{name}` does not take what `lowerAscii` or `upperAscii` gives");
        self.problem(id, "expression.unsupported", message)?;
        None
    }

    /// A zone has to be a literal, of a kind that can be read.
    fn check_zone(&mut self, id: u64, function: Function, parts: &[Typed]) -> Option<()> {
        let [_, ahead] = parts else {
            return Some(());
        };
        let is_about_time = matches!(
            function,
            Function::FullYear
                | Function::Month
                | Function::DayOfMonth
                | Function::Date
                | Function::DayOfWeek
                | Function::DayOfYear
                | Function::Hours
                | Function::Minutes
                | Function::Seconds
                | Function::Milliseconds
        );
        if !is_about_time {
            return Some(());
        }
        let is_zone = self
            .constant_text(ahead)
            .is_some_and(|text| zone(text).is_some());
        if is_zone {
            return Some(());
        }
        let message = "expected a fixed zone such as `'+02:00'` or `'UTC'`: names of places \
                       need tables that change";
        self.problem(id, "expression.unsupported", message.to_owned())?;
        None
    }

    fn no_overload(
        &mut self,
        id: u64,
        name: &str,
        candidates: &[&Signature],
        parts: &[Typed],
    ) -> Option<Typed> {
        let found: Vec<String> = parts.iter().map(|part| kind::name(part.kind)).collect();
        let mut ways: Vec<String> = candidates.iter().map(|one| way(one)).collect();
        ways.dedup();
        let (ways, found) = (ways.join(" or "), found.join(", "));
        let message = format!("`{name}` takes ({ways}), found ({found})");
        self.problem(id, "expression.type", message)
    }

    fn matches(&mut self, id: u64, arguments: &[&IdedExpr]) -> Option<Typed> {
        let [text, pattern] = arguments else {
            let message = "expected `text.matches('pattern')`".to_owned();
            return self.problem(id, "expression.type", message);
        };
        let place = pattern.id;
        let text = self.lower(text);
        let pattern = self.lower(pattern);
        let (text, pattern) = (text?, pattern?);
        if !kind::agree(text.kind, Type::Text) {
            let message = format!("`matches` takes string, found {}", kind::name(text.kind));
            return self.problem(id, "expression.type", message);
        }
        if text.is_folded {
            let message = "`matches` does not take what `lowerAscii` or `upperAscii` gives: \
                           write `(?i)` in the pattern";
            return self.problem(id, "expression.unsupported", message.to_owned());
        }
        let Some(written) = self.constant_text(&pattern).map(str::to_owned) else {
            let message = "a pattern has to be a literal, so that it can be checked and bounded";
            return self.problem(place, "expression.pattern", message.to_owned());
        };
        match Pattern::compile(&written) {
            Ok(compiled) => self.emit_matches(id, &text, &pattern, compiled),
            Err(message) => self.problem(place, "expression.pattern", message),
        }
    }

    fn emit_matches(
        &mut self,
        id: u64,
        text: &Typed,
        pattern: &Typed,
        compiled: Pattern,
    ) -> Option<Typed> {
        const USUAL_BYTES: usize = 256;
        let cost = compiled.steps(USUAL_BYTES);
        let index = u16::try_from(self.program.patterns.len()).ok()?;
        self.program.patterns.push(compiled);
        let node = Node::Matches {
            of: text.node,
            pattern: index,
        };
        let mut typed = self.emit(id, node, Type::Bool, &[text, pattern])?;
        typed.cost = typed.cost.saturating_add(cost);
        Some(typed)
    }
}

fn takes(signature: &Signature, parts: &[Typed]) -> bool {
    let mut pairs = signature.takes.iter().zip(parts);
    signature.takes.len() == parts.len()
        && pairs.all(|(takes, part)| kind::agree(*takes, part.kind))
}

fn way(signature: &Signature) -> String {
    let names: Vec<String> = signature.takes.iter().map(|one| kind::name(*one)).collect();
    names.join(", ")
}
