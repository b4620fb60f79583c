"""The viewer's side of RSA-AES (rfbproto), over a stream of transport.py."""

import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .byte_stream import InnerStream

# number: (bytes of a session key, hash, whether it stays encrypted)
FORMS = {5: (16, "sha1", True), 6: (16, "sha1", False),
         129: (32, "sha256", True), 130: (32, "sha256", False)}
NUMBERS = {"RA2": 5, "RA2ne": 6, "RA2_256": 129, "RA2ne_256": 130}


class Eax:
    """One direction: AES-EAX, the nonce counts from 0, little endian."""

    def __init__(self, key):
        self.key = key
        self.number = 0

    def _omac(self, kind, data):
        mac = cmac.CMAC(algorithms.AES(self.key))
        mac.update(bytes(15) + bytes([kind]) + data)
        return mac.finalize()

    def _parts(self, head):
        nonce = self._omac(0, self.number.to_bytes(16, "little"))
        self.number += 1
        counter = Cipher(algorithms.AES(self.key), modes.CTR(nonce))
        return nonce, self._omac(1, head), counter

    def _tag(self, nonce, head, cipher):
        return bytes(a ^ b ^ c for a, b, c in zip(
            nonce, head, self._omac(2, cipher)))

    def seal(self, data):
        head = struct.pack(">H", len(data))
        nonce, header, counter = self._parts(head)
        cipher = counter.encryptor().update(data)
        return head + cipher + self._tag(nonce, header, cipher)

    def open(self, head, cipher, tag):
        nonce, header, counter = self._parts(head)
        assert hmac.compare_digest(tag, self._tag(nonce, header, cipher)), (
            "the server's message is forged")
        return counter.decryptor().update(cipher)


class Sealed(InnerStream):
    """What transport.py's streams have, in messages of AES-EAX."""

    def __init__(self, stream, in_key, out_key, piece=None):
        super().__init__(stream)
        self.inward, self.outward = Eax(in_key), Eax(out_key)
        self.piece = piece

    def write(self, data):
        step = self.piece or 8192
        for start in range(0, len(data), step):
            self.outer.write(self.outward.seal(data[start:start + step]))

    def _receive(self):
        head = self.outer.read(2)
        length = struct.unpack(">H", head)[0]
        assert 0 < length <= 8192, f"a message of {length} bytes"
        cipher = self.outer.read(length)
        self.buffer += self.inward.open(head, cipher, self.outer.read(16))


def public_bytes(key):
    numbers = key.public_numbers()
    size = (key.key_size + 7) // 8
    return (struct.pack(">I", key.key_size) + numbers.n.to_bytes(size, "big")
            + numbers.e.to_bytes(size, "big"))


def read_server_key(stream):
    """(as it came, the key)"""
    head = stream.read(4)
    bits = struct.unpack(">I", head)[0]
    assert 1024 <= bits <= 8192
    size = (bits + 7) // 8
    body = stream.read(2 * size)
    key = rsa.RSAPublicNumbers(int.from_bytes(body[size:], "big"),
                               int.from_bytes(body[:size], "big"))
    return head + body, key.public_key()


# One for all: making it takes a while.
_made = {}


def viewer_key(bits=2048):
    if bits not in _made:
        _made[bits] = rsa.generate_private_key(65537, bits)
    return _made[bits]


class Handshake:
    """Step by step, so that a test can do one of them wrong."""

    def __init__(self, stream, number, bits=2048):
        self.stream = stream
        self.key_bytes, self.hash, self.stays = FORMS[number]
        stream.write(bytes([number]))
        self.server_bytes, self.server_key = read_server_key(stream)
        self.own = viewer_key(bits)
        self.own_bytes = public_bytes(self.own.public_key())

    def digest(self, *parts):
        return hashlib.new(self.hash, b"".join(parts)).digest()

    def exchange(self, secret=None, encrypted=None):
        """Both secrets; everything is sealed from here on."""
        self.stream.write(self.own_bytes)
        secret = secret or os.urandom(self.key_bytes)
        if encrypted is None:
            encrypted = self.server_key.encrypt(secret, padding.PKCS1v15())
        self.stream.write(struct.pack(">H", len(encrypted)) + encrypted)
        length = struct.unpack(">H", self.stream.read(2))[0]
        assert length == (self.own.key_size + 7) // 8
        theirs = self.own.decrypt(self.stream.read(length),
                                  padding.PKCS1v15())
        assert len(theirs) == self.key_bytes
        size = self.key_bytes
        self.sealed = Sealed(self.stream,
                             self.digest(secret, theirs)[:size],
                             self.digest(theirs, secret)[:size])

    def compare(self, wrong=False):
        """The hashes of both keys; the kind of question that follows."""
        own = self.digest(self.own_bytes, self.server_bytes)
        if wrong:
            own = bytes(len(own))
        self.sealed.write(own)
        expected = self.digest(self.server_bytes, self.own_bytes)
        assert self.sealed.read(len(expected)) == expected
        if not wrong:
            return self.sealed.read(1)[0]
        return None

    def answer(self, user, password):
        """The stream on which SecurityResult comes."""
        user, password = user.encode(), password.encode()
        self.sealed.write(bytes([len(user)]) + user
                          + bytes([len(password)]) + password)
        return self.sealed if self.stays else self.stream


def log_in(stream, number, user="", password="", bits=2048):
    """From the choice of the type to the answer; what kind was asked, and the
    stream on which SecurityResult comes."""
    handshake = Handshake(stream, number, bits)
    handshake.exchange()
    kind = handshake.compare()
    assert kind in (1, 2)
    return kind, handshake.answer(user if kind == 1 else "", password)
