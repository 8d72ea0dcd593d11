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

for (const form of document.querySelectorAll("form[data-send]")) form.submit();

// What was typed and not kept: the browser asks before it is lost.
const form = document.getElementById("forma");
if (form) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  for (const any of document.querySelectorAll("form")) any.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
