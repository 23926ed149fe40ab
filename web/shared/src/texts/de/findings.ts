import type { findings as english } from "../en/findings.ts";
import type { TextsOf } from "../texts_of.ts";

const rollOver =
  "Kündigen Sie unter „Zertifizierungsstelle“, „Generationen“ die nächste Generation an, geben Sie den Geräten Zeit, sie zu holen, und aktivieren Sie sie dann.";
const newRoot = "Planen Sie eine neue Zertifizierungsstelle: Jedes Gerät muss die neue Root-CA rechtzeitig bekommen.";
const setClock =
  "Stellen Sie die Uhr der Maschine, und erzeugen Sie dann unter „Zertifizierungsstelle“, „Sperrlisten“ neue Listen.";
const bringRootKey =
  "Bringen Sie den privaten Schlüssel der Root-CA auf diese Maschine zurück: In wenigen Minuten entsteht eine neue Sperrliste.";
const setBaseUrl =
  "Setzen Sie base_url in der Konfiguration auf einen Namen, den alle Geräte auflösen können. Schon ausgestellte Zertifikate behalten die alte Sperrlisten-Adresse.";
const decide = "Genehmigen Sie sie auf der Seite Anforderungen, oder lehnen Sie sie ab.";
const mendSettings = "Berichtigen Sie seine Einstellungen; Dateien mit Geheimnissen muss der Dienst lesen dürfen.";

