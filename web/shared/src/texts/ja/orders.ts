import type { orders as english } from "../en/orders.ts";
import type { TextsOf } from "../texts_of.ts";

export const orders: TextsOf<typeof english> = {
  verb: {
    read_inventory: "インベントリを読み取る",
    renew_slot: "更新",
    generate_csr: "CSR を生成",
    install_certificate: "証明書をアップロード",
    add_trust: "信頼できる CA を追加",
    remove_trust: "信頼できる CA を削除",
    reload: "サービスを再読み込み",
    restart: "サービスを再起動",
  },
  ask: {
    renew_slot:
      "{{name}} はスロット {{slot}} の新しい証明書をいま要求し、インストールしてサービスを再読み込みし、確認します。確認に失敗すると、以前の証明書と鍵に戻ります。",
    generate_csr:
      "{{name}} はスロット {{slot}} の新しい秘密鍵と証明書署名要求を作成します。使用中の証明書はそのままです。",
    install_certificate:
      "最後の CSR の鍵と一致する場合、{{name}} はこの証明書をスロット {{slot}} にインストールします。CA 証明書はその後に続けてください。サービスは再読み込みされます。",
    reload: "{{name}} はスロット {{slot}} のサービスを再読み込みします。接続は通常維持されます。",
    restart: "{{name}} はスロット {{slot}} のサービスを再起動します。接続は切れ、しばらく利用できません。",
    add_trust: "{{name}} は以後、これらの CA 証明書を信頼します。すでに信頼しているものは残ります。",
    remove_trust: "{{name}} はこの CA を信頼しなくなります。この CA の証明書を持つ相手は拒否されます。",
  },
  order_state: {
    queued: "待機中",
    delivered: "処理中",
    done: "成功",
    failed: "エラー",
    expired: "期限超過",
    cancelled: "取り消し",
  },
};
