"""python3-saml as a service provider that signs its requests and wants assertions encrypted.

Standard input and output are JSON.
"""

import json
import sys
from urllib.parse import parse_qs

from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ask = json.load(sys.stdin)
OneLogin_Saml2_Utils.now = staticmethod(lambda: ask["now"])

SLO = "https://sp.test/slo"
HASH = ask["hash"]
METHOD = f"http://www.w3.org/2001/04/xmldsig-more#rsa-{HASH}"
DIGEST = {
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}[HASH]


def settings(**security):
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": "urn:amazon:webservices",
                "assertionConsumerService": {"url": ask["acs"]},
                "singleLogoutService": {"url": SLO},
                "NameIDFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
                "x509cert": ask["certificate"],
                "privateKey": ask["key"],
            },
            "idp": OneLogin_Saml2_IdPMetadataParser.parse(ask["metadata"])["idp"],
            "security": {
                "signatureAlgorithm": METHOD,
                "digestAlgorithm": DIGEST,
                "rejectDeprecatedAlgorithm": True,
                **security,
            },
        }
    )


def request(url, query=None):
    host, path = url.removeprefix("https://").split("/", 1)
    data = {"https": "on", "http_host": host, "script_name": "/" + path, "get_data": {}}
    if query is not None:
        data["get_data"] = {key: values[0] for key, values in parse_qs(query).items()}
        data["query_string"] = query
        data["validate_signature_from_qs"] = True
    return data


def judge(sent):
    response = OneLogin_Saml2_Response(
        settings(
            wantAssertionsSigned=sent["assertion_signed"],
            wantMessagesSigned=sent["message_signed"],
            wantAssertionsEncrypted=sent["encrypted"],
            wantNameId=True,
        ),
        sent["response"],
    )
    valid = response.is_valid(request(ask["acs"]))
    return {
        "valid": valid,
        "error": response.get_error(),
        "name_id": response.get_nameid() if valid else None,
    }


def logout(query):
    auth = OneLogin_Saml2_Auth(
        request(SLO, query),
        settings(wantMessagesSigned=True, logoutResponseSigned=True),
    )
    url = auth.process_slo(keep_local_session=True, request_id=ask["request_id"])
    return {"errors": auth.get_errors(), "reason": auth.get_last_error_reason(), "url": url}


signing = settings(authnRequestsSigned=True, logoutRequestSigned=True)
auth = OneLogin_Saml2_Auth(request(ask["acs"]), signing)
login = auth.login(return_to="https://sp.test/after sign-in?a=b&c=é")
metadata = signing.get_sp_metadata()
posted = OneLogin_Saml2_Utils.add_sign(
    OneLogin_Saml2_Authn_Request(signing).get_xml(),
    ask["key"],
    ask["certificate"],
    sign_algorithm=METHOD,
    digest_algorithm=DIGEST,
)
json.dump(
    {
        "login": login,
        "logout": auth.logout(name_id=ask["name_id"], session_index="_s1"),
        "posted": OneLogin_Saml2_Utils.b64encode(posted),
        "metadata": metadata.decode() if isinstance(metadata, bytes) else metadata,
        "responses": [judge(sent) for sent in ask["responses"]],
        "logout_request": logout(ask["logout_request"]),
        "logout_response": logout(ask["logout_response"]),
        "logout_forged": logout(ask["logout_forged"]),
    },
    sys.stdout,
)
