"""signxml: signs assertions in every way we accept, and verifies ours.

Standard input and output are JSON.
"""

import datetime
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod, XMLSigner, XMLVerifier, methods

EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
DS = "http://www.w3.org/2000/09/xmldsig#"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"

ask = json.load(sys.stdin)


def certificate(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signxml")])
    start = datetime.datetime(2020, 1, 1)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        # Long over: the dates of a certificate are not judged.
        .not_valid_after(start + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


def signed(key, pem, method, digest, where):
    document = etree.fromstring(ask["unsigned"].encode())
    assertion = document.find(f"{{{SAML}}}Assertion")
    if where == "both":
        document.replace(assertion, one(assertion, key, pem, method, digest))
        return one(document, key, pem, method, digest)
    document.replace(assertion, one(assertion, key, pem, method, digest))
    return document


def one(element, key, pem, method, digest):
    # signxml puts its signature where this placeholder is.
    mark = etree.Element(f"{{{DS}}}Signature", Id="placeholder", nsmap={"ds": DS})
    element.insert(1, mark)
    signer = XMLSigner(
        method=methods.enveloped,
        signature_algorithm=SignatureMethod[method],
        digest_algorithm=DigestAlgorithm[digest],
        c14n_algorithm=EXC,
    )
    # Alone in its document, as it will stand for exclusive canonicalisation.
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    return signer.sign(alone, key=key, cert=pem, reference_uri=element.get("ID"), id_attribute="ID")


keys = {
    "rsa1024": rsa.generate_private_key(65537, 1024),
    "rsa2048": rsa.generate_private_key(65537, 2048),
    "rsa3072": rsa.generate_private_key(65537, 3072),
    "p256": ec.generate_private_key(ec.SECP256R1()),
    "p384": ec.generate_private_key(ec.SECP384R1()),
}
answers = []
for name, key in keys.items():
    kind = "RSA" if name.startswith("rsa") else "ECDSA"
    made = certificate(key)
    pem = made.public_bytes(serialization.Encoding.PEM).decode()
    # Our cryptographic library has no RSA-SHA384 for keys as short as 1024 bits.
    for size in ("256", "512") if name == "rsa1024" else ("256", "384", "512"):
        for digest in ("SHA256", "SHA384", "SHA512"):
            for where in ("assertion", "both"):
                document = signed(key, pem, f"{kind}_SHA{size}", digest, where)
                answers.append(
                    {
                        "what": f"{name} {kind}-SHA{size} {digest} {where}",
                        "certificate": made.public_bytes(serialization.Encoding.DER).hex(),
                        "xml": etree.tostring(document).decode(),
                    }
                )

verdicts = []
for xml in ask["ours"]:
    element = etree.fromstring(xml.encode())
    try:
        done = XMLVerifier().verify(
            element, x509_cert=ask["certificate"], id_attribute="ID", expect_references=1
        )
        verdicts.append(etree.QName(done.signed_xml).localname)
    except Exception as error:  # whatever signxml raises is a refusal
        verdicts.append(repr(error))
json.dump({"theirs": answers, "verdicts": verdicts}, sys.stdout)
