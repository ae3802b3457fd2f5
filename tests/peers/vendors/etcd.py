"""etcd itself and its command line client, which speaks gRPC."""

import os
import subprocess
import tempfile

import children

ANYWHERE = "http://127.0.0.1:0"


def serve(record):
    """Its data is in the folder next to the record."""
    urls = ["listen-client-urls", "advertise-client-urls", "listen-peer-urls"]
    urls += ["initial-advertise-peer-urls"]
    port = children.start(
        [
            f"{os.environ['ETCD_BIN']}/etcd",
            f"--data-dir={record}.etcd",
            *(f"--{name}={ANYWHERE}" for name in urls),
            f"--initial-cluster=default={ANYWHERE}",
            "--logger=zap",
            "--log-outputs=stdout",
        ],
        r'serving client traffic insecurely.*"address":"127.0.0.1:(\d+)"',
    )
    for number in (1, 7, 8):
        run("127.0.0.1", port, "put", f"/orders/{number}", f"order {number}")
    print(port, flush=True)
    children.running[0].wait()


def run(host, port, *words, text=""):
    done = subprocess.run(
        [f"{os.environ['ETCD_BIN']}/etcdctl", f"--endpoints={host}:{port}", *words],
        env={**os.environ, "ETCDCTL_API": "3"},
        input=text,
        capture_output=True,
        text=True,
        timeout=30,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout.split("\n")[:-1]


def snapshot(host, port):
    """The client renames what it got over the file that it is given."""
    with tempfile.TemporaryDirectory() as folder:
        return run(host, port, "snapshot", "save", f"{folder}/snapshot")


def calls(host, port):
    def ask(*words, text=""):
        return lambda: run(host, port, *words, text=text)

    # A condition, what is done where it holds, and what is done otherwise.
    transaction = 'value("/orders/7") = "order 7"\n\nget /orders/8\n\ndel "" --from-key\n\n'
    yield "read", ask("get", "/orders/7")
    yield "read_all", ask("get", "/orders/", "--prefix", "--keys-only")
    yield "put", ask("put", "/orders/9", "order 9")
    yield "delete_one", ask("del", "/orders/1")
    yield "delete_from_there_on", ask("del", "/", "--from-key")
    yield "delete_all", ask("del", "", "--prefix")
    yield "delete_in_transaction", ask("txn", text=transaction)
    yield "auth_off", ask("auth", "disable")
    yield "member_away", ask("member", "remove", "1")
    yield "snapshot", lambda: snapshot(host, port)
    yield "read_again", ask("get", "/orders/", "--prefix", "--keys-only")
    yield "delete_some", ask("del", "/orders/", "--prefix")
