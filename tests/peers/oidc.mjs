// A provider of OpenID Connect of the npm package `oidc-provider`, with its own pages for signing in. It says its port as a JSON line and
// ends with its input. Where it may lead back to is told it once the other side has an address:
//
//   node oidc.mjs
//   POST /told  {"redirect": "http://127.0.0.1:1234/sign-in/provider/back", "home": "http://127.0.0.1:1234/sign-in"}
//
// Everybody may sign in, by any password; `ama` has the address ama@moh.example. Addresses that begin with `unverified` are not vouched for.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

/** Our name and secret there. */
const CLIENT = { client_id: "mhero", client_secret: "a secret of the tests" };

let answer = (_, response) => response.writeHead(503).end();

const server = createServer(async (request, response) => {
  if (request.method !== "POST" || request.url !== "/told") return answer(request, response);
  let body = "";
  for await (const part of request) body += part;
  answer = provider(JSON.parse(body)).callback();
  response.writeHead(204).end();
});

function provider({ redirect, home }) {
  const claims = (id) => ({
    sub: id,
    name: id,
    email: `${id}@moh.example`,
    email_verified: !id.startsWith("unverified"),
  });
  return new Provider(`http://127.0.0.1:${server.address().port}`, {
    clients: [{ ...CLIENT, redirect_uris: [redirect], post_logout_redirect_uris: [home] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => claims(id) }),
    cookies: { keys: ["a key of the tests"] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  });
}

server.listen(0, "127.0.0.1", () => process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`));
process.stdin.on("end", () => process.exit(0)).resume();
