// Passkeys: a form with data-passkey="get" or "create" asks the device and sends what it says.

const words = document.getElementById("words").dataset;

function complain(text) {
  const detail = { text, tone: "error" };
  document.dispatchEvent(new CustomEvent("kamerton:toast", { detail }));
}

// The options stand in the page, or, before anybody is known, behind the form's address.
async function optionsFor(form) {
  const inPage = form.querySelector("#passkey-options");
  if (inPage) return JSON.parse(inPage.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return answer.json();
}

function choosesPasswordless(options, passwordless) {
  const selection = { ...options.authenticatorSelection };
  selection.residentKey = passwordless ? "required" : "discouraged";
  selection.requireResidentKey = passwordless;
  if (passwordless) selection.userVerification = "required";
  return { ...options, authenticatorSelection: selection };
}

async function credentialFor(form) {
  const options = await optionsFor(form);
  if (form.dataset.passkey === "get") {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.request_options.publicKey);
    return navigator.credentials.get({ publicKey });
  }
  const passwordless = form.elements.passwordless?.checked ?? false;
  const chosen = choosesPasswordless(options.creation_options.publicKey, passwordless);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(chosen);
  return navigator.credentials.create({ publicKey });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-passkey]")) return;
  event.preventDefault();
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    complain(words.noPasskey);
    return;
  }
  try {
    const credential = await credentialFor(form);
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch {
    complain(words.passkey);
  }
});
