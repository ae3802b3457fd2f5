//! What fields mean to Hasura, to PostGraphile, and by the operator's word.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const HASURA: &str = "{flavour: hasura, tables: {orders: shop.orders, users.team: teams}}";
const POSTGRAPHILE: &str = "{flavour: postgraphile, tables: {person: people, author: users}}";

fn columns(definition: &str, query: &str) -> String {
    let actions = post(definition, &body(query)).unwrap();
    let used = actions.iter().flat_map(|action| &action.columns);
    let told = used.map(|used| {
        let doubt = if used.is_certain { "" } else { "?" };
        format!("{}{doubt} {}", used.column, used.usage.name())
    });
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn hasura_tells_how_far_a_field_reaches() {
    for (query, expected) in [
        ("{users{id}}", "read all field:query.users+users"),
        ("{users(where:{id:{_eq:1}}){id}}", "read filtered F"),
        ("{users(limit:10){id}}", "read limited(10) F"),
        ("{users(limit:1000000){id}}", "read all F"),
        ("{users(limit:null){id}}", "read all F"),
        ("{users_by_pk(id:1){id}}", "read key F"),
        (
            "mutation{delete_users(where:{}){affected_rows}}",
            "delete all F",
        ),
        ("mutation{delete_users{affected_rows}}", "delete all F"),
        (
            "mutation{delete_users(where:{_and:[{}]}){affected_rows}}",
            "delete all F",
        ),
        (
            "mutation{delete_users(where:{id:{_in:[1]}}){affected_rows}}",
            "delete filtered F",
        ),
        ("mutation{delete_users_by_pk(id:1){id}}", "delete key F"),
        ("mutation{deleteUsersByPk(id:1){id}}", "delete key F"),
        (
            "mutation{deleteUsers(where:{}){affectedRows}}",
            "delete all F",
        ),
        (
            "mutation{update_users(where:{_not:{_or:[]}},_set:{a:1}){affected_rows}}",
            "update all F",
        ),
        (
            "mutation{update_users_by_pk(pk_columns:{id:1},_set:{a:1}){id}}",
            "update key F",
        ),
        (
            "mutation{update_users_many(updates:[{where:{id:{_eq:1}}},{where:{}}]){affected_rows}}",
            "update all F",
        ),
        (
            "mutation{insert_users(objects:[{a:1},{a:2}]){affected_rows}}",
            "insert limited(2) F",
        ),
        (
            "mutation{insert_users_one(object:{a:1}){id}}",
            "insert limited(1) F",
        ),
        (
            "mutation{insert_users_one(object:{a:1},on_conflict:{constraint:k,update_columns:[a]}){id}}",
            "insert limited(1) F; update filtered F",
        ),
        (
            "mutation{insert_users_one(object:{a:1},on_conflict:{constraint:k,update_columns:[]}){id}}",
            "insert limited(1) F",
        ),
        ("mutation{resetPasswords(all:true){ok}}", "call unknown F"),
    ] {
        let found = does(HASURA, query);
        let plain = |text: &str| {
            let parts = text
                .split("; ")
                .map(|one| one.split(' ').take(2).collect::<Vec<_>>().join(" "));
            parts.collect::<Vec<_>>().join("; ")
        };
        assert_eq!(plain(&found), plain(expected), "{query}");
    }
}

#[test]
fn hasura_names_tables_and_what_is_related() {
    for (query, expected) in [
        ("{users{id}}", "read all table:users+field:query.users"),
        (
            "{users_aggregate{aggregate{count}}}",
            "read all table:users+field:query.users_aggregate",
        ),
        (
            "{users{orders{total}}}",
            "read all table:shop.orders+table:users+field:query.users",
        ),
        (
            "{users_by_pk(id:1){orders{total}}}",
            "read filtered table:shop.orders+table:users+field:query.users_by_pk",
        ),
        (
            "{users{orders_aggregate{aggregate{count}}}}",
            "read all table:shop.orders+table:users+field:query.users",
        ),
        (
            "{users{team{name}}}",
            "read all table:teams+table:users+field:query.users",
        ),
        (
            "{users{pays{amount}}}",
            "read all table:users+field:query.users; read unknown ",
        ),
        (
            "{users(where:{pays:{amount:{_gt:1}}}){id}}",
            "read filtered table:users+field:query.users; read unknown ",
        ),
        (
            "mutation{delete_users(where:{id:{_eq:1}}){returning{orders{id}}}}",
            "delete filtered table:users+field:mutation.delete_users; read filtered table:shop.orders+field:mutation.delete_users",
        ),
        (
            "mutation{insert_users_one(object:{orders:{data:[{total:1}]}}){id}}",
            "insert limited(1) table:users+field:mutation.insert_users_one; insert unknown table:shop.orders+field:mutation.insert_users_one",
        ),
        (
            "mutation{insert_users_one(object:{pays:{data:[{total:1}]}}){id}}",
            "insert limited(1) table:users+field:mutation.insert_users_one; insert unknown ",
        ),
    ] {
        assert_eq!(does(HASURA, query), expected, "{query}");
    }
}

#[test]
fn hasura_names_columns() {
    for (query, expected) in [
        (
            "{users{id e:email __typename}}",
            "users.email output, users.id output",
        ),
        (
            "{users(where:{email:{_eq:\"x\"}},order_by:{name:asc},distinct_on:[city]){id}}",
            "users.city predicate, users.email predicate, users.id output, users.name predicate",
        ),
        (
            "{users_aggregate{aggregate{count max{email}} nodes{id}}}",
            "users.email output, users.id output",
        ),
        ("{users{pays{amount}}}", "amount? output"),
        (
            "{users{orders(where:{total:{_gt:1}}){id}}}",
            "shop.orders.id output, shop.orders.total predicate",
        ),
        (
            "mutation{update_users(where:{id:{_eq:1}},_set:{email:\"x\"}){affected_rows returning{name}}}",
            "users.email written, users.id predicate, users.name output",
        ),
        (
            "mutation{insert_users_one(object:{email:\"x\"}){id}}",
            "users.email written, users.id output",
        ),
    ] {
        assert_eq!(columns(HASURA, query), expected, "{query}");
    }
}

#[test]
fn conditions_in_variables_count() {
    let query = "mutation($w:users_bool_exp!){delete_users(where:$w){affected_rows}}";
    for (variables, expected) in [
        (serde_json::json!({"w": {}}), "delete all"),
        (
            serde_json::json!({"w": {"id": {"_eq": 1}}}),
            "delete filtered",
        ),
        (serde_json::json!({"w": null}), "delete all"),
        (serde_json::json!({}), "delete all"),
    ] {
        let request = serde_json::json!({"query": query, "variables": variables});
        let found = told(&post(HASURA, &request.to_string()).unwrap());
        assert!(found.starts_with(expected), "{variables}: {found}");
    }
}

#[test]
fn postgraphile_names_tables_in_either_form() {
    for (query, expected) in [
        (
            "{allUsers{nodes{id}}}",
            "read all table:user+table:users+field:query.allUsers",
        ),
        (
            "{allUsers(first:5){nodes{id}}}",
            "read limited(5) table:user+table:users+field:query.allUsers",
        ),
        (
            "{allUsers(condition:{email:\"x\"}){nodes{id}}}",
            "read filtered table:user+table:users+field:query.allUsers",
        ),
        (
            "{allUsers(condition:{}){nodes{id}}}",
            "read all table:user+table:users+field:query.allUsers",
        ),
        (
            "{allUsers(filter:{id:{isNull:false}}){nodes{id}}}",
            "read all table:user+table:users+field:query.allUsers",
        ),
        (
            "{usersByAge(age:3){id}}",
            "read all table:user+table:users+field:query.usersByAge",
        ),
        (
            "{personById(id:1){id}}",
            "read key table:people+field:query.personById",
        ),
        (
            "{userById(id:1){ordersByUserId{nodes{total}}}}",
            "read filtered table:order+table:orders+table:user+table:users+field:query.userById",
        ),
        (
            "{userById(id:1){author{name}}}",
            "read filtered table:user+table:users+field:query.userById",
        ),
        (
            "{userById(id:1){boss{name}}}",
            "read filtered table:user+table:users+field:query.userById; read unknown ",
        ),
        (
            "{query{query{allUsers{nodes{id}}}}}",
            "read all table:user+table:users+field:query.allUsers",
        ),
        (
            "{node(nodeId:\"x\"){... on User{email}}}",
            "read key field:query.node; read unknown ",
        ),
        (
            "{searchUsers(term:\"x\"){nodes{id}}}",
            "read all table:search_user+table:search_users+field:query.searchUsers",
        ),
        (
            "{currentUser{email}}",
            "read unknown field:query.currentUser; read unknown ",
        ),
        (
            "mutation{createUser(input:{user:{email:\"x\"}}){user{id}}}",
            "insert limited(1) table:user+table:users+field:mutation.createUser",
        ),
        (
            "mutation{updateUserById(input:{id:1,userPatch:{email:\"x\"}}){user{id}}}",
            "update key table:user+table:users+field:mutation.updateUserById",
        ),
        (
            "mutation{deleteUser(input:{nodeId:\"x\"}){deletedUserId}}",
            "delete key table:user+table:users+field:mutation.deleteUser",
        ),
        (
            "mutation{deleteUsersByAge(input:{age:1}){result}}",
            "delete unknown table:user+table:users+field:mutation.deleteUsersByAge",
        ),
        (
            "mutation{deleteUserById(input:{id:1}){query{allUsers{nodes{email}}}}}",
            "delete key table:user+table:users+field:mutation.deleteUserById; read all table:user+table:users+field:query.allUsers",
        ),
        (
            "mutation{resetAll(input:{}){result}}",
            "call unknown field:mutation.resetAll",
        ),
    ] {
        assert_eq!(does(POSTGRAPHILE, query), expected, "{query}");
    }
}

#[test]
fn postgraphile_names_columns_as_the_database_does() {
    let people = "{flavour: postgraphile, tables: {person: people}}";
    for (query, expected) in [
        (
            "{personById(id:1){firstName}}",
            "people.first_name output, people.id predicate",
        ),
        (
            "{allPeople{totalCount pageInfo{hasNextPage} edges{cursor node{lastName}}}}",
            "people.last_name output",
        ),
        (
            "mutation{updatePersonById(input:{id:1,personPatch:{firstName:\"x\"}}){person{lastName}}}",
            "people.first_name written, people.id predicate, people.last_name output",
        ),
    ] {
        let definition = people.replace("person: people}", "person: people, people: people}");
        assert_eq!(columns(&definition, query), expected, "{query}");
    }
}

#[test]
fn what_the_operator_says_comes_first() {
    let definition = "
fields:
- {field: 'mutation.delete*', effect: delete, table: users, key: id, filters: where, limit: first}
- {field: [query.users, query.people], table: users, limit: first}
- {field: 'mutation.wipe*', effect: delete, reach: all}
tables: {users.orders: orders}
";
    for (query, expected) in [
        (
            "mutation{deleteUser(id:1){id}}",
            "delete key table:users+field:mutation.deleteUser",
        ),
        (
            "mutation{deleteUser(id:null){id}}",
            "delete all table:users+field:mutation.deleteUser",
        ),
        (
            "mutation{deleteUser(where:{a:1}){id}}",
            "delete filtered table:users+field:mutation.deleteUser",
        ),
        (
            "mutation{deleteUser(where:{}){id}}",
            "delete all table:users+field:mutation.deleteUser",
        ),
        ("mutation{wipe{ok}}", "delete all field:mutation.wipe"),
        (
            "{users(first:5){id}}",
            "read limited(5) table:users+field:query.users",
        ),
        (
            "{users{orders{id}}}",
            "read all table:orders+table:users+field:query.users",
        ),
        (
            "{users{things{id}}}",
            "read all table:users+field:query.users",
        ),
        ("{other{id}}", "read unknown field:query.other"),
    ] {
        assert_eq!(does(definition, query), expected, "{query}");
    }
    assert_eq!(columns(definition, "{users{email}}"), "users.email output");
    assert_eq!(columns(definition, "{other{email}}"), "email? output");
}
