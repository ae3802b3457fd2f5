//! The table of fuzz targets.
//!
//! A target is a plain function over bytes that panics when a claim does not hold, so that any
//! fuzzing engine can drive it; `fuzz` is a small one that needs nothing but a stable compiler.

pub mod mutate;
pub mod target;

/// One target.
#[derive(Clone, Copy)]
pub struct Target {
    /// What a person types.
    pub name: &'static str,
    /// Holds the input against what is claimed.
    ///
    /// # Panics
    /// When a claim does not hold.
    pub run: fn(&[u8]),
    /// Inputs to start from, one a line.
    pub seeds: &'static str,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target {
        name: "document",
        run: target::document::run,
        seeds: include_str!("../seeds/documents.txt"),
    },
    Target {
        name: "event_stream",
        run: target::event_stream::run,
        seeds: include_str!("../seeds/event_stream.txt"),
    },
    Target {
        name: "expression",
        run: target::expression::run,
        seeds: include_str!("../seeds/expressions.txt"),
    },
    Target {
        name: "form",
        run: target::form::run,
        seeds: include_str!("../seeds/form.txt"),
    },
    Target {
        name: "graphql",
        run: target::graphql::run,
        seeds: include_str!("../seeds/graphql.txt"),
    },
    Target {
        name: "identity",
        run: target::identity::run,
        seeds: include_str!("../seeds/identity.txt"),
    },
    Target {
        name: "mcp",
        run: target::mcp::run,
        seeds: include_str!("../seeds/mcp.txt"),
    },
    Target {
        name: "multipart",
        run: target::multipart::run,
        seeds: include_str!("../seeds/multipart.txt"),
    },
    Target {
        name: "protobuf",
        run: target::protobuf::run,
        seeds: include_str!("../seeds/protobuf.txt"),
    },
    Target {
        name: "sql",
        run: target::sql::run,
        seeds: include_str!("../seeds/sql.txt"),
    },
];

#[cfg(test)]
mod tests {
    #[test]
    fn every_seed_holds_every_claim() {
        for target in super::TARGETS {
            for seed in target.seeds.lines() {
                (target.run)(seed.as_bytes());
            }
        }
    }
}
