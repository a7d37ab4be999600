import { bubble } from "./bubble.js";
import { composer } from "./composer.js";
import { element } from "./element.js";
import { act, follow } from "./link.js";
import { WORDS } from "./words.js";

const TYPING_MS = 5000;
const TOAST_MS = 3500;

/** One telephone: shows a chat, lets its owner act, and tells the player what is new. */
export class Phone extends EventTarget {
  constructor(name, { chat, owner, initial }) {
    super();
    Object.assign(this, { name, chat, owner });
    this.messages = new Map(); // message id → {message, from_bot, revision}
    this.revision = 0;
    this.shown = new Map(); // group key → {node, signature}
    this.log = element("ol", { class: "log", role: "log", "aria-live": "polite", "aria-label": WORDS.log + owner, tabindex: "0" });
    this.subtitle = element("span", { class: "subtitle" }, WORDS.online);
    this.notice = element("div", { class: "toast", role: "status", hidden: true });
    this.composer = composer(this);
    this.root = element("section", { class: "phone", id: `phone-${name}`, "aria-label": owner },
      element("h2", {}, element("span", { class: "who", "aria-hidden": "true" }, initial), owner),
      element("div", { class: "frame" },
        element("header", { class: "bar" },
          element("img", { src: "icon.svg", alt: "", width: 36, height: 36 }),
          element("div", {}, element("strong", {}, WORDS.bot), this.subtitle)),
        this.log, this.notice, this.composer.root));
    this.render();
    follow(chat, { onevent: (event) => this.take(event), onstate: (up) => this.connected(up) });
  }

  /** Do something as the owner; what fails is said on the phone. */
  async act(action, given) {
    try {
      return await act(this.chat, action, given);
    } catch (error) {
      this.toast(WORDS.failed);
      throw error;
    }
  }

  take(event) {
    const takers = {
      state: () => {
        this.messages.clear();
        event.messages.forEach((one) => this.keep(one));
        this.composer.keyboard(event.keyboard);
        this.render();
      },
      message: () => {
        this.keep(event);
        if (event.from_bot) this.typing(false);
        this.render(event.from_bot ? 0 : 1);
      },
      deleted: () => {
        this.messages.delete(event.message_id);
        this.render();
      },
      keyboard: () => this.composer.keyboard(event.keyboard),
      typing: () => this.typing(true),
      toast: () => {
        this.root.querySelectorAll(".pressed").forEach((button) => button.classList.remove("pressed"));
        if (event.text) this.toast(event.text);
      },
    };
    takers[event.type]?.();
    this.dispatchEvent(new CustomEvent("change", { detail: event }));
  }

  keep({ message, from_bot }) {
    this.revision += 1;
    this.messages.set(message.message_id, { message, from_bot, revision: this.revision });
  }

  /** Bot messages sent or changed after a revision, newest first. */
  news(revision) {
    return [...this.messages.values()].filter((one) => one.from_bot && one.revision > revision).reverse();
  }

  render(follows = 0) {
    const low = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 120;
    const groups = new Map();
    for (const one of this.messages.values()) {
      const key = `${one.from_bot}:${one.message.media_group_id ?? one.message.message_id}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    const nodes = [...groups].map(([key, group]) => this.node(key, group));
    for (const key of this.shown.keys()) if (!groups.has(key)) this.shown.delete(key);
    const wanted = nodes.length ? nodes : [this.blank()];
    wanted.forEach((node, index) => {
      if (this.log.children[index] !== node) this.log.insertBefore(node, this.log.children[index] ?? null);
    });
    while (this.log.children.length > wanted.length) this.log.lastElementChild.remove();
    this.composer.begun(this.messages.size > 0);
    if (low || follows) requestAnimationFrame(() => this.log.scrollTo({ top: this.log.scrollHeight }));
  }

  node(key, group) {
    const signature = JSON.stringify(group.map((one) => one.message));
    if (this.shown.get(key)?.signature !== signature) {
      const node = bubble(group, {
        onPress: (button, id) => this.act("press_data", { data: button.callback_data ?? "", message_id: id }).catch(() => {}),
        onCommand: (command) => this.act("text", { text: command }).catch(() => {}),
      });
      this.shown.set(key, { node, signature });
    }
    return this.shown.get(key).node;
  }

  blank() {
    const text = this.name === "caretaker" ? WORDS.waiting : WORDS.empty;
    return element("li", { class: "blank" }, element("img", { src: "icon.svg", alt: "", width: 64, height: 64 }), text);
  }

  typing(on) {
    clearTimeout(this.typingTimer);
    this.subtitle.textContent = on ? WORDS.typing : WORDS.online;
    this.subtitle.classList.toggle("typing", on);
    if (on) this.typingTimer = setTimeout(() => this.typing(false), TYPING_MS);
  }

  toast(text) {
    clearTimeout(this.toastTimer);
    this.notice.textContent = text;
    this.notice.hidden = false;
    this.toastTimer = setTimeout(() => { this.notice.hidden = true; }, TOAST_MS);
  }

  connected(up) {
    this.root.classList.toggle("offline", !up);
    if (!up) this.subtitle.textContent = WORDS.offline;
    else this.typing(false);
  }

  /** The visible inline button of a message, for the player to press like a finger would. */
  button(label) {
    const found = [...this.log.querySelectorAll(".inline button")].filter((one) => label.test(one.textContent));
    return found.at(-1) ?? null;
  }
}