export const findings: TextsOf<typeof english> = {
  finding: {
    not_ready: {
      what: "Der Server ist nicht bereit: {{cause}}",
      fix: "Sehen Sie nach der Festplatte, dem freien Platz, den Rechten und ins Log.",
    },
    clock_early: {
      what: "Die Uhr zeigt {{now}}, und das ist vor dem Beginn der Gültigkeit der ausstellenden CA ({{time}})",
      fix: "Stellen Sie die Uhr der Maschine, und halten Sie sie mit NTP richtig.",
    },
    root_expired: { what: "Das Root-Zertifikat ist abgelaufen: {{time}}", fix: newRoot },
    root_expires: { what: "Das Root-Zertifikat läuft bald ab: {{time}}", fix: newRoot },
    issuing_expired: { what: "Das Zertifikat der ausstellenden CA ist abgelaufen: {{time}}", fix: rollOver },
    issuing_expires: { what: "Das Zertifikat der ausstellenden CA läuft bald ab: {{time}}", fix: rollOver },
    ra_expired: { what: "Das Zertifikat der RA ist abgelaufen: {{time}}", fix: rollOver },
    ra_expires: { what: "Das Zertifikat der RA läuft bald ab: {{time}}", fix: rollOver },
    root_key_here: {
      what: "Der private Schlüssel der Root-CA liegt auf dieser Maschine",
      fix: "Er wird nur für einen Generationswechsel gebraucht: Bewahren Sie ihn bis dahin offline auf, mit einer Kopie an einem anderen Ort.",
    },
    root_crl_future: {
      what: "Die Sperrliste der Root-CA kommt aus der Zukunft ({{time}}): Die Uhr wurde zurückgestellt",
      fix: setClock,
    },
    crl_future: {
      what: "Die Sperrliste der Generation {{generation}} kommt aus der Zukunft ({{time}}): Die Uhr wurde zurückgestellt",
      fix: setClock,
    },
    root_crl_expired: { what: "Die Sperrliste der Root-CA ist abgelaufen: {{time}}", fix: bringRootKey },
    root_crl_expires: { what: "Die Sperrliste der Root-CA läuft bald ab: {{time}}", fix: bringRootKey },
    crl_not_renewed: {
      what: "Die Sperrliste der Generation {{generation}} läuft bald ab und wurde nicht erneuert: {{time}}",
      fix: "Sehen Sie ins Log, warum keine Sperrlisten erzeugt werden konnten.",
    },
    crl_behind: {
      what: "In der Sperrliste der Generation {{generation}} fehlt, was seither widerrufen oder freigegeben wurde: Sie konnte nicht erzeugt werden",
      fix: "Schaffen Sie Platz auf der Festplatte und sehen Sie ins Log: Jede Minute wird es wieder versucht.",
    },
    ledger_gone: {
      what: "{{file}} ist nicht mehr da: Was von jetzt an entschieden wird, ist verloren, wenn der Server beendet wird",
      fix: "Halten Sie den Server an und stellen Sie ledger.db und den Ordner authority zusammen aus einer Sicherung wieder her: siehe docs/backup.md.",
    },
    endpoints_unreadable: {
      what: "Die Endpunkte können nicht gelesen werden: {{cause}}",
      fix: "Sehen Sie nach der Festplatte und ins Log.",
    },
    endpoint_none: {
      what: "Es gibt keinen Endpunkt: Kein Gerät kann ein Zertifikat anfordern",
      fix: "Fügen Sie unter „Zertifizierungsstelle“, „Endpunkte“ einen hinzu.",
    },
    endpoint_silent: { what: "Der Endpunkt {{endpoint}} antwortet nicht: {{cause}}", fix: mendSettings },
    endpoint_not_loaded: {
      what: "Der Endpunkt {{endpoint}} antwortet nicht: Er konnte nicht geladen werden",
      fix: mendSettings,
    },
    endpoint_off: {
      what: "Der Endpunkt {{endpoint}} ist abgeschaltet",
      fix: "Setzen Sie enabled auf true, wenn dort Geräte Zertifikate anfordern sollen.",
    },
    endpoint_warning: {
      what: "Endpunkt {{endpoint}}: {{cause}}",
      fix: "Ändern Sie seine Einstellungen, wenn seine Clients mehr können.",
    },
    alias_nowhere: {
      what: "{{option}} nennt den Endpunkt {{endpoint}}, den es nicht gibt: Geräte erhalten unter dieser Adresse 404",
      fix: "Legen Sie diesen Endpunkt an, oder berichtigen Sie die Option in der Konfiguration und starten Sie den Server neu.",
    },
    endpoint_too_long: {
      what: "Der Endpunkt {{endpoint}} stellt für {{validity}} aus, aber die ausstellende CA endet am {{time}}: Ab dem {{last_time}} werden Anforderungen abgelehnt",
      fix: "Verkürzen Sie die Gültigkeit des Endpunkts, oder kündigen Sie die nächste Generation an und aktivieren Sie sie.",
    },
    base_url_local: {
      what: "base_url ist {{url}}: Nur diese Maschine erreicht dort Sperrlisten und SCEP",
      fix: setBaseUrl,
    },
    base_url_bare: {
      what: "base_url ist {{url}}: ein Name ohne Domain, den Geräte anderswo nicht auflösen können",
      fix: setBaseUrl,
    },
    base_url_https: {
      what: "base_url beginnt mit https: Um ein TLS-Zertifikat zu prüfen, bräuchten Geräte die Sperrliste, die sie über TLS holen",
      fix: "Nehmen Sie http für base_url: Sperrlisten und CA-Zertifikate sind signiert.",
    },
    request_waits: { what: "Eine Anforderung wartet seit mehr als einem Tag", fix: decide },
    requests_wait: { what: "{{count}} Anforderungen warten seit mehr als einem Tag", fix: decide },
    intents_left: {
      what: "Seit mehr als einem Tag beschlossene, aber nie signierte Zertifikate: {{count}}",
      fix: "Nichts ist verloren: Jedes wird signiert, wenn sein Gerät wieder fragt. Widerrufen Sie die, deren Gerät nicht mehr kommt.",
    },
    disk_full: {
      what: "Auf der Festplatte von {{folder}} sind noch {{mebibytes}} MiB frei",
      fix: "Schaffen Sie Platz: Auf einer vollen Festplatte wird nichts ausgestellt.",
    },
  },
};
