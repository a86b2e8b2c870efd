"""Parses Terraform and gives it back as JSON, strings decoded."""

import json
import sys

import hcl2
from hcl2.utils import SerializationOptions

options = SerializationOptions(strip_string_quotes=True, with_comments=False)
print(json.dumps(hcl2.loads(sys.stdin.read(), serialization_options=options)))
