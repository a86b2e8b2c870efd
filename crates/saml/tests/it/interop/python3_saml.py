"""python3-saml as service provider: judges a response and reads metadata.

Standard input and output are JSON.
"""

import json
import sys

from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

ask = json.load(sys.stdin)
OneLogin_Saml2_Utils.now = staticmethod(lambda: ask["now"])

parsed = OneLogin_Saml2_IdPMetadataParser.parse(ask["metadata"])
schema = OneLogin_Saml2_XML.validate_xml(ask["metadata"], "saml-schema-metadata-2.0.xsd")
settings = OneLogin_Saml2_Settings(
    {
        "strict": True,
        "sp": {
            "entityId": "urn:amazon:webservices",
            "assertionConsumerService": {"url": ask["acs"]},
        },
        "idp": parsed["idp"],
        "security": {
            "wantAssertionsSigned": True,
            "wantMessagesSigned": ask["message_signed"],
            "wantNameId": True,
            "wantAttributeStatement": True,
            "rejectDeprecatedAlgorithm": True,
        },
    }
)
host, path = ask["acs"].removeprefix("https://").split("/", 1)
request = {"https": "on", "http_host": host, "script_name": "/" + path, "get_data": {}}
response = OneLogin_Saml2_Response(settings, ask["response"])
valid = response.is_valid(request)
json.dump(
    {
        "valid": valid,
        "error": response.get_error(),
        "name_id": response.get_nameid() if valid else None,
        "name_id_format": response.get_nameid_format() if valid else None,
        "session_index": response.get_session_index() if valid else None,
        "attributes": response.get_attributes() if valid else None,
        "metadata_schema_errors": None if not isinstance(schema, str) else schema,
        "idp": parsed["idp"],
    },
    sys.stdout,
)
