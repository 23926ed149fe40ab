import type { administration as english } from "../en/administration.ts";
import type { TextsOf } from "../texts_of.ts";

export const administration: TextsOf<typeof english> = {
  audit: {
    text: "Wie wat heeft gedaan. Elke gebeurtenis bevat de hash van de vorige.",
    at: "Wanneer",
    action: "Wat",
    subject: "Wie het betreft",
    actor: "Wie",
    details: "Details",
    sequence: "Nummer",
    hash: "Hash",
    verify: "Controleren",
    intact_one: "{{count}} gebeurtenis gecontroleerd: de keten is intact",
    intact_other: "{{count}} gebeurtenissen gecontroleerd: de keten is intact",
  },
  users: {
    text: "Wie zich hier mag aanmelden, en wat die mag.",
    role: "Rol",
    last_sign_in: "Laatste aanmelding",
    created: "Gemaakt",
    locked: "Geblokkeerd tot",
    must_change: "Moet een wachtwoord kiezen",
    active: "Actief",
    password: "Eerste wachtwoord",
    password_text:
      "Minstens 12 tekens; leeg: er wordt een gemaakt en eenmaal getoond. Bij de eerste aanmelding moet een nieuw worden gekozen.",
    generated: "Wachtwoord van {{name}}",
    generated_text:
      "Het wordt alleen nu getoond. Geef het veilig door: bij de eerste aanmelding moet een nieuw worden gekozen.",
    locked_now: "Geblokkeerd",
    disabled: "Uitgeschakeld",
    disable: "Uitschakelen",
    enable: "Inschakelen",
    disable_text: "{{name}} wordt meteen afgemeld en kan zich niet aanmelden tot het account weer is ingeschakeld.",
    add: "Gebruiker toevoegen",
    added: "{{name}} kan zich aanmelden",
    change_role: "Rol",
    reset_password: "Nieuw wachtwoord",
    unlock: "Deblokkeren",
    remove: "Verwijderen",
    remove_text: "{{name}} wordt meteen afgemeld en kan zich niet meer aanmelden.",
    own_password: "Uw eigen wachtwoord",
    own_password_text: "Nog eenmaal, zodat niemand dit op uw ontgrendelde scherm kan doen.",
    own: "Dit kunt u niet bij uzelf wijzigen",
  },
};
