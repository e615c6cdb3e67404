// The phone of somebody with a second factor.

import { createHmac } from "node:crypto";

/** The code that a phone shows now for a secret in base32 (RFC 6238). */
export function codeOf(secret) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/\s/g, "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const at = digest.at(-1) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Sets up the second factor of an officer who has signed in; gives the secret that their phone keeps. */
export async function setsUpAPhone(officer) {
  const { page, visitor } = officer;
  await visitor.open("/account/second-factor");
  await visitor.follow(() => officer.main("button", "factor-begin").click());
  const secret = await page.locator("#secret").innerText();
  await page.locator("input[autocomplete=one-time-code]").fill(codeOf(secret));
  await visitor.follow(() => officer.main("button", "factor-confirm").click());
  return secret;
}
