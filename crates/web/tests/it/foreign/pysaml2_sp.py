"""pysaml2 as a service provider: judges responses with what our metadata says.

Standard input and output are JSON.
"""

import json
import sys
import tempfile

from saml2 import BINDING_HTTP_POST
from saml2.client import Saml2Client
from saml2.config import SPConfig

ask = json.load(sys.stdin)


def client(case, folder):
    pair = {"key_file": f"{folder}/key.pem", "cert_file": f"{folder}/certificate.pem"}
    config = SPConfig()
    config.load(
        {
            "entityid": ask["entity_id"],
            "xmlsec_binary": ask["xmlsec1"],
            "metadata": {"inline": [case["metadata"]]},
            "allow_unknown_attributes": True,
            # The clock of the identity provider stands still.
            "accepted_time_diff": 100 * 366 * 86400,
            "encryption_keypairs": [pair],
            **pair,
            "service": {
                "sp": {
                    "endpoints": {
                        "assertion_consumer_service": [(ask["acs"], BINDING_HTTP_POST)]
                    },
                    "allow_unsolicited": True,
                    "want_assertions_signed": case["signing"] != "response",
                    "want_response_signed": case["signing"] != "assertion",
                }
            },
        }
    )
    return Saml2Client(config)


def judge(case, folder):
    try:
        sent = case["response"]
        response = client(case, folder).parse_authn_request_response(sent, BINDING_HTTP_POST)
        return {
            "valid": True,
            "issuer": response.issuer(),
            "name_id": response.name_id.text,
            "name_id_format": response.name_id.format,
            "attributes": response.ava,
        }
    except Exception as error:  # whatever pysaml2 raises is a refusal
        return {"valid": False, "error": repr(error)}


with tempfile.TemporaryDirectory() as folder:
    for name in ("key", "certificate"):
        with open(f"{folder}/{name}.pem", "w", encoding="ascii") as file:
            file.write(ask[name])
    verdicts = [judge(case, folder) for case in ask["cases"]]
json.dump({"verdicts": verdicts}, sys.stdout)
