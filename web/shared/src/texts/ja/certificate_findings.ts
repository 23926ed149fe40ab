import type { certificateFindings as english } from "../en/certificate_findings.ts";
import type { TextsOf } from "../texts_of.ts";

export const certificateFindings: TextsOf<typeof english> = {
  certificate_finding: {
    revoked_in_use: {
      what: "失効しているのに使用中",
      expected: "失効した証明書を使うノードがないこと",
      found: "ハブの知る限り、{{node}} がスロット {{slot}} で使用しています",
      fix: "更新はできません。ノードのページで新しいチャレンジパスワードを作成し、スロットを登録し直してください。デバイスを紛失した場合はノードをブロックしてください。",
    },
    expired_in_use: {
      what: "期限切れなのに使用中",
      expected: "{{time}} より前に更新されること",
      found: "ハブの知る限り、{{node}} がスロット {{slot}} で使用しています",
      fix: "スロットの最後のエラーを確認し、ノードのページで更新してください。エンドポイントが更新を許可しない場合は、チャレンジパスワードで登録し直してください。",
    },
    issuer_ends_first: {
      what: "CA の有効期限のほうが先に切れます",
      expected: "{{issuer}} が少なくとも {{time}} まで有効であること",
      found: "{{issuer}} は {{end}} に終了し、以後この証明書は受け入れられません",
      fix: "「認証局」の「世代」で次の世代を予告して有効化し、その後この証明書を更新してください。",
    },
    weak_signature: {
      what: "弱いアルゴリズムで署名されています",
      expected: "SHA-256 以上",
      found: "{{algorithm}}",
      fix: "更新してください。この認証局は SHA-256 以上で署名します。",
    },
    weak_key: {
      what: "弱い鍵",
      expected: "RSA 2048 ビット、または楕円曲線 256 ビット以上",
      found: "{{key}}",
      fix: "デバイスで新しい鍵を生成し、エンドポイント {{endpoint}} でそのような鍵だけを許可してください。",
    },
    renewal_failed: {
      what: "更新に失敗しました",
      expected: "ノードが自動的に更新すること",
      found: "{{error}}",
      fix: "エラーの原因を取り除いてください。ノードは自動的に再試行します。ノードのページからすぐに再試行することもできます。",
    },
    superseded_in_use: {
      what: "置き換え済みなのに使用中",
      expected: "ノードが置き換え後の証明書を使用していること",
      found: "ハブの知る限り、{{node}} はスロット {{slot}} でまだこの証明書を使用しています",
      fix: "新しい証明書が使用されなかった理由はノードの履歴にあります。その後スロットをもう一度更新してください。",
    },
    expiring: {
      what: "まもなく期限切れ",
      expected: "有効期間の最後の 5 分の 1 に入る前に更新されること",
      found: "{{time}} に終了しますが、まだ置き換えられていません",
      fix: "使用しているノードのページで更新してください。ハブがノードを知らない場合は、デバイス上で更新してください。",
    },
    not_yet_valid: {
      what: "まだ有効ではありません",
      expected: "発行時から有効であること",
      found: "{{time}} に開始します",
      fix: "このコンピューターとハブの時計を合わせ、NTP で正しく保ってください。",
    },
    expired: {
      what: "後継なしで期限切れ",
      expected: "期限内に更新されるか、不要になっていること",
      found: "{{time}} に終了し、置き換えられていません",
      fix: "デバイスがまだある場合は登録し直してください。なければ対応は不要です。",
    },
    renewal_planned: {
      what: "まもなく期限切れ、更新は予定済み",
      expected: "有効期間の最後の 5 分の 1 に入る前に更新されること",
      found: "{{time}} に終了します。ノードは {{renewal}} に更新します",
      fix: "その時点でデバイスが利用できれば対応は不要です。ノードのページからすぐに更新することもできます。",
    },
    no_names: {
      what: "別名のないサーバー証明書",
      expected: "クライアントが使う名前ごとに別名があること (共通名は無視されます)",
      found: "サブジェクト名 {{subject}} のみ",
      fix: "TLS サーバーで使う場合は、デバイスで別名を指定し、エンドポイント {{endpoint}} で許可してから更新してください。クライアント証明書であれば問題ありません。",
    },
  },
};
