"""The emergency rules' reviewed lists: what must raise the alarm, what must not."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from nlu.components.emergency import EmergencyRules, read_rules
from nlu.components.phrases import Rules

ALARMS = """
es brennt
ES BRENNT!!!
wohnung brennt
hilfe er hat ein messer
er hat ein Messer
jemand wird verprügelt
jemand wird verprugelt
Frau liegt bewusstlos
frau liegt bewustlos im hausflur
da brennt ne mülltonne
Bei uns im Haus brennt es
die kueche brennt
Feuer im Treppenhaus!
feuer feuer
hier breent es
Rauch kommt aus der Nachbarwohnung
es kommt schwarzer qualm aus dem fenster gegenüber
Das Auto vor der Tür steht in Flammen
es stinkt nach gas im keller
es riecht nach Gas
Gasgeruch im ganzen haus
der typ bedroht mich mit einem messer
mein mann schlägt mich
Der Nachbar schlägt seine Frau
da schlägt einer auf ne frau ein
hier bricht gerade jemand ein
einbrecher im haus
jemand versucht die tür aufzubrechen
ich werde bedroht
ich werde verfolgt
ein mann liegt regungslos auf der straße
opa atmet nicht mehr
meine Mutter kriegt keine Luft
wir brauchen einen krankenwagen
schnell notarzt
er blutet stark am kopf
ich will nicht mehr leben
ich bring mich um
ich will mich umbringen
da steht einer auf dem dach und will springen
jemand will von der brücke springen
mein sohn ist verschwunden
baby im auto eingesperrt bei der hitze
kleinkind steht auf dem fensterbrett
jemand schreit um hilfe
ich höre hilfeschreie aus der wohnung
hier wird geschossen
schüsse gefallen
hier schießt einer
messerstecherei am bahnhof
gerade Schlägerei vor dem Kiosk
hilfe schlägerei mit messern
die prügeln sich gerade vor meiner tür es fließt blut
Überfall auf den Kiosk, jetzt gerade
er bringt mich um
er will mich umbringen
mein ex steht vor der tür mit einer pistole
mann mit waffe im hof
typ mit axt im treppenhaus
jugendliche zünden mülltonnen an
polizei bitte schnell
ruft die polizei
oma ist umgekippt und reagiert nicht
mein Nachbar ist zusammengebrochen
herzinfarkt
kind ist aus dem fenster gefallen
hier liegt ein toter
kind vom auto angefahren
jemand ist ins wasser gefallen
Junkie liegt im Hausflur und rührt sich nicht mehr
hilfe es brennt ich komme nicht raus
Es brennt im Keller
Der Keller brennt
Dachstuhl brennt
der mülcontainer brennt
Papiercontainer brennt an der Ecke
brennt hier alles
nebenan brennts
Hilfe Feuer
bei meiner nachbarin brennt es
feuerwehr schnell
HILFE BRAUCHE POLIZEI
Frau wird auf der Straße geschlagen
eine Frau wird gerade vergewaltigt
mann sticht auf leute ein
er hat mich gewürgt und kommt gleich wieder
Da ist einer mit nem Messer unterwegs
jemand steigt durchs fenster in die wohnung ein
gas strömt aus
in der Wohnung über uns schreit ein kind, es wird geschlagen
mein Freund hat eine Überdosis
Explosion im Haus!!
ein fremder ist in meiner wohnung
aus dem keller kommt rauch
Treppenhaus ist voller Rauch
Mann hat Pistole
mann droht zu springen
Ich möchte sterben
Bombe gefunden
Hilfe
HILFEEE
zu Hilfe
Notfall
SOS
Polizei
Krankenwagen
Notarzt bitte
Rauch im Treppenhaus
hier riechts nach gas
Jemand ist verletzt
Ein Mann wurde verletzt und blutet
Einbruch
Brand Hauptstr. 3, zweiter Stock, Personen in der Wohnung
Mann liegen Boden nicht atmen
hund beißen kind jetzt, hilfe
der olle prügelt sein frau windelweich
ker da hängt einer am geländer vom siebten stock
meine oma kricht keine luft mehr
Mein Vater ist von der Leiter gestürzt und reagiert nicht
Sie hat eine Knopfbatterie verschluckt
Auf dem Kanal treibt jemand mit dem Gesicht nach unten
Ein Radfahrer liegt unter dem Lastwagen
Mama schläft und wacht nicht auf
Fremder steht in meinem Schlafzimmer
Mein Ex tritt gegen die Wohnungstür und brüllt
Da rüttelt jemand an meiner Tür
Er lässt mich nicht aus der Wohnung
Zwei Maskierte im Juwelier
Demente Mutter seit zwei Stunden verschwunden
Mein Sohn hat einen Abschiedsbrief hingelegt
help
call police please
polis lütfen çabuk
помогите пожар
ratunku
النجدة حريق
Jemand hat unserem Hausmeister ins Gesicht geschlagen, er liegt im Flur
Mein Mann steht auf dem Balkongeländer und will nicht runterkommen
Ich rieche Gas und traue mich nicht das Licht anzumachen
Nachbarin öffnet seit zwei Tagen nicht und der Briefkasten ist voll, ich höre Stöhnen
Mein Vater röchelt und wird blau
Kind klemmt mit dem Arm in der Rolltreppe
mein kleiner bruder ist in den kanal gesprungen und kommt nicht mehr hoch
Kumpel hat Drogen genommen und wacht nicht mehr auf
Der Nachbar hat seine Frau aus dem Fenster geworfen
Hier fliegen Flaschen und Stühle, mehrere Verletzte
Mein Ex hat die Kinder mitgenommen und droht sie umzubringen
unbekannte brechen grade in die bäckerei ein
Ein Kind schreit im abgestellten Auto und es sind 33 Grad
Gasflasche am Grill hat Feuer gefangen
wir sind eingeschlossen und es brennt unter uns
Mein Sohn ist in die Baugrube gestürzt
da blutet einer am hals
in der straßenbahn fuchtelt ein mann mit einem schwert
Nachbarskind ruft aus dem Fenster dass die Mama nicht mehr aufwacht
Ich habe Tabletten genommen und bereue es
Ein Auto ist in eine Gruppe Fußgänger gefahren
ein Ast ist auf eine Frau gefallen, sie ist eingeklemmt
der hausmeister hat einen schlag bekommen und liegt bewusstlos am sicherungskasten
auf dem schulhof prügeln sie einen jungen halb tot
qualm dringt aus der nachbarwohnung
Meine Nachbarin ruft um Hilfe, ihr Mann schlägt sie
unser baby hat was verschluckt und läuft blau an
Hier brennt eine Scheune
Mädchen wird von mehreren Männern bedrängt
Bei meinem Vater ist plötzlich die ganze rechte Seite gelähmt
Meine Mitbewohnerin hat sich im Bad eingeschlossen und sagt sie will nicht mehr
hier ist ein gerüst umgefallen, drunter liegen menschen
da kämpfen zwei mit messern
der lkw verliert gas, es zischt und stinkt
meine Schwester ist hochschwanger und blutet
ich hab angst, mein freund kommt gleich heim und schlägt mich wieder
Jemand schießt aus dem Fenster
opa ist die treppe runtergefallen und sagt nichts mehr
hund hat mich gebissen ich blute wie verrückt
Jemand hat sich im Keller erhängt
Meine Oma hat sich an einem Bonbon verschluckt und wird blau
Mein Nachbar hat gedroht das Haus in die Luft zu jagen, er hat den Gashahn auf
die kinder von nebenan schreien und es riecht nach rauch
Ein fremder Mann will meine Tochter vom Spielplatz mitnehmen
jemand klettert über meinen balkon
meine frau liegt auf der couch und ist nicht wachzukriegen
mann mit blutendem kopf torkelt über die straße
die heizung riecht komisch, alle müde und kopfweh, der melder geht
polizist angegriffen am bahnhof
Meine Nichte ist von einem Hund ins Gesicht gebissen worden
Hier ist Rauch im ganzen Stockwerk
ich glaub ich hab nen herzinfarkt
kind hat sich die hand in der tür abgequetscht es ist alles voller blut
Mann liegen Boden viel Blut
Eine Horde Jugendlicher jagt einen Jungen durch den Park
ich hab so viel blut verloren bitte kommt
er hat mich vergewaltigt
wir sitzen auf dem dach, das wasser steigt
"""
NO_ALARMS = """
brennt die Lampe?
die Laterne brennt nicht
Notfall-Sprechstunde
Wann ist die Notfall-Sprechstunde?
Messer im Müll gefunden
es brennt mir auf der Seele
Müllcontainer hat letzte Woche gebrannt
Brandfleck auf der Bank
Feuerwerk bis drei Uhr nachts
Die böllern hier wie im Krieg
Grillrauch zieht in meine Wohnung
gestern hat es im keller gebrannt
Die Straßenlampe brennt Tag und Nacht
im hausflur brennt das licht die ganze nacht
Der Nachbar droht mir ständig mit Anzeige
Feuerwehrzufahrt zugeparkt
Die Feuerwehr kommt nicht durch weil alles zugeparkt ist
Nachbar raucht auf dem Balkon, der Rauch zieht rein
Der Rauchmelder piept seit drei Tagen
Mein Auto wurde letzte Woche aufgebrochen
Im Sommer wurde bei uns eingebrochen
Jugendliche schlagen gegen die Scheiben
Kinder schießen mit dem Ball gegen die Hauswand
Die Kinder spielen mit Wasserpistolen
Was mache ich bei Gasgeruch?
Wann soll ich die Polizei rufen?
Muss ich die Polizei rufen wenn der Nachbar laut ist?
Ich habe schon die Polizei gerufen, die kam nicht
Es stinkt nach Abgasen
Der Gestank brennt in den Augen
hier brennt die sonne
Die Hausverwaltung reagiert nicht
die tonne ist umgekippt
Spritzen auf dem Spielplatz
Der Hund vom Nachbarn bellt wie verrückt
Verbrannter Müll liegt im Park
ausgebranntes Auto steht seit Wochen da
Tote Ratte im Hof
Toter Vogel auf dem Gehweg
tote tauben auf dem balkon
Ein Kind könnte sich an den Scherben verletzen
Scherben auf dem Spielplatz, bevor sich ein Kind verletzt
Baum ist umgefallen
Die Musik ist so laut, ich werd wahnsinnig
Ich komme vor Lärm nicht zum Schlafen, ich kann nicht mehr
Die Feier nebenan hört nicht auf
Feier im Keller bis 4 uhr
Wo kann ich alte Messer entsorgen?
Altes Küchenmesser liegt im Gebüsch
Der Nachbar hämmert mit dem Hammer gegen die Wand
Bauarbeiter mit Presslufthammer
Hilfe, wie melde ich Sperrmüll?
Ich brauche Hilfe beim Antrag
Ich brauche einen Arzt für mein Kind, welcher nimmt noch Patienten?
Der Nachbar hat mich gestern geschlagen
Die haben sich letzte Woche geprügelt
Nachbar beleidigt und bedroht mich seit Wochen
Wie bei einer Explosion sieht es hier aus, überall Müll
Der Müll stinkt, man kriegt keine Luft
Kinderwagen steht im Flur
Kinder toben allein im Treppenhaus
Die Ratten springen aus der Tonne
Hundehaufen überall, ich krieg die Krise
Nachbar grillt mit Holzkohle, alles voller Rauch
Es riecht nach verbranntem Plastik aus der Shisha bar
Motorradfahrer geben Gas
Die geben Gas wie die Irren
Autorennen jede Nacht, lebensmüde
Die Gaslaterne flackert
Kein Notfall, aber nervig
Straße bricht ein
Der Asphalt bricht auf
Glasscherben, mein Kind hat sich verletzt
mein hund hat sich an scherben verletzt und blutet an der pfote
mein briefkasten wurde aufgebrochen
Jugendliche klettern auf die Garagen
ich könnte den nachbarn umbringen so laut ist der
der Lärm bringt mich noch um
das bringt mich um den Schlaf
Das stinkt zum Himmel
feuerlöscher fehlt im hausflur
der blitz hat eingeschlagen
Feuerzeug liegt da
wer ruft die Müllabfuhr
Die Polizei war schon da wegen der Musik
Nachbarn streiten und schreien sich an
Kind hat im Sandkasten eine Spritze gefunden
Fußgängerampel kaputt, fast wurde ein Kind überfahren
Es ist so laut als ob jemand schießt
Nachts schießen die mit Böllern rum
Hilfe beim Ausfüllen
Ich brauche Hilfe beim Ausfüllen vom Formular
Meine Frau meint, ich solle fragen, was eine Notfallnummer kostet
Eine Tonne ist umgekippt und der Müll liegt im Hof
Auf dem Gehweg liegt eine Flasche, ein Kind wäre fast hineingetreten
Ein Farbeimer ist umgekippt
Tut sich was bei meiner Meldung?
Der Rauch vom Nachbarn zieht in meine Wohnung
Die Feuerwehr rückt jede Nacht mit Horn aus
Wir fühlen uns von der Verwaltung überfahren
Boah, ich bin so erschlagen heute
Ich sterbe vor Hunger
Werbeprospekte wehen durch die Gegend
Ich wohne in der Otto-Brenner-Straße, Saxophon bei offenem Fenster
In den Nachrichten hieß es, in Kanada brennen die Wälder
"""
CALLS = {
    "es brennt": "112",
    "gasgeruch im keller": "112",
    "er hat ein messer": "110",
    "frau liegt bewusstlos im flur": "112",
    "ich will nicht mehr leben": "self_harm",
    "kleinkind steht auf dem fensterbrett": "child",
    "meine Schwester will sich umbringen": "self_harm",
    "er hat alle tabletten geschluckt und einen abschiedsbrief geschrieben": "self_harm",
    "jemand steht auf den gleisen": "self_harm",
    "die nachbarskinder sind allein in der wohnung und weinen": "child",
    "meine tochter ist weg, seit einer stunde verschwunden": "child",
    "kind allein in der wohnung und es brennt": "112",
    "einbrecher im keller": "110",
    "hilfe mein sohn ist bewusstlos": "112",
    "nachbar schlägt sein kind": "child",
}
MISSPELLED = (
    "ES BRRENNT",
    "Einbrecehr im haus",
    "frau liegt bewustlos da",
    "HIIIILFE FEUER",
    "der hat ne pistoole",
)


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The rules as they ship."""
    return read_rules()


