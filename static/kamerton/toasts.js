// Short messages: from the server (kamerton:toast), and when a request did not get through.

const STAY = 8000;
const words = document.getElementById("words").dataset;
const SENTENCES = { 401: "expired", 403: "forbidden", 404: "gone", 410: "gone", 429: "busy" };

function dismissLater(line) {
  if (!line.matches(".toast-error")) setTimeout(() => line.remove(), STAY);
}

function toast(text, tone = "info") {
  const template = document.getElementById(`toast-${tone}`) ?? document.getElementById("toast-info");
  const line = template.content.firstElementChild.cloneNode(true);
  line.querySelector("p").textContent = text;
  document.getElementById("toasts").append(line);
  dismissLater(line);
}

function sentenceFor(status) {
  return words[SENTENCES[status] ?? (status >= 500 ? "broken" : "refused")];
}

// A part that asks for news by itself fails silently: the banner tells of a lost connection.
function isPolling(event) {
  return event.detail.elt?.hasAttribute("data-poll");
}

document.addEventListener("htmx:responseError", (event) => {
  if (!isPolling(event)) toast(sentenceFor(event.detail.xhr.status), "error");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (!isPolling(event)) toast(words.network, "error");
  });
}
document.addEventListener("kamerton:toast", (event) => toast(event.detail.text, event.detail.tone));

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) event.target.closest(".toast-line").remove();
});

const offline = document.getElementById("offline");
if (offline) {
  const show = () => { offline.hidden = navigator.onLine; };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
for (const line of document.querySelectorAll(".toasts .toast-line")) dismissLater(line);
