"""Certificates: the one that is made, those that are given, and clients'."""

import base64
import datetime
import os
import re
import signal
import socket
import ssl
import stat
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lib import http, login
from lib.process import descriptor_count, run as run_tool, tool
from lib.rfb import Viewer, is_ended
from lib.server import Server, clean_environment
from lib.transport import Closed, Plain, connect
from lib.wait import wait_until

FILE, USAGE = 5, 2


def shown_certificate(port, context=None):
    """DER of what the server shows."""
    context = context or trusting()
    with socket.create_connection(("127.0.0.1", port), 30) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as tls:
            return tls.getpeercert(binary_form=True)


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def make(folder, name, *more, signer=None):
    """(certificate, key) in PEM files; signed by itself or (cert, key)."""
    cert, key = str(folder / f"{name}.pem"), str(folder / f"{name}.key")
    run_tool(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
              "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
              "-subj", f"/CN={name}", "-keyout", key, "-out", cert,
              *(["-CA", signer[0], "-CAkey", signer[1], "-addext",
                 "basicConstraints=critical,CA:FALSE"] if signer else []),
              *more])
    return cert, key


def make_expired(folder, signer=None):
    """One that was valid until yesterday, which openssl will not make."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "expired")])
    issuer, issuer_key = subject, key
    if signer:
        with open(signer[0], "rb") as file:
            issuer = x509.load_pem_x509_certificate(file.read()).subject
        with open(signer[1], "rb") as file:
            issuer_key = serialization.load_pem_private_key(file.read(), None)
    now = datetime.datetime.utcnow()
    certificate = x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(),
        now - datetime.timedelta(30), now - datetime.timedelta(1)).sign(
            issuer_key, hashes.SHA256())
    cert_path, key_path = folder / "expired.pem", folder / "expired.key"
    cert_path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    return str(cert_path), str(key_path)


def der(path):
    with open(path, encoding="ascii") as file:
        text = file.read()
    return ssl.PEM_cert_to_DER_cert(
        text[text.index("-----BEGIN CERTIFICATE"):].strip())


def curl(*arguments):
    return run_tool([tool("curl"), "-sS", "--max-time", "30", "-o",
                     os.devnull, "-w", "%{http_code} %{http_version}",
                     *arguments])


# --- the self-signed one ---

@pytest.fixture
def home(tmp_path):
    environment = clean_environment()
    environment["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    return environment, tmp_path / "config" / "x11wsvnc" / "self-signed.pem"


def test_made_at_first_start_and_kept(program, xserver, home):
    environment, path = home
    shown = []
    for _ in range(2):
        with Server(program, xserver, environment=environment) as running:
            shown.append(shown_certificate(running.port))
            said = running.wait_for_output(rb"SHA-256 ([0-9A-F:]{95})\n")
            digest = run_tool(["openssl", "x509", "-noout", "-fingerprint",
                               "-sha256", "-in", str(path)])
            assert said.group(1).decode() in digest
            for name in ("localhost", "127.0.0.1"):
                assert curl("--cacert", str(path),
                            f"https://{name}:{running.port}/vnc.html"
                            ) == "200 1.1"
    assert shown[0] == shown[1] == der(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == [path.name]


def test_every_name_is_in_it(program, xserver, home):
    environment, path = home
    with Server(program, xserver, "-listen", "127.0.0.7",
                listen=None, environment=environment):
        text = run_tool(["openssl", "x509", "-noout", "-ext",
                         "subjectAltName", "-in", str(path)])
    for name in (f"DNS:{socket.gethostname()}", "DNS:localhost",
                 "IP Address:127.0.0.1", "IP Address:127.0.0.7"):
        assert name in text


def test_renewed_with_its_key_when_a_name_is_new(program, xserver, home):
    environment, path = home
    keys, certificates = set(), set()
    for address in ("127.0.0.7", "127.0.0.8"):
        with Server(program, xserver, listen=address,
                    environment=environment):
            pass
        certificates.add(der(path))
        keys.add(run_tool(["openssl", "x509", "-noout", "-pubkey", "-in",
                           str(path)]))
    assert len(certificates) == 2 and len(keys) == 1


# An interface comes up once the file is there.
ANOTHER = """
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int getifaddrs(struct ifaddrs **all)
{
	static struct sockaddr_in name = { .sin_family = AF_INET };
	static struct ifaddrs more = { .ifa_name = "new0", .ifa_flags = IFF_UP,
		.ifa_addr = (struct sockaddr *)&name };
	int (*real)(struct ifaddrs **) = dlsym(RTLD_NEXT, "getifaddrs");

	inet_pton(AF_INET, "192.0.2.17", &name.sin_addr);
	if (real(all) < 0)
		return -1;
	if (access(getenv("ANOTHER_FILE"), F_OK) < 0)
		return 0;
	more.ifa_next = *all;
	*all = &more;
	return 0;
}

