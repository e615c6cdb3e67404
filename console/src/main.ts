// Enhancement only: each page is whole without this file. It adds partial updates, the letter counter and a few keys.

import "./tokens.css";
import "./base.css";
import "./app.css";
import htmx from "htmx.org";
import { listenToInserts } from "./insert";
import { watchEditors } from "./letters";
import { listen } from "./keys";

// The content policy allows neither inline style nor eval; htmx must not try.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.scrollIntoViewOnBoost = false;
htmx.config.defaultSwapStyle = "outerHTML";

// A signed-out fragment would be the sign-in page inside a page: go there whole instead.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
  const url = xhr.responseURL;
  if (url && new URL(url).pathname === "/sign-in") {
    event.preventDefault();
    window.location.reload();
  }
});

document.addEventListener("htmx:load", (event) => watchEditors(event.target as HTMLElement));

// A conversation opens at its newest line, as a phone does.
const toNewest = (root: ParentNode): void =>
  root.querySelectorAll<HTMLElement>("[data-newest]").forEach((list) => {
    list.scrollTop = list.scrollHeight;
  });
document.addEventListener("htmx:afterSettle", (event) => toNewest(event.target as HTMLElement));
document.addEventListener("htmx:oobAfterSwap", (event) => toNewest(event.target as HTMLElement));

// The picture of a flow opens where somebody stands, or where it begins: a narrow page shows only a part of it.
const toStep = (): void =>
  document.querySelectorAll<HTMLElement>(".drawn").forEach((frame) => {
    const step = frame.querySelector(".flow-node.is-current") ?? frame.querySelector(".flow-node");
    if (!step) return;
    const [inner, outer] = [step.getBoundingClientRect(), frame.getBoundingClientRect()];
    frame.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
    frame.scrollTop += Math.max(0, inner.top - outer.top - outer.height / 3);
  });

watchEditors(document);
toNewest(document);
toStep();
listen();
listenToInserts();
