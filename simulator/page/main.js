import { element } from "./element.js";
import { Phone } from "./phone.js";
import { Player } from "./player.js";
import { PHONES, PLAY } from "./words.js";

const byId = (id) => document.getElementById(id);
const stage = byId("phones");
const phones = Object.fromEntries(Object.entries(PHONES).map(([name, about]) => [name, new Phone(name, about)]));
stage.append(...Object.values(phones).map((phone) => phone.root));

// On a narrow screen one phone is visible at a time; on a wide one the tabs are hidden and both are.
function show(name) {
  stage.dataset.active = name;
  for (const one of Object.keys(phones)) {
    const tab = byId(`tab-${one}`);
    tab.setAttribute("aria-selected", String(one === name));
    tab.tabIndex = one === name ? 0 : -1;
    if (one === name) tab.classList.remove("unread");
  }
  const { log } = phones[name];
  log.scrollTo({ top: log.scrollHeight });
}
for (const [name, phone] of Object.entries(phones)) {
  const tab = byId(`tab-${name}`);
  tab.addEventListener("click", () => show(name));
  tab.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = Object.keys(phones).find((one) => one !== name);
    show(other);
    byId(`tab-${other}`).focus();
  });
  phone.addEventListener("change", ({ detail }) => {
    if (detail.type === "message" && detail.from_bot && stage.dataset.active !== name) tab.classList.add("unread");
  });
}

const steps = Object.entries(PLAY.steps).map(([name, label]) => element("li", { "data-step": name }, label));
byId("steps").append(...steps);
function step(name) {
  const now = name === "end" ? steps.length : steps.findIndex((one) => one.dataset.step === name);
  steps.forEach((one, index) => {
    one.classList.toggle("past", index < now);
    if (index === now) one.setAttribute("aria-current", "step");
    else one.removeAttribute("aria-current");
  });
  document.body.classList.toggle("playing", name !== null && name !== "end");
}

const player = new Player({ ...phones, show, step, say: (text) => { byId("caption").textContent = text; } });
byId("play").addEventListener("click", async () => {
  if (player.running) {
    player.stop();
    return;
  }
  byId("play-label").textContent = PLAY.stop;
  document.body.dataset.play = "running";
  document.body.dataset.play = await player.play();
  byId("play-label").textContent = PLAY.play;
});
