"""DynamoDB: items by key, whole tables, and statements in PartiQL."""

from vendors import aws

ITEM = {"n": {"N": "7"}}
answer = aws.answer_from(
    {
        "ExecuteStatement": {"Items": [ITEM]},
        "GetItem": {"Item": ITEM},
        "Query": {"Items": [ITEM], "Count": 1},
        "Scan": {"Items": [ITEM], "Count": 1},
    }
)


def calls(host, port):
    client, ask = aws.client("dynamodb", host, port), aws.ask
    key = {"id": {"S": "7"}}
    yield "read", ask(client.execute_statement, Statement="SELECT * FROM orders WHERE id = '7'")
    yield "get", ask(client.get_item, TableName="orders", Key=key)
    yield "query", ask(
        client.query,
        TableName="orders",
        KeyConditionExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "7"}},
    )
    yield "scan", ask(client.scan, TableName="orders")
    yield "put", ask(client.put_item, TableName="orders", Item=key)
    yield "delete_one", ask(client.delete_item, TableName="orders", Key=key)
    yield "delete_by_statement", ask(
        client.execute_statement, Statement="DELETE FROM orders WHERE id = '7'"
    )
    yield "delete_batch_by_statement", ask(
        client.batch_execute_statement,
        Statements=[{"Statement": "DELETE FROM orders WHERE id = '7'"}],
    )
    yield "delete_transaction_by_statement", ask(
        client.execute_transaction,
        TransactStatements=[{"Statement": "DELETE FROM orders WHERE id = '7'"}],
    )
    yield "delete_batch", ask(
        client.batch_write_item, RequestItems={"orders": [{"DeleteRequest": {"Key": key}}]}
    )
    yield "delete_transaction", ask(
        client.transact_write_items,
        TransactItems=[{"Delete": {"TableName": "orders", "Key": key}}],
    )
    yield "unprotect", ask(
        client.update_table, TableName="orders", DeletionProtectionEnabled=False
    )
    yield "drop", ask(client.delete_table, TableName="orders")
    yield "export", ask(
        client.export_table_to_point_in_time,
        TableArn="arn:aws:dynamodb:eu-west-1:1:table/customers",
        S3Bucket="elsewhere",
        ClientToken="c1",
    )
