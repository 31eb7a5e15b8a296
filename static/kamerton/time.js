// Relative times and deadline bars go on by themselves, by the rules of core/wording.py and core/look.py.

const TICK = 5000;
const WARN = 0.75;
const ALARM = 0.9;
const MINUTE = 60;
const SPANS = [["year", 365 * 86400], ["month", 30 * 86400], ["week", 7 * 86400], ["day", 86400], ["hour", 3600], ["minute", MINUTE]];
const UNITS = [["day", 86400], ["hour", 3600], ["minute", MINUTE]];
const TONES = ["tone-info", "tone-warning", "tone-danger"];

const language = document.documentElement.lang;
const words = document.getElementById("words").dataset;
const relative = new Intl.RelativeTimeFormat(language);
const counts = Object.fromEntries(
  UNITS.map(([unit]) => [unit, new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" })]),
);

function relativeText(seconds) {
  const size = Math.abs(seconds);
  const [unit, length] = SPANS.find(([name, span]) => size / span >= 1.5 || name === "minute");
  return relative.format(Math.sign(seconds) * Math.max(Math.round(size / length), 1), unit);
}

function durationText(seconds) {
  let left = Math.max(seconds, MINUTE);
  const parts = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(left / length);
    if (count) parts.push(counts[unit].format(count));
    left -= count * length;
  }
  return parts.slice(0, 2).join(" ");
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function paint(bar, tone, icon) {
  bar.classList.remove(...TONES);
  bar.classList.add(tone);
  const use = bar.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
}

// The server knows the share in business time; from there the bar runs evenly to its due time.
function shareOf(bar, now) {
  const drawn = Number(bar.dataset.now);
  const due = Number(bar.dataset.due);
  const rect = bar.querySelector(".deadline-used");
  bar.dataset.share ??= String(parseFloat(rect.getAttribute("width")) / 100);
  const start = Number(bar.dataset.share);
  return start + ((1 - start) * (now - drawn)) / Math.max(due - drawn, 1);
}

function moveBar(bar, now) {
  const left = Number(bar.dataset.due) - now;
  const share = left > 0 ? shareOf(bar, now) : 1;
  bar.querySelector(".deadline-used").setAttribute("width", `${(Math.min(share, 1) * 100).toFixed(1)}%`);
  if (left > 0) {
    say(bar.querySelector("[data-words]"), words.due.replace("{span}", durationText(left)));
    const level = share >= ALARM ? 2 : share >= WARN ? 1 : 0;
    paint(bar, TONES[level], level ? "clock-exclamation" : "clock");
  } else {
    say(bar.querySelector("[data-words]"), words.overdue.replace("{span}", durationText(-left)));
    bar.dataset.deadline = "overdue";
    paint(bar, "tone-danger", "flame");
  }
}

// The reader's clock may be wrong; what counts is the time since the server drew the page.
const drawnAt = Number(words.now);
const serverNow = () => drawnAt + performance.now() / 1000;

function tick() {
  const now = serverNow();
  for (const time of document.querySelectorAll("time[data-moment]")) {
    say(time, relativeText(Date.parse(time.dateTime) / 1000 - now));
  }
  for (const bar of document.querySelectorAll('[data-deadline="running"][data-due], [data-deadline="overdue"][data-due]')) {
    moveBar(bar, now);
  }
}

if (drawnAt) {
  setInterval(tick, TICK);
  document.addEventListener("visibilitychange", tick);
}
