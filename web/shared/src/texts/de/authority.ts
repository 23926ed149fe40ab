import type { authority as english } from "../en/authority.ts";
import type { TextsOf } from "../texts_of.ts";

export const authority: TextsOf<typeof english> = {
  authority: {
    generations: "Generationen",
    endpoints: "Endpunkte",
    challenges: "Challenge-Passwörter",
    crls: "Sperrlisten",
    root: "Root",
    generation: "Generation {{number}}",
    ra: "SCEP-Registrierungsstelle (RA)",
    chain: "CA-Zertifikate",
    announce: "Nächste Generation ankündigen",
    announced_already: "{{next}} ist schon angekündigt",
    announce_text:
      "Unter dem Root entsteht eine neue ausstellende CA mit einem neuen Schlüssel. Geräte können sie von da an abrufen (GetNextCACert), aber {{current}} unterschreibt weiter, bis Sie die neue aktivieren. Geben Sie sie inzwischen allen, die ihr vertrauen müssen.",
    announced: "Die nächste Generation ist angekündigt",
    next_name: "Ihr Name",
    next_name_text: "Ein neuer: Manche Systeme behalten nur ein CA-Zertifikat je Name. Leer: die nächste Nummer.",
    activate: "Angekündigte Generation aktivieren",
    nothing_announced: "Keine Generation ist angekündigt",
    activate_text:
      "{{next}} unterschreibt von jetzt an alle neuen Zertifikate. {{current}} wird alt: Ihre Zertifikate bleiben gültig, und ihre Sperrliste geht weiter. Geräte, die {{next}} noch nicht kennen, weisen die neuen Zertifikate anderer ab.",
    activated: "Die neue Generation unterschreibt",
  },
  generation_state: { next: "Angekündigt", current: "Unterschreibt", old: "Alt" },
  endpoints: {
    none: "Keine Endpunkte",
    none_text:
      "Ein Endpunkt ist eine SCEP-URL mit eigener Richtlinie. Geräte brauchen einen, um ein Zertifikat anzufordern.",
    serves: "Antwortet",
    silent: "Antwortet nicht",
    warnings_one: "{{count}} Warnung",
    warnings_other: "{{count}} Warnungen",
    authorisers: "Wer zugelassen wird",
    validity: "Gültigkeitsdauer",
    preset: "Gewohnheiten der Geräte",
    settings: "Einstellungen",
    add: "Endpunkt hinzufügen",
    add_text:
      "Er antwortet sofort, unter seiner eigenen URL. Alles andere hat einen sicheren Vorgabewert und lässt sich später ändern.",
    added: "{{name}} antwortet",
    remove: "Endpunkt entfernen",
    remove_text:
      "{{name}} antwortet nicht mehr. Seine Zertifikate bleiben gültig und können dort nicht mehr erneuert werden.",
    removed: "{{name}} ist entfernt",
    save_one: "{{count}} Änderung speichern",
    save_other: "{{count}} Änderungen speichern",
    save_text:
      "Diese Einstellungen gelten von jetzt an für jede Anforderung an {{name}}. Ausgestellte Zertifikate bleiben, wie sie sind.",
    saved: "{{name}} ist geändert",
    unchanged: "Nichts wurde geändert",
    undo: "Zurücknehmen",
  },
  challenges: {
    id: "Kennung",
    expires: "Gilt bis",
    used_by: "Benutzt",
    note: "Notiz",
    any: "jeder",
    none: "Keine Challenge-Passwörter",
    none_text: "Ein Challenge-Passwort ist ein Einmalpasswort, mit dem ein Gerät ein Zertifikat anfordern kann.",
    add: "Challenge-Passwort erzeugen",
    add_text: "Es ist einmal verwendbar und nur gleich nach dem Erzeugen zu sehen.",
    subject_text: "Leer: jeder Antragsteller, den die Richtlinie des Endpunkts erlaubt",
    remove: "Zurücknehmen",
    remove_text: "Niemand kann mit diesem Challenge-Passwort mehr ein Zertifikat anfordern.",
  },
  challenge_state: { open: "Offen", used: "Benutzt", expired: "Abgelaufen" },
  crls: {
    number: "Nummer",
    this_update: "Ausgestellt",
    next_update: "Nächste spätestens",
    size: "Größe",
    publish: "Jetzt neue Sperrlisten erzeugen",
    publish_text:
      "Neue Listen werden unterschrieben und sofort ausgeliefert. Bei jedem Widerruf und vor dem Ablauf einer Liste tut der Hub das von selbst.",
    published: "Neue Sperrlisten sind da",
  },
};
