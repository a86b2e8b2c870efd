"""python3-saml as a service provider: judges responses with what our metadata says.

Standard input and output are JSON.
"""

import json
import sys

from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ask = json.load(sys.stdin)
OneLogin_Saml2_Utils.now = staticmethod(lambda: ask["now"])


def settings(case):
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": ask["entity_id"],
                "assertionConsumerService": {"url": ask["acs"]},
                "x509cert": ask["certificate"],
                "privateKey": ask["key"],
            },
            "idp": OneLogin_Saml2_IdPMetadataParser.parse(case["metadata"])["idp"],
            "security": {
                "wantAssertionsSigned": case["signing"] != "response",
                "wantMessagesSigned": case["signing"] != "assertion",
                "wantAssertionsEncrypted": case["encrypted"],
                "wantNameId": True,
                "rejectDeprecatedAlgorithm": True,
            },
        }
    )


def judge(case):
    host, path = ask["acs"].removeprefix("https://").split("/", 1)
    request = {"https": "on", "http_host": host, "script_name": "/" + path, "get_data": {}}
    try:
        response = OneLogin_Saml2_Response(settings(case), case["response"])
        if not response.is_valid(request):
            return {"valid": False, "error": response.get_error()}
        return {
            "valid": True,
            "issuer": response.get_issuers()[0],
            "name_id": response.get_nameid(),
            "name_id_format": response.get_nameid_format(),
            "session_index": response.get_session_index(),
            "attributes": response.get_attributes(),
        }
    except Exception as error:  # whatever python3-saml raises is a refusal
        return {"valid": False, "error": repr(error)}


json.dump({"verdicts": [judge(case) for case in ask["cases"]]}, sys.stdout)
