"""TLS as clients meet it: versions, handshakes, clients' certificates."""

import datetime
import os
import re
import socket
import ssl
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from lib import http, login
from lib.certificates import (curl, make, make_expired, trusting)
from lib.process import descriptor_count, tool
from lib.rfb import Viewer, is_ended
from lib.server import Server
from lib.transport import Closed, Plain, connect
from lib.wait import wait_until

FILE, USAGE = 5, 2


def negotiated(port, *options):
    """(protocol, cipher) of openssl's client, or None."""
    result = subprocess.run(
        [tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}",
         "-brief", *options], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=30, check=False)
    said = result.stdout + result.stderr
    version = re.search(r"Protocol version: (\S+)", said)
    cipher = re.search(r"Ciphersuite: (\S+)", said)
    return (version.group(1), cipher.group(1)) if version else None


def test_openssl_client(server):
    assert negotiated(server.port)[0] == "TLSv1.3"
    assert negotiated(server.port, "-tls1_2")[0] == "TLSv1.2"
    for old in ("-tls1_1", "-tls1"):
        assert negotiated(server.port, old, "-cipher",
                          "ALL:@SECLEVEL=0") is None


def test_least_version(launch, xserver):
    with launch(xserver, "--ssl-version", "tlsv1_3") as running:
        assert negotiated(running.port)[0] == "TLSv1.3"
        assert negotiated(running.port, "-tls1_2") is None


def test_ciphers_by_their_openssl_names(launch, xserver):
    with launch(xserver, "--ssl-ciphers",
                "ECDHE-ECDSA-AES256-GCM-SHA384:!aNULL") as running:
        assert negotiated(running.port, "-tls1_2") == (
            "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384")
        assert negotiated(running.port)[1] == "TLS_AES_256_GCM_SHA384"
        assert negotiated(running.port, "-tls1_2", "-cipher",
                          "ECDHE-ECDSA-AES128-GCM-SHA256") is None


def test_priority(launch, xserver, program):
    with launch(xserver, "GnuTLSPriority=-VERS-TLS1.3") as running:
        assert negotiated(running.port)[0] == "TLSv1.2"
    running = Server(program, xserver, "-GnuTLSPriority", "NORMAL:+NONSENSE",
                     expect_start=False)
    assert running.wait() == USAGE
    assert "NONSENSE" in running.log()


def test_no_http2(server):
    context = trusting()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", server.port), 30) as plain:
        with context.wrap_socket(plain) as tls:
            assert tls.selected_alpn_protocol() == "http/1.1"
    assert curl("-k", "--http2",
                f"https://127.0.0.1:{server.port}/") == "200 1.1"


def test_sessions_are_resumed(server):
    # A browser's many connections cost one handshake with a signature.
    context, session, reused = trusting(), None, []
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", server.port), 30) as one:
            with context.wrap_socket(one, session=session) as tls:
                tls.sendall(http.request("/vnc.html"))
                assert tls.recv(12) == b"HTTP/1.1 200"
                session = tls.session  # after the ticket has come
                reused.append(tls.session_reused)
    assert reused == [False, True, True]


# --- viewers that show certificates ---

@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """The files of an authority, of two it signed, of one it did not."""
    folder = tmp_path_factory.mktemp("people")
    authority = make(folder, "authority")
    return {"authority": authority,
            "joe": make(folder, "joe", signer=authority),
            "ann": make(folder, "ann", signer=authority),
            "expired": make_expired(folder, authority),
            "stranger": make(folder, "stranger")}


def answer_to(port, pair=None):
    """The first bytes for one with that certificate; b'' where refused."""
    context = trusting()
    if pair:
        context.load_cert_chain(*pair)
    try:
        with socket.create_connection(("127.0.0.1", port), 30) as plain:
            with context.wrap_socket(plain) as tls:
                tls.sendall(http.request("/vnc.html"))
                return tls.recv(12)
    except (ssl.SSLError, ConnectionResetError, BrokenPipeError):
        return b""


def test_client_certificates(launch, xserver, people):
    with launch(xserver, "-sslverify", people["authority"][0]) as running:
        for name in ("joe", "ann"):
            assert answer_to(running.port, people[name]) == b"HTTP/1.1 200"
        for name in ("stranger", "expired"):
            assert answer_to(running.port, people[name]) == b""
        assert answer_to(running.port) == b""
        log = running.log()
        assert "shows the certificate of 'joe'" in log
        assert re.search("certificate of 'stranger' was refused: .*issuer "
                         "is unknown", log)
        assert re.search("certificate of 'expired' was refused: .*expired",
                         log)
        assert "the peer showed no certificate" in log


