// Everything the page says that is not in index.html.

export const PHONES = {
  resident: { chat: "10001", owner: "Bewohnerin", initial: "B" },
  caretaker: { chat: "10002", owner: "Quartiershausmeister", initial: "Q" },
};

export const PHOTOS = [
  { name: "mattress", label: "Matratzen" },
  { name: "bin", label: "Voller Papierkorb" },
  { name: "graffiti", label: "Graffiti" },
  { name: "glass", label: "Scherben" },
];

// Coordinates from general knowledge, rounded to four decimals.
export const PLACES = [
  { label: "Katernberger Markt", latitude: 51.4989, longitude: 7.0446 },
  { label: "Altendorfer Str., Ehrenzeller Platz", latitude: 51.4592, longitude: 6.9811 },
  { label: "Marktplatz Kray", latitude: 51.4668, longitude: 7.0817 },
  { label: "Karnaper Straße", latitude: 51.5236, longitude: 7.0045 },
  { label: "Frohnhauser Markt", latitude: 51.4502, longitude: 6.9683 },
  { label: "Rüttenscheider Stern", latitude: 51.4343, longitude: 7.0046 },
  { label: "Mitten in der Nordsee", latitude: 55.5, longitude: 3.5 },
];

export const WORDS = {
  bot: "Kümmerkasten",
  online: "Bot",
  typing: "schreibt …",
  edited: "bearbeitet",
  start: "Starten",
  write: "Nachricht",
  send: "Senden",
  attach: "Foto oder Ort senden",
  photos: "Beispielfoto",
  places: "Ort in der Karte",
  photo: "Foto",
  album: "Album",
  point: "Ort",
  north: "N",
  east: "O",
  empty: "Noch keine Nachrichten.",
  waiting: "Hier kommen die Meldungen aus dem Quartier an.",
  log: "Nachrichten auf dem Telefon: ",
  replies: "Antworten zum Antippen",
  offline: "Keine Verbindung zum Simulator. Es wird weiter versucht.",
  failed: "Das hat nicht geklappt. Bitte noch einmal versuchen.",
  other: {
    voice: "Sprachnachricht",
    video: "Video",
    sticker: "Sticker",
    contact: "Kontakt",
    poll: "Umfrage",
    dice: "Würfel",
    document: "Datei",
  },
};

export const PLAY = {
  play: "Beispiel abspielen",
  stop: "Anhalten",
  report: "Guten Tag, auf dem Gehweg liegen seit gestern alte Matratzen und Müllsäcke.",
  steps: {
    write: "Schreiben",
    details: "Foto und Ort",
    send: "Absenden",
    card: "Karte kommt an",
    accept: "Annehmen",
    done: "Erledigt",
  },
  captions: {
    open: "Die Bewohnerin öffnet den Chat.",
    write: "Die Bewohnerin schreibt, was los ist.",
    photo: "Sie schickt ein Foto.",
    pin: "Sie schickt den Ort: Katernberger Markt.",
    answer: "Sie tippt auf „{label}“.",
    send: "Alles stimmt: Sie tippt auf „Absenden“.",
    number: "Die Meldung hat die Nummer {number}.",
    card: "Die Karte kommt beim Quartiershausmeister an.",
    accept: "Er nimmt die Meldung an.",
    accepted: "Die Bewohnerin erfährt es sofort.",
    done: "Später: aufgeräumt. Er tippt auf „Erledigt“.",
    end: "Fertig: Die Bewohnerin weiß, dass ihre Meldung erledigt ist.",
    stopped: "Angehalten. Sie können selbst weitermachen oder das Beispiel neu starten.",
    silent: "Seit 20 Sekunden fehlt der nächste Schritt ({wanted}). Das Beispiel ist beendet und kann neu gestartet werden.",
    broken: "Das Beispiel konnte nicht weiterlaufen. Es kann neu gestartet werden.",
  },
  wanted: {
    greeting: "die Begrüßung",
    question: "eine Antwort des Bots",
    card: "die Karte beim Quartiershausmeister",
    accepted: "die Nachricht über die Annahme",
    done: "der Knopf „Erledigt“",
    end: "die Nachricht, dass die Meldung erledigt ist",
  },
};

/** Fill the {braces} of a sentence. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
