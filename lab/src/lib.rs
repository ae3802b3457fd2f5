//! A company on loopback: an identity provider, a certificate authority, a service with a database, and an Envoy before it.
//!
//! The demo, the tests and the benches share it. Everything listens on 127.0.0.1 at ports the
//! system chose, every process ends with the value that owns it, and all calls block.

pub mod deadline;
mod fields;
pub mod workspace;

pub mod certificate_authority;
pub mod identity_provider;
pub mod upstream;

pub mod envoy;

pub mod call;
pub mod client;