def test_client_certificates_by_name(launch, xserver, people):
    with launch(xserver, "--cafile", people["authority"][0], "-sslcn",
                "ann,bob") as running:
        assert answer_to(running.port, people["ann"]) == b"HTTP/1.1 200"
        assert answer_to(running.port, people["joe"]) == b""
        assert "of 'joe' was refused: its name is not one of -sslcn" in (
            running.log())


def revoke(authority, pairs, path):
    """Writes the authority's list of those that count no longer."""
    with open(authority[0], "rb") as file:
        issuer = x509.load_pem_x509_certificate(file.read()).subject
    with open(authority[1], "rb") as file:
        key = serialization.load_pem_private_key(file.read(), None)
    now = datetime.datetime.utcnow()
    revoked = x509.CertificateRevocationListBuilder(
        issuer, now - datetime.timedelta(1), now + datetime.timedelta(30))
    for pair in pairs:
        with open(pair[0], "rb") as file:
            number = x509.load_pem_x509_certificate(file.read()).serial_number
        revoked = revoked.add_revoked_certificate(
            x509.RevokedCertificateBuilder(
                number, now - datetime.timedelta(1)).build())
    new = path.with_suffix(".new")
    new.write_bytes(revoked.sign(key, hashes.SHA256()).public_bytes(
        serialization.Encoding.PEM))
    os.replace(new, path)


def test_revoked_client_certificates(launch, xserver, people, tmp_path):
    path = tmp_path / "revoked.pem"
    revoke(people["authority"], [people["joe"]], path)
    with launch(xserver, "-sslverify", people["authority"][0], "-sslCRL",
                path) as running:
        assert answer_to(running.port, people["ann"]) == b"HTTP/1.1 200"
        assert answer_to(running.port, people["joe"]) == b""
        assert re.search("of 'joe' was refused: .*revoked", running.log())
        revoke(people["authority"], [people["ann"]], path)
        wait_until(lambda: answer_to(running.port, people["ann"]) == b"",
                   "the new list counts")
        assert answer_to(running.port, people["joe"]) == b"HTTP/1.1 200"


@pytest.mark.parametrize("content", [None, b"", b"nonsense"])
def test_useless_authority(program, xserver, tmp_path, content):
    path = tmp_path / "authority"
    if content is not None:
        path.write_bytes(content)
    running = Server(program, xserver, "-sslverify", path,
                     expect_start=False)
    assert running.wait() == FILE
    assert str(path) in running.log()


# --- handshakes that do not go well ---

