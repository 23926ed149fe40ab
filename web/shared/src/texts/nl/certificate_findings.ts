import type { certificateFindings as english } from "../en/certificate_findings.ts";
import type { TextsOf } from "../texts_of.ts";

export const certificateFindings: TextsOf<typeof english> = {
  certificate_finding: {
    revoked_in_use: {
      what: "Ingetrokken en nog in gebruik",
      expected: "Geen knooppunt gebruikt een ingetrokken certificaat",
      found: "{{node}} gebruikt het op plaats {{slot}}, voor zover de hub weet",
      fix: "Het kan niet worden vernieuwd. Maak op de pagina van het knooppunt een nieuw challenge-wachtwoord en vraag daarmee opnieuw aan; blokkeer het knooppunt als het apparaat kwijt is.",
    },
    suspended_in_use: {
      what: "Opgeschort en nog in gebruik",
      expected: "Een opgeschort certificaat wordt vrijgegeven of definitief ingetrokken",
      found: "{{node}} gebruikt het op plaats {{slot}}, voor zover de hub weet",
      fix: "Geef het vrij zodra het apparaat weer in orde is. Trek het anders in met een andere reden en vraag met een nieuw challenge-wachtwoord opnieuw aan.",
    },
    expired_in_use: {
      what: "Verlopen en nog in gebruik",
      expected: "Vernieuwd vóór {{time}}",
      found: "{{node}} gebruikt het op plaats {{slot}}, voor zover de hub weet",
      fix: "Bekijk de laatste fout van de plaats en vernieuw op de pagina van het knooppunt. Staat het eindpunt dat niet meer toe, vraag dan opnieuw aan met een challenge-wachtwoord.",
    },
    issuer_ends_first: {
      what: "De CA eindigt eerder",
      expected: "{{issuer}} is ten minste tot {{time}} geldig",
      found: "{{issuer}} eindigt op {{end}}: vanaf dan accepteert niemand dit certificaat",
      fix: "Kondig onder Certificeringsinstantie, Generaties de volgende generatie aan en activeer die; vernieuw daarna dit certificaat.",
    },
    weak_signature: {
      what: "Ondertekend met een zwak algoritme",
      expected: "SHA-256 of beter",
      found: "{{algorithm}}",
      fix: "Vernieuw het: deze certificeringsinstantie ondertekent met SHA-256 of beter.",
    },
    weak_key: {
      what: "Zwakke sleutel",
      expected: "RSA met 2048 bits, een elliptische kromme met 256 bits, of meer",
      found: "{{key}}",
      fix: "Laat het apparaat een nieuwe sleutel maken, en sta op eindpunt {{endpoint}} alleen zulke sleutels toe.",
    },
    renewal_failed: {
      what: "De vernieuwing is mislukt",
      expected: "Het knooppunt vernieuwt het vanzelf",
      found: "{{error}}",
      fix: "Verhelp wat de fout noemt. Het knooppunt probeert het vanzelf opnieuw; op zijn pagina kan het direct.",
    },
    superseded_in_use: {
      what: "Vervangen en nog in gebruik",
      expected: "Het knooppunt gebruikt het certificaat dat dit heeft vervangen",
      found: "{{node}} gebruikt op plaats {{slot}} nog dit, voor zover de hub weet",
      fix: "De geschiedenis van het knooppunt zegt waarom het nieuwe niet in gebruik is genomen. Vernieuw de plaats daarna opnieuw.",
    },
    expiring: {
      what: "Verloopt binnenkort",
      expected: "Een nieuw certificaat vóór het laatste vijfde deel van de looptijd",
      found: "Het eindigt op {{time}}, en niets heeft het vervangen",
      fix: "Vernieuw het op de pagina van het knooppunt dat het gebruikt; waar de hub geen knooppunt kent, op het apparaat zelf.",
    },
    not_yet_valid: {
      what: "Nog niet geldig",
      expected: "Geldig vanaf het moment van uitgifte",
      found: "Het begint op {{time}}",
      fix: "Zet de klokken van deze computer en van de hub gelijk, en houd ze goed met NTP.",
    },
    expired: {
      what: "Verlopen zonder opvolger",
      expected: "Op tijd vernieuwd, of niet meer nodig",
      found: "Het eindigde op {{time}}, en niets heeft het vervangen",
      fix: "Als het apparaat er nog is, vraag dan opnieuw aan. Anders hoeft er niets te gebeuren.",
    },
    renewal_planned: {
      what: "Verloopt binnenkort, en de vernieuwing is gepland",
      expected: "Een nieuw certificaat vóór het laatste vijfde deel van de looptijd",
      found: "Het eindigt op {{time}}; het knooppunt vernieuwt het op {{renewal}}",
      fix: "Niets, als het apparaat er dan is. Op zijn pagina kan het ook direct.",
    },
    no_names: {
      what: "Een servercertificaat zonder alternatieve namen",
      expected: "Een alternatieve naam voor elke naam die clients gebruiken: de algemene naam negeren ze",
      found: "Alleen het onderwerp {{subject}}",
      fix: "Als het TLS bedient, geef dan op het apparaat namen op, sta ze toe op eindpunt {{endpoint}} en vernieuw. Aan het certificaat van een client ontbreekt niets.",
    },
  },
};
