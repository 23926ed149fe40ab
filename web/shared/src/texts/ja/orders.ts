import type { orders as english } from "../en/orders.ts";
import type { TextsOf } from "../texts_of.ts";

export const orders: TextsOf<typeof english> = {
  verb: {
    read_inventory: "インベントリを読み取る",
    renew_slot: "更新",
    generate_csr: "CSR を生成",
    install_certificate: "証明書をインストール",
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
    reload:
      "{{name}} はスロット {{slot}} のサービスを再読み込みします。接続は通常維持されます。ノードに再読み込み用のプログラムが設定されていない場合、指示は失敗します。",
    restart: "{{name}} はスロット {{slot}} のサービスを再起動します。接続は切れ、しばらく利用できません。",
    add_trust_one: "{{names}} は以後 {{ca}} を信頼します。すでに信頼しているものはそのままです。",
    add_trust_other:
      "{{count}} 台のノードが以後 {{ca}} を信頼します: {{names}}。すでに信頼しているものはそのままです。",
    remove_trust_one:
      "{{names}} は信頼ストア {{store}} の {{ca}} を信頼しなくなります。この CA の証明書を持つ相手は拒否されます。",
    remove_trust_other:
      "{{count}} 台のノードが信頼ストア {{store}} の {{ca}} を信頼しなくなります: {{names}}。この CA の証明書を持つ相手は拒否されます。",
  },
  order_state: {
    queued: "待機中",
    delivered: "処理中",
    done: "成功",
    failed: "エラー",
    expired: "期限超過",
    cancelled: "取り消し",
  },
  orders: {
    text: "ノードへの指示とその結果です。",
    node: "ノード",
    verb: "指示",
    result: "結果",
    created: "指示日時",
    created_by: "指示者",
    deadline: "開始期限",
    finished: "終了",
    finished_after: "この日時以降に終了",
    gone: "削除されたノード",
    retry: "再試行",
    retry_text: "{{name}} にもう一度指示します: {{verb}}。以前の指示は一覧に残ります。",
    retried: "再度指示しました: {{verb}}",
    retry_all: "すべて再試行",
    retry_all_text_one: "{{count}} 件を再度指示します: {{names}}。以前の指示は一覧に残ります。",
    retry_all_text_other: "{{count}} 件を再度指示します: {{names}}。以前の指示は一覧に残ります。",
    retry_all_none: "再度指示できるものはありません。",
    cancel_all: "指示を取り消す",
    retry_over_one: "失敗していないため、{{count}} 件は対象外です。",
    retry_over_other: "失敗していないため、{{count}} 件は対象外です。",
    retry_all_gone_one: "ノードが削除されたため、{{count}} 件は対象外です。",
    retry_all_gone_other: "ノードが削除されたため、{{count}} 件は対象外です。",
    retry_all_repeated_one: "後で同じ指示または逆の指示が出されたため、{{count}} 件は対象外です。",
    retry_all_repeated_other: "後で同じ指示または逆の指示が出されたため、{{count}} 件は対象外です。",
    none: "指示はまだありません",
    none_text:
      "ノードのページまたはコマンドラインで、更新、証明書のインストール、CA の信頼などをノードに指示すると、ここに表示されます。",
  },
  round: {
    where: "対象のノード",
    this: "{{name}} のみ",
    chosen: "選択したクラスタとノード",
    all: "すべてのノード",
    nobody: "許可済みのノードが選択されていません。",
    more_one: "他 {{count}} 件",
    more_other: "他 {{count}} 件",
    offline_one: "うち {{count}} 台は現在接続していません。指示は接続まで最長 1 日待機します。",
    offline_other: "うち {{count}} 台は現在接続していません。指示は接続まで最長 1 日待機します。",
    skipped_one: "許可されていない {{count}} 台は対象外です: {{names}}",
    skipped_other: "許可されていない {{count}} 台は対象外です: {{names}}",
    type_count: "続けるには {{number}} と入力してください",
    progress: "成功 {{done}}、エラー {{failed}}、処理中 {{open}}",
    may_close: "閉じても指示は続きます。結果は「指示」のページで確認できます。",
    retry_one: "失敗した {{count}} 件を再試行",
    retry_other: "失敗した {{count}} 件を再試行",
  },
  trust: {
    certificate: "CA 証明書",
    upload: "証明書をアップロードまたは貼り付け",
    store_text: "ノードの保存先です。サービスは信頼するストアを名前で指定します。通常は default",
    unknown: "不明な証明書",
    this_ca: "この CA",
  },
  pem: {
    none: "このテキストに証明書がありません",
    file: "ファイルを選択",
    found_one: "証明書 {{count}} 件: {{names}}",
    found_other: "証明書 {{count}} 件: {{names}}",
  },
};
