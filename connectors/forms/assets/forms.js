// Comfort on top of pages that work without it: checks while typing, look-ups, a question before what was typed is lost.
"use strict";

// What is wrong, or what was done, is what somebody wants to hear first.
const news = document.getElementById("klaidos") || document.getElementById("pranesimas");
if (news) news.focus();

// Control digits of personal and legal-entity codes: weights 1, 2, 3… and, where that gives 10, 3, 4, 5…, modulo 11.
function rightCode(text) {
  if (!/^\d+$/.test(text) || (text.length !== 9 && text.length !== 11)) return false;
  const digits = Array.from(text, Number);
  const last = digits.pop();
  const sum = (first) => digits.reduce((total, digit, place) => total + digit * ((place + first) % 9 + 1), 0) % 11;
  let control = sum(0);
  if (control === 10) control = sum(2) % 10;
  return control === last;
}

function tell(input, message) {
  input.setCustomValidity(message);
  if (message) input.setAttribute("aria-invalid", "true");
  else if (!document.getElementById(input.id + "-klaida")) input.removeAttribute("aria-invalid");
  let place = document.getElementById(input.id + "-pastaba");
  if (!message && place) place.textContent = "";
  if (!message) return;
  if (!place) {
    place = document.createElement("span");
    place.className = "error";
    place.id = input.id + "-pastaba";
    place.setAttribute("role", "status");
    input.after(place);
    input.setAttribute("aria-describedby", ((input.getAttribute("aria-describedby") || "") + " " + place.id).trim());
  }
  place.textContent = message;
}

for (const input of document.querySelectorAll("input[data-digits]")) {
  input.addEventListener("change", () => {
    const text = input.value.replace(/\s/g, "");
    const old = input.dataset.digits === "9" && /^\d{7}$/.test(text);
    const wrong = text !== "" && !old && !rightCode(text);
    tell(input, wrong ? "Patikrinkite kodą: skaitmenys nesutampa." : "");
  });
}

for (const input of document.querySelectorAll("input[inputmode=decimal]")) {
  input.addEventListener("change", () => {
    const wrong = input.value.trim() !== "" && !/^-?[\d\s]+([.,]\d+)?\s?€?$/.test(input.value.trim());
    tell(input, wrong ? "Rašykite skaičių, pvz., 1250,50." : "");
  });
}

for (const input of document.querySelectorAll("input[data-look-up]")) {
  const said = input.parentElement.querySelector(".looked-up");
  input.addEventListener("change", async () => {
    const code = input.value.replace(/\s/g, "");
    said.textContent = "";
    if (!rightCode(code)) return;
    const body = new URLSearchParams({ kodas: code, _csrf: document.getElementById("forma").dataset.csrf });
    try {
      const response = await fetch("/paieska/" + input.dataset.lookUp, { method: "POST", body, credentials: "same-origin" });
      if (!response.ok) return;
      const answer = await response.json();
      if (answer.pranesimas) said.textContent = answer.pranesimas;
      (answer.reiksmes || []).forEach((value, place) => {
        const target = document.getElementById(input.dataset.fills.split(" ")[place]);
        if (target && !target.value) target.value = value;
      });
      if (answer.reiksmes) said.textContent = "Užpildyta iš registro.";
    } catch {
      said.textContent = "";
    }
  });
}

// Fields that belong to some choices only: those of the present one are shown; the others are not sent.
function fit(name, tell) {
  const chosen = document.getElementById("forma").elements[name].value;
  const lost = [];
  let changed = false;
  for (const place of document.querySelectorAll(`[data-by="${name}"]`)) {
    const none = place.dataset.none ? place.dataset.none.split(" ") : [];
    const must = place.dataset.must.split(" ").includes(chosen) && chosen !== "";
    const hide = none.length > 0 && (chosen === "" || none.includes(chosen));
    const inputs = Array.from(place.querySelectorAll("input:not([type=hidden]), select"));
    changed = changed || place.hidden !== hide;
    place.hidden = hide;
    for (const one of place.matches("fieldset") ? [place] : inputs) one.disabled = hide;
    if (place.matches("[role=radiogroup]")) place.setAttribute("aria-required", must);
    for (const one of inputs) if (!["radio", "checkbox"].includes(one.type)) one.required = must;
    const minor = place.querySelector(".minor");
    if (minor) minor.hidden = must;
    if (hide && inputs.some((one) => (["radio", "checkbox"].includes(one.type) ? one.checked : one.value !== ""))) lost.push(place.dataset.title);
  }
  if (!tell || !changed) return;
  const told = document.querySelector(`[data-told="${name}"]`);
  told.classList.toggle("warning", lost.length > 0);
  told.textContent = "Rodomi pasirinkimui skirti laukai." + (lost.length ? ` Paslėptų laukų reikšmės nebus išsaugotos: ${lost.join(", ")}.` : "");
}

for (const told of document.querySelectorAll("[data-told]")) {
  const name = told.dataset.told;
  document.getElementById("forma").addEventListener("change", (event) => { if (event.target.name === name) fit(name, true); });
  // A browser may bring back what was chosen when somebody returns to the page.
  window.addEventListener("pageshow", () => fit(name, false));
}

for (const form of document.querySelectorAll("form[data-send]")) form.submit();

// What was typed and not kept: the browser asks before it is lost.
const form = document.getElementById("forma");
if (form) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  for (const any of document.querySelectorAll("form")) any.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
