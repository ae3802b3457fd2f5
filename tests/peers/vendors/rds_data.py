"""RDS's Data API: statements with parameters, one at a time or once for each set of them."""

from vendors import aws

RECORD = [[{"longValue": 7}]]
answer = aws.answer_from({"/Execute": {"records": RECORD, "numberOfRecordsUpdated": 0}})


def calls(host, port):
    client, ask = aws.client("rds-data", host, port), aws.ask
    own = {"resourceArn": "arn:aws:rds:eu-west-1:1:cluster:shop", "secretArn": "arn:aws:secret"}
    run = client.execute_statement
    number = [{"name": "id", "value": {"longValue": 7}}]
    yield "read", ask(run, sql="SELECT 7 AS n", database="shop", **own)
    yield "delete_one", ask(
        client.batch_execute_statement,
        sql="DELETE FROM orders WHERE id = :id",
        parameterSets=[number],
        **own,
    )
    yield "delete_all", ask(run, sql="DELETE FROM orders", **own)
    yield "drop", ask(run, sql="DROP TABLE orders", **own)
