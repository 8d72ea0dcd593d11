// Search as you type, over the files below paieska/ that the portal is published with. Which of them holds what a word finds follows from
// the names of the files alone (paieska.json); nothing is sent anywhere but for the file that is asked for.

// Files lie once for both languages, pages in each.
const ROOT = new URL("⟦../⟧", import.meta.url);
const PAGES = new URL("../", import.meta.url);
const WAIT = 120;
const MOST = 20;
const LONGEST = 24;
const OF_ADDRESSES = ["http", "https", "www"];
const PLAIN = { ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ς: "σ", ß: "ss", æ: "ae", œ: "oe", þ: "th" };

/** The words of a piece of text: small letters without marks, and digits. */
function parts(piece) {
  const letters = piece.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[łøđðħıςßæœþ]/g, (letter) => PLAIN[letter]);
  return letters.split(/[^\p{Alphabetic}\p{N}]+/u).filter((part) => part && !OF_ADDRESSES.includes(part));
}

const cut = (word) => Array.from(word).slice(0, LONGEST).join("");

/** The words by which a text is found: what is written in one piece is one word more without its signs. */
export function words(text) {
  const pieces = text.split(/\s+/u).map(parts);
  return Array.from(new Set(pieces.flatMap((all) => (all.length > 1 ? [...all, all.join("")] : all)).map(cut)));
}

/** A word as names of files spell it. */
const spelled = (word) => Array.from(word, (letter) => (/[a-z0-9]/.test(letter) ? letter : "u" + letter.codePointAt(0).toString(16))).join("");

const loaded = new Map();

/** Reads a file of the search once; one that could not be read is asked for again. */
function load(path) {
  if (!loaded.has(path)) {
    const file = fetch(new URL(path, ROOT)).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(path))));
    loaded.set(path, file);
    file.catch(() => loaded.clear());
  }
  return loaded.get(path);
}

/** The file with what a word finds, and whether what it lists may not be all; none if nothing begins so. */
function place(shards, word) {
  const start = spelled(word);
  const longer = shards.find((name) => name.startsWith(start));
  if (longer) return { name: longer, begins: true, split: shards.some((name) => name !== longer && name.startsWith(longer)), word };
  const shorter = shards.findLast((name) => start.startsWith(name));
  const split = shards.some((name) => name !== shorter && name.startsWith(shorter));
  return shorter && !split ? { name: shorter, begins: false, split, word } : null;
}

