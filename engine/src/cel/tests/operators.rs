//! Every operator, macro and function with what it gives.

use super::{assert_told, told};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn literals_and_calculations() {
    assert_told(
        r#"
        1 + 2 * 3 == 7 => true
        -7 / 2 == -3 => true
        -7 % 2 == -1 => true
        7u / 2u == 3u => true
        7.0 / 2.0 == 3.5 => true
        1.0 / 0.0 > 1e308 => true
        0x10 == 16 => true
        request.bytes + 1 == 1501 => true
        request.bytes - 2000 < 0 => true
        -request.bytes == -1500 => true
        request.bytes % 7 == 2 => true
        9223372036854775807 + request.bytes > 0 => overflow
        request.bytes / (request.bytes - 1500) == 1 => division_by_zero
        'a' + 'b' == "ab" => true
        b'a' + b'b' == b'ab' => true
        [1] + [2] == [1, 2] => true
        r'\d' == '\\d' => true
        '\u00e9' == 'é' => true
        true => true
        !true => false
        !!true => true
        "#,
        told,
    );
}

#[test]
fn comparisons() {
    assert_told(
        r#"
        request.method == 'DELETE' => true
        'DELETE' == request.method => true
        request.method != 'DELETE' => false
        request.method < 'E' => true
        request.bytes >= 1500 => true
        request.bytes > 1499.5 => true
        request.bytes < 1500u => false
        has(claims.half) && claims.half == 2.5 => true
        has(claims.level) && claims.level == 3 => true
        has(claims.half) && claims.half > 2 => true
        has(claims.text) && claims.text == 10 => false
        has(claims.text) && claims.text < 11 => no_such_overload
        has(claims.none) && claims.none == null => true
        has(claims.admin) && claims.admin => true
        has(claims.text) && claims.text => no_such_overload
        [1, 2] == [1, 2] => true
        dyn(1) == 1.0 => true
        dyn([1]) == [1.0] => true
        dyn(9007199254740993) == 9007199254740992.0 => true
        dyn(9223372036854775807) < 9223372036854775808.0 => false
        dyn(-1) < 0.5 => true
        {'a': 1} == {'a': 1} => true
        {'a': 1} == {'b': 1} => false
        has(claims.act) && claims.act == dyn({'sub': 'bot'}) => false
        false < true => true
        b'a' < b'b' => true
        principal.groups == ['dev', 'ops'] => true
        "#,
        told,
    );
}

#[test]
fn logic_absorbs_faults() {
    assert_told(
        r#"
        request.bytes / 0 == 1 || true => true
        true || request.bytes / (request.bytes - 1500) == 1 => true
        request.bytes / (request.bytes - 1500) == 1 || flag => true
        request.bytes / (request.bytes - 1500) == 1 && !flag => false
        request.bytes / (request.bytes - 1500) == 1 || !flag => division_by_zero
        hidden == 'x' || flag => true
        hidden == 'x' && flag => unknown
        hidden == 'x' && request.bytes / (request.bytes - 1500) == 1 => unknown
        request.bytes / (request.bytes - 1500) == 1 && hidden == 'x' => unknown
        flag ? request.bytes > 1 : hidden == 'x' => true
        !flag ? request.bytes > 1 : hidden == 'x' => unknown
        hidden == 'x' ? true : true => unknown
        "#,
        told,
    );
}

#[test]
fn loops_and_membership() {
    assert_told(
        r#"
        'dev' in principal.groups => true
        !('qa' in principal.groups) => true
        principal.subject in lists.admins => true
        request.path in lists.tables => false
        't042' in lists.tables => true
        principal.subject in ['bob', 'alice'] => true
        request.method.lowerAscii() in ['delete', 'put'] => true
        2 in [1, 2] => true
        'x-tenant' in request.headers => true
        'act' in claims => true
        principal.groups.exists(g, g.startsWith('d')) => true
        principal.groups.all(g, g.startsWith('d')) => false
        principal.groups.exists_one(g, g == 'ops') => true
        actions.exists(a, a.effect == 'delete' && 'users' in a.tables) => true
        actions.all(a, a.effect == 'read') => false
        actions.exists(a, a.tables.exists(t, t == 'payments')) => true
        actions.exists(a, has(a.limit) && a.limit > 50) => true
        size(actions.filter(a, a.effect == 'read')) == 1 => true
        actions.filter(a, a.effect == 'read').size() > 1 => false
        request.headers.exists(h, h == 'accept' && request.headers[h] == '*/*') => true
        has(claims.act) && has(claims.act.chain) && claims.act.chain.exists(c, has(c.sub) && c.sub == 'b') => true
        [1, 2, 3].exists(x, x > 2) => true
        [3, 2, 1].all(x, 6 / x > request.bytes) => false
        [0, 2].exists(x, 6 / x == 3) => true
        size(principal.groups) == 2 => true
        principal.groups[0] == 'dev' => true
        principal.groups[5] == 'dev' => index
        actions[1].effect == 'delete' => true
        lists.admins.exists(a, a == 'root') => true
        "#,
        told,
    );
}

