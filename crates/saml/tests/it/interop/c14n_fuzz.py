"""Random content, canonicalised and signed by libxmlsec1: a second opinion on our canonicalisation.

Standard input and output are JSON.
"""

import json
import random
import sys

import xmlsec
from lxml import etree

EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"

ask = json.load(sys.stdin)
key = xmlsec.Key.from_memory(ask["key"], xmlsec.constants.KeyDataFormatPem, None)
chance = random.Random(ask["seed"])
PREFIXES = ["", "a", "b", "c", "xs"]
URIS = ["urn:one", "urn:two", "http://example.com/three", SAML, "tag:x,2026:e~%41"]
LISTS = ["", "xs", "a b", "#default xs", "a b c xs #default saml"]
TEXTS = ["", "x", " ", "\n", "\r\n", "&#13;", "&#9;", "&#xA;", "&lt;&gt;&amp;&quot;&apos;", '"', "'", "é😀", "]]&gt;", "\t", "&#x85;", "> "]


def text():
    return "".join(chance.choices(TEXTS, k=chance.randrange(4)))


def attribute_text():
    return text().replace('"', "&quot;")


def element(depth, scope):
    scope = dict(scope)
    written = []
    for prefix in PREFIXES:
        if chance.random() < 0.25:
            uri = chance.choice(URIS + [""]) if prefix == "" else chance.choice(URIS)
            scope[prefix] = uri
            written.append(f'xmlns{":" if prefix else ""}{prefix}="{uri}"')
    prefix = chance.choice([p for p in scope])
    # An element of the assertion vocabulary would be content of its own: keep to other names.
    name = f'{prefix}{":" if prefix else ""}{chance.choice(["e", "f", "saml", "xmlnsy"])}'
    seen = set()
    for _ in range(chance.randrange(4)):
        on = chance.choice([p for p in scope if p and scope[p]] + ["", "xml"])
        local = chance.choice(["k", "l", "z", "lang"])
        expanded = (scope.get(on, on) if on else None, local)
        if expanded in seen:
            continue
        seen.add(expanded)
        quote = chance.choice("\"'")
        value = attribute_text().replace("'", "&apos;")
        space = chance.choice([" ", "\n", "\t "])
        written.append(f'{on}{":" if on else ""}{local}{chance.choice(["=", " = "])}{quote}{value}{quote}{space}')
    chance.shuffle(written)
    start = f'{name} {" ".join(written)}'.rstrip() + chance.choice(["", " ", "\n"])
    if depth == 0 or chance.random() < 0.2:
        return f"<{start}/>"
    inside = "".join(
        chance.choice([text, lambda: element(depth - 1, scope)])() for _ in range(chance.randrange(4))
    )
    return f"<{start}>{inside}</{name}>"


def signed():
    inclusive = chance.choice(LISTS)
    outer = {"": "", "saml": SAML, "xs": "http://www.w3.org/2001/XMLSchema"}
    advice = f"<saml:Advice>{element(4, outer)}{element(3, outer)}</saml:Advice>"
    xml = ask["unsigned"].replace("<saml:AuthnStatement", f"{advice}<saml:AuthnStatement", 1)
    xml = xml.replace("<samlp:Response ", '<samlp:Response xmlns:xs="http://www.w3.org/2001/XMLSchema" ', 1)
    document = etree.fromstring(xml.encode())
    assertion = document.find(f"{{{SAML}}}Assertion")
    xmlsec.tree.add_ids(document, ["ID"])
    signature = xmlsec.template.create(
        document, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformRsaSha256, ns="ds"
    )
    assertion.insert(1, signature)
    reference = xmlsec.template.add_reference(
        signature, xmlsec.constants.TransformSha256, uri="#" + assertion.get("ID")
    )
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    exclusive = xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    if inclusive:
        etree.SubElement(
            exclusive, f"{{{EXC}}}InclusiveNamespaces", nsmap={"ec": EXC}, PrefixList=inclusive
        )
    context = xmlsec.SignatureContext()
    context.key = key
    context.sign(signature)
    # Into the original text: the serialiser would smooth out what is to be tested.
    written = etree.tostring(signature, with_tail=False).decode()
    head, tail = xml.split("<saml:Subject>", 1)
    return f"{head}{written}<saml:Subject>{tail}"


json.dump([signed() for _ in range(ask["count"])], sys.stdout)
