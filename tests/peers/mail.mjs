// A mail server of the npm package `smtp-server`: takes mails after STARTTLS or encrypted from the beginning, with a password. What it
// took goes out as JSON lines on standard output. Mailboxes beginning with `full` are busy once, those with `gone` are unknown.
//
//   node mail.mjs KEY CERTIFICATE tls|starttls
import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const [key, cert, kind] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const busy = new Set();
const refusal = (code, words) => Object.assign(new Error(words), { responseCode: code });

const server = new SMTPServer({
  key: readFileSync(key),
  cert: readFileSync(cert),
  secure: kind === "tls",
  authMethods: ["PLAIN", "LOGIN"],
  disableReverseLookup: true,
  onAuth(auth, session, done) {
    const isKnown = auth.username === "mhero" && auth.password === "secret08";
    done(isKnown ? null : refusal(535, "authentication failed"), isKnown ? { user: auth.username } : undefined);
  },
  onRcptTo(address, session, done) {
    const box = address.address.split("@")[0];
    if (box.startsWith("gone")) return done(refusal(550, "no such mailbox"));
    if (box.startsWith("full") && !busy.has(box)) {
      busy.add(box);
      return done(refusal(451, "try again later"));
    }
    done();
  },
  onData(stream, session, done) {
    let text = "";
    stream.on("data", (part) => (text += part));
    stream.on("end", () => {
      say({ mail: text, to: session.envelope.rcptTo.map((to) => to.address), isEncrypted: session.secure });
      done(null, "taken");
    });
  },
});
server.on("error", (error) => say({ error: error.message }));
server.listen(0, "127.0.0.1", () => say({ port: server.server.address().port }));
