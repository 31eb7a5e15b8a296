// Better sentences of the reply check are put in where the marked one stands; Ctrl+Z takes them back.

const BLANK = "…";

function showButtons() {
  for (const button of document.querySelectorAll("[data-better][hidden]")) button.hidden = false;
}

function type(box, words) {
  // The browser's own typing is the only kind that it can undo.
  if (!document.execCommand("insertText", false, words)) {
    box.setRangeText(words, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function chooseFirstBlank(box, start, words) {
  const blank = words.indexOf(BLANK);
  if (blank >= 0) box.setSelectionRange(start + blank, start + blank + BLANK.length);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-better]");
  const box = button && document.getElementById(button.dataset.text);
  if (!box) return;
  const { better, insteadOf } = button.dataset;
  const marked = insteadOf.replaceAll("\r\n", "\n");
  const found = box.value.indexOf(marked);
  const [start, end] = found >= 0 ? [found, found + marked.length] : [box.value.length, box.value.length];
  box.focus();
  box.setSelectionRange(start, end);
  type(box, better);
  chooseFirstBlank(box, start, better);
});

document.addEventListener("htmx:afterSettle", showButtons);
showButtons();
