"""What calls of the AWS SDK have in common: they are signed, and name their operation in a header
field or a path."""

import boto3
import botocore.config


def client(service, host, port):
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


def answer_from(answers):
    """A service that answers by the operation's name."""

    def answer(request):
        operation = request.headers.get("x-amz-target", request.path).split(".")[-1]
        kind = request.headers.get("content-type", "application/json")
        return 200, answers.get(operation, {}), {"content-type": kind}

    return answer