void freeifaddrs(struct ifaddrs *all)
{
	void (*real)(struct ifaddrs *) = dlsym(RTLD_NEXT, "freeifaddrs");

	real(strcmp(all->ifa_name, "new0") == 0 ? all->ifa_next : all);
}
"""


@pytest.mark.parametrize("options", [(), ("-ssl", "TMP")], ids=[
    "kept", "in memory"])
def test_hangup_renews_for_a_new_address(program, xserver, home, tmp_path,
                                         options):
    """And for nothing less: whoever has compared the fingerprint would have
    to do so again. Those who are in stay."""
    environment, path = home
    source, library = tmp_path / "another.c", tmp_path / "another.so"
    source.write_text(ANOTHER)
    run_tool([tool("cc"), "-shared", "-fPIC", "-o", str(library),
              str(source)])
    another = path.parent / "another"
    environment["ANOTHER_FILE"] = str(another)
    with Server(program, xserver, *options, environment=environment, wrapper=(
            tool("setsid"), tool("env"), f"LD_PRELOAD={library}")) as running:
        def hang_up(times):
            running.process.send_signal(signal.SIGHUP)
            wait_until(lambda: running.log().count("reading files again")
                       == times, "it reads")
            return shown_certificate(running.port)

        with Viewer(connect("wss", running.port)) as viewer:
            before = shown_certificate(running.port)
            assert hang_up(1) == before
            path.parent.mkdir(parents=True, exist_ok=True)
            another.write_text("")
            after = hang_up(2)
            assert "192.0.2.17" in san_of(after)
            assert "192.0.2.17" not in san_of(before)
            assert hang_up(3) == after
            viewer.refresh()


def san_of(certificate):
    names = x509.load_der_x509_certificate(certificate).extensions
    return [str(one.value) for one in names.get_extension_for_class(
        x509.SubjectAlternativeName).value]


# Two years and two months later, once the file is there.
LATER = """
#define _GNU_SOURCE
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

