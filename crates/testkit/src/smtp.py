"""An SMTP server on loopback that writes each mail into a folder.

Arguments: port, protection (none, starttls, tls), user name, password, folder, and for the last two
protections certificate and key. A recipient whose local part is "refused" is refused for good, one
whose local part is "later" for now.
"""

import asyncio
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

port, protection, username, password, folder = sys.argv[1:6]
tls = None
if protection != "none":
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(sys.argv[6], sys.argv[7])


class Keeper:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        if local == "refused":
            return "550 5.1.1 nobody of this name here"
        if local == "later":
            return "451 4.3.0 the cliff is not there at the moment"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        Keeper.count += 1
        path = os.path.join(folder, f"{Keeper.count:04}.json")
        record = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "raw": envelope.content.decode("utf-8", "surrogateescape"),
            "subject": message["subject"],
            "text": message.get_content().replace("\r\n", "\n"),
        }
        with open(path + ".part", "w", encoding="utf-8", errors="replace") as file:
            json.dump(record, file)
        os.rename(path + ".part", path)
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == username.encode() and data.password == password.encode()
    return AuthResult(success=good, handled=good)


def protocol():
    if protection == "none":
        return SMTP(Keeper(), hostname="localhost", enable_SMTPUTF8=True)
    return SMTP(
        Keeper(),
        hostname="localhost",
        enable_SMTPUTF8=True,
        require_starttls=protection == "starttls",
        tls_context=tls if protection == "starttls" else None,
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=protection == "starttls",
    )


async def main():
    context = tls if protection == "tls" else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", int(port), ssl=context)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