def client_hello():
    """The bytes a TLS client begins with."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting().wrap_bio(incoming, outgoing)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


def test_gone_after_each_byte_of_a_hello(server):
    # HOSTILE 10: by FIN and by RST.
    hello = client_hello()
    for count in [*range(1, 12), *range(12, len(hello), 29), len(hello)]:
        for end in ("close", "abort"):
            with Plain(server.port) as stream:
                stream.write(hello[:count])
                getattr(stream, end)()
    with Viewer(connect("wss", server.port)) as viewer:
        viewer.refresh()


class Handshake:
    """A TLS client whose bytes are sent as far and in such pieces as told."""

    def __init__(self, plain, most=None, piece=None):
        self.plain, self.left, self.piece = plain, most, piece
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = trusting().wrap_bio(self.incoming, self.outgoing)

    def send(self):
        """False: no more may be sent."""
        data = self.outgoing.read()
        if self.left is not None:
            data, cut = data[:self.left], len(data) > self.left
            self.left -= len(data)
        else:
            cut = False
        step = self.piece or max(1, len(data))
        for start in range(0, len(data), step):
            self.plain.write(data[start:start + step])
        return not cut

    def shake(self):
        """False: it was cut short."""
        while True:
            try:
                self.tls.do_handshake()
                return self.send()
            except ssl.SSLWantReadError:
                if not self.send():
                    return False
                self.incoming.write(self.plain.read_some())

    def ask(self, path):
        """The first bytes of the answer."""
        self.tls.write(http.request(path))
        self.send()
        while True:
            try:
                return self.tls.read(12)
            except ssl.SSLWantReadError:
                self.incoming.write(self.plain.read_some())


@pytest.mark.parametrize("end", ["close", "abort"])
def test_gone_within_the_handshake(server, end):
    # HOSTILE 10 and 11: nothing is left of it, wherever it stopped.
    with Viewer(connect("wss", server.port)) as viewer:
        before = descriptor_count(server.process.pid)
        upto, done = 0, False
        while not done:
            stream = Plain(server.port)
            done = Handshake(stream, upto).shake()
            getattr(stream, end)()
            upto += 13
        wait_until(lambda: descriptor_count(server.process.pid) <= before,
                   "all descriptors are closed again")
        viewer.refresh()


def test_handshake_in_single_bytes(server):
    with Plain(server.port) as stream:
        handshake = Handshake(stream, piece=1)
        assert handshake.shake()
        assert handshake.ask("/vnc.html") == b"HTTP/1.1 200"


def test_half_hellos_delay_nobody(launch, xserver):
    # HOSTILE 9: they wait, a viewer does not, and they are reaped.
    with launch(xserver, "-logintimeout", "8", "-maxwaiting", "500",
                "-maxwaitingperhost", "500") as running:
        hello = client_hello()
        before = descriptor_count(running.process.pid)
        crowd = []
        for index in range(200):
            crowd.append(Plain(running.port))
            crowd[-1].write(hello[:index + 20])
        for kind in ("rfb", "tls", "ws", "wss"):
            with Viewer(connect(kind, running.port)) as viewer:
                viewer.refresh()
        wait_until(lambda: descriptor_count(running.process.pid) <= before,
                   "all of them are gone")
        for one in crowd:
            one.close()


def test_hello_that_never_ends(server):
    # A record announced and handshake bytes without end.
    with Plain(server.port) as stream:
        stream.write(b"\x16\3\1\x40\0\1\0\xff\xff" + bytes(16384 - 4))
        try:
            for _ in range(64):
                stream.write(b"\x16\3\1\x40\0" + bytes(16384))
        except Closed:
            pass
        assert is_ended(stream)
    assert server.is_alive()


def test_nonsense_after_the_hello(server):
    for nonsense in (b"\0" * 200, b"\x16\3\3\0\0" * 50,
                     b"\x15\3\3\0\2\2\x28", b"\x17\3\3\0\5hello"):
        with Plain(server.port) as stream:
            stream.write(client_hello() + nonsense)
            stream.finish_writing()
            assert is_ended(stream)
    assert server.is_alive()


def test_many_handshakes_beside_a_viewer(launch, xserver):
    # All at once; the viewer's own round trips go on between them.
    with launch(xserver, "-maxwaiting", "1000", "-maxwaitingperhost",
                "1000") as running:
        hello = client_hello()
        with Viewer(connect("rfb", running.port)) as viewer:
            crowd = []
            for _ in range(300):
                crowd.append(Plain(running.port))
                crowd[-1].write(hello)
            for _ in range(20):
                viewer.round_trip()
            for one in crowd:
                assert one.read(1) == b"\x16"  # its server hello
                one.close()
            viewer.refresh()


# --- TLS only ---

@pytest.fixture(scope="module")
def tls_only(launch, xserver):
    with launch(xserver, "-sslonly") as running:
        yield running


def test_browsers_are_sent_to_https(tls_only):
    port = tls_only.port
    answer = http.ask(tls_only, "/vnc.html?path=x&password=y")
    assert answer.status == 308
    assert answer["location"] == (
        f"https://localhost:{port}/vnc.html?path=x&password=y")
    assert "password=y" not in tls_only.log()
    assert curl("-k", "-L", f"http://localhost:{port}/vnc.html") == "200 1.1"
    assert http.ask(tls_only, "/vnc.html", secure=True).status == 200
    with pytest.raises(AssertionError, match="upgrade answered 403"):
        connect("ws", port)


def test_viewers_are_told_why(tls_only):
    for kind in ("tls", "wss"):
        with Viewer(connect(kind, tls_only.port)) as viewer:
            viewer.refresh()
    # Without TLS there is VeNCrypt and nothing else; RFB 3.3 has it not.
    with Plain(tls_only.port) as stream:
        assert login.offer(stream) == [login.VENCRYPT]
        login.vencrypt(stream, "X509None")
        assert stream.read(4) == bytes(4)
    with Plain(tls_only.port) as stream:
        assert login.offer(stream, "003.007") == [login.VENCRYPT]
    with Plain(tls_only.port) as stream:
        assert login.offer(stream, "003.003") == [0]
        assert stream.read(stream.read(4)[3]).isascii()


def test_only_tls_closes_the_rest(launch, xserver):
    with launch(xserver, "-only", "tls", tls=False) as running:
        with Plain(running.port) as stream:
            stream.write(http.request("/"))
            assert stream.read_to_end() == b""
        with Viewer(connect("tls", running.port)) as viewer:
            viewer.refresh()


def test_own_certificate_is_not_shown_to_viewers_unasked(launch, xserver):
    # gtk-vnc would choose X509 and leave, because it does not know it.
    for options, wanted in (((), {"TLSNone"}),
                            (("-sectypes", "X509None,TLSNone"),
                             {"X509None", "TLSNone"})):
        with launch(xserver, *options, tls=False) as running:
            with Plain(running.port) as stream:
                assert login.VENCRYPT in login.offer(stream)
                offered = login.vencrypt_offer(stream)
            assert {login.NAMES[number] for number in offered} == wanted
