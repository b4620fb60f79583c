"""Certificates made with openssl, and what a server shows."""

import datetime
import os
import socket
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .process import run as run_tool, tool


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