time_t time(time_t *to)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (access(getenv("LATER_FILE"), F_OK) == 0)
		now.tv_sec += 790 * 86400;
	if (to != NULL)
		*to = now.tv_sec;
	return now.tv_sec;
}
"""


def test_renewed_while_it_runs(program, xserver, home, tmp_path):
    environment, path = home
    source, library = tmp_path / "later.c", tmp_path / "later.so"
    source.write_text(LATER)
    run_tool([tool("cc"), "-shared", "-fPIC", "-o", str(library),
              str(source)])
    later = path.parent / "later"
    environment["LATER_FILE"] = str(later)
    with Server(program, xserver, environment=environment, wrapper=(
            tool("env"), f"LD_PRELOAD={library}")) as running:
        before = shown_certificate(running.port)
        with Viewer(connect("wss", running.port)) as viewer:
            later.write_text("")
            wait_until(lambda: shown_certificate(running.port) != before,
                       "it is renewed")
            assert shown_certificate(running.port) == der(path)
            assert running.log().count("TLS certificate renewed") == 1
            viewer.refresh()
        key = x509.load_der_x509_certificate(before).public_key()
        now = x509.load_der_x509_certificate(der(path))
        assert now.public_key().public_numbers() == key.public_numbers()
        assert now.not_valid_after > (datetime.datetime.utcnow()
                                      + datetime.timedelta(1000))


@pytest.mark.parametrize("option", [("-ssl", "TMP"), ("-certdir",
                                                      "/proc/nowhere")])
def test_in_memory_only(program, xserver, home, option):
    environment, path = home
    with Server(program, xserver, *option, environment=environment) as one:
        first = shown_certificate(one.port)
        assert ("this run only" in one.log()) == (option[0] == "-certdir")
    with Server(program, xserver, *option, environment=environment) as two:
        assert shown_certificate(two.port) != first
    assert not path.exists()


def test_address_printed_is_plain_for_this_machine_alone(launch, xserver):
    for option, scheme in (((), "http"), (("-sslonly",), "https"),
                           (("-nossl",), "http")):
        with launch(xserver, *option, tls=False) as running:
            running.wait_for_output(
                rb"Open %s://localhost:%d/" % (scheme.encode(),
                                               running.port))
    with launch(xserver, tls=False, listen=None) as running:
        running.wait_for_output(rb"Open https://[^/]+:%d/" % running.port)


# --- given ones ---

def replace(pair, target):
    """Puts new files in place, each at once, as certbot does."""
    for new, old in zip(pair, target):
        os.replace(new, old)


@pytest.fixture
def served(tmp_path):
    return make(tmp_path, "served")


def waits_for(running, port, certificate):
    def shown():
        return shown_certificate(port) == certificate
    wait_until(shown, f"the new certificate; log: {running.log()}")


def test_reload_keeps_twenty_viewers(program, xserver, tmp_path, served):
    with Server(program, xserver, "-cert", served[0], "-key",
                served[1]) as running:
        kinds = ("tls", "wss") * 10
        viewers = [Viewer(connect(kind, running.port)) for kind in kinds]
        new = make(tmp_path, "new")
        wanted = der(new[0])
        replace(new, served)
        waits_for(running, running.port, wanted)
        for viewer in viewers:
            viewer.refresh()
            viewer.close()
        assert "read again" in running.log()


def test_reload_through_a_swapped_symlink(program, xserver, tmp_path):
    pairs = [make(tmp_path, name) for name in ("one", "two")]
    links = [str(tmp_path / name) for name in ("live.pem", "live.key")]
    for pair in pairs:
        for target, link in zip(pair, links):
            os.symlink(target, link + ".new")
            os.replace(link + ".new", link)
        if pair is pairs[0]:
            running = Server(program, xserver, "-cert", links[0], "-key",
                             links[1])
        waits_for(running, running.port, der(pair[0]))
    with running:
        pass


def spoil_half(pair, folder):
    with open(pair[0], "rb") as file:
        content = file.read()
    with open(pair[0], "wb") as file:
        file.write(content[:len(content) // 2])
    return pair[0]


def spoil_expired(pair, folder):
    expired = make_expired(folder)
    replace(expired, pair)
    return pair[0]


def spoil_mismatched(pair, folder):
    other = make(folder, "other")
    os.replace(other[1], pair[1])
    return pair[1]


def spoil_gone(pair, folder):
    os.unlink(pair[1])
    return pair[1]


@pytest.mark.parametrize("spoil", [spoil_half, spoil_expired,
                                   spoil_mismatched, spoil_gone])
def test_a_bad_pair_leaves_the_old_one(program, xserver, tmp_path, served,
                                       spoil):
    before = der(served[0])
    with Server(program, xserver, "-cert", served[0], "-key",
                served[1]) as running:
        culprit = spoil(served, tmp_path)

        def told():
            assert shown_certificate(running.port) == before
            return "stays in use" in running.log()
        wait_until(told, "it is told")
        line = next(line for line in running.log().splitlines()
                    if "stays in use" in line)
        assert culprit in line
        # Told once, and mended by the next good pair.
        good = make(tmp_path, "good")
        wanted = der(good[0])
        replace(good, served)
        waits_for(running, running.port, wanted)
        assert running.log().count("stays in use") <= 2


@pytest.mark.parametrize("spoil", [spoil_half, spoil_expired,
                                   spoil_mismatched, spoil_gone])
def test_a_bad_pair_at_the_start(program, xserver, tmp_path, served, spoil):
    culprit = spoil(served, tmp_path)
    running = Server(program, xserver, "-cert", served[0], "-key", served[1],
                     expect_start=False)
    assert running.wait() == FILE
    assert culprit in running.log()


def test_hangup_reads_again(program, xserver, tmp_path, served):
    # Without a terminal, as a service: there SIGHUP does not end it.
    with Server(program, xserver, "-cert", served[0], "-key", served[1],
                wrapper=(tool("setsid"),)) as running:
        running.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "read again" in running.log(), "it is read again")
        shown_certificate(running.port)


def test_encrypted_key(program, xserver, tmp_path, served):
    key = str(tmp_path / "encrypted.key")
    run_tool(["openssl", "pkcs8", "-topk8", "-in", served[1], "-out", key,
              "-passout", "pass:geheim"])
    with Server(program, xserver, "-cert", served[0], "-key", key,
                "--key-password=geheim") as running:
        assert shown_certificate(running.port) == der(served[0])
        with open(f"/proc/{running.process.pid}/cmdline", "rb") as line:
            assert b"geheim" not in line.read()
    for extra in ((), ("--key-password=falsch",)):
        running = Server(program, xserver, "-cert", served[0], "-key", key,
                         *extra, expect_start=False)
        assert running.wait() == FILE
        assert key in running.log() and "--key-password" in running.log()


def test_chain_is_sent(program, xserver, tmp_path):
    authority = make(tmp_path, "authority")
    leaf = make(tmp_path, "localhost", "-addext",
                "subjectAltName=DNS:localhost", signer=authority)
    both = tmp_path / "both.pem"
    both.write_bytes(b"".join(
        open(path, "rb").read() for path in (leaf[1], leaf[0], authority[0])))
    with Server(program, xserver, "-cert", str(both)) as running:
        assert curl("--cacert", authority[0],
                    f"https://localhost:{running.port}/") == "200 1.1"


# --- versions and ciphers ---

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


def test_curl_with_the_key_pinned(program, xserver, home):
    """What was compared once is enough: no authority, no -k for the rest; and
    nothing is said of the host's other ports (HSTS)."""
    environment, path = home
    with Server(program, xserver, environment=environment) as running:
        url = f"https://localhost:{running.port}/vnc.html"
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        spki = key.public_key().public_bytes(
            serialization.Encoding.DER,
            serialization.PublicFormat.SubjectPublicKeyInfo)
        digest = hashes.Hash(hashes.SHA256())
        digest.update(spki)
        pin = "sha256//" + base64.b64encode(digest.finalize()).decode()
        head = run_tool(["curl", "-sSI", "--cacert", str(path),
                         "--pinnedpubkey", pin, url])
        assert " 200 " in head.splitlines()[0]
        assert "strict-transport-security" not in head.lower()
        other = "sha256//" + base64.b64encode(bytes(32)).decode()
        with pytest.raises(AssertionError, match="status 90"):
            run_tool(["curl", "-sSI", "-k", "--pinnedpubkey", other, url])


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
    with launch(xserver, "-logintimeout", "3", "-maxwaiting", "500",
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
