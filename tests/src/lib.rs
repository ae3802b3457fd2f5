//! What the suites against a real Envoy share: a company to call, calls, and what to expect.
//!
//! A suite asserts only what the client, the upstream, the database and the access log see.

pub mod company;
pub mod exchange;
pub mod gzip;
pub mod judge;
pub mod mesh;
pub mod peer;
pub mod transport;
pub mod worst;
