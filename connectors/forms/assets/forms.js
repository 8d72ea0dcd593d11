// Comfort on top of pages that work without it: checks while typing, look-ups, a question before what was typed is lost.
"use strict";

// What is wrong, or what was done, is what somebody wants to hear first.
const news = document.getElementById("klaidos") || document.getElementById("pranesimas") || document.querySelector("form #rasta") || document.getElementById("rezultatas");
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

// What a register says; nothing where it cannot be asked.
async function ask(what, values) {
  const body = new URLSearchParams({ ...values, _csrf: document.getElementById("forma").dataset.csrf });
  try {
    const response = await fetch("/paieska/" + what, { method: "POST", body, credentials: "same-origin" });
    return response.ok ? await response.json() : {};
  } catch {
    return {};
  }
}

for (const input of document.querySelectorAll("input[data-look-up]")) {
  const said = input.parentElement.querySelector(".looked-up");
  input.addEventListener("change", async () => {
    const code = input.value.replace(/\s/g, "");
    said.textContent = "";
    if (!rightCode(code)) return;
    const answer = await ask(input.dataset.lookUp, { kodas: code });
    if (answer.pranesimas) said.textContent = answer.pranesimas;
    (answer.reiksmes || []).forEach((value, place) => {
      const target = document.getElementById(input.dataset.fills.split(" ")[place]);
      if (target && !target.value) target.value = value;
    });
    if (answer.reiksmes) said.textContent = "Užpildyta iš registro.";
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
  told.textContent = "Rodomi pasirinktai rūšiai skirti laukai." + (lost.length ? ` Paslėptų laukų reikšmės nebus išsaugotos: ${lost.join(", ")}.` : "");
}

for (const told of document.querySelectorAll("[data-told]")) {
  const name = told.dataset.told;
  document.getElementById("forma").addEventListener("change", (event) => { if (event.target.name === name) fit(name, true); });
  // A browser may bring back what was chosen when somebody returns to the page.
  window.addEventListener("pageshow", () => fit(name, false));
}

// Legal entities whose name begins as somebody types it, to be chosen with the arrows and Enter, or with the mouse.
const FEWEST_LETTERS = 3;
const PAUSE = 250;

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const said = input.parentElement.querySelector(".looked-up");
  const list = document.createElement("ul");
  list.id = input.id + "-sarasas";
  list.className = "suggested";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Juridiniai asmenys");
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  let found = [];
  let place = -1;
  let waiting;

  const move = (to) => {
    place = to;
    Array.from(list.children, (option, number) => option.setAttribute("aria-selected", String(number === to)));
    if (to < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[to].id);
    if (to >= 0) list.children[to].scrollIntoView({ block: "nearest" });
  };
  const show = (entities) => {
    found = entities;
    list.replaceChildren(...entities.map((one, number) => {
      const option = document.createElement("li");
      option.id = list.id + "-" + number;
      option.setAttribute("role", "option");
      const about = document.createElement("span");
      about.className = "minor";
      about.textContent = one.apie;
      option.append(one.pavadinimas + " ", about);
      // The field keeps the focus.
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(number));
      return option;
    }));
    list.hidden = entities.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    move(-1);
  };
  const choose = (number) => {
    const one = found[number];
    input.dataset.suggest.split(" ").forEach((id, part) => {
      const target = document.getElementById(id);
      target.value = [one.kodas, one.pavadinimas, one.forma || target.value][part];
      tell(target, "");
    });
    show([]);
    said.textContent = "Užpildyta iš registro.";
  };

  show([]);
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    show([]);
    said.textContent = "";
    const typed = input.value.trim();
    if (typed.length < FEWEST_LETTERS) return;
    waiting = setTimeout(async () => {
      const answer = await ask("juridiniai", { pradzia: typed });
      // Meanwhile somebody typed on, or went elsewhere.
      if (input.value.trim() !== typed || document.activeElement !== input) return;
      show(answer.rasta || []);
      if (found.length > 0) said.textContent = `Rasta: ${found.length}. Rinkitės rodyklėmis, patvirtinkite klavišu „Enter“.`;
    }, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") move((place + 1) % found.length);
    else if (event.key === "ArrowUp") move((place <= 0 ? found.length : place) - 1);
    else if (event.key === "Enter" && place >= 0) choose(place);
    else if (event.key === "Escape") show([]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => show([]));
}

for (const form of document.querySelectorAll("form[data-send]")) form.submit();

// What was typed and not kept: the browser asks before it is lost. Whoever types is there: the session is kept awake, as long as any may last.
const AWAKE = 120_000;
const form = document.getElementById("forma");
if (form) {
  let changed = false;
  let asked = Date.now();
  const told = document.getElementById("prisijungimas");
  const awake = async () => {
    const response = await fetch("/budeti", { credentials: "same-origin", redirect: "manual" }).catch(() => null);
    // Without a network nothing is known; the next letter asks again.
    if (response === null) return;
    const ended = !response.ok;
    if (told.hidden === ended) told.textContent = ended ? "Prisijungimas baigėsi. Paspauskite „Išsaugoti juodraštį“: tai, ką įrašėte, bus laikinai išsaugota, ir prisijungę galėsite tai grąžinti." : "";
    told.hidden = !ended;
  };
  form.addEventListener("input", () => {
    changed = true;
    if (Date.now() - asked < AWAKE) return;
    asked = Date.now();
    awake();
  });
  for (const any of document.querySelectorAll("form")) any.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
