"""DynamoDB, Athena, the Data APIs of RDS and Redshift: signed calls of one SDK."""

import boto3
import botocore.config

ANSWERS = {
    "DynamoDB_20120810.ExecuteStatement": {"Items": [{"n": {"N": "7"}}]},
    "DynamoDB_20120810.GetItem": {"Item": {"n": {"N": "7"}}},
    "DynamoDB_20120810.Query": {"Items": [{"n": {"N": "7"}}], "Count": 1},
    "DynamoDB_20120810.Scan": {"Items": [{"n": {"N": "7"}}], "Count": 1},
    "AmazonAthena.StartQueryExecution": {"QueryExecutionId": "q1"},
    "RedshiftData.ExecuteStatement": {"Id": "q1"},
    "RedshiftData.BatchExecuteStatement": {"Id": "q1"},
}


def answer(request):
    if request.path == "/Execute":
        return 200, {"records": [[{"longValue": 7}]], "numberOfRecordsUpdated": 0}
    target = request.headers.get("x-amz-target", "")
    kind = request.headers.get("content-type", "application/json")
    return 200, ANSWERS.get(target, {}), {"content-type": kind}


def calls(host, port):
    def client(service):
        return boto3.client(
            service,
            endpoint_url=f"http://{host}:{port}",
            region_name="eu-west-1",
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="secret",
            config=botocore.config.Config(retries={"total_max_attempts": 1}),
        )

    def ask(call, **arguments):
        def run():
            answer = call(**arguments)
            return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

        return run

    yield from dynamodb(client("dynamodb"), ask)
    yield from statements(client, ask)


def dynamodb(client, ask):
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


def statements(client, ask):
    athena, redshift, rds = client("athena"), client("redshift-data"), client("rds-data")
    place = {"OutputLocation": "s3://elsewhere/results/"}
    run = athena.start_query_execution
    yield "athena_read", ask(
        run, QueryString="SELECT * FROM orders", ResultConfiguration=place, ClientRequestToken="c" * 32
    )
    yield "athena_drop", ask(run, QueryString="DROP TABLE orders", ClientRequestToken="c" * 32)
    yield "athena_store", ask(
        athena.create_prepared_statement,
        StatementName="s1",
        WorkGroup="w",
        QueryStatement="DELETE FROM orders",
    )
    yield "redshift_drop", ask(
        redshift.execute_statement, Sql="DROP TABLE orders", Database="shop", ClientToken="c1"
    )
    yield "redshift_batch", ask(
        redshift.batch_execute_statement,
        Sqls=["SELECT 1", "DELETE FROM orders"],
        Database="shop",
        ClientToken="c1",
    )
    arn = {"resourceArn": "arn:aws:rds:eu-west-1:1:cluster:shop", "secretArn": "arn:aws:secret"}
    yield "rds_read", ask(rds.execute_statement, sql="SELECT 7", database="shop", **arn)
    yield "rds_drop", ask(rds.execute_statement, sql="DROP TABLE orders", **arn)
    yield "rds_batch", ask(
        rds.batch_execute_statement,
        sql="DELETE FROM orders WHERE id = :id",
        parameterSets=[[{"name": "id", "value": {"longValue": 7}}]],
        **arn,
    )
