//! Functions that come with the databases and do nothing but compute or tell something.
//!
//! One table over all dialects: none of them has a function of these names that changes
//! anything. What is missing here counts as somebody's own function.

use std::cmp::Ordering;

use crate::sql::dialect::Dialect;

/// Whether a function of that name, without a schema, is one of the database's own.
pub(in crate::sql) fn is_builtin(name: &str, dialect: Dialect) -> bool {
    let is = |name: &str| is_listed(name) || is_of_family(name, dialect);
    if dialect == Dialect::Clickhouse {
        return is(name) || is_of_clickhouse(name);
    }
    match name.get(..JSONB.len()) {
        // PostgreSQL has each of these twice.
        Some(start) if start.eq_ignore_ascii_case(JSONB) => {
            let rest = name.get(JSONB.len()..).unwrap_or_default();
            is(&format!("json_{rest}"))
        }
        _ => is(name),
    }
}

/// Whether a function in a schema, or of a package, is one of the database's own.
pub(in crate::sql) fn is_system(schema: &str, name: &str, dialect: Dialect) -> bool {
    let is = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(schema));
    if is(&["information_schema", "pg_catalog"]) {
        return true;
    }
    match dialect {
        Dialect::Mssql => {
            // Methods of XML and of shapes on a map stand behind a column.
            let methods = ["exist", "nodes", "query", "value"];
            is(&["sys"]) || methods.contains(&name) || name.starts_with("ST")
        }
        Dialect::Mysql | Dialect::Mariadb => is(&["sys"]),
        Dialect::Oracle => is(&[
            "dbms_assert",
            "dbms_crypto",
            "dbms_lob",
            "dbms_metadata",
            "dbms_random",
            "dbms_xplan",
            "sys",
            "utl_encode",
            "utl_i18n",
            "utl_match",
            "utl_raw",
            "utl_url",
        ]),
        Dialect::Bigquery => {
            is(&["aead", "hll_count", "keys", "kll_quantiles", "net"])
                || is(&["safe"]) && is_builtin(name, dialect)
        }
        // `text.upper()` is `upper(text)`.
        Dialect::Duckdb => is_builtin(name, dialect),
        _ => false,
    }
}

const JSONB: &str = "jsonb_";

fn is_listed(name: &str) -> bool {
    let words = name.len().checked_sub(1).and_then(|at| BY_LENGTH.get(at));
    let words = words.copied().unwrap_or_default();
    // Words of one length, each with the space behind it.
    let words = words.as_bytes().chunks(name.len().saturating_add(1));
    let (mut low, mut high) = (0, words.len());
    while low < high {
        let middle = low.midpoint(high);
        let word = words.clone().nth(middle).unwrap_or_default();
        let word = word.iter().copied().take(name.len());
        match word.cmp(name.bytes().map(|byte| byte.to_ascii_lowercase())) {
            Ordering::Equal => return true,
            Ordering::Less => low = middle.saturating_add(1),
            Ordering::Greater => high = middle,
        }
    }
    false
}

/// Whether a name is of a family that the product keeps for functions that only tell something.
fn is_of_family(name: &str, dialect: Dialect) -> bool {
    let name = name.to_ascii_lowercase();
    let starts = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    // Shapes on a map, in every product that has them.
    starts(&["st_"])
        || match dialect {
            Dialect::Postgres | Dialect::Redshift => {
                starts(&["pg_get_", "pg_stat_get_"])
                    || name.starts_with("pg_") && ends_in(&name, &["_size", "_is_visible"])
                    || name.starts_with("has_") && name.ends_with("_privilege")
            }
            Dialect::Sqlite => starts(&["pragma_"]),
            // Its users write macros of expressions and queries, which change nothing.
            Dialect::Duckdb => {
                starts(&["array_", "duckdb_", "list_", "map_", "pragma_", "struct_"])
            }
            _ => false,
        }
}

fn ends_in(name: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| name.ends_with(end))
}