#[test]
fn functions_of_texts() {
    assert_told(
        r#"
        request.path.startsWith('/v1/') => true
        request.path.endsWith('/bob') => false
        request.path.contains('users') => true
        request.path.matches('^/v[0-9]+/') => true
        matches(request.path, 'alice$') => true
        request.method.lowerAscii() == 'delete' => true
        request.method.lowerAscii().startsWith('del') => true
        request.method.lowerAscii() != request.method => true
        request.method.lowerAscii().contains('let') => true
        'DELETE' == 'delete'.upperAscii() => true
        ' a '.trim() == 'a' => true
        request.path.substring(4) == 'users/alice' => true
        request.path.substring(4, 9) == 'users' => true
        request.path.substring(4, 99) == 'users' => index
        request.path.charAt(0) == '/' => true
        request.path.indexOf('users') == 4 => true
        request.path.lastIndexOf('/') == 9 => true
        request.path.indexOf('x') == -1 => true
        size('πέντε') == 5 => true
        request.path == '/v1/users/' + principal.subject => true
        '/v1/users/' + principal.subject != request.path => false
        request.path.startsWith('/v1/' + 'users/' + principal.subject) => true
        request.path.endsWith('/' + principal.subject) => true
        request.path.endsWith('/' + principal.subject + '/') => false
        '/v1/users/' + hidden == request.path => unknown
        string(true) == 'true' => true
        int('12') == 12 => true
        has(claims.text) && int(claims.text) == 10 => true
        has(claims.department) && int(claims.department) == 10 => invalid
        bool('true') => true
        double('1.5') == 1.5 => true
        uint(3) == 3u => true
        int(3.9) == 3 => true
        "#,
        told,
    );
}

#[test]
fn times_addresses_and_versions() {
    assert_told(
        r#"
        now > timestamp('2025-01-01T00:00:00Z') => true
        now - timestamp('2025-11-24T16:00:00Z') < duration('1h') => true
        now + duration('1h') > now => true
        now.getHours() == 16 => true
        now.getHours('+02:00') == 18 => true
        now.getDayOfWeek() == 1 => true
        now.getDate() == 24 => true
        now.getMonth() == 10 => true
        duration('90m').getHours() == 1 => true
        has(claims.issued) && now - claims.issued == duration('30s') => true
        has(claims.since) && claims.since > now => true
        has(claims.issued) && now - timestamp(int(claims.issued)) < duration('1m') => true
        has(request.address) && cidr('10.0.0.0/8').containsIP(request.address) => true
        has(request.address) && cidr('10.0.0.0/8').containsIP(ip(request.address)) => true
        has(request.address) && ip(request.address).isLoopback() => false
        isIP(request.path) => false
        cidr('10.0.0.0/8').containsIP(request.path) => invalid
        cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') => true
        has(claims.version) && semver(claims.version).isGreaterThan(semver('1.9.9')) => true
        has(claims.version) && semver(claims.version).compareTo(semver('1.10.0')) == 0 => true
        has(claims.version) && isSemver(claims.version) && semver(claims.version).major() == 1 => true
        "#,
        told,
    );
}

#[test]
fn expressions_that_are_named() {
    assert_told(
        r#"
        vars.is_agent => true
        vars.is_agent && vars.yes => true
        vars.has_whom && principal.for.subject == 'alice' => true
        !vars.has_whom || principal.for.kind == 'human' => true
        vars.whom.kind == 'agent' => true
        vars.reads_users => true
        principal.groups.exists(g, g == 'dev' && vars.reads_users) => true
        vars.small == '/v1/users/alice' => true
        "#,
        told,
    );
}
