"""Signatures by certificates of the trial authority, made in this process. pyHanko is loaded at the first one."""

from collections.abc import Sequence
from typing import Any

from smartcity.documents.electronic import Signatory
from smartcity.documents.trial_authority import MARK, authority, certified

FIELD = "TandaTanganElektronik"


class TrialSigner:
    """Signs at once and is never away; every page says that its certificate is one for trials."""

    mark: str | None = MARK
    at_once = True

    def __init__(self, seed: bytes) -> None:
        self._seed = seed

    def roots(self) -> Sequence[bytes]:
        """The trial root of the office."""
        return (authority(self._seed).certificate,)

    def sign(self, pdf: bytes, signatory: Signatory) -> bytes:
        """PAdES baseline B (ETSI EN 319 142-1), invisible: what is seen of it is printed on the page."""
        from pyhanko.sign import fields, signers

        from smartcity.documents.signature_writer import adding_only

        about = signers.PdfSignatureMetadata(
            field_name=FIELD, name=signatory.name, reason=f"{signatory.reason} ({MARK})", location="Medan",
            md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
        )  # fmt: skip
        hand = signers.PdfSigner(about, self._hand(signatory), new_field_spec=fields.SigFieldSpec(FIELD))
        return hand.sign_pdf(adding_only(pdf)).getvalue()  # type: ignore[no-any-return]

    def _hand(self, signatory: Signatory) -> Any:
        from asn1crypto.keys import PrivateKeyInfo
        from asn1crypto.x509 import Certificate
        from pyhanko.sign.signers import SimpleSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        own, store = certified(self._seed, signatory.sub, signatory.name), SimpleCertificateStore()
        store.register(Certificate.load(authority(self._seed).certificate))
        return SimpleSigner(Certificate.load(own.certificate), PrivateKeyInfo.load(own.key), store)
