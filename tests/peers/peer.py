"""A vendor's own client, and the vendor's service as far as that client needs one.

    peer.py serve NAME RECORD   answers until its input ends; writes its port as a line
    peer.py call NAME PORT      makes the next call of the client for each line of its input, and
                                writes one line of JSON about it
    peer.py show NAME           the requests that the client makes, as text

Each file of `vendors/` is one peer. `calls(host, port)` gives names and functions; each function
returns what the client got. `answer(request)` is the service, whose requests are written to the
file RECORD, one line of JSON each, before they are answered. A real service has `serve(record)`
instead: RECORD is its database, or a place for it.
"""

import faulthandler
import importlib
import json
import subprocess
import sys
import tempfile

import children
import recorder

PATIENCE_S = 100


def main(command, name, *rest):
    vendor = importlib.import_module(f"vendors.{name}")
    if command == "serve":
        children.end_with_input()
        serve = getattr(vendor, "serve", lambda record: recorder.serve(vendor.answer, record))
        serve(rest[0])
    elif command == "call":
        # A client that waits for ever says where.
        faulthandler.dump_traceback_later(PATIENCE_S, exit=True)
        outcome = outcomes(vendor, int(rest[0]))
        for _ in sys.stdin:
            print(json.dumps(next(outcome, {"call": None}), default=str), flush=True)
    elif command == "show":
        show(name, vendor)
    else:
        sys.exit(__doc__)


def outcomes(vendor, port):
    """What each call came to: what the client got, or an error as it raised it."""
    for name, call in vendor.calls("127.0.0.1", port):
        try:
            yield {"call": name, "got": call()}
        # Whatever a client raises is what its user would see.
        except Exception as error:
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            yield {"call": name, "error": kind, "message": str(error)}


def show(name, vendor):
    """The service is a process of its own: some clients hold up all else in theirs."""
    with tempfile.NamedTemporaryFile() as record:
        command = [sys.executable, __file__, "serve", name, record.name]
        pipe = subprocess.PIPE
        service = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        port = int(service.stdout.readline())
        seen, before = 0, {}
        for outcome in outcomes(vendor, port):
            print(f"######## {json.dumps(outcome, default=str)}\n")
            requests = [json.loads(line) for line in open(record.name)]
            for request in requests[seen:]:
                print(recorder.as_text(request, before))
                before = dict(request["headers"])
            seen = len(requests)


if __name__ == "__main__":
    main(*sys.argv[1:])
