import type { administration as english } from "../en/administration.ts";
import type { TextsOf } from "../texts_of.ts";

export const administration: TextsOf<typeof english> = {
  audit: {
    text: "Wer was getan hat. Jedes Ereignis enthält den Hash des vorigen.",
    at: "Wann",
    action: "Was",
    subject: "Wen es betrifft",
    actor: "Wer",
    details: "Einzelheiten",
    sequence: "Nummer",
    hash: "Hash",
    verify: "Prüfen",
    intact_one: "{{count}} Ereignis geprüft: Die Kette ist unversehrt",
    intact_other: "{{count}} Ereignisse geprüft: Die Kette ist unversehrt",
  },
  users: {
    text: "Wer sich hier anmelden darf, und was sie oder er darf.",
    role: "Rolle",
    last_sign_in: "Letzte Anmeldung",
    created: "Angelegt",
    locked: "Gesperrt bis",
    must_change: "Muss ein Passwort wählen",
    active: "Aktiv",
    password: "Erstes Passwort",
    password_text:
      "Mindestens 12 Zeichen; leer: eines wird erzeugt und einmal gezeigt. Bei der ersten Anmeldung muss ein neues gewählt werden.",
    generated: "Passwort von {{name}}",
    generated_text:
      "Es ist nur jetzt zu sehen. Geben Sie es sicher weiter: Bei der ersten Anmeldung muss ein neues gewählt werden.",
    locked_now: "Gesperrt",
    disabled: "Abgeschaltet",
    disable: "Abschalten",
    enable: "Einschalten",
    disable_text:
      "{{name}} wird sofort abgemeldet und kann sich nicht anmelden, bis das Konto wieder eingeschaltet ist.",
    enable_text: "{{name}} kann sich wieder anmelden, mit Passwort und Rolle wie zuvor.",
    unlock_text: "Die fehlgeschlagenen Anmeldungen sind vergessen: {{name}} kann es sofort wieder versuchen.",
    add: "Benutzer hinzufügen",
    added: "{{name}} kann sich anmelden",
    change_role: "Rolle",
    reset_password: "Neues Passwort",
    unlock: "Entsperren",
    remove: "Entfernen",
    remove_text: "{{name}} wird sofort abgemeldet und kann sich nicht mehr anmelden.",
    own_password: "Ihr eigenes Passwort",
    own_password_text: "Noch einmal, damit es niemand an Ihrem entsperrten Bildschirm tun kann.",
    own: "Das können Sie nicht bei sich selbst ändern",
  },
};
