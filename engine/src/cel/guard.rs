//! Which paths are known to be there once a condition holds, or once it does not.

/// Numbers of paths that are known to be there; nothing at all can be where the case itself
/// can't be (`false` never holds).
#[derive(Clone)]
pub enum Guards {
    /// The case can't be: anything may be taken for known.
    Never,
    /// These paths are there.
    Known(Vec<u16>),
}

impl Guards {
    /// No path.
    pub const NONE: Self = Self::Known(Vec::new());

    /// What both say, when both hold.
    pub fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Known(one), Self::Known(two)) => {
                let mut both = one.clone();
                both.extend(two.iter().filter(|path| !one.contains(path)));
                Self::Known(both)
            }
            _ => Self::Never,
        }
    }

    /// What is sure when one of the two holds.
    pub fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Never, known) | (known, Self::Never) => known.clone(),
            (Self::Known(one), Self::Known(two)) => {
                let shared = one.iter().filter(|path| two.contains(path));
                Self::Known(shared.copied().collect())
            }
        }
    }

    /// The paths.
    pub fn paths(&self) -> &[u16] {
        match self {
            Self::Never => &[],
            Self::Known(paths) => paths,
        }
    }
}