@pytest.mark.parametrize("text", ALARMS.strip().splitlines())
def test_people_in_danger_raise_the_alarm(rules: Rules, text: str) -> None:
    """However it is worded, danger is noticed."""
    assert rules.first(text) is not None


@pytest.mark.parametrize("text", ALARMS.strip().splitlines())
def test_the_alarm_does_not_depend_on_spelling(rules: Rules, text: str) -> None:
    """Capitals, ae/oe/ue and dropped umlauts raise the same alarm."""
    spelled = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    dropped = text.replace("ä", "a").replace("ö", "o").replace("ü", "u")
    for variant in (text.upper(), text.lower(), spelled, dropped):
        assert rules.first(variant) == rules.first(text)


@pytest.mark.parametrize("text", NO_ALARMS.strip().splitlines())
def test_ordinary_reports_raise_no_alarm(rules: Rules, text: str) -> None:
    """Words of danger in harmless messages, and what is over, are no emergency."""
    found = rules.first(text)
    assert found is None, found.name


@pytest.mark.parametrize("text", MISSPELLED)
def test_typing_errors_of_panic_are_read_through(rules: Rules, text: str) -> None:
    """One wrong, missing or doubled letter in the word that matters does not hide it."""
    assert rules.first(text) is not None


@pytest.mark.parametrize(("text", "call"), CALLS.items())
def test_the_rule_says_whom_to_call(rules: Rules, text: str, call: str) -> None:
    """Each alarm names the numbers the answer puts first."""
    found = rules.first(text)
    assert found is not None
    assert found.call == call


