// The helpers themselves, where a mistake would let a page pass unseen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readGreeting } from "./lib/server.mjs";
import { messages, pattern } from "./lib/words.mjs";

test("the greeting is complete only with address, account and password", () => {
  const first = "Sewara is ready: http://127.0.0.1:8080/\n";
  assert.equal(readGreeting(first), undefined);
  const second = "Sign in as hr@demo.example with the password quiet-river-41\n";
  const found = { address: "http://127.0.0.1:8080", email: "hr@demo.example", password: "quiet-river-41" };
  assert.deepEqual(readGreeting(first + second), found);
  assert.equal(readGreeting(`${first}Sign in as hr@demo.example with the password quiet-ri`), undefined);
});

test("texts are read with their placeables left open", () => {
  const file = "# Sign-in\nsign-in-title = Sign in\npeople-count = { $count } people\n    in all\nnbsp = 3{ \"\\u202F\" }%\n";
  const found = new Map(messages(file));
  assert.equal(found.get("sign-in-title"), "Sign in");
  assert.match("1,106 people in all", pattern(found.get("people-count")));
});

test("a choice between plurals is left open, and what follows it is kept", () => {
  const file = "sent = Sent { $time }, to { $n ->\n    [one] { $n } person\n   *[other] { $n } people\n}.\nnext = Next\n";
  const found = new Map(messages(file));
  assert.equal(found.get("sent"), "Sent {}, to {}.");
  assert.equal(found.get("next"), "Next");
  assert.match("Sent today 09:10, to 14 people.", pattern(found.get("sent")));
  assert.doesNotMatch("Sending since 09:10.", pattern(found.get("sent")));
});
