//! The record as filter state, where Envoy's access log finds it.

use lictor_engine::config::RecordForm;
use lictor_engine::record::{Chained, Ending, Least};

use crate::host;
use crate::root::RECORD;

/// Filter state `wasm.lictor_json`: the record as text, for loggers that take no objects.
const RECORD_JSON: &str = "lictor_json";

/// Filter state `wasm.lictor_member`: the record for a log line that is put together as text.
const RECORD_MEMBER: &str = "lictor_member";

/// How an exchange of which that much time went into deciding ended.
pub fn ending(decided_us: u64) -> Ending {
    let status = host::integer(&["response", "code"]).and_then(|code| u32::try_from(code).ok());
    let status = status.unwrap_or_default();
    // Of a success they only say that it came from the upstream.
    let details = if (200..400).contains(&status) {
        None
    } else {
        host::property(&["response", "code_details"]).ok().flatten()
    };
    Ending {
        status,
        details: String::from_utf8_lossy(&details.unwrap_or_default()).into_owned(),
        decided_us: u32::try_from(decided_us).unwrap_or(u32::MAX),
    }
}

/// Hands a record over in every form that is wanted.
pub fn write(forms: &[RecordForm], record: &Chained<'_>) {
    for &form in forms {
        set_record(form, || record.to_struct(), &record.json);
    }
}

/// The same for what is told where a record can't be made.
pub fn write_least(forms: &[RecordForm], record: &Least<'_>) {
    for &form in forms {
        set_record(form, || record.to_struct(), &record.to_json());
    }
}

/// Where the host does not take the record there is nobody left to tell.
fn set_record(form: RecordForm, to_struct: impl Fn() -> Vec<u8>, json: &str) {
    let _ = match form {
        RecordForm::Struct => host::set_property(RECORD, &to_struct()),
        RecordForm::Json => host::set_property(RECORD_JSON, json.as_bytes()),
        RecordForm::Member => {
            let member = [",\"lictor\":", json].concat();
            host::set_property(RECORD_MEMBER, member.as_bytes())
        }
    };
}
