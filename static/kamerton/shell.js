// The frame of the page: theme, menus, tables that fit, the sign-ins of the demo world.

const YEAR = 60 * 60 * 24 * 365;

function chooseTheme(choice) {
  document.documentElement.dataset.bsTheme = choice;
  document.cookie = `theme=${choice}; path=/; max-age=${YEAR}; samesite=lax`;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.value === choice));
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]");
  if (choice) {
    event.preventDefault();
    chooseTheme(choice.value);
  }
  closeMenus(event.target.closest("details.menu"));
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// The sign-ins of the demo world fill the form; the person presses the button.
document.addEventListener("click", (event) => {
  const person = event.target.closest("[data-fill-form]");
  if (!person) return;
  const form = document.getElementById(person.dataset.fillForm);
  form.elements.login.value = person.dataset.login;
  form.elements.password.value = person.dataset.password;
  form.querySelector("[type=submit]").focus();
});

// A table that is wide enough for its columns keeps its head in view; a narrow one scrolls sideways.
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    target.classList.toggle("table-fits", target.firstElementChild.scrollWidth <= target.clientWidth);
  }
});
function watchTables() {
  for (const wrap of document.querySelectorAll(".table-wrap")) widths.observe(wrap);
}
watchTables();
document.addEventListener("htmx:afterSwap", watchTables);
