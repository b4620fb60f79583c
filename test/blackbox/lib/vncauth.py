"""VncAuth's DES challenge, and the file vncpasswd would write."""

from cryptography.hazmat.primitives.ciphers import Cipher, modes

try:  # where cryptography 43 put it; 48 knows no other place
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError:
    from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES

FILE_KEY = bytes([23, 82, 107, 6, 35, 78, 88, 7])


def _des(key, data):
    # VNC takes each key byte with its bits in reverse order. Triple DES with
    # one key three times is DES.
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in key)
    encryptor = Cipher(
        TripleDES(mirrored * 3), modes.ECB()).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def answer(password, challenge):
    """The 16 bytes that prove the password (its first 8 bytes count)."""
    key = password.encode("latin-1")[:8].ljust(8, b"\0")
    return _des(key, challenge)


def password_file(password):
    """The 8 bytes of an -rfbauth file."""
    return _des(FILE_KEY, password.encode("latin-1")[:8].ljust(8, b"\0"))
