"""pysaml2 as identity provider: issues a response to be judged by us.

Standard input and output are JSON.
"""

import base64
import json
import sys
import tempfile

from saml2 import BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

SP = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:amazon:webservices">
<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<AssertionConsumerService index="1" isDefault="true" Location="{acs}"
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"/>
</SPSSODescriptor></EntityDescriptor>"""

ask = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder:
    for name in ("key", "certificate"):
        with open(f"{folder}/{name}.pem", "w", encoding="ascii") as file:
            file.write(ask[name])
    config = IdPConfig()
    config.load(
        {
            "entityid": ask["issuer"],
            "xmlsec_binary": ask["xmlsec1"],
            "key_file": f"{folder}/key.pem",
            "cert_file": f"{folder}/certificate.pem",
            "metadata": {"inline": [SP.format(acs=ask["acs"])]},
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [(ask["issuer"], BINDING_HTTP_REDIRECT)]
                    },
                    "policy": {"default": {"lifetime": {"minutes": 5}}},
                }
            },
        }
    )
    server = Server(config=config)
    answers = []
    for sign_response in (False, True):
        response = server.create_authn_response(
            {"mail": "road.runner@the-acme-corporation.com", "givenName": "Road"},
            in_response_to="_request",
            destination=ask["acs"],
            sp_entity_id="urn:amazon:webservices",
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text="road-runner"),
            authn={
                "class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
                "authn_auth": ask["issuer"],
            },
            sign_assertion=True,
            sign_response=sign_response,
            sign_alg=SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA256,
        )
        text = response if isinstance(response, str) else response.to_string().decode()
        answers.append(base64.b64encode(text.encode()).decode())
json.dump(answers, sys.stdout)
