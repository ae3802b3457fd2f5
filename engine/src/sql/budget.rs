//! A parser's dialect, corrected, that stops when its budget of prefix expressions is spent.
//!
//! Some inputs make the parser try the same prefix twice at every level, which doubles the
//! time with each. An honest statement needs less than one prefix for every three bytes, so
//! a budget of one for each byte changes nothing but ends such an input in time. Everything
//! else is forwarded as it is: the wrapped dialect and this one parse the same language.

use std::any::TypeId;
use std::cell::Cell;
use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

use sqlparser::ast::{
    ColumnOption, DataType, Expr, GranteesType, Ident, ObjectNamePart, Statement,
};
use sqlparser::dialect::{BindPlaceholderStyle, Dialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};

use crate::limits::SQL_PREFIX_BUDGET;

/// Parses what the wrapped dialect parses, as long as the budget lasts.
pub(super) struct Budgeted {
    inner: &'static dyn Dialect,
    /// The engine takes a backslash in a string for an escape, the parser's dialect may not.
    escapes: bool,
    left: Cell<usize>,
}

impl Budgeted {
    /// Gives a text of that many bytes its budget.
    pub(super) fn new(dialect: super::Dialect, text_bytes: usize) -> Self {
        let inner = dialect.parser();
        Self {
            inner,
            escapes: dialect.escapes_by_backslash()
                || inner.supports_string_literal_backslash_escape(),
            left: Cell::new(text_bytes.saturating_add(SQL_PREFIX_BUDGET)),
        }
    }
}

impl fmt::Debug for Budgeted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Budgeted")
    }
}

