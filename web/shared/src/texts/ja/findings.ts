import type { findings as english } from "../en/findings.ts";
import type { TextsOf } from "../texts_of.ts";

const rollOver = "「認証局」の「世代」で次の世代を公開し、デバイスが取得するのを待ってから有効化してください。";
const newRoot = "新しい認証局を計画してください。すべてのデバイスに、期限までに新しいルートを配布する必要があります。";
const setClock = "このマシンの時計を合わせ、「認証局」の「CRL」で新しい CRL を作成してください。";
const bringRootKey = "ルートの秘密鍵をこのマシンに戻してください。数分以内に新しい CRL が作成されます。";
const setBaseUrl =
  "設定の base_url に、すべてのデバイスが名前解決できる名前を指定してください。発行済みの証明書には以前の CRL アドレスが残ります。";
const decide = "「要求」のページで承認または却下してください。";
const mendSettings = "設定を修正してください。秘密情報のファイルは、サービスから読み取れる必要があります。";

export const findings: TextsOf<typeof english> = {
  finding: {
    not_ready: {
      what: "サーバーの準備ができていません: {{cause}}",
      fix: "ディスク、空き容量、権限、ログを確認してください。",
    },
    clock_early: {
      what: "時計は {{now}} ですが、発行 CA の有効期間の開始 ({{time}}) より前です",
      fix: "このマシンの時計を合わせ、NTP で正しく保ってください。",
    },
    root_expired: { what: "ルート証明書は期限切れです: {{time}}", fix: newRoot },
    root_expires: { what: "ルート証明書の有効期限が近づいています: {{time}}", fix: newRoot },
    issuing_expired: { what: "発行 CA の証明書は期限切れです: {{time}}", fix: rollOver },
    issuing_expires: { what: "発行 CA の証明書の有効期限が近づいています: {{time}}", fix: rollOver },
    ra_expired: { what: "RA の証明書は期限切れです: {{time}}", fix: rollOver },
    ra_expires: { what: "RA の証明書の有効期限が近づいています: {{time}}", fix: rollOver },
    root_key_here: {
      what: "ルートの秘密鍵がこのマシンにあります",
      fix: "秘密鍵は世代の切り替えにだけ必要です。それまではオフラインで保管し、別の場所に複製を置いてください。",
    },
    root_crl_future: { what: "ルートの CRL の日時が未来です ({{time}})。時計が戻されました", fix: setClock },
    crl_future: {
      what: "第 {{generation}} 世代の CRL の日時が未来です ({{time}})。時計が戻されました",
      fix: setClock,
    },
    root_crl_expired: { what: "ルートの CRL は期限切れです: {{time}}", fix: bringRootKey },
    root_crl_expires: { what: "ルートの CRL の期限が近づいています: {{time}}", fix: bringRootKey },
    crl_not_renewed: {
      what: "第 {{generation}} 世代の CRL の期限が近づいていますが、更新されていません: {{time}}",
      fix: "CRL を作成できなかった理由をログで確認してください。",
    },
    crl_behind: {
      what: "第 {{generation}} 世代の CRL に、その後の失効または解除が反映されていません: CRL を作成できませんでした",
      fix: "ディスクの空き容量を増やし、ログを確認してください。1 分ごとに再試行されます。",
    },
    ledger_gone: {
      what: "{{file}} がなくなっています: これ以降の決定は、サーバーが停止すると失われます",
      fix: "サーバーを停止し、ledger.db と authority フォルダーを同じバックアップから一緒に復元してください。docs/backup.md を参照してください。",
    },
    endpoints_unreadable: {
      what: "エンドポイントを読み取れません: {{cause}}",
      fix: "ディスクとログを確認してください。",
    },
    endpoint_none: {
      what: "エンドポイントがないため、どのデバイスも登録できません",
      fix: "「認証局」の「エンドポイント」で追加してください。",
    },
    endpoint_silent: { what: "エンドポイント {{endpoint}} が応答しません: {{cause}}", fix: mendSettings },
    endpoint_not_loaded: {
      what: "エンドポイント {{endpoint}} が応答しません。読み込めませんでした",
      fix: mendSettings,
    },
    endpoint_off: {
      what: "エンドポイント {{endpoint}} は無効です",
      fix: "デバイスを登録する場合は、enabled を true にしてください。",
    },
    endpoint_warning: {
      what: "エンドポイント {{endpoint}}: {{cause}}",
      fix: "クライアントが対応できる場合は、設定を変更してください。",
    },
    alias_nowhere: {
      what: "{{option}} に指定されたエンドポイント {{endpoint}} がありません。この URL ではデバイスに 404 が返されます",
      fix: "エンドポイントを追加するか、設定のオプションを修正してサーバーを再起動してください。",
    },
    endpoint_too_long: {
      what: "エンドポイント {{endpoint}} の有効期間は{{validity}}ですが、発行 CA の有効期限は {{time}} です。{{last_time}} 以降の要求は拒否されます",
      fix: "エンドポイントの有効期間を短くするか、次の世代を公開して有効化してください。",
    },
    base_url_local: {
      what: "base_url は {{url}} です。このマシンからしか CRL と SCEP を利用できません",
      fix: setBaseUrl,
    },
    base_url_bare: {
      what: "base_url は {{url}} です。ドメインのない名前は、他の場所のデバイスから名前解決できません",
      fix: setBaseUrl,
    },
    base_url_https: {
      what: "base_url が https で始まっています。デバイスが TLS 証明書を検証するには、TLS で取得する CRL が必要になります",
      fix: "base_url には http を使ってください。CRL と CA 証明書は署名されています。",
    },
    request_waits: { what: "1 件の要求が 1 日以上承認を待っています", fix: decide },
    requests_wait: { what: "{{count}} 件の要求が 1 日以上承認を待っています", fix: decide },
    intents_left: {
      what: "発行が決まってから 1 日以上署名されていない証明書: {{count}} 件",
      fix: "失われたものはありません。デバイスが再び要求すると署名されます。戻ってこないデバイスのものは失効させてください。",
    },
    disk_full: {
      what: "{{folder}} のディスクの空き容量は {{mebibytes}} MiB です",
      fix: "空き容量を増やしてください。ディスクがいっぱいになると何も発行できません。",
    },
  },
};
