//! The host's functions as they are imported.
//!
//! Source: proxy-wasm ABI 0.2.1; `random_get` from WASI preview 1, which Envoy serves to
//! modules of any target.

#[cfg_attr(target_arch = "wasm32", link(wasm_import_module = "env"))]
unsafe extern "C" {
    pub fn proxy_log(level: u32, message: *const u8, length: usize) -> u32;
    pub fn proxy_get_current_time_nanoseconds(time: *mut u64) -> u32;
    pub fn proxy_set_tick_period_milliseconds(period: u32) -> u32;
    pub fn proxy_set_effective_context(context: u32) -> u32;
    pub fn proxy_get_buffer_bytes(
        buffer: u32,
        start: usize,
        most: usize,
        bytes: *mut *mut u8,
        length: *mut usize,
    ) -> u32;
    pub fn proxy_set_buffer_bytes(
        buffer: u32,
        start: usize,
        length: usize,
        bytes: *const u8,
        bytes_length: usize,
    ) -> u32;
    pub fn proxy_get_shared_data(
        key: *const u8,
        key_length: usize,
        value: *mut *mut u8,
        value_length: *mut usize,
        version: *mut u32,
    ) -> u32;
    pub fn proxy_set_shared_data(
        key: *const u8,
        key_length: usize,
        value: *const u8,
        value_length: usize,
        version: u32,
    ) -> u32;
    pub fn proxy_get_header_map_pairs(map: u32, bytes: *mut *mut u8, length: *mut usize) -> u32;
    pub fn proxy_remove_header_map_value(map: u32, name: *const u8, length: usize) -> u32;
    pub fn proxy_replace_header_map_value(
        map: u32,
        name: *const u8,
        name_length: usize,
        value: *const u8,
        value_length: usize,
    ) -> u32;
    pub fn proxy_get_property(
        path: *const u8,
        path_length: usize,
        bytes: *mut *mut u8,
        length: *mut usize,
    ) -> u32;
    pub fn proxy_set_property(
        path: *const u8,
        path_length: usize,
        value: *const u8,
        value_length: usize,
    ) -> u32;
    pub fn proxy_send_local_response(
        status: u32,
        details: *const u8,
        details_length: usize,
        body: *const u8,
        body_length: usize,
        headers: *const u8,
        headers_length: usize,
        grpc_status: i32,
    ) -> u32;
    pub fn proxy_define_metric(kind: u32, name: *const u8, length: usize, metric: *mut u32) -> u32;
    pub fn proxy_increment_metric(metric: u32, offset: i64) -> u32;
    pub fn proxy_record_metric(metric: u32, value: u64) -> u32;
    pub fn proxy_call_foreign_function(
        name: *const u8,
        name_length: usize,
        argument: *const u8,
        argument_length: usize,
        bytes: *mut *mut u8,
        length: *mut usize,
    ) -> u32;
}

#[cfg_attr(
    target_arch = "wasm32",
    link(wasm_import_module = "wasi_snapshot_preview1")
)]
unsafe extern "C" {
    pub fn random_get(bytes: *mut u8, length: usize) -> u16;
}
