// What is asked of the server: once, briefly, and without disturbing who works on the page.

// A second click on a form that is on its way would make a second complaint.
const PATIENCE = 10_000;
function release(form) {
  delete form.dataset.sending;
}
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sending !== undefined || form.classList.contains("htmx-request")) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (!form.hasAttribute("hx-post")) {
      // The button that was pressed is part of what is sent, so it is marked only afterwards.
      setTimeout(() => {
        if (event.defaultPrevented) return;
        form.dataset.sending = "";
        setTimeout(release, PATIENCE, form);
      });
    }
  },
  true,
);
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sending]").forEach(release);
});

// Filters keep the address short: what is empty is not asked for.
document.addEventListener("htmx:configRequest", (event) => {
  const { verb, formData, parameters } = event.detail;
  if (verb !== "get") return;
  for (const name of Object.keys(parameters)) {
    if (parameters[name] === "") formData.delete(name);
  }
});

// A form that came back with errors leads to the first of them.
document.addEventListener("htmx:afterSettle", (event) => {
  event.detail.elt.querySelector("[aria-invalid=true]")?.focus();
});

// A part with data-poll asks for news by itself. That is not being at work, which the server hears
// from the header; and it waits while nobody looks, or while somebody works in what it would swap.
function asksByItself({ target, detail }) {
  const cause = detail.triggeringEvent ?? detail.requestConfig?.triggeringEvent;
  return target.hasAttribute("data-poll") && !cause;
}

function isWorkedIn(part) {
  return Boolean(part.querySelector("details[open], input:checked, :is(input, textarea, select):focus"));
}

document.addEventListener("htmx:configRequest", (event) => {
  if (asksByItself(event)) event.detail.headers["Kamerton-Poll"] = "1";
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (asksByItself(event) && (document.hidden || isWorkedIn(event.detail.target))) event.preventDefault();
});

// The row that had the focus has it again after its list was swapped.
let focusedLink = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  if (event.detail.target.contains(active)) focusedLink = active.getAttribute("href");
});
document.addEventListener("htmx:afterSettle", () => {
  if (!focusedLink || document.activeElement !== document.body) return;
  document.querySelector(`.row-link[href="${CSS.escape(focusedLink)}"]`)?.focus({ preventScroll: true });
  focusedLink = "";
});
