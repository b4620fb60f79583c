"""Hashes of passwords as -usersfile wants them. By libcrypt, as the program
computes them: Python's crypt module is gone in 3.13."""

import ctypes

_libcrypt = ctypes.CDLL("libcrypt.so.1")
_libcrypt.crypt.restype = ctypes.c_char_p
_libcrypt.crypt.argtypes = [ctypes.c_char_p, ctypes.c_char_p]


def password_hash(password):
    """With few rounds: who waits for it waits for the sanitizers, too."""
    hashed = _libcrypt.crypt(password.encode(), b"$6$rounds=1000$saltsalt")
    assert hashed.startswith(b"$6$rounds=1000$"), hashed
    return hashed.decode()
