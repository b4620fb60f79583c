"""The viewer's side of the ways to log in, step by step; each leaves the stream
where SecurityResult comes next."""

import struct

from . import vncauth

NONE, VNC_AUTH, TIGHT, VENCRYPT = 1, 2, 16, 19
SUBTYPES = {"Plain": 256, "TLSNone": 257, "TLSVnc": 258, "TLSPlain": 259,
            "X509None": 260, "X509Vnc": 261, "X509Plain": 262}
BANNER = b"RFB 003.008\n"
NAMES = {number: name for name, number in SUBTYPES.items()}


def offer(stream, version="003.008"):
    """Greets; the types that are offered. 3.3: the one that is in force.
    Who speaks first is not waited for."""
    stream.write(f"RFB {version}\n".encode())
    assert stream.read(12) == BANNER
    if version == "003.003":
        return [struct.unpack(">I", stream.read(4))[0]]
    return list(stream.read(stream.read(1)[0]))


def vencrypt_offer(stream):
    """Chooses VeNCrypt; the subtypes that are offered."""
    stream.write(bytes([VENCRYPT]))
    assert stream.read(2) == b"\0\2"
    stream.write(b"\0\2")
    assert stream.read(1) == b"\0"
    count = stream.read(1)[0]
    return list(struct.unpack(f">{count}I", stream.read(4 * count)))


def vencrypt_choose(stream, number):
    """Chooses a subtype; the stream is inside TLS where that is its way."""
    stream.write(struct.pack(">I", number))
    if number == SUBTYPES["Plain"]:
        return
    assert stream.read(1) == b"\1"
    anonymous = NAMES[number].startswith("TLS")
    stream.start_tls(anonymous=anonymous)


def plain(stream, user, password):
    user, password = user.encode(), password.encode()
    stream.write(struct.pack(">II", len(user), len(password))
                 + user + password)


def vnc_auth(stream, password):
    stream.write(vncauth.answer(password, stream.read(16)))


def vencrypt(stream, name, user="", password=""):
    """From the choice of VeNCrypt to the answer."""
    number = SUBTYPES[name]
    offered = vencrypt_offer(stream)
    assert number in offered, f"{name} is not among {offered}"
    vencrypt_choose(stream, number)
    if name.endswith("Plain"):
        plain(stream, user, password)
    elif name.endswith("Vnc"):
        vnc_auth(stream, password)


def capabilities(stream, count):
    """{code: vendor and signature}"""
    found = {}
    for _ in range(count):
        code, name = struct.unpack(">i12s", stream.read(16))
        found[code] = name
    assert len(found) == count
    return found


def tight_offer(stream):
    """Chooses Tight; the ways to log in that are offered."""
    stream.write(bytes([TIGHT]))
    tunnels, ways = struct.unpack(">II", stream.read(8))
    assert tunnels == 0
    return capabilities(stream, ways)


def tight(stream, password=None):
    ways = tight_offer(stream)
    if password is None:
        assert ways == {1: b"STDVNOAUTH__"}
        stream.write(struct.pack(">i", 1))
        return
    assert ways == {2: b"STDVVNCAUTH_"}
    stream.write(struct.pack(">i", 2))
    vnc_auth(stream, password)


def tight_capabilities(stream):
    """What follows ServerInit."""
    server, client, encodings, padding = struct.unpack(
        ">HHHH", stream.read(8))
    assert padding == 0
    capabilities(stream, server)
    capabilities(stream, client)
    assert capabilities(stream, encodings)[7] == b"TGHTTIGHT___"


def result(stream):
    """None, or the reason for which nobody came in."""
    status = struct.unpack(">I", stream.read(4))[0]
    if status == 0:
        return None
    assert status == 1, f"SecurityResult {status}"
    return stream.read(struct.unpack(">I", stream.read(4))[0]).decode()
