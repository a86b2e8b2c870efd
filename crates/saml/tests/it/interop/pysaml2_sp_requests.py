"""pysaml2 as a service provider: signs requests, describes itself, and opens envelopes, logout
messages and encrypted responses of ours.

Standard input and output are JSON.
"""

import json
import sys
import tempfile
from urllib.parse import parse_qs

from saml2 import (
    BINDING_HTTP_POST,
    BINDING_HTTP_REDIRECT,
    BINDING_PAOS,
    BINDING_SOAP,
    samlp,
    soap,
)
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.metadata import entity_descriptor
from saml2.profile import ecp
from saml2.saml import NAMEID_FORMAT_EMAILADDRESS, NameID
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

ask = json.load(sys.stdin)
SIGNED = {"sign": True, "sign_alg": SIG_RSA_SHA256, "digest_alg": DIGEST_SHA256}


def attempt(function):
    try:
        return function()
    except Exception as error:  # whatever pysaml2 raises is a refusal
        return {"error": repr(error)}


def open_envelope(text):
    parts = soap.class_instances_from_soap_enveloped_saml_thingies(text, [ecp, samlp])
    return {
        "header": parts["header"][0].c_tag,
        "url": parts["header"][0].assertion_consumer_service_url,
        "actor": parts["header"][0].actor,
        "in_body": parts["body"].c_tag,
        "id": parts["body"].id,
    }


with tempfile.TemporaryDirectory() as folder:
    for name in ("key", "certificate"):
        with open(f"{folder}/{name}.pem", "w", encoding="ascii") as file:
            file.write(ask[name])
    pair = {"key_file": f"{folder}/key.pem", "cert_file": f"{folder}/certificate.pem"}
    config = SPConfig()
    config.load(
        {
            "entityid": "https://pysaml2.example/sp",
            "xmlsec_binary": ask["xmlsec1"],
            "metadata": {"inline": [ask["metadata"]]},
            "allow_unknown_attributes": True,
            # The messages are of a fixed date.
            "accepted_time_diff": 100 * 366 * 86400,
            "encryption_keypairs": [pair],
            **pair,
            "service": {
                "sp": {
                    "endpoints": {
                        "assertion_consumer_service": [
                            (ask["acs"], BINDING_HTTP_POST),
                            ("https://pysaml2.example/paos", BINDING_PAOS),
                        ],
                        "single_logout_service": [
                            (ask["slo"], BINDING_HTTP_REDIRECT),
                            (ask["slo"], BINDING_HTTP_POST),
                        ],
                    },
                    "authn_requests_signed": True,
                    "want_assertions_signed": True,
                    "want_response_signed": False,
                    "allow_unsolicited": True,
                    "logout_requests_signed": True,
                    "required_attributes": ["mail"],
                }
            },
        }
    )
    client = Saml2Client(config)

    def redirect(message):
        sent = client.apply_binding(
            BINDING_HTTP_REDIRECT,
            str(message),
            ask["idp"],
            relay_state="état 1/2",
            sign=True,
            sigalg=SIG_RSA_SHA256,
        )
        return dict(sent["headers"])["Location"]

    def name_id():
        return NameID(format=NAMEID_FORMAT_EMAILADDRESS, text=ask["name_id"])

    def logout_request(**signing):
        return client.create_logout_request(
            ask["idp"], ask["idp"], name_id=name_id(), session_indexes=["_s1"], **signing
        )[1]

    def encrypted(response):
        parsed = client.parse_authn_request_response(response, BINDING_HTTP_POST)
        return {"name_id": parsed.name_id.text}

    def our_logout_request(query):
        fields = {key: values[0] for key, values in parse_qs(query).items()}
        parsed = client.parse_logout_request(
            fields["SAMLRequest"],
            BINDING_HTTP_REDIRECT,
            relay_state=fields["RelayState"],
            sigalg=fields["SigAlg"],
            signature=fields["Signature"],
        )
        return {"name_id": parsed.message.name_id.text}

    _, posted = client.create_authn_request(ask["idp"], **SIGNED)
    _, plain = client.create_authn_request(ask["idp"], sign=False)
    answer = {
        "metadata": str(entity_descriptor(config)),
        "posted": str(posted),
        "redirect": redirect(plain),
        "soap": soap.make_soap_enveloped_saml_thingy(plain),
        "logout_posted": str(logout_request(**SIGNED)),
        "logout_redirect": redirect(logout_request(sign=False)),
        "envelope": attempt(lambda: open_envelope(ask["envelope"])),
        "encrypted": [attempt(lambda: encrypted(one)) for one in ask["encrypted"]],
        "logout_request": attempt(lambda: our_logout_request(ask["logout_request"])),
    }
json.dump(answer, sys.stdout)
