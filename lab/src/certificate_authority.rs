//! A certificate authority of a mesh: names become certificates (RFC 5280) with keys of their own.
//!
//! All keys are made on the spot and live as long as the files that a test writes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::elliptic_curve::Generate as _;
use p256::pkcs8::{EncodePrivateKey as _, LineEnding};
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData, SanType, SerialNumber,
    SignatureAlgorithm,
};

/// Signs certificates with a P-256 key of its own.
pub struct CertificateAuthority {
    issuer: Issuer<'static, Key>,
    certificate: String,
}

/// A certificate with its key, both as PEM.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The certificate.
    pub certificate: String,
    /// Its private key (PKCS #8).
    pub key: String,
}

impl CertificateAuthority {
    /// Makes an authority with a fresh key.
    ///
    /// # Errors
    /// When a certificate can't be made of its parameters.
    pub fn new() -> Result<Self, rcgen::Error> {
        let mut parameters = parameters(1);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = Key::new();
        let certificate = pem(parameters.self_signed(&key)?.der());
        Ok(Self {
            issuer: Issuer::new(parameters, key),
            certificate,
        })
    }

    /// Its own certificate as PEM: what trusts it.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// A certificate for client and server with these subject alternative names: URIs where they
    /// have a scheme, else hosts.
    ///
    /// # Errors
    /// When a name is not ASCII.
    pub fn issue(&self, names: &[&str]) -> Result<Credential, rcgen::Error> {
        let mut parameters = parameters(2);
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ClientAuth,
            ExtendedKeyUsagePurpose::ServerAuth,
        ];
        for name in names {
            let text = (*name).try_into()?;
            parameters.subject_alt_names.push(match name.contains(':') {
                true => SanType::URI(text),
                false => SanType::DnsName(text),
            });
        }
        let key = Key::new();
        Ok(Credential {
            certificate: pem(parameters.signed_by(&key, &self.issuer)?.der()),
            key: key.to_pem(),
        })
    }
}

fn parameters(serial: u64) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.serial_number = Some(SerialNumber::from(serial));
    parameters.key_identifier_method = KeyIdMethod::PreSpecified(vec![7; 20]);
    parameters
}

/// Lines of 64 characters (RFC 7468).
fn pem(der: &[u8]) -> String {
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in STANDARD.encode(der).as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text + "-----END CERTIFICATE-----\n"
}

struct Key {
    secret: SigningKey,
    point: Vec<u8>,
}

impl Key {
    fn new() -> Self {
        let secret = SigningKey::generate();
        let point = secret.verifying_key().to_sec1_point(false);
        Self {
            point: point.as_bytes().to_vec(),
            secret,
        }
    }

    fn to_pem(&self) -> String {
        let pem = self.secret.to_pkcs8_pem(LineEnding::LF);
        pem.map_or_else(|_| String::new(), |pem| pem.as_str().to_owned())
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.point
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature: DerSignature = self.secret.sign(message);
        Ok(signature.as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_and_keys_are_pem() {
        let authority = CertificateAuthority::new().expect("an authority");
        let credential = authority.issue(&["spiffe://example.org/cart", "localhost"]);
        let credential = credential.expect("a certificate");
        for (text, what) in [
            (authority.certificate(), "CERTIFICATE"),
            (&credential.certificate, "CERTIFICATE"),
            (&credential.key, "PRIVATE KEY"),
        ] {
            assert!(text.starts_with(&format!("-----BEGIN {what}-----\n")));
            assert!(text.ends_with(&format!("-----END {what}-----\n")));
        }
    }

    #[test]
    fn two_authorities_do_not_know_each_other() {
        let made = || CertificateAuthority::new().expect("an authority");
        assert_ne!(made().certificate(), made().certificate());
    }
}
