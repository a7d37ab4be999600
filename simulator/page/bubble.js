import { element } from "./element.js";
import { mapCard } from "./mapcard.js";
import { PLACES, WORDS } from "./words.js";

const time = (seconds) => new Date(seconds * 1000).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });

function words(text, entities, onCommand) {
  const parts = [];
  let position = 0;
  for (const { type, offset, length, url } of entities ?? []) {
    if (offset < position) continue;
    const piece = text.slice(offset, offset + length);
    parts.push(text.slice(position, offset));
    if (type === "bot_command") {
      parts.push(element("button", { type: "button", class: "command", onclick: () => onCommand(piece) }, piece));
    } else if (type === "url" || type === "text_link") {
      parts.push(element("a", { href: url ?? piece, target: "_blank", rel: "noopener noreferrer" }, piece));
    } else {
      parts.push(element({ bold: "strong", italic: "em", code: "code" }[type] ?? "span", {}, piece));
    }
    position = offset + length;
  }
  return [...parts, text.slice(position)];
}

function pictures(bodies) {
  const shown = bodies.filter((body) => body.photo);
  if (!shown.length) return null;
  const images = shown.map((body) => {
    const { file_id: id, width, height } = body.photo.at(-1);
    return element("img", { src: `/sim/files/${id}`, alt: WORDS.photo, width, height });
  });
  return element("div", { class: `pictures count-${Math.min(images.length, 4)}` }, ...images);
}

const near = (one, other) => Math.abs(one - other) < 1e-6;

function point({ location, venue }) {
  if (!location) return null;
  const { latitude, longitude } = location;
  const known = PLACES.find((place) => near(place.latitude, latitude) && near(place.longitude, longitude));
  const name = venue?.title ?? known?.label ?? "";
  const below = [name && element("strong", {}, name), venue?.address && element("span", {}, venue.address)];
  return element("figure", { class: "point" }, mapCard(latitude, longitude, name),
    name && element("figcaption", {}, ...below));
}

function other(body) {
  const kind = Object.keys(WORDS.other).find((name) => name in body);
  const detail = kind === "document" ? body.document.file_name : "";
  return kind ? element("p", { class: "other" }, `${WORDS.other[kind]} ${detail}`.trim()) : null;
}

function inlineKeyboard(body, onPress) {
  const rows = body.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  const press = (button) => (event) => {
    event.currentTarget.classList.add("pressed");
    onPress(button, body.message_id);
  };
  return element("div", { class: "inline", role: "group", "aria-label": WORDS.replies },
    ...rows.map((row) => element("div", { class: "row" }, ...row.map((button) =>
      button.url
        ? element("a", { href: button.url, target: "_blank", rel: "noopener noreferrer" }, `${button.text} ↗`)
        : element("button", { type: "button", onclick: press(button) }, button.text)))));
}

/** One bubble for a message, or for the messages of an album. */
export function bubble(group, { onPress, onCommand }) {
  const bodies = group.map((one) => one.message);
  const first = bodies[0];
  const worded = bodies.find((body) => body.text ?? body.caption);
  // As Telegram's apps do: what a deep link carries behind /start is not shown.
  const text = (worded?.text ?? worded?.caption)?.replace(/^\/start .*$/, "/start");
  const entities = worded && (worded.entities ?? worded.caption_entities);
  const edited = bodies.some((body) => body.edit_date);
  const stamp = element("span", { class: "stamp" },
    edited && element("span", { class: "edited" }, `${WORDS.edited} `),
    element("time", {}, time(first.date)),
    !group[0].from_bot && element("span", { class: "ticks", "aria-hidden": "true" }, " ✓✓"));
  const side = group[0].from_bot ? "from-bot" : "own";
  const visual = bodies.some((body) => body.photo || body.location);
  const form = [side, visual && "visual", visual && !text && "wordless", edited && "has-edit"].filter(Boolean);
  return element("li", { class: `message ${form.join(" ")}` },
    element("div", { class: "bubble" },
      pictures(bodies), point(first), other(first),
      text && element("p", { class: "words", dir: "auto" }, ...words(text, entities, onCommand)), stamp),
    inlineKeyboard(bodies.at(-1), onPress));
}
