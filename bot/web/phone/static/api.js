// The interface of docs/phone.md, and the stream of news with its reconnecting.

import { t } from "./words.js";

const ROOT = "/phone/api";

async function call(path, options = {}) {
  let answer;
  try {
    answer = await fetch(ROOT + path, options);
  } catch {
    throw new Error(t("no_answer"));
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.error || t("no_answer"));
  return content;
}

export const get = (path) => call(path);

export function post(path, content) {
  if (content instanceof FormData) return call(path, { method: "POST", body: content });
  return call(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(content),
  });
}

// `opened` is called at each (re)connection, once nothing can be missed any more: the time to catch up.
export function listen({ opened, event, lost }) {
  const source = new EventSource(`${ROOT}/events`);
  let fresh = true;
  source.addEventListener("error", () => {
    fresh = true;
    lost();
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen({ opened, event, lost }), 2000);
  });
  source.addEventListener("message", ({ data }) => {
    const content = JSON.parse(data);
    if (fresh) {
      fresh = false;
      opened();
    }
    event(content);
  });
}
