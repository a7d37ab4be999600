import { fill, PLACES, PLAY } from "./words.js";

const PATIENCE_MS = 20000;
const QUIET_MS = 650; // a bot's answer may be several messages: act when none came for so long
const PAUSE_MS = 1100;
const LETTER_MS = 26;
const MOST_TURNS = 25;
const NUMBER = /QH-\d{4}-\d+/;
const BACK = /abbrechen|ändern|zurück|korrig|falsch|nein|andere/i;
const GUESS = /matratze|sperrmüll|möbel|müll|schmutz|dreck|ja\b|stimmt|richtig|passt/i;

class Silence extends Error {}
class Stopped extends Error {}

/** Plays the sample report on the two phones, deciding each step by what the bot has just asked. */
export class Player {
  constructor({ resident, caretaker, say, step, show }) {
    Object.assign(this, { resident, caretaker, say, step, show });
    this.running = false;
  }

  async play() {
    this.running = true;
    this.step(null);
    try {
      await this.report();
      await this.care();
      this.say(PLAY.captions.end);
      this.step("end");
      return "done";
    } catch (error) {
      if (error instanceof Stopped) this.say(PLAY.captions.stopped);
      else if (error instanceof Silence) this.say(fill(PLAY.captions.silent, { wanted: PLAY.wanted[error.message] }));
      else this.say(PLAY.captions.broken);
      return error instanceof Stopped ? "stopped" : "failed";
    } finally {
      this.running = false;
    }
  }

  stop() {
    this.running = false;
  }

  async pause(milliseconds) {
    const end = performance.now() + milliseconds;
    do {
      if (!this.running) throw new Stopped();
      await new Promise((wake) => setTimeout(wake, Math.min(100, milliseconds)));
    } while (performance.now() < end);
    if (!this.running) throw new Stopped();
  }

  /** Wait until `find` finds something on a phone; Silence after 20 seconds. */
  async until(find, wanted) {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      const found = find();
      if (found) return found;
      await this.pause(100);
    }
    throw new Silence(wanted);
  }

  /** The bot's answer since a revision, once it has been quiet for a moment; newest first. */
  async answer(phone, since, wanted) {
    await this.until(() => phone.news(since).length, wanted);
    let seen = -1;
    while (seen !== phone.revision) {
      seen = phone.revision;
      await this.pause(QUIET_MS);
    }
    return phone.news(since);
  }

  async type(phone, text) {
    const { input, grow, send } = phone.composer;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (let end = still ? text.length : 1; end <= text.length; end += 1) {
      input.value = text.slice(0, end);
      grow();
      await this.pause(still ? PAUSE_MS : LETTER_MS);
    }
    await this.pause(300);
    await send();
  }

  async report() {
    const phone = this.resident;
    this.show("resident");
    this.number = null;
    this.given = { photo: false, pin: false };
    await this.open(phone);
    this.step("write");
    this.say(PLAY.captions.write);
    this.begun = this.caretaker.revision;
    let since = phone.revision;
    await this.type(phone, PLAY.report);
    for (let turn = 0; turn < MOST_TURNS && !this.number; turn += 1) {
      const news = await this.answer(phone, since, "question");
      this.number = news.map((one) => NUMBER.exec(words(one))?.[0]).find(Boolean);
      since = phone.revision;
      if (!this.number) await this.respond(phone, news);
    }
    if (!this.number) throw new Silence("question");
    this.say(fill(PLAY.captions.number, { number: this.number }));
    await this.pause(PAUSE_MS);
  }

  async open(phone) {
    this.say(PLAY.captions.open);
    const since = phone.revision;
    const unfinished = phone.news(0)[0];
    if (!phone.messages.size) await phone.act("start", {});
    else if (labels(unfinished).some((label) => /absenden|abbrechen|fertig|ohne foto/i.test(label))) {
      await phone.act("text", { text: "/abbrechen" });
    } else return;
    await this.answer(phone, since, "greeting");
  }

  /** What the resident does next: the first row that fits what the bot asked. */
  async respond(phone, news) {
    const offered = news.flatMap(labels);
    const has = (pattern) => offered.find((label) => pattern.test(label));
    const { photo, pin } = this.given;
    const rows = [
      [has(/absenden/i), () => this.press(phone, /absenden/i, PLAY.captions.send, "send")],
      [has(/neu melden/i), () => this.press(phone, /neu melden/i)],
      [has(/ohne foto|fertig/i) && !photo, () => this.photo(phone)],
      [has(/katernberg/i), () => this.press(phone, /katernberg/i)],
      [has(/fertig/i), () => this.press(phone, /fertig/i)],
      [has(/ohne foto/i), () => this.press(phone, /ohne foto/i)],
      [has(GUESS), () => this.press(phone, GUESS)],
      [!pin, () => this.pin(phone)],
      [!photo, () => this.photo(phone)],
      [offered.some((label) => !BACK.test(label)), () => this.press(phone, exactly(offered.find((label) => !BACK.test(label))))],
    ];
    const row = rows.find(([fits]) => fits);
    await this.pause(PAUSE_MS / 2);
    if (row) await row[1]();
  }

  async photo(phone) {
    this.given.photo = true;
    this.step("details");
    this.say(PLAY.captions.photo);
    await this.pause(PAUSE_MS / 2);
    await phone.act("photo", { data: "sample:mattress" });
  }

  async pin(phone) {
    this.given.pin = true;
    this.step("details");
    this.say(PLAY.captions.pin);
    await this.pause(PAUSE_MS / 2);
    const { latitude, longitude } = PLACES[0];
    await phone.act("location", { latitude, longitude });
  }

  async press(phone, pattern, caption, step) {
    const button = await this.until(() => phone.button(pattern), "question");
    if (step) this.step(step);
    this.say(caption ?? fill(PLAY.captions.answer, { label: button.textContent }));
    button.classList.add("pressed");
    await this.pause(PAUSE_MS);
    (button.isConnected ? button : phone.button(pattern) ?? button).click();
  }

  async care() {
    const { resident, caretaker } = this;
    this.step("card");
    this.say(PLAY.captions.card);
    const card = (pattern) => () =>
      caretaker.news(this.begun).some((one) => labels(one).some((label) => pattern.test(label)));
    this.show("caretaker");
    await this.until(card(/annehmen/i), "card");
    await this.pause(2 * PAUSE_MS);
    let since = resident.revision;
    await this.press(caretaker, /annehmen/i, PLAY.captions.accept, "accept");
    await this.answer(resident, since, "accepted");
    this.show("resident");
    this.say(PLAY.captions.accepted);
    await this.pause(2 * PAUSE_MS);
    this.show("caretaker");
    since = resident.revision;
    let asked = caretaker.revision;
    await this.until(card(/erledigt/i), "done");
    await this.press(caretaker, /erledigt/i, PLAY.captions.done, "done");
    await this.until(() => {
      const optional = caretaker.news(asked).flatMap(labels).find((label) => /ohne |überspringen|nur erledigt|jetzt erledigt/i.test(label));
      if (optional) {
        asked = caretaker.revision;
        caretaker.button(exactly(optional))?.click();
      }
      return resident.news(since).length;
    }, "end");
    await this.pause(PAUSE_MS);
    this.show("resident");
  }
}

const words = ({ message }) => message.text ?? message.caption ?? "";
const labels = (one) => (one?.message.reply_markup?.inline_keyboard ?? []).flat().map((button) => button.text);
const exactly = (label) => new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
