"""Elasticsearch: JSON, lines of JSON, and SQL. Its client talks only to a service that says
which product it is."""

import elasticsearch

PRODUCT = {"x-elastic-product": "Elasticsearch"}
HITS = {"total": {"value": 1, "relation": "eq"}, "hits": [{"_index": "orders", "_id": "7", "_source": {"item": "lamp"}}]}


def answer(request):
    kind = {**PRODUCT, "content-type": "application/vnd.elasticsearch+json;compatible-with=9"}
    last = request.path.rsplit("/", 1)[-1]
    answers = {
        "_search": {"took": 1, "timed_out": False, "_scroll_id": "s1", "hits": HITS},
        "scroll": {"took": 1, "timed_out": False, "_scroll_id": "s1", "hits": HITS},
        "_sql": {"columns": [{"name": "n", "type": "long"}], "rows": [[7]]},
        "_query": {"columns": [{"name": "n", "type": "long"}], "values": [[7]]},
        "_bulk": {"took": 1, "errors": False, "items": []},
        "_delete_by_query": {"took": 1, "deleted": 3},
        "_update_by_query": {"took": 1, "updated": 3},
        "_reindex": {"took": 1, "created": 3},
    }
    return 200, answers.get(last, {"acknowledged": True}), kind


def calls(host, port):
    client = elasticsearch.Elasticsearch(f"http://{host}:{port}", max_retries=0, api_key="a2V5")

    def ask(call):
        return lambda: call().body

    match = {"term": {"customer": "c-7"}}
    everything = {"match_all": {}}
    yield "read", ask(lambda: client.search(index="orders", query=match, size=10))
    yield "read_by_sql", ask(lambda: client.sql.query(query="SELECT count(*) AS n FROM orders"))
    yield "read_by_esql", ask(lambda: client.esql.query(query="FROM orders | STATS n = COUNT(*)"))
    yield "insert", ask(lambda: client.index(index="orders", id="8", document={"item": "lamp"}))
    yield "delete_one", ask(lambda: client.delete(index="orders", id="7"))
    yield "delete_some", ask(lambda: client.delete_by_query(index="orders", query=match))
    yield "delete_all", ask(lambda: client.delete_by_query(index="orders", query=everything))
    yield "update_all", ask(lambda: client.update_by_query(index="orders", script={"source": "ctx._source.paid = true"}))
    operations = [
        {"index": {"_index": "orders", "_id": "9"}},
        {"item": "lamp"},
        {"delete": {"_index": "orders", "_id": "7"}},
    ]
    yield "bulk", ask(lambda: client.bulk(operations=operations))
    yield "drop", ask(lambda: client.indices.delete(index="orders"))
    yield "drop_many", ask(lambda: client.indices.delete(index="orders-*,customers"))
    yield "close", ask(lambda: client.indices.close(index="orders"))
    yield "remove_by_alias", ask(lambda: client.indices.update_aliases(actions=[{"remove_index": {"index": "orders"}}]))
    yield "settings", ask(lambda: client.cluster.put_settings(persistent={"action.destructive_requires_name": False}))
    yield "export", ask(lambda: client.search(index="customers", query=everything, scroll="1m", size=10000))
    yield "export_on", ask(lambda: client.scroll(scroll_id="s1", scroll="1m"))
    yield "export_elsewhere", ask(lambda: client.reindex(source={"index": "customers"}, dest={"index": "copy"}))
