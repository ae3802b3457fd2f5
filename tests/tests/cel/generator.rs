//! Random expressions, most of them well typed and guarded, some of them not.

use super::random::Random;
use super::world::TEXTS;

/// Makes expressions.
pub struct Generator<'r> {
    pub random: &'r mut Random,
    /// What loops look at, by kind.
    variables: Vec<(String, Kind)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Int,
    Action,
    Open,
}

impl<'r> Generator<'r> {
    /// Starts.
    pub fn new(random: &'r mut Random) -> Self {
        Self {
            random,
            variables: Vec::new(),
        }
    }

    /// An expression that gives a truth value.
    pub fn truth(&mut self, depth: usize) -> String {
        let Some(less) = depth.checked_sub(1) else {
            return self.plain_truth();
        };
        match self.random.below(20) {
            0..=2 => {
                let (one, two) = (self.truth(less), self.truth(less));
                format!("({one} && {two})")
            }
            3..=5 => {
                let (one, two) = (self.truth(less), self.truth(less));
                format!("({one} || {two})")
            }
            6 => format!("!({})", self.truth(less)),
            7 => {
                let condition = self.truth(less);
                let (one, two) = (self.truth(less), self.truth(less));
                format!("({condition} ? {one} : {two})")
            }
            8 | 9 => self.guarded(less),
            10 | 11 => self.each(less),
            12 => self.membership(),
            13 => self.of_open(),
            14 => {
                let sign = self.order();
                let (one, two) = (self.number(less), self.number(less));
                format!("{one} {sign} {two}")
            }
            15 => self.of_time(),
            16 | 17 => self.of_text(less),
            18 => self.other_numbers(),
            _ => self.plain_truth(),
        }
    }

    fn plain_truth(&mut self) -> String {
        match self.random.below(8) {
            0 => "true".to_owned(),
            1 => "false".to_owned(),
            2 => "request.secure".to_owned(),
            3 => "has(principal.for)".to_owned(),
            4 => format!("has(claims.{})", self.key()),
            5 => format!("'{}' in claims", self.key()),
            6 => self.of_text(0),
            _ => {
                let sign = self.order();
                let (one, two) = (self.number(0), self.number(0));
                format!("{one} {sign} {two}")
            }
        }
    }

