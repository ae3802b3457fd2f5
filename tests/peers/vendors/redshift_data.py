"""Redshift's Data API: one statement, or several at once."""

from vendors import aws

answer = aws.answer_from({"ExecuteStatement": {"Id": "q1"}, "BatchExecuteStatement": {"Id": "q1"}})


def calls(host, port):
    client, ask = aws.client("redshift-data", host, port), aws.ask
    own = {"Database": "shop", "ClientToken": "c1"}
    run, run_all = client.execute_statement, client.batch_execute_statement
    yield "read", ask(run, Sql="SELECT * FROM orders WHERE id = 7", **own)
    yield "drop", ask(run, Sql="DROP TABLE orders", **own)
    yield "delete_all", ask(run_all, Sqls=["SELECT 1", "DELETE FROM orders"], **own)
    yield "export", ask(run, Sql="UNLOAD ('SELECT * FROM customers') TO 's3://elsewhere/'", **own)