def test_an_alarm_stands_out_among_other_sentences(rules: Rules) -> None:
    """An exclusion in one sentence does not silence the next."""
    assert (
        rules.first("Die Laterne brennt nicht. Und jetzt hat der Nachbar ein Messer in der Hand!") is not None
    )
    assert rules.first("Gestern war Ruhe. Jetzt brennt es im Keller") is not None


@pytest.mark.parametrize("text", ["", "!!!", "\ud800", "\x00", "🔥" * 50, "brennt" * 700, "er hat " * 600])
def test_strange_text_is_no_alarm_and_no_error(rules: Rules, text: str) -> None:
    """Anything may come in; it is read without an error."""
    assert rules.first(text) is None


def test_a_broken_rules_file_is_refused() -> None:
    """A rule without phrases would never hold; it is refused when the file is read."""
    content = {
        "keywords": [],
        "no_typos": [],
        "past": [],
        "now": [],
        "words": {},
        "alarms": {"x": {"call": "110", "alarm": []}},
    }
    with pytest.raises(KeyError):
        Rules.of(content)


def alarmed(text: str, **chances: float) -> Message:
    """A message the classifier has seen, after the rules; `chances` gives each intent's probability."""
    ranking = [{"name": name, "confidence": chance} for name, chance in chances.items()]
    message = Message(
        {"text": text, "intent": ranking[0], "intent_ranking": ranking, "category": {"name": "c"}}
    )
    return EmergencyRules(read_rules()).process([message])[0]


@pytest.mark.parametrize(
    ("text", "chance", "expected"),
    [
        ("es brennt im Keller", 0.01, "emergency"),  # a rule, and the classifier does not contradict
        ("es brennt im Keller", 0.001, "out_of_scope"),  # the classifier is sure of a figure of speech
        ("da unten geht was Schlimmes vor", 0.45, "emergency"),  # the classifier alone
        ("da unten geht was Schlimmes vor", 0.3, "out_of_scope"),
    ],
)
def test_rule_and_classifier_decide_together(text: str, chance: float, expected: str) -> None:
    """A rule needs a classifier that is not sure of the contrary, the classifier alone a good chance."""
    message = alarmed(text, out_of_scope=1 - chance, emergency=chance)
    assert message.get("intent")["name"] == expected
    assert (message.get("category") is None) == (expected == "emergency")


def test_a_faint_alarm_is_asked_about_not_raised() -> None:
    """Where emergency is only the likeliest of many, another meaning stands first and the dialogue asks."""
    message = alarmed("hm", emergency=0.3, report_noise=0.25, smalltalk=0.2)
    names = [one["name"] for one in message.get("intent_ranking")]
    assert names == ["report_noise", "emergency", "smalltalk"]
