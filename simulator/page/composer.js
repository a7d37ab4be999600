import { element } from "./element.js";
import { PHOTOS, PLACES, WORDS } from "./words.js";

function sheet(phone, close) {
  const choose = (action, given) => () => {
    close();
    phone.act(action, given).catch(() => {});
  };
  const photos = PHOTOS.map(({ name, label }) =>
    element("button", { type: "button", onclick: choose("photo", { data: `sample:${name}` }) },
      element("img", { src: `/sim/samples/${name}.jpg`, alt: "", loading: "lazy", width: 96, height: 72 }), label));
  const places = PLACES.map(({ label, latitude, longitude }) =>
    element("button", { type: "button", onclick: choose("location", { latitude, longitude }) },
      element("span", { "aria-hidden": "true" }, "📍 "), label));
  return element("div", { class: "sheet", id: `sheet-${phone.name}`, hidden: true },
    element("h3", {}, WORDS.photos), element("div", { class: "photos" }, ...photos),
    element("h3", {}, WORDS.places), element("div", { class: "places" }, ...places));
}

/** The lower edge of a phone: text field, plus sheet, reply keyboard, start button. */
export function composer(phone) {
  const input = element("textarea", { rows: 1, "aria-label": `${WORDS.write} (${phone.owner})`, placeholder: WORDS.write, maxlength: 6000 });
  const plus = element("button", { type: "button", class: "plus", "aria-label": WORDS.attach, "aria-expanded": "false", "aria-controls": `sheet-${phone.name}` }, "+");
  const open = (on) => {
    panel.hidden = !on;
    plus.setAttribute("aria-expanded", String(on));
  };
  const panel = sheet(phone, () => { open(false); plus.focus({ preventScroll: true }); });
  const grow = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 110)}px`;
  };
  const send = async () => {
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    grow();
    await phone.act("text", { text }).catch(() => { input.value = text; });
  };
  const form = element("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); send(); } },
    plus, input, element("button", { type: "submit", class: "send", "aria-label": WORDS.send }, "➤"));
  const start = element("button", { type: "button", class: "primary start", onclick: () => phone.act("start", {}).catch(() => {}) }, WORDS.start);
  const keys = element("div", { class: "keys", role: "group", "aria-label": WORDS.replies, hidden: true });
  plus.addEventListener("click", () => open(panel.hidden));
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  const root = element("div", { class: "lower" }, panel, form, start, keys);
  root.addEventListener("keydown", (event) => { if (event.key === "Escape") open(false); });
  const press = (button) => () => {
    if (button.request_location) open(true);
    else phone.act("text", { text: button.text }).catch(() => {});
  };
  return {
    root,
    input,
    send,
    grow,
    begun: (on) => { form.hidden = !on; start.hidden = on; },
    keyboard: (markup) => {
      keys.replaceChildren(...(markup?.keyboard ?? []).map((row) => element("div", { class: "row" },
        ...row.map((button) => element("button", { type: "button", onclick: press(button) }, button.text)))));
      keys.hidden = !markup?.keyboard?.length;
      if (markup?.input_field_placeholder) input.placeholder = markup.input_field_placeholder;
      else input.placeholder = WORDS.write;
    },
  };
}
