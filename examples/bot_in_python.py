"""A program in another language against the simulator, with Python's standard library alone.

The exchange is a child process; its first line says where it is. Faults, the market and what was
seen are commanded over HTTP. The socket below speaks as much of RFC 6455 as this needs; a program
of yours would use the WebSocket library that it has anyway.

Run it: python3 examples/bot_in_python.py truefeed
(The words after the file are the command that starts truefeed: `npx truefeed` where it is
installed in the folder alone.)
"""

import base64
import json
import os
import socket
import struct
import subprocess
import sys
import urllib.error
import urllib.request
from urllib.parse import urlparse


class Exchange:
    """A simulated exchange of one venue, and the control of it."""

    def __init__(self, command, venue):
        arguments = ["simulate", venue, "--json", "--control", "0", "--duration", "60s"]
        try:
            self.process = subprocess.Popen(command + arguments, stdout=subprocess.PIPE, text=True)
        except OSError as error:
            sys.exit(f"{command[0]} cannot be started: {error.strerror}.")
        line = self.process.stdout.readline()
        if not line.startswith("{"):
            # What went wrong it has said on stderr.
            self.process.terminate()
            sys.exit(f"{' '.join(command)} started no exchange.")
        ready = json.loads(line)
        self.facts = ready["venues"][venue]
        self.control_url = ready["controlUrl"]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control_url + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["error"]["message"]) from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()


class TextSocket:
    """Text frames over ws://; `receive` returns a text, or None when the socket ended."""

    def __init__(self, url):
        place = urlparse(url)
        self.socket = socket.create_connection((place.hostname, place.port), timeout=20)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {place.path or '/'} HTTP/1.1",
            f"Host: {place.hostname}:{place.port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        ]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.stream = self.socket.makefile("rb")
        status = self.stream.readline().decode()
        if " 101 " not in status:
            raise ConnectionError(status.strip())
        while self.stream.readline() not in (b"\r\n", b""):
            pass

    def send(self, value):
        payload = json.dumps(value).encode()
        mask = os.urandom(4)
        length = len(payload)
        head = bytes([0x81, 0x80 | length]) if length < 126 else b"\x81\xfe" + struct.pack("!H", length)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        self.socket.sendall(head + mask + masked)

    def receive(self):
        try:
            head = self.stream.read(2)
            if len(head) < 2 or head[0] & 0x0F == 8:
                return None
            length = head[1] & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", self.stream.read(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", self.stream.read(8))
            return self.stream.read(length).decode()
        except ConnectionResetError:
            return None

    def close(self):
        self.stream.close()
        self.socket.close()


def follow(url, frames):
    """Reads so many frames of one book; returns how many came before the socket ended."""
    feed = TextSocket(url)
    feed.send({"type": "subscribe", "channel": "level2", "product_ids": ["BTC-USD"]})
    count = 0
    while count < frames and feed.receive() is not None:
        count += 1
    feed.close()
    return count


def main(command):
    with Exchange(command, "coinbase") as exchange:
        url = exchange.facts["wsUrl"]
        print(f"{follow(url, 5)} frames came.")

        # Drive: the next connection is reset after its third frame.
        rule = {"fault": "reset", "at": {"count": 3}, "connection": 2}
        added = exchange.call("POST", "/faults", rule)["added"][0]["id"]
        print(f"{follow(url, 5)} frames came before the reset.")

        # Assert: the fault was met, and the exchange saw what was asked.
        faults = exchange.call("GET", "/faults")["faults"]
        assert faults[0]["id"] == added and faults[0]["strikes"] == 1, faults
        messages = exchange.call("GET", "/messages?connection=2")["coinbase"]
        assert '"level2"' in messages[0]["text"].replace(" ", ""), messages

        # What makes no sense is refused in words.
        try:
            exchange.call("POST", "/faults", {"fault": "explode"})
        except RuntimeError as error:
            print(str(error).split(";")[0])

        exchange.call("POST", "/market", {"action": "move", "symbol": "BTC-USD", "price": "50000"})
        bid = exchange.call("GET", "/market")["coinbase"]["BTC-USD"]["bid"]
        print("The market moved." if 49000 < float(bid) < 51000 else f"It is at {bid}.")


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(f"Usage: python3 {sys.argv[0]} COMMAND...", file=sys.stderr)
        print("COMMAND starts truefeed: npx truefeed, or truefeed where it is global.", file=sys.stderr)
        sys.exit(2)
    main(sys.argv[1:])