/** What is found: hits in the order in which they are shown, and whether there may be others. */
async function search(text) {
  const asked = Array.from(new Set(text.split(/\s+/u).flatMap(parts).map(cut)));
  const { "⟦kinds⟧": kinds, shards } = await load("paieska.json");
  const places = asked.map((word) => place(shards, word));
  if (!places.length || places.includes(null)) return { hits: [], more: false };
  // Where all of what a word finds is in one file, that one; else that of the longest word.
  places.sort((one, other) => one.split - other.split || other.word.length - one.word.length);
  const { hits, more } = await load(`paieska/${places[0].name}.json`);
  const whole = asked.join("");
  const ranked = [];
  for (const hit of hits) {
    const known = [hit.name, ...(hit.keys ?? [])].flatMap(words);
    if (!asked.every((word) => known.some((one) => one.startsWith(word)))) continue;
    const exact = (hit.keys ?? []).some((key) => words(key).at(-1) === whole);
    ranked.push({ ...hit, title: kinds[hit.kind], order: [!exact, hit.kind > 0, !asked.every((word) => known.includes(word))] });
  }
  // Sorting keeps what is equal in its order, which is that of the alphabet.
  ranked.sort((one, other) => one.order.reduce((so, part, place) => so || part - other.order[place], 0));
  return { hits: ranked, more: more && places[0].begins };
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Where a hit leads: its own page, or else those of its VIRS, which are named beside it. Nothing else becomes an address. */
function targets(hit) {
  const virs = (hit.virs ?? []).filter(({ code }) => /^[0-9]{1,16}$/.test(code));
  if (/^[a-z]+\/[a-z0-9_-]+\.html(#[a-z0-9_-]+)?$/.test(hit.page ?? "")) {
    const names = virs.map(({ name }) => name).filter(Boolean).join(", ");
    return [{ href: new URL(hit.page, PAGES), name: names && hit.more ? `⟦${names} ir dar ${hit.more} VIRS⟧` : names }];
  }
  return virs.map(({ code, name }) => ({ href: new URL(`virs/${code}.html`, PAGES), name }));
}

const option = (href, ...children) => element("a", { role: "option", href, tabindex: -1, "aria-selected": false }, ...children);
const minor = (text) => element("span", { class: "minor" }, text);

/** A hit with one target is an option; one with several a group of them. */
function line(hit, number) {
  const about = [hit.title, ...(hit.keys ?? []).slice(0, 3)].join(" · ");
  const all = targets(hit);
  if (!all.length) return null;
  if (all.length === 1) {
    const [{ href, name }] = all;
    return option(href, element("strong", {}, hit.name), minor(name ? `${about} · ${name}` : about));
  }
  const head = element("div", { class: "of", id: `rasta-${number}` }, hit.name, " ", minor(about));
  const group = element("div", { role: "group", "aria-labelledby": head.id }, head, ...all.map(({ href, name }) => option(href, name ?? hit.name)));
  if (hit.more) group.append(element("div", { class: "others minor" }, `⟦ir dar ${hit.more} VIRS⟧`));
  return group;
}

function begin(form) {
  const input = form.querySelector("input");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[role=status]");
  let [turn, timer, active] = [0, 0, -1];
  const options = () => Array.from(list.querySelectorAll("[role=option]"));

  function activate(place) {
    const all = options();
    active = place;
    all.forEach((one, number) => one.setAttribute("aria-selected", number === place));
    if (all[place]) {
      input.setAttribute("aria-activedescendant", all[place].id);
      all[place].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function open(is) {
    list.hidden = !is;
    input.setAttribute("aria-expanded", is);
    if (!is) activate(-1);
  }

  function show({ hits, more }) {
    list.replaceChildren(...hits.slice(0, MOST).map(line).filter(Boolean));
    options().forEach((one, number) => (one.id = `rasta-p${number}`));
    open(options().length > 0);
    list.scrollTop = 0;
    if (!hits.length) status.textContent = more ? "⟦Per daug tinkamų įrašų: parašykite daugiau.⟧" : "⟦Nieko nerasta. Patikrinkite rašybą arba ieškokite pagal kodą.⟧";
    else if (more) status.textContent = `⟦Rasta daugiau negu ${hits.length}: parašykite daugiau.⟧`;
    else status.textContent = hits.length > MOST ? `⟦Rasta: ${hits.length}, rodoma pirmųjų: ${MOST}.⟧` : `⟦Rasta: ${hits.length}⟧`;
  }

  async function ask() {
    const mine = ++turn;
    if (!parts(input.value).length) {
      open(false);
      status.textContent = "";
      return;
    }
    try {
      const found = await search(input.value);
      if (mine === turn) show(found);
    } catch {
      if (mine !== turn) return;
      open(false);
      status.textContent = "⟦Paieška neveikia, naudokitės sąrašu.⟧";
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("focus", () => load("paieska.json").catch(() => {}), { once: true });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      if (list.hidden) open(true);
      // Above the first and below the last is the field itself.
      activate(((active + 1 + step + all.length + 1) % (all.length + 1)) - 1);
    } else if (event.key === "Enter" && !list.hidden && all[active]) {
      event.preventDefault();
      all[active].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      open(false);
    }
  });
  // The field keeps the focus while something in the list is pressed.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) open(false);
  });
  // Whoever presses the button is led to the list, or, where there is nothing to choose from, to what was found. What was typed may be
  // somebody's name or code: it goes behind the # of the address, which no browser sends to a server.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const all = options();
    if (!list.hidden && all.length === 1) all[0].click();
    else location.assign(`${form.action}#q=${encodeURIComponent(input.value)}`);
  });
  form.hidden = false;
  input.value = new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
  if (input.value) ask();
}

document.querySelectorAll("form.search").forEach(begin);
