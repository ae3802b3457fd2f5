//! Snowflake: control functions, stages, external calls.

use super::{ADMIN, EXPORT, IMPORT, Table};

/// Sorted by name.
pub(super) const TABLE: Table = &[
    ("ai_parse_document", IMPORT),
    ("build_scoped_file_url", EXPORT),
    ("build_stage_file_url", EXPORT),
    ("directory", IMPORT),
    ("get_presigned_url", EXPORT),
    ("infer_schema", IMPORT),
    ("system$abort_session", ADMIN),
    ("system$abort_transaction", ADMIN),
    ("system$cancel_all_queries", ADMIN),
    ("system$cancel_query", ADMIN),
    ("system$convert_pipes_sqs_to_sns", ADMIN),
    ("system$disable_behavior_change_bundle", ADMIN),
    ("system$enable_behavior_change_bundle", ADMIN),
    ("system$finish_oauth_flow", ADMIN),
    ("system$pipe_force_resume", ADMIN),
    ("system$send_email", EXPORT),
    ("system$send_snowflake_notification", EXPORT),
    ("system$set_application_restricted_feature_access", ADMIN),
    ("system$set_return_value", ADMIN),
    ("system$task_dependents_enable", ADMIN),
    ("system$trigger_listing_refresh", ADMIN),
    ("system$user_task_cancel_ongoing_executions", ADMIN),
];
