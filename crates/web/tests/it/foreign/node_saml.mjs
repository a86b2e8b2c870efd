// node-saml as a service provider. The argument is the folder with node_modules; standard input and
// output are JSON. It judges responses, and speaks for itself: metadata, requests, logout.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.argv[2]}/x.js`);
const { SAML, generateServiceProviderMetadata } = require("@node-saml/node-saml");
const { DOMParser } = require("@xmldom/xmldom");
const xpath = require("xpath");

const ask = JSON.parse(readFileSync(0, "utf8"));

// The clock of the identity provider.
const Clock = Date;
globalThis.Date = class extends Clock {
  constructor(...given) {
    super(...(given.length === 0 ? [ask.now * 1000] : given));
  }
  static now() {
    return ask.now * 1000;
  }
};

// What node-saml leaves to others: reading the metadata of the identity provider.
function identityProvider(metadata) {
  const document = new DOMParser().parseFromString(metadata, "text/xml");
  const read = xpath.useNamespaces({
    md: "urn:oasis:names:tc:SAML:2.0:metadata",
    ds: "http://www.w3.org/2000/09/xmldsig#",
  });
  const text = (path) => read(`string(${path})`, document);
  const redirect = "@Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'";
  return {
    idpIssuer: text("/md:EntityDescriptor/@entityID"),
    entryPoint: text(`//md:SingleSignOnService[${redirect}]/@Location`),
    logoutUrl: text(`//md:SingleLogoutService[${redirect}]/@Location`),
    idpCert: read("//md:KeyDescriptor[@use='signing']//ds:X509Certificate/text()", document).map(
      (found) => found.nodeValue,
    ),
  };
}

// The requests that it has sent and that are not answered yet.
const asked = new Map((ask.asked ?? []).map((id) => [id, new Date().toISOString()]));
const cacheProvider = {
  saveAsync: async (id, value) => void asked.set(id, value),
  getAsync: async (id) => asked.get(id) ?? null,
  removeAsync: async (id) => void asked.delete(id),
};

function serviceProvider(metadata, options) {
  return new SAML({
    ...identityProvider(metadata),
    issuer: ask.entity_id,
    callbackUrl: ask.acs,
    privateKey: ask.key,
    publicCert: ask.certificate,
    decryptionPvk: ask.key,
    signatureAlgorithm: "sha256",
    digestAlgorithm: "sha256",
    identifierFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    cacheProvider,
    ...options,
  });
}

async function attempt(work) {
  try {
    return { valid: true, ...(await work()) };
  } catch (error) {
    return { valid: false, error: String(error) };
  }
}

async function judge({ metadata, response, signing, defaults, in_response_to }) {
  const wanted = {
    wantAssertionsSigned: signing !== "response",
    wantAuthnResponseSigned: signing !== "assertion",
  };
  const options = {
    ...(defaults ? {} : wanted),
    validateInResponseTo: in_response_to ? "always" : "never",
  };
  return attempt(async () => {
    const saml = serviceProvider(metadata, options);
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: response });
    return {
      issuer: profile.issuer,
      name_id: profile.nameID,
      name_id_format: profile.nameIDFormat,
      session_index: profile.sessionIndex,
      attributes: profile.attributes ?? {},
    };
  });
}

const answer = {};
if (ask.describe) {
  answer.metadata = generateServiceProviderMetadata({
    issuer: ask.entity_id,
    callbackUrl: ask.acs,
    logoutCallbackUrl: ask.slo,
    privateKey: ask.key,
    publicCerts: ask.certificate,
    decryptionPvk: ask.key,
    decryptionCert: ask.certificate,
    identifierFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  });
}
if (ask.sign_in) {
  const saml = serviceProvider(ask.sign_in.metadata, { validateInResponseTo: "always" });
  answer.sign_in = await saml.getAuthorizeUrlAsync(ask.sign_in.relay_state);
}
if (ask.sign_out) {
  const { metadata, relay_state, profile } = ask.sign_out;
  const saml = serviceProvider(metadata, {});
  answer.sign_out = await saml.getLogoutUrlAsync(profile, relay_state);
}
if (ask.signed_out) {
  const { metadata, query, form } = ask.signed_out;
  const saml = serviceProvider(metadata, {});
  answer.signed_out = await attempt(async () =>
    form
      ? saml.validatePostResponseAsync({ SAMLResponse: form })
      : saml.validateRedirectAsync(Object.fromEntries(new URLSearchParams(query)), query),
  );
}
answer.asked = [...asked.keys()];
answer.verdicts = [];
for (const one of ask.cases ?? []) {
  answer.verdicts.push(await judge(one));
}
process.stdout.write(JSON.stringify(answer));
