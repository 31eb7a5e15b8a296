// Keys. An element says its own with data-hotkey="l" or "g c"; j, k and Enter walk through [data-row].

const PAUSE = 1200; // between the two keys of "g c", in milliseconds
let prefix = "";
let prefixTimer;

function isTyping(target) {
  return target.isContentEditable || target.matches("input, textarea, select");
}

function use(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function byKeys(keys) {
  const found = [...document.querySelectorAll("[data-hotkey]")];
  return found.find((element) => element.dataset.hotkey === keys && element.checkVisibility())
    ?? found.find((element) => element.dataset.hotkey === keys && element.matches("a, button"));
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-row] .row-link")];
  if (!links.length) return;
  const at = links.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
  const next = links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)];
  next.focus();
  next.closest("[data-row]").scrollIntoView({ block: "nearest" });
}

function startsAPair(key) {
  return Boolean(document.querySelector(`[data-hotkey^="${CSS.escape(key)} "]`));
}

function remember(key) {
  clearTimeout(prefixTimer);
  prefix = key;
  prefixTimer = setTimeout(() => { prefix = ""; }, PAUSE);
}

function listKeys() {
  const list = document.getElementById("key-list");
  for (const old of list.querySelectorAll("[data-page-key]")) old.remove();
  for (const element of document.querySelectorAll("[data-hotkey-label]")) {
    const line = document.createElement("div");
    line.dataset.pageKey = "";
    const keys = document.createElement("dt");
    for (const key of element.dataset.hotkey.split(" ")) {
      keys.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
    }
    const does = document.createElement("dd");
    does.textContent = element.dataset.hotkeyLabel;
    line.append(keys, does);
    list.prepend(line);
  }
}

document.getElementById("keys")?.addEventListener("beforetoggle", listKeys);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const keys = prefix ? `${prefix} ${event.key}` : event.key;
  const element = byKeys(keys);
  if (element) {
    event.preventDefault();
    use(element);
  } else if (event.key === "?") {
    document.getElementById("keys")?.togglePopover();
  } else if (event.key === "j" || event.key === "k") {
    walk(event.key === "j" ? 1 : -1);
  } else if (!prefix && startsAPair(event.key)) {
    remember(event.key);
    return;
  }
  prefix = "";
});
