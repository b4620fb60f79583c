#!/usr/bin/python3
"""A crowd that wants nothing good (HOSTILE row 9), to be measured beside.

    bench/strangers.py PORT [SECONDS]

500 that are silent, 500 that send a request a byte every 50 ms, 100 that leave
half a TLS hello, from many addresses of this machine; who is sent away comes
back a second later. Prints a line when all of them have come once; tells in the end how often.
"""
import collections
import resource
import selectors
import socket
import sys
import time

REQUEST = b"GET /" + b"a" * 3000
HELLO = bytes.fromhex("1603010200010001fc0303") + b"\x11" * 100
SILENT, DRIPPING, HALF = 500, 500, 100
DRIP_S = 0.05
AWAY_S = 1
ADDRESSES = 200


class Stranger:
    def __init__(self, number, port):
        self.number = number
        self.target = ("127.0.0.1", port)
        self.visits = 0
        self.come()

    def come(self):
        self.visits += 1
        self.sent = 0
        self.socket = socket.socket()
        self.socket.bind((f"127.7.0.{1 + self.number % ADDRESSES}", 0))
        self.socket.setblocking(False)
        self.socket.connect_ex(self.target)

    def drip(self):
        """Its next byte, or all that it ever sends."""
        if self.number < SILENT or self.socket.fileno() < 0:
            return
        try:
            if self.number >= SILENT + DRIPPING:
                if not self.sent:
                    self.sent = self.socket.send(HELLO)
            elif self.sent < len(REQUEST):
                self.sent += self.socket.send(
                    REQUEST[self.sent:self.sent + 1])
        except OSError:
            pass # not there yet, or sent away: the reading end tells

    def is_sent_away(self):
        try:
            return self.socket.recv(4096) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True


def main():
    port = int(sys.argv[1])
    end = time.monotonic() + (float(sys.argv[2]) if len(sys.argv) > 2 else 60)
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    crowd = [Stranger(i, port) for i in range(SILENT + DRIPPING + HALF)]
    selector = selectors.DefaultSelector()
    for one in crowd:
        selector.register(one.socket, selectors.EVENT_READ, one)
    print("all have come", flush=True)
    away = collections.deque() # (when, who), soonest first
    drip = time.monotonic()
    while drip < end:
        for key, _ in selector.select(max(0, drip - time.monotonic())):
            one = key.data
            if one.is_sent_away():
                selector.unregister(one.socket)
                one.socket.close()
                away.append((time.monotonic() + AWAY_S, one))
        if time.monotonic() >= drip:
            drip += DRIP_S
            for one in crowd:
                one.drip()
        while away and away[0][0] <= time.monotonic():
            one = away.popleft()[1]
            one.come()
            selector.register(one.socket, selectors.EVENT_READ, one)
    print(f"{sum(one.visits for one in crowd)} visits of {len(crowd)}")


if __name__ == "__main__":
    main()
