import type { findings as english } from "../en/findings.ts";
import type { TextsOf } from "../texts_of.ts";

const rollOver =
  "Kondig onder Certificeringsinstantie, Generaties de volgende generatie aan, geef apparaten tijd om haar op te halen en activeer haar dan.";
const newRoot = "Plan een nieuwe certificeringsinstantie: elk apparaat moet de nieuwe root op tijd krijgen.";
const setClock = "Zet de klok van de machine goed en maak dan onder Certificeringsinstantie, CRL's nieuwe CRL's.";
const bringRootKey =
  "Breng de privésleutel van de root terug naar deze machine: binnen enkele minuten wordt een nieuwe CRL gemaakt.";
const setBaseUrl =
  "Zet base_url in de configuratie op een naam die alle apparaten kunnen omzetten. Eerder uitgegeven certificaten houden het oude CRL-adres.";
const decide = "Keur ze goed of wijs ze af op de pagina Aanvragen.";
const mendSettings = "Corrigeer de instellingen; bestanden met geheimen moeten voor de dienst leesbaar zijn.";

export const findings: TextsOf<typeof english> = {
  finding: {
    not_ready: {
      what: "De server is niet gereed: {{cause}}",
      fix: "Kijk naar de schijf, de vrije ruimte, de rechten en in het logboek.",
    },
    clock_early: {
      what: "De klok zegt {{now}}, en dat is voordat de uitgevende CA geldig wordt ({{time}})",
      fix: "Zet de klok van de machine goed en houd haar met NTP gelijk.",
    },
    root_expired: { what: "Het rootcertificaat is verlopen: {{time}}", fix: newRoot },
    root_expires: { what: "Het rootcertificaat verloopt binnenkort: {{time}}", fix: newRoot },
    issuing_expired: { what: "Het certificaat van de uitgevende CA is verlopen: {{time}}", fix: rollOver },
    issuing_expires: { what: "Het certificaat van de uitgevende CA verloopt binnenkort: {{time}}", fix: rollOver },
    ra_expired: { what: "Het certificaat van de RA is verlopen: {{time}}", fix: rollOver },
    ra_expires: { what: "Het certificaat van de RA verloopt binnenkort: {{time}}", fix: rollOver },
    root_key_here: {
      what: "De privésleutel van de root ligt op deze machine",
      fix: "Hij is alleen voor een generatiewissel nodig: bewaar hem tot dan offline, met een kopie op een andere plaats.",
    },
    root_crl_future: {
      what: "De CRL van de root komt uit de toekomst ({{time}}): de klok is teruggezet",
      fix: setClock,
    },
    crl_future: {
      what: "De CRL van generatie {{generation}} komt uit de toekomst ({{time}}): de klok is teruggezet",
      fix: setClock,
    },
    root_crl_expired: { what: "De CRL van de root is verlopen: {{time}}", fix: bringRootKey },
    root_crl_expires: { what: "De CRL van de root verloopt binnenkort: {{time}}", fix: bringRootKey },
    crl_not_renewed: {
      what: "De CRL van generatie {{generation}} verloopt binnenkort en is niet vernieuwd: {{time}}",
      fix: "Kijk in het logboek waarom er geen CRL's konden worden gemaakt.",
    },
    crl_behind: {
      what: "In de CRL van generatie {{generation}} ontbreekt wat sindsdien is ingetrokken of vrijgegeven: ze kon niet worden gemaakt",
      fix: "Maak ruimte op de schijf en kijk in het logboek: elke minuut wordt het opnieuw geprobeerd.",
    },
    ledger_gone: {
      what: "{{file}} is er niet meer: wat vanaf nu wordt besloten, gaat verloren als de server stopt",
      fix: "Stop de server en zet ledger.db en de map authority samen terug uit een back-up: zie docs/backup.md.",
    },
    endpoints_unreadable: {
      what: "De eindpunten kunnen niet worden gelezen: {{cause}}",
      fix: "Kijk naar de schijf en in het logboek.",
    },
    endpoint_none: {
      what: "Er is geen eindpunt: geen apparaat kan een certificaat aanvragen",
      fix: "Voeg er een toe onder Certificeringsinstantie, Eindpunten.",
    },
    endpoint_silent: { what: "Eindpunt {{endpoint}} antwoordt niet: {{cause}}", fix: mendSettings },
    endpoint_not_loaded: {
      what: "Eindpunt {{endpoint}} antwoordt niet: het kon niet worden geladen",
      fix: mendSettings,
    },
    endpoint_off: {
      what: "Eindpunt {{endpoint}} is uitgeschakeld",
      fix: "Zet enabled op true als apparaten daar certificaten moeten aanvragen.",
    },
    endpoint_warning: {
      what: "Eindpunt {{endpoint}}: {{cause}}",
      fix: "Wijzig de instellingen als de clients beter kunnen.",
    },
    alias_nowhere: {
      what: "{{option}} noemt het eindpunt {{endpoint}}, dat niet bestaat: apparaten krijgen op dat adres 404",
      fix: "Voeg dat eindpunt toe, of verbeter de optie in de configuratie en start de server opnieuw.",
    },
    endpoint_too_long: {
      what: "Eindpunt {{endpoint}} geeft uit voor {{validity}}, maar de uitgevende CA eindigt op {{time}}: vanaf {{last_time}} worden aanvragen geweigerd",
      fix: "Verkort de geldigheidsperiode van het eindpunt, of kondig de volgende generatie aan en activeer haar.",
    },
    base_url_local: { what: "base_url is {{url}}: alleen deze machine bereikt daar CRL's en SCEP", fix: setBaseUrl },
    base_url_bare: {
      what: "base_url is {{url}}: een naam zonder domein, die apparaten elders niet kunnen omzetten",
      fix: setBaseUrl,
    },
    base_url_https: {
      what: "base_url begint met https: om een TLS-certificaat te controleren, zouden apparaten de CRL nodig hebben die ze via TLS ophalen",
      fix: "Gebruik http voor base_url: CRL's en CA-certificaten zijn ondertekend.",
    },
    request_waits: { what: "Een aanvraag wacht al langer dan een dag", fix: decide },
    requests_wait: { what: "{{count}} aanvragen wachten al langer dan een dag", fix: decide },
    intents_left: {
      what: "Certificaten waartoe al langer dan een dag is besloten en die nooit zijn ondertekend: {{count}}",
      fix: "Er is niets verloren: elk wordt ondertekend zodra zijn apparaat opnieuw vraagt. Trek de certificaten in waarvan het apparaat niet terugkomt.",
    },
    disk_full: {
      what: "Op de schijf van {{folder}} is nog {{mebibytes}} MiB vrij",
      fix: "Maak ruimte: op een volle schijf wordt niets uitgegeven.",
    },
  },
};
