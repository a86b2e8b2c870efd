"""pysaml2 as service provider: judges a response with the keys of our metadata.

Standard input and output are JSON.
"""

import base64
import json
import sys

from saml2 import BINDING_HTTP_POST
from saml2.client import Saml2Client
from saml2.config import SPConfig

ask = json.load(sys.stdin)
config = SPConfig()
config.load(
    {
        "entityid": "urn:amazon:webservices",
        "xmlsec_binary": ask["xmlsec1"],
        "metadata": {"inline": [ask["metadata"]]},
        "allow_unknown_attributes": True,
        # The response is of a fixed date.
        "accepted_time_diff": 100 * 366 * 86400,
        "service": {
            "sp": {
                "endpoints": {
                    "assertion_consumer_service": [(ask["acs"], BINDING_HTTP_POST)]
                },
                "allow_unsolicited": True,
                "want_assertions_signed": True,
                "want_response_signed": ask["message_signed"],
            }
        },
    }
)
client = Saml2Client(config)
try:
    response = client.parse_authn_request_response(ask["response"], BINDING_HTTP_POST)
    answer = {
        "valid": True,
        "name_id": response.name_id.text,
        "attributes": response.ava,
        "issuer": response.issuer(),
    }
except Exception as error:  # whatever pysaml2 raises is a refusal
    answer = {"valid": False, "error": repr(error)}
json.dump(answer, sys.stdout)
