// The page of SQL. The question stands in the address behind `#`, which no server sees.
import { Answer } from "./run.js";
import { element } from "./text.js";

const form = document.getElementById("klausti");
const text = form.elements.sql;
const answer = new Answer({ status: document.getElementById("busena"), place: document.getElementById("rezultatas"), cancel: form.querySelector(".cancel") });

function run() {
  const sql = text.value.trim();
  if (!sql) return answer.fault("⟦Parašykite užklausą.⟧");
  history.replaceState(null, "", `#sql=${encodeURIComponent(sql)}`);
  return answer.to(sql, [], { name: "virsis-uzklausa", caption: "⟦Užklausos rezultatas⟧" });
}

function take() {
  const asked = new URLSearchParams(location.hash.slice(1)).get("sql");
  if (asked === null || asked.trim() === text.value.trim()) return;
  text.value = asked;
  run();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  run();
});
for (const example of document.querySelectorAll(".example")) {
  const button = element("button", { type: "button", class: "button quiet" }, "⟦Vykdyti⟧");
  button.addEventListener("click", () => {
    text.value = example.querySelector("code").textContent;
    form.scrollIntoView();
    text.focus();
    run();
  });
  example.append(button);
}
window.addEventListener("hashchange", take);
form.hidden = false;
take();
