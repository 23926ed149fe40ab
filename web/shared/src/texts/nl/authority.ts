import type { authority as english } from "../en/authority.ts";
import type { TextsOf } from "../texts_of.ts";

export const authority: TextsOf<typeof english> = {
  authority: {
    generations: "Generaties",
    endpoints: "Eindpunten",
    challenges: "Challenge-wachtwoorden",
    crls: "CRL's",
    root: "Root",
    generation: "Generatie {{number}}",
    ra: "SCEP-registratieautoriteit (RA)",
    chain: "CA-certificaten",
    announce: "Volgende generatie aankondigen",
    announced_already: "{{next}} is al aangekondigd",
    announce_text:
      "Onder de root komt een nieuwe uitgevende CA met een nieuwe sleutel. Apparaten kunnen haar vanaf dan ophalen (GetNextCACert), maar {{current}} blijft ondertekenen tot u de nieuwe activeert. Geef haar intussen aan alles wat haar moet vertrouwen.",
    announced: "De volgende generatie is aangekondigd",
    next_name: "Haar naam",
    next_name_text: "Een nieuwe: sommige systemen bewaren maar één CA-certificaat per naam. Leeg: het volgende nummer.",
    activate: "Aangekondigde generatie activeren",
    nothing_announced: "Er is geen generatie aangekondigd",
    activate_text:
      "{{next}} ondertekent vanaf nu alle nieuwe certificaten. {{current}} wordt oud: haar certificaten blijven geldig, en haar CRL gaat door. Apparaten die {{next}} nog niet kennen, weigeren de nieuwe certificaten van anderen.",
    activated: "De nieuwe generatie ondertekent",
  },
  generation_state: { next: "Aangekondigd", current: "Ondertekent", old: "Oud" },
  endpoints: {
    none: "Geen eindpunten",
    none_text:
      "Een eindpunt is één SCEP-URL met een eigen beleid. Apparaten hebben er een nodig om een certificaat aan te vragen.",
    serves: "Antwoordt",
    silent: "Antwoordt niet",
    warnings_one: "{{count}} waarschuwing",
    warnings_other: "{{count}} waarschuwingen",
    authorisers: "Wie wordt toegelaten",
    validity: "Geldigheidsperiode",
    preset: "Gewoonten van de apparaten",
    settings: "Instellingen",
    add: "Eindpunt toevoegen",
    add_text:
      "Het antwoordt meteen, onder een eigen URL. Al het andere heeft een veilige standaardwaarde en kan later worden gewijzigd.",
    added: "{{name}} antwoordt",
    remove: "Eindpunt verwijderen",
    remove_text:
      "{{name}} antwoordt niet meer. De certificaten blijven geldig en kunnen daar niet meer worden vernieuwd.",
    removed: "{{name}} is verwijderd",
    save_one: "{{count}} wijziging opslaan",
    save_other: "{{count}} wijzigingen opslaan",
    save_text:
      "Deze instellingen gelden vanaf nu voor elke aanvraag aan {{name}}. Uitgegeven certificaten blijven zoals ze zijn.",
    saved: "{{name}} is gewijzigd",
    unchanged: "Er is niets gewijzigd",
    undo: "Ongedaan maken",
  },
  challenges: {
    id: "Id",
    expires: "Geldig tot",
    used_by: "Gebruikt",
    note: "Notitie",
    any: "elk",
    none: "Geen challenge-wachtwoorden",
    none_text:
      "Een challenge-wachtwoord is een eenmalig wachtwoord waarmee één apparaat een certificaat kan aanvragen.",
    add: "Challenge-wachtwoord maken",
    add_text: "Het kan één keer worden gebruikt en wordt alleen direct na het maken getoond.",
    subject_text: "Leeg: elk onderwerp dat het beleid van het eindpunt toestaat",
    remove: "Terugnemen",
    remove_text: "Niemand kan met dit challenge-wachtwoord nog een certificaat aanvragen.",
  },
  challenge_state: { open: "Open", used: "Gebruikt", expired: "Verlopen" },
  crls: {
    number: "Nummer",
    this_update: "Uitgegeven",
    next_update: "Volgende uiterlijk",
    size: "Grootte",
    publish: "Nu nieuwe CRL's maken",
    publish_text:
      "Nieuwe lijsten worden ondertekend en meteen aangeboden. De hub doet dit zelf bij elke intrekking en voordat een lijst verloopt.",
    published: "De nieuwe CRL's zijn er",
  },
};