    fn order(&mut self) -> &'static str {
        self.random.one(&["==", "!=", "<", "<=", ">", ">="])
    }

    fn key(&mut self) -> &'static str {
        self.random.one(&[
            "dept", "level", "admin", "roles", "act", "none", "mixed", "gone",
        ])
    }

    fn literal(&mut self) -> String {
        let text = self.random.one(&TEXTS);
        format!("'{text}'")
    }

    fn open_literal(&mut self) -> String {
        match self.random.below(8) {
            0 => "null".to_owned(),
            1 => "true".to_owned(),
            2 => self
                .random
                .one(&["1", "0", "2u", "1.0", "2.5", "-1"])
                .to_owned(),
            3 => self
                .random
                .one(&["['a']", "[1, 'a']", "[]", "{'k': 'a'}", "{}", "b'a'"])
                .to_owned(),
            _ => self.literal(),
        }
    }

    /// A condition on what can be absent, guarded in one of many shapes, now and then not.
    fn guarded(&mut self, depth: usize) -> String {
        let (guard, test) = match self.random.below(7) {
            0 => {
                let literal = self.literal();
                (
                    "has(principal.for)".to_owned(),
                    format!("principal.for.subject == {literal}"),
                )
            }
            1 => {
                let number = self.random.number();
                (
                    "has(principal.for) && has(principal.for.level)".to_owned(),
                    format!("principal.for.level > {number}"),
                )
            }
            2 => {
                let literal = self.literal();
                (
                    "has(request.tenant)".to_owned(),
                    format!("request.tenant != {literal}"),
                )
            }
            3 => (
                "has(claims.score)".to_owned(),
                format!("claims.score {} {}", self.order(), self.random.below(4)),
            ),
            4 => {
                let key = self.random.one(&["x-tenant", "users", "gone"]);
                let literal = self.literal();
                (
                    format!("'{key}' in request.headers"),
                    format!("request.headers['{key}'] == {literal}"),
                )
            }
            5 => {
                let literal = self.open_literal();
                (
                    "has(claims.act) && has(claims.act.sub)".to_owned(),
                    format!("claims.act.sub == {literal}"),
                )
            }
            _ => {
                let key = self.key();
                let test = self.test_of_open(&format!("claims.{key}"));
                (format!("has(claims.{key})"), test)
            }
        };
        let other = self.truth(depth.min(1));
        match self.random.below(9) {
            0 => format!("(!({guard}) || {test})"),
            1 => format!("({guard} ? {test} : {other})"),
            2 => format!("(!({guard}) ? {other} : {test})"),
            3 => format!("({guard} && {other} && {test})"),
            4 => format!("({other} || ({guard} && {test}))"),
            5 => format!("!(!({guard}) || {test})"),
            6 if self.random.chance(3) => format!("({test} && {guard})"),
            _ => format!("({guard} && {test})"),
        }
    }

    fn of_open(&mut self) -> String {
        let key = self.key();
        let test = self.test_of_open(&format!("claims.{key}"));
        format!("(has(claims.{key}) && {test})")
    }

    fn test_of_open(&mut self, path: &str) -> String {
        let literal = self.open_literal();
        match self.random.below(16) {
            0 => format!("{path} != {literal}"),
            1 => format!("{path} < {literal}"),
            2 => format!("{path} >= {literal}"),
            3 => format!("{literal} in {path}"),
            4 => format!("size({path}) > {}", self.random.below(3)),
            5 => format!("{path}.exists(x, x == {literal})"),
            6 => format!("{path}.all(x, x != {literal})"),
            7 => format!("{path}.exists_one(x, x == {literal})"),
            8 => format!("{path}.startsWith({})", self.literal()),
            9 => path.to_owned(),
            10 => format!("{path}[{}] == {literal}", self.random.below(2)),
            11 => format!("int({path}) > 0"),
            12 => format!("uint({path}) == 1u"),
            13 => format!("{path} in [{literal}, 'a']"),
            14 => format!("double({path}) + 1.0 > 1.0"),
            _ => format!("{path} == {literal}"),
        }
    }

    fn each(&mut self, depth: usize) -> String {
        let name = format!("v{}", self.variables.len());
        let (list, kind) = match self.random.below(8) {
            0 => ("principal.groups".to_owned(), Kind::Text),
            1 => ("numbers".to_owned(), Kind::Int),
            2 => ("[1, 2, 0]".to_owned(), Kind::Int),
            3 => ("['a', 'é']".to_owned(), Kind::Text),
            4 => ("request.headers".to_owned(), Kind::Text),
            5 => ("claims".to_owned(), Kind::Text),
            6 => ("[1, 'a', null, 2.5]".to_owned(), Kind::Open),
            _ => ("actions".to_owned(), Kind::Action),
        };
        let how = self.random.one(&["exists", "all", "exists_one", "filter"]);
        self.variables.push((name.clone(), kind));
        let body = if self.variables.len() < 3 && self.random.chance(2) {
            self.truth(depth)
        } else {
            self.about_variable()
        };
        self.variables.pop();
        if how == "filter" {
            let number = self.random.below(3);
            return format!("size({list}.filter({name}, {body})) == {number}");
        }
        format!("{list}.{how}({name}, {body})")
    }

    fn about_variable(&mut self) -> String {
        let Some((name, kind)) = self.variables.last().cloned() else {
            return "true".to_owned();
        };
        let literal = self.literal();
        match kind {
            Kind::Text => match self.random.below(3) {
                0 => format!("{name} == {literal}"),
                1 => format!("{name} in ['a', 'GET', 'sub']"),
                _ => format!("{name}.startsWith({literal})"),
            },
            Kind::Int => match self.random.below(3) {
                0 => format!("{name} > {}", self.random.number()),
                1 => format!("6 / {name} > 1"),
                _ => format!("{name} % 2 == 1"),
            },
            Kind::Open => {
                let literal = self.open_literal();
                format!("{name} == {literal}")
            }
            Kind::Action => match self.random.below(4) {
                0 => format!("{name}.effect == 'drop'"),
                1 => format!("has({name}.limit) && {name}.limit > 5"),
                2 => format!("{literal} in {name}.tables"),
                _ => format!("{name}.tables.exists(t, t == {literal})"),
            },
        }
    }

    fn membership(&mut self) -> String {
        let literal = self.literal();
        match self.random.below(7) {
            0 => format!("{literal} in principal.groups"),
            1 => format!("{} in ['a', 'GET', {literal}]", self.text(1)),
            2 => format!("{} in [1, 2, 3, 7]", self.number(1)),
            3 => format!("{literal} in request.headers"),
            4 => format!("{} in numbers", self.number(0)),
            5 => format!("principal.groups == ['a', {literal}]"),
            _ => format!("{literal} in claims"),
        }
    }

    /// A whole number.
    fn number(&mut self, depth: usize) -> String {
        let variable = self
            .variables
            .iter()
            .rev()
            .find(|(_, kind)| *kind == Kind::Int);
        if let Some((name, _)) = variable.cloned()
            && self.random.chance(3)
        {
            return name;
        }
        if depth > 0 && self.random.chance(2) {
            let sign = self.random.one(&["+", "-", "*", "/", "%"]);
            let (one, two) = (self.number(depth - 1), self.number(depth - 1));
            return format!("({one} {sign} {two})");
        }
        match self.random.below(10) {
            0..=2 => "request.bytes".to_owned(),
            3 => "size(principal.groups)".to_owned(),
            4 => format!("size({})", self.text(depth.min(1))),
            5 => "numbers[0]".to_owned(),
            6 => "int(request.ratio)".to_owned(),
            7 => "-request.bytes".to_owned(),
            8 => self
                .random
                .one(&[
                    "int('10')",
                    "int(request.count)",
                    "int(now)",
                    "int(true ? 1 : 2)",
                ])
                .to_owned(),
            _ => {
                let number = self.random.number();
                format!("{number}")
            }
        }
    }

    fn other_numbers(&mut self) -> String {
        let sign = self.order();
        match self.random.below(6) {
            0 => format!(
                "request.ratio {sign} {}",
                self.random
                    .one(&["1.5", "0.0", "-2.5", "double(request.bytes)"])
            ),
            1 => format!(
                "request.count {sign} {}",
                self.random.one(&["1u", "0u", "uint(request.bytes)"])
            ),
            2 => {
                let how = self.random.one(&["+", "-", "*", "/"]);
                format!("request.ratio {how} 2.5 {sign} 1.0")
            }
            3 => {
                let how = self.random.one(&["+", "-", "*", "/", "%"]);
                format!("request.count {how} 3u {sign} 1u")
            }
            4 => format!("request.raw {sign} b'a'"),
            _ => {
                let sign = self.random.one(&["<", "<=", ">", ">="]);
                format!("request.bytes {sign} request.ratio")
            }
        }
    }

    fn of_time(&mut self) -> String {
        let sign = self.order();
        let point = self.random.one(&[
            "timestamp('2009-02-13T23:31:30Z')",
            "timestamp('2009-02-14T01:31:30.5+02:00')",
            "timestamp(0)",
            "(now + ttl)",
            "(now - ttl)",
            "now",
        ]);
        let shown = self
            .random
            .one(&["timestamp('2009-02-13T23:31:30Z')", "(now + ttl)", "now"]);
        let span = self.random.one(&[
            "duration('1m')",
            "duration('-1.5s')",
            "ttl",
            "(now - timestamp(0))",
            "(ttl + duration('1h'))",
        ]);
        match self.random.below(5) {
            0 => format!("now {sign} {point}"),
            1 => format!("ttl {sign} {span}"),
            2 => {
                let part = self.random.one(&[
                    "getFullYear",
                    "getMonth",
                    "getDayOfMonth",
                    "getDate",
                    "getDayOfWeek",
                    "getDayOfYear",
                    "getHours",
                    "getMinutes",
                    "getSeconds",
                    "getMilliseconds",
                ]);
                format!(
                    "{shown}.{part}() {sign} {}",
                    self.random.one(&["0", "1", "13", "2009", "4"])
                )
            }
            3 => {
                let zone = self.random.one(&["+02:00", "-09:30", "UTC"]);
                format!("{shown}.getHours('{zone}') {sign} 1")
            }
            _ => {
                let part = self.random.one(&["getHours", "getMinutes", "getSeconds"]);
                format!("{span}.{part}() {sign} 1")
            }
        }
    }

    /// A text.
    fn text(&mut self, depth: usize) -> String {
        let variable = self
            .variables
            .iter()
            .rev()
            .find(|(_, kind)| *kind == Kind::Text);
        if let Some((name, _)) = variable.cloned()
            && self.random.chance(3)
        {
            return name;
        }
        if depth > 0 && self.random.chance(3) {
            let text = self.text(depth - 1);
            return match self.random.below(6) {
                0 => format!("{text}.lowerAscii()"),
                1 => format!("{text}.upperAscii()"),
                2 => format!("{text}.trim()"),
                3 => format!("{text}.substring({})", self.random.below(3)),
                4 => format!(
                    "{text}.substring({}, {})",
                    self.random.below(2),
                    1 + self.random.below(3)
                ),
                _ => format!("{text}.charAt({})", self.random.below(2)),
            };
        }
        match self.random.below(6) {
            0 | 1 => "request.method".to_owned(),
            2 => "request.path".to_owned(),
            3 => "principal.subject".to_owned(),
            4 => "string(request.secure)".to_owned(),
            _ => self.literal(),
        }
    }

    fn of_text(&mut self, depth: usize) -> String {
        let (one, two) = (self.text(depth), self.text(depth.min(1)));
        let literal = self.literal();
        match self.random.below(13) {
            0 => format!("{one}.startsWith({two})"),
            1 => format!("{one}.endsWith({two})"),
            2 => format!("{one}.contains({two})"),
            3 => {
                let pattern = self.random.one(&[
                    "^/v[0-9]+/",
                    "a$",
                    "(?i)get",
                    "^$",
                    "u.*s",
                    "[[:alpha:]]+",
                    "\\\\d{2}",
                ]);
                format!("request.path.matches('{pattern}')")
            }
            4 => format!("{one} == '/v1/' + 'users/' + {two}"),
            5 => format!("{one} != {two} + {literal}"),
            6 => format!("{one}.startsWith({literal} + {two})"),
            7 => format!("{one}.endsWith({two} + {literal})"),
            8 => format!(
                "{one}.indexOf({two}) {} {}",
                self.order(),
                self.random.below(3)
            ),
            9 => format!(
                "{one}.lastIndexOf({two}) {} {}",
                self.order(),
                self.random.below(3)
            ),
            10 => format!("{one}.indexOf({two}, {}) >= 0", self.random.below(3)),
            11 => format!("{one}.lastIndexOf({two}, {}) >= 0", self.random.below(3)),
            _ => {
                let sign = self.order();
                format!("{one} {sign} {two}")
            }
        }
    }
}
