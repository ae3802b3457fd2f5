//! An OpenID-like identity provider: claims become an ES256 token, its key a JWKS.
//!
//! The key is made on the spot and lives as long as the value, so no secret is ever stored.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::Generate as _;
use serde_json::{Value, json};

pub mod cast;

/// The issuer in every token.
pub const ISSUER: &str = "https://idp.example.com";
/// The audience in every token.
pub const AUDIENCE: &str = "lictor";

const KEY_ID: &str = "lab-1";
const LIFETIME_SECONDS: u64 = 8 * 3600;

/// Signs tokens with a P-256 key of its own.
pub struct IdentityProvider {
    key: SigningKey,
}

impl IdentityProvider {
    /// Makes a provider with a fresh key.
    #[must_use]
    pub fn new() -> Self {
        Self {
            key: SigningKey::generate(),
        }
    }

    /// The public key as a JSON web key set (RFC 7517), on one line.
    #[must_use]
    pub fn jwks(&self) -> String {
        let point = self.key.verifying_key().to_sec1_point(false);
        let coordinate = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.unwrap_or_default());
        json!({"keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": KEY_ID,
            "x": coordinate(point.x().map(|x| x.as_slice())),
            "y": coordinate(point.y().map(|y| y.as_slice())),
        }]})
        .to_string()
    }

    /// A signed token (RFC 7519) with these claims; issuer, audience and times are added unless
    /// the claims say otherwise.
    #[must_use]
    pub fn token(&self, claims: &Value) -> String {
        let now = seconds_since_epoch();
        let mut all = json!({
            "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + LIFETIME_SECONDS,
        });
        if let (Some(all), Some(claims)) = (all.as_object_mut(), claims.as_object()) {
            all.extend(claims.clone());
        }
        self.sign(&all.to_string())
    }

    /// A signed token with exactly this text for a payload, for payloads that no JSON writer makes.
    #[must_use]
    pub fn sign(&self, payload: &str) -> String {
        let header = json!({"alg": "ES256", "typ": "JWT", "kid": KEY_ID}).to_string();
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload)
        );
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

impl Default for IdentityProvider {
    fn default() -> Self {
        Self::new()
    }
}

fn seconds_since_epoch() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(token: &str) -> Value {
        let part = token.split('.').nth(1).expect("a token has three parts");
        let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    #[test]
    fn claims_win_over_defaults() {
        let claims =
            payload(&IdentityProvider::new().token(&json!({"sub": "eve", "iss": "other"})));
        assert_eq!(claims["sub"], "eve");
        assert_eq!(claims["iss"], "other");
        assert_eq!(claims["aud"], AUDIENCE);
    }

    #[test]
    fn publishes_both_coordinates_of_its_key() {
        let set: Value = serde_json::from_str(&IdentityProvider::new().jwks()).expect("JSON");
        for coordinate in ["x", "y"] {
            let text = set["keys"][0][coordinate].as_str().expect("a string");
            assert_eq!(URL_SAFE_NO_PAD.decode(text).expect("base64url").len(), 32);
        }
    }
}
