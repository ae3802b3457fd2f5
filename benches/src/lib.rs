//! What is measured with: statements, a document and calls, the same natively and in Envoy.
//!
//! Nothing here measures; whoever does can rely on the inputs being the ones that the other
//! benches use, and on a failure to set them up ending the bench.

pub mod call;
pub mod document;
pub mod policy;
pub mod statement;