/// ClickHouse has more than a thousand, named in families and varied by endings. What its users
/// write are expressions, or programs that only the server's own files make known.
fn is_of_clickhouse(name: &str) -> bool {
    const STARTS: [&str; 38] = [
        "JSON",
        "URL",
        "UUID",
        "any",
        "arg",
        "array",
        "avg",
        "bit",
        "corr",
        "count",
        "cut",
        "date",
        "dict",
        "domain",
        "empty",
        "extract",
        "format",
        "group",
        "has",
        "is",
        "join",
        "make",
        "map",
        "max",
        "min",
        "multi",
        "not",
        "parse",
        "position",
        "quantile",
        "quantiles",
        "range",
        "replace",
        "sum",
        "to",
        "top",
        "tuple",
        "uniq",
    ];
    let goes_on = |start: &&str| {
        let rest = name.strip_prefix(*start);
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(|first: char| first.is_ascii_uppercase())
        })
    };
    STARTS.iter().any(goes_on)
}

/// The names by their length, from one letter on; those of one length are sorted.
const BY_LENGTH: [&str; 24] = [
    "e",
    "if ln pi",
    "abs age all any avg bin box chr cos cot day div elt exp gcd get hex iif int lag lcm len \
     log map max md5 min mod now nvl oct pow row sha sin str sum tan try var",
    "acos asin atan bool cast cbrt ceil char conv corr date hash hmac host hour int2 int4 \
     int8 json last lead left like list log2 lpad mode name null nvl2 rand rank real rpad \
     sha1 sha2 sign size some sqrt text time trim user uuid view week year",
    "array ascii atan2 bitor btrim bytes count crc32 db_id epoch every field first floor \
     instr int64 isnan lcase least log10 log1p lower ltrim match month nchar newid ntile \
     parse point power prior quote range right rlike round rtrim scale slice space split \
     stack stdev stuff table total trunc ucase unhex upper value xpath zeros",
    "bigint binary bit_or bitand bitnot bitxor bround choose concat decode digest double \
     encode exists family filter float4 float8 format ifnull insert isdate isjson isnull \
     length locate max_by median min_by minute nullif offset printf random reduce regexp \
     repeat schema second sha256 sha512 signum square stddev strcmp string strpos struct \
     substr to_hex typeof unnest values window xmlagg",
    "arg_max arg_min bit_and bit_xor bool_or boolean ceiling changes collect convert countif \
     curdate currval curtime dateadd dayname db_name decimal default degrees eomonth explode \
     extract flatten float64 get_bit get_ddl getdate initcap integer isempty lastval listagg \
     network numbers numeric ordinal overlay quarter radians replace reverse set_bit sysdate \
     to_char to_date to_json to_time ts_rank tsrange unicode var_pop varchar version weekday",
    "bool_and checksum coalesce contains count_if database date_add date_bin date_sub \
     datediff datename datepart datetime endswith freetext from_hex greatest grouping \
     hextoraw hostmask identity interval isfinite json_agg json_set last_day map_keys \
     next_day numrange openjson patindex position regclass sequence strftime strptime \
     sys_guid timediff timezone to_array to_jsonb truncate try_cast unaccent utc_date \
     utc_time var_samp variance xmlparse xmltable",
    "aggregate any_value arbitrary array_agg array_cat array_max array_min bit_count \
     charindex concat_ws count_big covar_pop cume_dist date_diff date_part daterange \
     dayofweek dayofyear ends_with factorial from_json generator host_name inet_aton \
     inet_ntoa int4range int8range is_member isnumeric json_each json_keys json_tree \
     json_type localtime lower_inc make_date make_time monthname normalize nth_value \
     object_id parse_url pg_typeof quotename replicate row_count safe_cast setweight \
     substring timeofday timestamp to_base64 to_number transform translate tstzrange \
     type_name unixepoch upper_inc user_name xmlconcat xmlforest",
    "add_months array_join array_size array_sort bit_length convert_to convert_tz covar_samp \
     date_parse date_trunc dayofmonth dense_rank dictionary element_at found_rows getutcdate \
     json_array json_query json_table json_valid json_value last_value logical_or map_values \
     object_agg parse_date parse_json percentile row_number similarity sort_array split_part \
     startswith stddev_pop string_agg suser_name to_regtype to_tsquery to_varchar to_variant \
     url_decode url_encode weekofyear xact_state xmlelement",
    "array_lower array_slice array_union array_upper cardinality char_length collect_set \
     date_format find_in_set first_value format_date format_type from_base64 grouping_id \
     json_exists json_insert json_length json_object json_remove json_typeof levenshtein \
     logical_and map_entries microsecond millisecond object_keys object_name pg_has_role \
     quote_ident regexp_like result_scan row_to_json safe_divide safe_offset schema_name \
     starts_with stddev_samp str_to_date suser_sname sys_context sysdatetime system_user \
     time_bucket timestamptz to_regclass to_tsvector try_convert try_to_date",
    "array_append array_concat array_except array_length array_remove collect_list \
     convert_from current_date current_role current_time current_user datetime_add \
     datetime_sub group_concat json_extract json_replace json_unquote justify_days \
     octet_length percent_rank regexp_count regexp_instr regexp_match session_user \
     string_split systimestamp timestampadd to_timestamp txid_current width_bucket",
    "array_prepend connection_id current_query datefromparts datetime_diff error_message \
     format_number format_string from_unixtime generate_uuid json_arrayagg json_contains \
     justify_hours make_interval quote_literal regexp_substr timestamp_add timestamp_ntz \
     timestamp_sub timestampdiff try_to_number utc_timestamp",
    "array_contains array_distinct array_position current_schema datetime_trunc \
     generate_array json_each_text json_objectagg last_insert_id localtimestamp \
     make_timestamp months_between parse_datetime pg_backend_pid regexp_extract \
     regexp_matches regexp_replace scope_identity serverproperty split_to_array \
     sqlite_version timestamp_diff to_json_string try_to_decimal unix_timestamp",
    "approx_distinct array_intersect array_to_string clock_timestamp col_description \
     current_account current_catalog current_schemas current_setting current_version \
     format_datetime gen_random_uuid generate_series get_json_object json_object_agg \
     json_path_query obj_description parse_timestamp percentile_cont percentile_disc \
     plainto_tsquery ratio_to_report regexp_contains string_to_array string_to_table \
     substring_index timestamp_trunc to_timestamp_tz",
    "approx_quantiles character_length convert_timezone current_database current_datetime \
     format_timestamp inet_client_addr inet_client_port inet_server_addr inet_server_port \
     is_srvrolemember json_build_array json_group_array json_merge_patch json_object_keys \
     json_path_exists json_strip_nulls justify_interval make_timestamptz object_construct \
     pg_blocking_pids phraseto_tsquery to_timestamp_ntz try_to_timestamp uuid_generate_v4",
    "approx_percentile current_timestamp current_warehouse json_array_length \
     json_build_object json_extract_path json_group_object json_to_recordset \
     last_insert_rowid percentile_approx pg_is_in_recovery",
    "object_schema_name pg_current_wal_lsn pg_current_xact_id",
    "generate_date_array generate_subscripts json_array_elements json_extract_scalar \
     statement_timestamp",
    "websearch_to_tsquery",
    "approx_count_distinct json_path_query_first regexp_split_to_array transaction_timestamp",
    "json_extract_path_text",
    "",
    "json_array_elements_text pg_postmaster_start_time",
];

