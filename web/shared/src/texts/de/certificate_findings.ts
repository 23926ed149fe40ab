import type { certificateFindings as english } from "../en/certificate_findings.ts";
import type { TextsOf } from "../texts_of.ts";

export const certificateFindings: TextsOf<typeof english> = {
  certificate_finding: {
    revoked_in_use: {
      what: "Widerrufen und noch benutzt",
      expected: "Kein Knoten benutzt ein widerrufenes Zertifikat",
      found: "{{node}} benutzt es auf dem Platz {{slot}}, soweit der Hub weiß",
      fix: "Es lässt sich nicht erneuern. Erzeugen Sie auf der Seite des Knotens ein neues Challenge-Passwort und fordern Sie damit neu an; sperren Sie den Knoten, wenn das Gerät verloren ist.",
    },
    suspended_in_use: {
      what: "Ausgesetzt und noch benutzt",
      expected: "Ein ausgesetztes Zertifikat wird freigegeben oder endgültig widerrufen",
      found: "{{node}} benutzt es auf dem Platz {{slot}}, soweit der Hub weiß",
      fix: "Geben Sie es frei, wenn mit dem Gerät wieder alles in Ordnung ist. Sonst widerrufen Sie es mit einem anderen Grund und fordern mit einem neuen Challenge-Passwort neu an.",
    },
    expired_in_use: {
      what: "Abgelaufen und noch benutzt",
      expected: "Erneuert vor {{time}}",
      found: "{{node}} benutzt es auf dem Platz {{slot}}, soweit der Hub weiß",
      fix: "Sehen Sie sich den letzten Fehler des Platzes an und erneuern Sie auf der Seite des Knotens. Wenn der Endpunkt das nicht mehr zulässt, fordern Sie mit einem Challenge-Passwort neu an.",
    },
    issuer_ends_first: {
      what: "Die CA endet vor ihm",
      expected: "{{issuer}} gilt mindestens bis {{time}}",
      found: "{{issuer}} endet am {{end}}: Von da an nimmt niemand dieses Zertifikat mehr an",
      fix: "Kündigen Sie unter Zertifizierungsstelle, Generationen die nächste Generation an und aktivieren Sie sie; erneuern Sie dann dieses Zertifikat.",
    },
    weak_signature: {
      what: "Mit einem schwachen Verfahren signiert",
      expected: "SHA-256 oder besser",
      found: "{{algorithm}}",
      fix: "Erneuern Sie es: Diese Stelle signiert mit SHA-256 oder besser.",
    },
    weak_key: {
      what: "Schwacher Schlüssel",
      expected: "RSA mit 2048 Bit, eine elliptische Kurve mit 256 Bit, oder mehr",
      found: "{{key}}",
      fix: "Lassen Sie das Gerät einen neuen Schlüssel erzeugen, und lassen Sie am Endpunkt {{endpoint}} nur solche zu.",
    },
    renewal_failed: {
      what: "Die Erneuerung ist fehlgeschlagen",
      expected: "Der Knoten erneuert es von selbst",
      found: "{{error}}",
      fix: "Beseitigen Sie, was der Fehler nennt. Der Knoten versucht es von selbst wieder; auf seiner Seite geht es sofort.",
    },
    superseded_in_use: {
      what: "Ersetzt und noch benutzt",
      expected: "Der Knoten benutzt das Zertifikat, das dieses ersetzt hat",
      found: "{{node}} benutzt auf dem Platz {{slot}} noch dieses, soweit der Hub weiß",
      fix: "Der Verlauf des Knotens sagt, warum das neue nicht in Betrieb ging. Erneuern Sie den Platz danach noch einmal.",
    },
    expiring: {
      what: "Läuft bald ab",
      expected: "Ein neues Zertifikat vor dem letzten Fünftel seiner Laufzeit",
      found: "Es endet am {{time}}, und nichts hat es ersetzt",
      fix: "Erneuern Sie es auf der Seite des Knotens, der es benutzt; wo der Hub keinen kennt, auf dem Gerät selbst.",
    },
    not_yet_valid: {
      what: "Noch nicht gültig",
      expected: "Gültig vom Moment der Ausstellung an",
      found: "Es beginnt am {{time}}",
      fix: "Stellen Sie die Uhren dieses Rechners und des Hubs, und halten Sie sie mit NTP richtig.",
    },
    expired: {
      what: "Ohne Nachfolger abgelaufen",
      expected: "Rechtzeitig erneuert oder nicht mehr nötig",
      found: "Es endete am {{time}}, und nichts hat es ersetzt",
      fix: "Wenn es das Gerät noch gibt, fordern Sie dafür neu an. Sonst ist nichts zu tun.",
    },
    renewal_planned: {
      what: "Läuft bald ab, und die Erneuerung ist geplant",
      expected: "Ein neues Zertifikat vor dem letzten Fünftel seiner Laufzeit",
      found: "Es endet am {{time}}; der Knoten erneuert es am {{renewal}}",
      fix: "Nichts, wenn das Gerät dann da ist. Auf seiner Seite geht es auch sofort.",
    },
    no_names: {
      what: "Ein Server-Zertifikat ohne alternative Namen",
      expected: "Ein alternativer Name für jeden Namen, den Clients benutzen: Den allgemeinen Namen beachten sie nicht",
      found: "Nur der Antragsteller {{subject}}",
      fix: "Wenn es TLS bedient, geben Sie auf dem Gerät Namen an, erlauben Sie sie am Endpunkt {{endpoint}}, und erneuern Sie. Dem Zertifikat eines Clients fehlt nichts.",
    },
  },
};
