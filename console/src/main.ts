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

watchEditors(document);
toNewest(document);
listen();
listenToInserts();
