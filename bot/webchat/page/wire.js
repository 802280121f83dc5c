// The way to the server: requests up, events down, and what this tab keeps over a reload.

export const query = new URLSearchParams(location.search);
const pane = query.get("pane") || "";

// The demo shows the page several times in one browser; a pane is one of them.
export const address = (path) => `/api/${path}${pane ? `${path.includes("?") ? "&" : "?"}pane=${encodeURIComponent(pane)}` : ""}`;

export class Refusal extends Error {}

export async function call(path, body, more = {}) {
  const options = { headers: { "X-Belleman": "1", ...(pane && { "X-Pane": pane }) }, ...more };
  if (body instanceof FormData) Object.assign(options, { method: "POST", body });
  else if (body) {
    options.headers["Content-Type"] = "application/json";
    Object.assign(options, { method: "POST", body: JSON.stringify(body) });
  }
  const response = await fetch(address(path), options);
  if (response.status >= 500) throw Object.assign(new Error("server"), { atServer: true });
  const answer = await response.json();
  if (!response.ok) {
    const wait = answer.parameters?.retry_after || (response.status === 429 ? 5 : 0);
    throw Object.assign(new Refusal(answer.description), { status: response.status, wait });
  }
  return answer;
}

// Events from a number on; the browser connects again by itself and names the last number that it saw.
export class Events {
  constructor(take, opened, lost) { Object.assign(this, { take, opened, lost, seq: 0, source: null, heardAt: 0 }); }

  listen() {
    this.source?.close();
    const source = new EventSource(address(`events?after=${this.seq}`));
    this.source = source;
    source.onopen = () => { this.heardAt = Date.now(); this.opened(); };
    source.onmessage = (event) => {
      this.heardAt = Date.now();
      this.seq = Math.max(this.seq, Number(event.lastEventId) || 0);
      this.take(JSON.parse(event.data));
    };
    source.onerror = () => this.lost(source.readyState === EventSource.CLOSED);
  }
}

// A browser may forbid to keep anything: then a reload forgets, and all else works.
export function keep(name, value) {
  try { sessionStorage.setItem(`${name}-${pane}`, JSON.stringify(value)); } catch { /* forbidden or full */ }
}

export function kept(name) {
  try { return JSON.parse(sessionStorage.getItem(`${name}-${pane}`)); } catch { return null; }
}
