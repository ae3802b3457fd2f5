"""Athena: statements whose results go to a place in S3."""

from vendors import aws

answer = aws.answer_from({"StartQueryExecution": {"QueryExecutionId": "q1"}})


def calls(host, port):
    client, ask = aws.client("athena", host, port), aws.ask
    run = client.start_query_execution
    own = {"ClientRequestToken": "c" * 32, "QueryExecutionContext": {"Database": "shop"}}
    place = {"OutputLocation": "s3://elsewhere/results/"}
    yield "read", ask(run, QueryString="SELECT * FROM orders WHERE id = 7", **own)
    yield "read_to_elsewhere", ask(
        run, QueryString="SELECT * FROM orders", ResultConfiguration=place, **own
    )
    yield "drop", ask(run, QueryString="DROP TABLE orders", **own)
    yield "store_delete_all", ask(
        client.create_prepared_statement,
        StatementName="s1",
        WorkGroup="w",
        QueryStatement="DELETE FROM orders",
    )
    yield "run_stored", ask(run, QueryString="EXECUTE s1", **own)
    yield "results", ask(client.get_query_results, QueryExecutionId="q1")