/// Forwards methods to the wrapped dialect.
macro_rules! forward {
    ([$($flag:ident,)*] $(fn $name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        $(fn $flag(&self) -> bool { self.inner.$flag() })*
        $(fn $name(&self, $($argument: $kind),*) -> $result { self.inner.$name($($argument),*) })*
    };
}

impl Dialect for Budgeted {
    // The parser asks "is this PostgreSQL?" by this identity: it must be the wrapped one.
    fn dialect(&self) -> TypeId {
        self.inner.dialect()
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        match self.left.get().checked_sub(1) {
            // The only error that the parser's attempts pass on instead of trying the next.
            None => Some(Err(ParserError::RecursionLimitExceeded)),
            Some(left) => {
                self.left.set(left);
                self.inner.parse_prefix(parser)
            }
        }
    }

    fn supports_string_literal_backslash_escape(&self) -> bool {
        self.escapes
    }

    fn supports_bang_not_operator(&self) -> bool {
        self.inner.supports_bang_not_operator()
            || self.inner.dialect() == TypeId::of::<sqlparser::dialect::MySqlDialect>()
    }

    fn supports_string_escape_constant(&self) -> bool {
        self.inner.supports_string_escape_constant()
            || self.inner.dialect() == TypeId::of::<sqlparser::dialect::DuckDbDialect>()
    }

    // INVARIANT (all forwarded): every method of the trait stands here. Those of a newer
    // parser must be added at its upgrade, or its dialects behave like the default.
    forward! {
        [
        supports_national_string_literal,
        supports_literal_prefix_in_qualified_name,
        ignores_wildcard_escapes,
        supports_unicode_string_literal,
        supports_filter_during_aggregation,
        supports_window_clause_named_window_reference,
        supports_within_after_array_aggregation,
        supports_partition_by_after_order_by,
        supports_array_join_syntax,
        supports_drop_group,
        supports_alter_user_as_alter_role,
        supports_cte_materialization,
        supports_create_group,
        supports_create_role_if_not_exists,
        supports_group_by_expr,
        supports_group_by_with_modifier,
        supports_left_associative_joins_without_parens,
        supports_outer_join_operator,
        supports_cross_join_constraint,
        supports_comma_join_constraint,
        supports_connect_by,
        supports_execute_immediate,
        supports_match_recognize,
        supports_in_empty_list,
        supports_in_unparenthesized_expr,
        supports_global_in,
        supports_in_table_expression,
        supports_start_transaction_modifier,
        supports_end_transaction_modifier,
        supports_named_fn_args_with_eq_operator,
        supports_named_fn_args_with_colon_operator,
        supports_named_fn_args_with_assignment_operator,
        supports_named_fn_args_with_rarrow_operator,
        supports_named_fn_args_with_expr_name,
        supports_numeric_prefix,
        supports_tuple_element_access,
        supports_numeric_literal_underscores,
        supports_non_decimal_integer_literals,
        supports_window_function_null_treatment_arg,
        supports_dictionary_syntax,
        support_map_literal_syntax,
        supports_lambda_functions,
        supports_lambda_keyword_syntax,
        supports_parenthesized_set_variables,
        supports_comma_separated_set_assignments,
        supports_update_order_by,
        supports_select_wildcard_except,
        convert_type_before_value,
        supports_triple_quoted_string,
        supports_approximate_percentile_disc,
        supports_trailing_commas,
        supports_limit_comma,
        supports_string_literal_concatenation,
        supports_string_literal_concatenation_with_newline,
        supports_projection_trailing_commas,
        supports_from_trailing_commas,
        supports_column_definition_trailing_commas,
        supports_object_name_double_dot_notation,
        supports_struct_literal,
        supports_empty_projections,
        supports_select_expr_star,
        supports_from_first_select,
        supports_from_first_insert,
        supports_pipe_operator,
        supports_user_host_grantee,
        supports_match_against,
        supports_select_wildcard_exclude,
        supports_select_exclude,
        supports_create_table_multi_schema_info_sources,
        supports_select_modifiers,
        supports_comparison_in_between_low_bound,
        describe_requires_table_keyword,
        allow_extract_custom,
        allow_extract_single_quotes,
        supports_extract_comma_syntax,
        supports_subquery_as_function_arg,
        supports_create_view_comment_syntax,
        supports_data_type_collation,
        supports_array_typedef_without_element_type,
        supports_array_typedef_with_parentheses,
        supports_array_element_not_null,
        supports_map_typedef_with_parentheses,
        supports_map_value_not_null,
        supports_parens_around_table_factor,
        supports_values_as_table_factor,
        supports_dollar_placeholder,
        supports_dollar_as_money_prefix,
        supports_create_index_with_clause,
        supports_sql_option_without_value,
        require_interval_qualifier,
        supports_explain_with_utility_options,
        supports_asc_desc_in_column_definition,
        supports_string_literal_column_names,
        supports_factorial_operator,
        supports_bitwise_shift_operators,
        supports_nested_comments,
        supports_hash_comment,
        supports_copy_from_stdin_data,
        requires_hash_comment_space,
        supports_multiline_comment_hints,
        supports_unterminated_block_comments,
        supports_eq_alias_assignment,
        supports_try_convert,
        supports_listen_notify,
        supports_exclude_constraint,
        supports_load_data,
        supports_load_extension,
        supports_top_before_distinct,
        supports_boolean_literals,
        supports_show_like_before_in,
        supports_comment_on,
        supports_create_table_select,
        supports_create_proc_syntax,
        supports_leading_comma_before_table_options,
        supports_partiql,
        supports_unpivot_expr,
        supports_constraint_keyword_without_name,
        supports_key_column_option,
        supports_attach_partition_of,
        supports_detach_partition_of,
        supports_column_generic_options,
        supports_table_sample_before_alias,
        supports_insert_set,
        supports_insert_table_function,
        supports_insert_table_query,
        supports_insert_format,
        supports_insert_table_alias,
        supports_singular_value_keyword,
        supports_set_stmt_without_operator,
        supports_over_keyword_as_column_alias,
        supports_table_versioning,
        supports_table_hints,
        supports_indexed_by,
        requires_single_line_comment_whitespace,
        supports_array_typedef_with_brackets,
        supports_geometric_types,
        supports_tilde_like_match_operator,
        supports_order_by_all,
        supports_order_by_using_operator,
        supports_set_names,
        supports_space_separated_column_options,
        supports_alter_column_type_using,
        supports_comma_separated_drop_column_list,
        supports_alter_column_position,
        supports_add_column_if_not_exists,
        supports_notnull_operator,
        supports_is_operator,
        supports_data_type_signed_suffix,
        supports_data_type_zerofill_suffix,
        supports_interval_options,
        supports_create_table_like_parenthesized,
        supports_semantic_view_table_factor,
        supports_stages,
        supports_quote_delimited_string,
        supports_comment_optimizer_hint,
        supports_double_ampersand_operator,
        supports_binary_kw_as_cast,
        supports_select_wildcard_replace,
        supports_select_wildcard_ilike,
        supports_select_wildcard_rename,
        supports_select_wildcard_with_alias,
        supports_optimize_table,
        supports_install,
        supports_detach,
        supports_prewhere,
        supports_with_fill,
        supports_limit_by,
        supports_interpolate,
        supports_settings,
        supports_table_partitions,
        supports_table_inheritance_markers,
        supports_select_format,
        supports_comma_separated_trim,
        supports_cte_without_as,
        supports_select_item_multi_column_alias,
        supports_xml_expressions,
        supports_aliased_function_args,
        supports_create_table_using,
        supports_long_type_as_bigint,
        supports_map_literal_with_angle_brackets,
        supports_double_eq_assignment,
        supports_cast_empty_data_type_to_unspecified,
        supports_aggregate_order_by_with_empty_args,
        ]
        fn is_delimited_identifier_start(ch: char) -> bool;
        fn is_nested_delimited_identifier_start(ch: char) -> bool;
        fn peek_nested_delimited_identifier_quotes(chars: Peekable<Chars<'_>>) -> Option<(char, Option<char>)>;
        fn identifier_quote_style(identifier: &str) -> Option<char>;
        fn ordered_bind_placeholder_style() -> Option<BindPlaceholderStyle>;
        fn is_identifier_start(ch: char) -> bool;
        fn is_identifier_part(ch: char) -> bool;
        fn is_custom_operator_part(ch: char) -> bool;
        fn parse_infix(parser: &mut Parser, expr: &Expr, precedence: u8) -> Option<Result<Expr, ParserError>>;
        fn get_next_precedence(parser: &Parser) -> Option<Result<u8, ParserError>>;
        fn get_next_precedence_default(parser: &Parser) -> Result<u8, ParserError>;
        fn parse_statement(parser: &mut Parser) -> Option<Result<Statement, ParserError>>;
        fn parse_data_type(parser: &mut Parser) -> Option<Result<DataType, ParserError>>;
        fn parse_column_option(parser: &mut Parser) -> Result<Option<Result<Option<ColumnOption>, ParserError>>, ParserError>;
        fn prec_value(prec: Precedence) -> u8;
        fn prec_unknown() -> u8;
        fn between_low_bound_precedence() -> u8;
        fn is_interval_qualifier(kw: Keyword) -> bool;
        fn is_reserved_for_identifier(kw: Keyword) -> bool;
        fn get_reserved_keywords_for_select_item_operator() -> &[Keyword];
        fn get_reserved_grantees_types() -> &[GranteesType];
        fn is_column_alias(kw: &Keyword, parser: &mut Parser) -> bool;
        fn is_select_item_alias(explicit: bool, kw: &Keyword, parser: &mut Parser) -> bool;
        fn is_table_factor(kw: &Keyword, parser: &mut Parser) -> bool;
        fn is_table_alias(kw: &Keyword, parser: &mut Parser) -> bool;
        fn is_table_factor_alias(explicit: bool, kw: &Keyword, parser: &mut Parser) -> bool;
        fn supports_string_literal_column_alias(explicit: bool) -> bool;
        fn supports_string_literal_table_alias(explicit: bool) -> bool;
        fn is_identifier_generating_function_name(ident: &Ident, name_parts: &[ObjectNamePart]) -> bool;
        fn is_custom_type_typed_string(first_keyword: Keyword, qualified: bool) -> bool;
    }
}
