"""OpenSearch: what Elasticsearch was, and SQL and PPL at addresses of their own."""

import opensearchpy

from vendors import elastic


def answer(request):
    if request.path in ("/_plugins/_sql", "/_plugins/_ppl"):
        return 200, {"schema": [{"name": "n", "type": "long"}], "datarows": [[7]], "status": 200}
    status, body, _ = elastic.answer(request)
    return status, body


def calls(host, port):
    client = opensearchpy.OpenSearch(f"http://{host}:{port}", max_retries=0)
    match = {"query": {"term": {"customer": "c-7"}}}
    everything = {"query": {"match_all": {}}}
    yield "read", lambda: client.search(index="orders", body=match)
    yield "read_by_sql", lambda: client.sql.query(body={"query": "SELECT count(*) AS n FROM orders"})
    yield "read_by_ppl", lambda: client.ppl.query(body={"query": "source=orders | stats count() as n"})
    yield "delete_one", lambda: client.delete(index="orders", id="7")
    yield "delete_some", lambda: client.delete_by_query(index="orders", body=match)
    yield "delete_all", lambda: client.delete_by_query(index="orders", body=everything)
    yield "delete_by_sql", lambda: client.sql.query(body={"query": "DELETE FROM orders"})
    operations = '{"delete":{"_index":"orders","_id":"7"}}\n'
    yield "bulk", lambda: client.bulk(body=operations)
    yield "drop", lambda: client.indices.delete(index="orders")
    yield "export", lambda: client.search(index="customers", body=everything, scroll="1m", size=10000)
