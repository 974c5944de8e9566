"""A certificate authority for trials: it proves nothing to anybody outside, and says so in every certificate and on every page.

Its keys follow from the office's document key, so that every process of the office has the same ones, they lie in no file of their own,
and they last as long as the office's seal.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID

MARK = "sertifikat uji, tanpa kekuatan hukum"
ORGANISATION = "Pemerintah Kota Medan"
SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2056, 1, 1, tzinfo=UTC)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the group of P-256 (SEC 2, 2.4.2)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, DER and PKCS #8."""

    certificate: bytes
    key: bytes


def authority(seed: bytes) -> Pair:
    """The root of an office with this document key; the same bytes every time."""
    key = _key(seed, "authority")
    name = _name(f"Otoritas Sertifikat Uji {_digest(key)[:8]}")
    made = _builder(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return _signed(made.add_extension(_usage(authority=True), critical=True), key, key)


def certified(seed: bytes, sub: str, person: str) -> Pair:
    """The certificate of a person with this account, and their key; the same bytes every time."""
    root, key = x509.load_der_x509_certificate(authority(seed).certificate), _key(seed, f"person:{sub}")
    made = _builder(_name(f"{person} ({MARK})"[:64]), root.subject, key).add_extension(x509.BasicConstraints(False, None), critical=True)
    return _signed(made.add_extension(_usage(authority=False), critical=True), _key(seed, "authority"), key)


def _key(seed: bytes, purpose: str) -> ec.EllipticCurvePrivateKey:
    raw = HKDF(hashes.SHA256(), 48, None, b"smartcity.trial.v1\0" + purpose.encode()).derive(seed)
    return ec.derive_private_key(int.from_bytes(raw) % (_ORDER - 1) + 1, ec.SECP256R1())


def _name(common: str) -> x509.Name:
    named = ((NameOID.COUNTRY_NAME, "ID"), (NameOID.ORGANIZATION_NAME, ORGANISATION), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in named])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    serial = int(_digest(key)[:30], 16) | 1
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return made.serial_number(serial).not_valid_before(SINCE).not_valid_after(UNTIL).add_extension(identifier, critical=False)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_cert_sign=authority, crl_sign=authority,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _digest(key: ec.EllipticCurvePrivateKey) -> str:
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()


def _signed(made: x509.CertificateBuilder, by: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePrivateKey) -> Pair:
    certificate = made.sign(by, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(serialization.Encoding.DER)
    pkcs8 = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Pair(certificate, pkcs8)