#[cfg(test)]
mod tests {
    use super::super::tables;
    use super::{BY_LENGTH, Dialect, is_builtin};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn names_are_sorted_in_lower_case_and_of_one_length() {
        for (length, words) in (1..).zip(BY_LENGTH) {
            let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
            assert!(words.iter().all(|word| word.len() == length), "{length}");
            assert!(words.is_sorted(), "{length}");
            for word in words {
                assert_eq!(word, word.to_lowercase());
                assert!(is_builtin(&word.to_uppercase(), Dialect::Ansi), "{word}");
            }
        }
    }

    #[test]
    fn none_of_them_reaches_out_in_any_dialect() {
        for dialect in Dialect::ALL {
            for (name, _) in tables(dialect).iter().copied().flatten() {
                let words = BY_LENGTH.iter().flat_map(|words| words.split(' '));
                assert!(!words.clone().any(|word| word == *name), "{name}");
            }
        }
    }

    #[test]
    fn what_is_not_listed_is_somebodys_own() {
        for name in [
            "",
            "x",
            "my_function",
            "counts",
            "tom",
            "sum_if_not",
            "jsonb_",
            "ärger",
        ] {
            assert!(!is_builtin(name, Dialect::Postgres), "{name}");
        }
        for name in [
            "jsonb_agg",
            "pg_get_viewdef",
            "st_area",
            "has_table_privilege",
        ] {
            assert!(is_builtin(name, Dialect::Postgres), "{name}");
        }
        for name in ["toDate", "uniqExact", "sumIf", "arrayMap", "JSONExtractInt"] {
            assert!(is_builtin(name, Dialect::Clickhouse), "{name}");
        }
        assert!(!is_builtin("todo", Dialect::Clickhouse));
        assert!(!is_builtin("has_children", Dialect::Postgres));
    }
}
