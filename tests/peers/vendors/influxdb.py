"""InfluxDB 2: Flux as JSON, deletes by time and predicate."""

import influxdb_client

ROWS = b"#datatype,string,long,long\r\n#group,false,false,false\r\n#default,_result,,\r\n,result,table,_value\r\n,,0,7\r\n\r\n"


def answer(request):
    if request.path == "/api/v2/query":
        return 200, ROWS, {"content-type": "text/csv"}
    return 204, b""


def calls(host, port):
    client = influxdb_client.InfluxDBClient(
        url=f"http://{host}:{port}", token="t", org="acme", retries=0
    )
    start, stop = "1970-01-01T00:00:00Z", "2030-01-01T00:00:00Z"

    def ask(text):
        def run():
            tables = client.query_api().query(text)
            return [record.get_value() for table in tables for record in table.records]

        return run

    def delete(predicate):
        return lambda: client.delete_api().delete(start, stop, predicate, bucket="shop")

    yield "read", ask('from(bucket: "shop") |> range(start: -1h) |> filter(fn: (r) => r.id == "7")')
    yield "export", ask('from(bucket: "shop") |> range(start: 0) |> to(bucket: "copy", org: "x")')
    yield "delete_some", delete('_measurement="orders"')
    yield "delete_all", delete("")
    writing = client.write_api(write_options=influxdb_client.client.write_api.SYNCHRONOUS)
    yield "write", lambda: writing.write(bucket="shop", record="orders id=7 1")
    yield "drop", lambda: client.buckets_api().delete_bucket("0123456789abcdef")
