//! Inputs to new inputs: words of one put into another, repeated, nested, broken.
//!
//! The same seed makes the same inputs on every machine.

/// Longest input that is made, in bytes.
const LONGEST: usize = 64 * 1024;

/// What breaks or opens things.
const PIECES: [&str; 40] = [
    ";",
    ";;",
    " END ",
    "--",
    "--\r",
    "\r",
    "\n",
    "/*",
    "*/",
    "/*!",
    "/*M!",
    "'",
    "\"",
    "`",
    "[",
    "]",
    "(",
    ")",
    "$$",
    "$a$",
    "\\",
    "E'",
    "U&'",
    "N'",
    "x'",
    "{",
    "}",
    "#",
    "::",
    ".",
    "?",
    "@",
    ":a",
    "\u{0}",
    "\u{a0}",
    "\u{feff}",
    "\u{2028}",
    "BEGIN ",
    "WITH a AS (",
    "b.CEIL(",
];

/// Makes inputs without end.
pub struct Mutator<'s> {
    seeds: Vec<&'s str>,
    state: u64,
}

impl<'s> Mutator<'s> {
    /// Starts from these seeds, one a line.
    #[must_use]
    pub fn new(seeds: &'s str, seed: u64) -> Self {
        Self {
            seeds: seeds.lines().filter(|line| !line.is_empty()).collect(),
            state: seed ^ 0x9e37_79b9_7f4a_7c15,
        }
    }

    /// The next input.
    pub fn make(&mut self) -> Vec<u8> {
        let mut words = self.words();
        for _ in 0..self.below(4) {
            self.change(&mut words);
        }
        let mut text = words.concat();
        if self.below(3) == 0 {
            let other = self.words().concat();
            text = format!("{text};;{other}");
        }
        while text.len() > LONGEST {
            text.pop();
        }
        let mut input = vec![u8::try_from(self.below(256)).unwrap_or_default()];
        input.extend(text.into_bytes());
        if self.below(20) == 0 {
            let at = self.below(input.len());
            input[at] = u8::try_from(self.below(256)).unwrap_or_default();
        }
        input
    }

    fn change(&mut self, words: &mut Vec<String>) {
        let at = self.below(words.len() + 1);
        let end = (at + 1 + self.below(6)).min(words.len());
        let range = at.min(end)..end;
        match self.below(7) {
            0 => drop(words.drain(range)),
            1 => {
                let other = self.words();
                let from = self.below(other.len());
                let taken = other.into_iter().skip(from).take(1 + self.below(8));
                let taken: Vec<_> = taken.collect();
                words.splice(range, taken);
            }
            2 => {
                let times = [2, 8, 40, 400, 3_000][self.below(5)];
                let again = words[range].concat();
                let times = times.min(LONGEST / again.len().max(1));
                words.insert(at, again.repeat(times));
            }
            3 => {
                let depth = [1, 4, 12, 31, 200][self.below(5)];
                words.insert(range.start, "(".repeat(depth));
                let end = (range.end + 1).min(words.len());
                words.insert(end, ")".repeat(depth));
            }
            4 => {
                let inside = words[range.clone()].concat().replace('\'', "''");
                words.splice(range, [format!("'{inside}'")]);
            }
            5 => words.reverse(),
            _ => words.insert(at, PIECES[self.below(PIECES.len())].to_owned()),
        }
    }

    /// The words of a seed, each with the blank before it.
    fn words(&mut self) -> Vec<String> {
        let at = self.below(self.seeds.len());
        let seed = self.seeds.get(at).copied().unwrap_or_default();
        seed.split_inclusive(' ').map(str::to_owned).collect()
    }

    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let wide = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from((self.state >> 11) % wide).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEDS: &str = "SELECT a FROM t\nDELETE FROM u WHERE b = 1\n";

    #[test]
    fn a_seed_always_makes_the_same_inputs() {
        let (mut one, mut other) = (Mutator::new(SEEDS, 7), Mutator::new(SEEDS, 7));
        assert!((0..500).all(|_| one.make() == other.make()));
    }

    #[test]
    fn inputs_differ_and_are_bounded() {
        let mut mutator = Mutator::new(SEEDS, 1);
        let mut inputs: Vec<_> = (0..500).map(|_| mutator.make()).collect();
        assert!(inputs.iter().all(|input| input.len() <= LONGEST + 1));
        inputs.sort_unstable();
        inputs.dedup();
        assert!(inputs.len() > 300, "{}", inputs.len());
    }
}
