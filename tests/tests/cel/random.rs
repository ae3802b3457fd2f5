//! Numbers that are the same for the same seed on every machine.

/// A source of numbers (xorshift64).
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below another.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % end
    }

    /// Once in so many times.
    pub fn chance(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn one<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.below(these.len())]
    }

    /// A whole number, small or at an edge.
    pub fn number(&mut self) -> i64 {
        self.one(&[
            0,
            1,
            2,
            3,
            7,
            -1,
            -7,
            100,
            1 << 53,
            (1 << 53) + 1,
            i64::MAX,
            i64::MIN,
        ])
    }
}
