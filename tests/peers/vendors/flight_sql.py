"""Flight SQL: a small server of it over SQLite, and the ADBC client.

Messages are those of `FlightSql.proto`. Each is packed into a `google.protobuf.Any`, and all that
are needed here have what counts in field 1.
"""

import sqlite3
import threading

import adbc_driver_flightsql.dbapi
import pyarrow
import pyarrow.flight

TYPE = b"type.googleapis.com/arrow.flight.protocol.sql."
START = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT);
INSERT INTO orders VALUES (1, 'lamp'), (7, 'desk'), (8, 'chair');
"""


def serve(record):
    """The database is the file `record`, which anybody may look into afterwards."""
    server = Server(record)
    print(server.port, flush=True)
    server.serve()


class Server(pyarrow.flight.FlightServerBase):
    def __init__(self, database):
        super().__init__("grpc://127.0.0.1:0")
        self.database = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self.database.executescript(START)
        self.prepared, self.results = {}, {}
        self.lock = threading.Lock()

    def run(self, statement):
        with self.lock:
            cursor = self.database.execute(statement)
            rows, names = cursor.fetchall(), [column[0] for column in cursor.description or ()]
        columns = [pyarrow.array([row[place] for row in rows]) for place in range(len(names))]
        return pyarrow.table(columns, names), max(cursor.rowcount, 0)

    def statement(self, command):
        kind, message = unpack(command)
        what = fields(message)[1]
        return self.prepared[what] if kind.startswith(b"CommandPrepared") else what.decode()

    def get_flight_info(self, _, descriptor):
        table, _ = self.run(self.statement(descriptor.command))
        handle = f"result {len(self.results) + 1}".encode()
        self.results[handle] = table
        ticket = pyarrow.flight.Ticket(pack(b"TicketStatementQuery", field(1, handle)))
        end = pyarrow.flight.FlightEndpoint(ticket, [])
        return pyarrow.flight.FlightInfo(table.schema, descriptor, [end], table.num_rows, -1)

    def do_get(self, _, ticket):
        _, message = unpack(ticket.ticket)
        return pyarrow.flight.RecordBatchStream(self.results.pop(fields(message)[1]))

    def do_put(self, _, descriptor, reader, writer):
        _, count = self.run(self.statement(descriptor.command))
        writer.write(field_of_number(1, count))

    def do_action(self, _, action):
        _, message = unpack(action.body.to_pybytes())
        what = fields(message)[1]
        if action.type == "ClosePreparedStatement":
            self.prepared.pop(what, None)
        elif action.type == "CreatePreparedStatement":
            handle = f"handle {len(self.prepared) + 1}".encode()
            self.prepared[handle] = what.decode()
            yield pack(b"ActionCreatePreparedStatementResult", field(1, handle))


def pack(kind, message):
    return field(1, TYPE + kind) + field(2, message)


def unpack(packed):
    parts = fields(packed)
    return parts[1].removeprefix(TYPE), parts.get(2, b"")


def field(name, content):
    return number(name << 3 | 2) + number(len(content)) + content


def field_of_number(name, value):
    return number(name << 3) + number(value)


def number(value):
    digits = bytearray()
    while value > 127:
        digits.append(value & 127 | 128)
        value >>= 7
    return bytes([*digits, value])


def fields(message):
    """The fields of a message that holds texts and bytes only."""
    found, place = {}, 0
    while place < len(message):
        tag, place = number_at(message, place)
        size, place = number_at(message, place)
        found[tag >> 3] = message[place : place + size]
        place += size
    return found


def number_at(message, place):
    value, shift = 0, 0
    while True:
        digit = message[place]
        place += 1
        value |= (digit & 127) << shift
        shift += 7
        if digit < 128:
            return value, place


def calls(host, port):
    connection = adbc_driver_flightsql.dbapi.connect(f"grpc://{host}:{port}", autocommit=True)

    def ask(text):
        def run():
            with connection.cursor() as cursor:
                cursor.execute(text)
                return [list(row) for row in cursor.fetchall()]

        return run

    def change(text):
        """Without preparing it."""

        def run():
            with connection.cursor() as cursor:
                return cursor.executescript(text)

        return run

    yield "read", ask("SELECT id, item FROM orders WHERE id = 7")
    yield "delete_one", change("DELETE FROM orders WHERE id = 1")
    yield "delete_all", ask("DELETE FROM orders")
    yield "drop", ask("DROP TABLE orders")
    yield "delete_all_at_once", change("DELETE FROM orders")
    yield "drop_at_once", change("DROP TABLE orders")
    yield "read_again", ask("SELECT count(*) AS n FROM orders")
