// An OpenID Connect provider (the npm package oidc-provider) on loopback that signs in whoever it
// was told to be, without asking. Arguments: folder with node_modules, port, redirect URI, client
// id, client secret, whether the ID token itself holds the e-mail address ("id-token") or only the
// user info ("user-info").
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, port, redirectUri, clientId, clientSecret, claims] = process.argv.slice(2);
const require = createRequire(`${folder}/x.js`);
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);

// Who signs in next: an e-mail address, and whether the provider vouches for it.
let present = { email: "nobody@example.com", verified: true };

const provider = new Provider(`http://localhost:${port}`, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { email: ["email", "email_verified"] },
  conformIdTokenClaims: claims === "user-info",
  cookies: { keys: ["a key for tests"] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => {
    const [email, verified] = id.split(" ");
    return {
      accountId: id,
      claims: () => ({ sub: id, email, email_verified: verified === "verified" }),
    };
  },
});

provider.use(async (ctx, next) => {
  if (ctx.path === "/become") {
    present = { email: ctx.query.email, verified: ctx.query.verified === "true" };
    ctx.body = "ok";
    return;
  }
  if (!ctx.path.startsWith("/interaction/")) {
    await next();
    return;
  }
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  if (details.prompt.name === "login") {
    const accountId = `${present.email} ${present.verified ? "verified" : "unverified"}`;
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId } });
    ctx.respond = false;
    return;
  }
  const grant = new provider.Grant({
    accountId: details.session.accountId,
    clientId: details.params.client_id,
  });
  grant.addOIDCScope(details.params.scope);
  const grantId = await grant.save();
  await provider.interactionFinished(
    ctx.req,
    ctx.res,
    { consent: { grantId } },
    { mergeWithLastSubmission: true },
  );
  ctx.respond = false;
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
