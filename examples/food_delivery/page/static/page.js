// What all pages do: send what a button or a field says, and keep live parts up to date.
//
//   <form data-login>                                           logs in by its `username` and `password`
//   <button data-post="/orders/1/accept" data-body='{...}'>     sends it
//   <input data-patch="/courier" data-field="autopilot">        sends its value when it changes
//   <section data-live="/cook/board" data-events="/my/events">  is fetched again when something happens,
//   <section data-live="/run/numbers" data-every="2000">        or every so many milliseconds

// What changes something has to come with the session's token, which no other site can read.
let csrf;
const token = () => (csrf ??= fetch("/session").then((answer) => answer.json()).then((session) => session.csrf_token));

export async function send(method, path, body, headers = {}) {
  const answer = await fetch(path, {
    method,
    headers: { "X-CSRF-Token": await token(), ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.status === 401) location.reload(); // the page itself says where to log in
  const text = await answer.text();
  const data = text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : null;
  if (!answer.ok) throw Object.assign(new Error(data?.detail ?? data?.title ?? `Error ${answer.status}`), { data, status: answer.status });
  return data;
}

export function toast(text, kind = "") {
  const note = document.createElement("div");
  note.className = `toast ${kind}`;
  note.textContent = text;
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 5000);
}

export const money = (cents) => `${(cents / 100).toFixed(2)} €`;

export async function refresh(part) {
  const answer = await fetch(part.dataset.live);
  if (answer.redirected) return location.reload(); // logged out
  if (!answer.ok) return;
  const html = await answer.text();
  if (html === part.dataset.shown) return;
  const focused = document.activeElement?.id; // who works by keyboard stays where they are
  part.innerHTML = html;
  part.dataset.shown = html;
  if (focused) document.getElementById(focused)?.focus();
  part.dispatchEvent(new CustomEvent("refreshed"));
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-post]");
  if (!button) return;
  button.disabled = true;
  try {
    await send("POST", button.dataset.post, button.dataset.body ? JSON.parse(button.dataset.body) : undefined);
  } catch (error) {
    toast(error.message, "bad");
  }
  const part = button.closest("[data-live]");
  if (part) await refresh(part);
  button.disabled = false;
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-login]");
  if (!form) return;
  event.preventDefault();
  const answer = await fetch("/session", { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.ok) return (location.href = "/home");
  toast((await answer.json()).detail, "bad");
});

document.getElementById("logout")?.addEventListener("click", async () => {
  await send("DELETE", "/session");
  location.href = "/";
});

document.addEventListener("change", async (event) => {
  const field = event.target.closest("[data-patch]");
  if (!field || !field.reportValidity()) return;
  const value = field.type === "checkbox" ? field.checked : Number(field.value);
  try {
    await send("PATCH", field.dataset.patch, { [field.dataset.field]: value });
    toast("Saved");
  } catch (error) {
    toast(error.message, "bad");
  }
});

for (const part of document.querySelectorAll("[data-live]")) {
  if (part.dataset.every) setInterval(() => document.hidden || refresh(part), Number(part.dataset.every));
  if (!part.dataset.events) continue;
  const events = new EventSource(part.dataset.events);
  for (const kind of ["open", "message", "gap"]) events.addEventListener(kind, () => refresh(part));
}
