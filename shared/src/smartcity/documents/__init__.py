"""What the office prints. Promised in the issuing commit, rendered once from the committed rows, stored: the bytes are the document.

A service declares its kinds in `SERVICE = Service(documents=(Document(...),), verify_letter="L")`, calls `promise` in the
use case that issues, and `deliver` in the operation that shows it. Everyone may ask `standing_of` by the code on the paper;
`verify_offline` needs only the public key, and for what a person has signed (`Signing`) the certificates that are trusted.
"""

from smartcity.documents.electronic import ElectronicSignature, ElectronicSigner, Signatory, SignerAway, SignerRefused, Signing
from smartcity.documents.registry import Document, configure, public_key
from smartcity.documents.statement import NotGenuine, Statement, key_id
from smartcity.documents.store import StoredDocument, deliver, promise, standing_of
from smartcity.documents.verify import Checked, verify_offline

__all__ = [
    "Checked", "Document", "ElectronicSignature", "ElectronicSigner", "NotGenuine", "Signatory", "SignerAway", "SignerRefused", "Signing",
    "Statement", "StoredDocument", "configure", "deliver", "key_id", "promise", "public_key", "standing_of", "verify_offline",
]  # fmt: skip
