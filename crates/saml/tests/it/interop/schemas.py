"""Validates documents against the OASIS and W3C schemas, with two implementations of XML Schema:
libxml2 with the files of python3-saml, and xmlschema with those of pysaml2.

Standard input and output are JSON: name of the schema and document in, errors out.
"""

import json
import sys
from importlib.resources import files

import saml2.data.schemas
from lxml import etree
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML
from saml2.xml.schema import XMLSchemaError, _create_xml_schema_validator, validate

FILES = {
    "metadata": "saml-schema-metadata-2.0.xsd",
    "protocol": "saml-schema-protocol-2.0.xsd",
    "soap": "envelope.xsd",
    "ecp": "saml-schema-ecp-2.0.xsd",
}


def path(schema):
    return str(files(saml2.data.schemas).joinpath(FILES[schema]))


validators = {name: _create_xml_schema_validator(source=path(name)) for name in FILES}


def errors(schema, xml):
    found = []
    if schema in ("metadata", "protocol"):
        answer = OneLogin_Saml2_XML.validate_xml(xml.encode(), FILES[schema])
        if isinstance(answer, str):
            found.append(f"python3-saml: {answer}")
    if schema == "soap":
        schema_document = etree.XMLSchema(etree.parse(path(schema)))
        if not schema_document.validate(etree.fromstring(xml.encode())):
            found.append(f"lxml: {schema_document.error_log}")
    try:
        validate(xml, validators[schema])
    except XMLSchemaError as error:
        found.append(f"pysaml2: {error}")
    return found


json.dump([errors(schema, xml) for schema, xml in json.load(sys.stdin)], sys.stdout)
