import type { bulk as english } from "../en/bulk.ts";
import type { TextsOf } from "../texts_of.ts";

export const bulk: TextsOf<typeof english> = {
  bulk: {
    select: "{{name}} を選択",
    select_loaded: "表示中の行をすべて選択",
    selected_one: "{{count}} 件を選択中",
    selected_other: "{{count}} 件を選択中",
    whole_one: "該当する 1 件を選択中",
    whole_other: "該当する {{count}} 件すべてを選択中",
    select_all: "該当するものをすべて選択 ({{number}} 件以上)",
    selecting: "該当するものを選択しています: 現在 {{number}} 件",
    looking: "選択した項目を確認しています: 現在 {{number}} 件",
    stop: "停止",
    stopped_one: "停止しました: {{count}} 件は未実行です",
    stopped_other: "停止しました: {{count}} 件は未実行です",
    clear: "選択を解除",
    actions: "選択項目の操作",
    more: "その他",
    left_one: "{{count}} 行が一覧からなくなり、選択から外れました。",
    left_other: "{{count}} 行が一覧からなくなり、選択から外れました。",
    nothing: "選択した項目に対して実行できることはありません。",
    skipped_one: "{{count}} 件は対象外です ({{why}}): {{names}}",
    skipped_other: "{{count}} 件は対象外です ({{why}}): {{names}}",
    more_rows_one: "… 他 {{count}} 件",
    more_rows_other: "… 他 {{count}} 件",
    csv: "選択項目を CSV にエクスポート",
    pem: "PEM にエクスポート",
    move: "クラスタに移動",
    with_earlier: "これらのデバイスのまだ有効な以前の証明書も対象にする",
    no_cluster: "どのクラスタにも入れない",
    all_slots: "すべてのスロット",
    reading: "ノードを確認しています: {{done}} / {{all}}",
  },
  bulk_ask: {
    renew_slot_one:
      "{{count}} 件の証明書を更新します: {{names}}。ノードは新しい証明書を要求し、インストールしてサービスを再読み込みし、確認します。確認に失敗すると、以前の証明書と鍵に戻ります。",
    renew_slot_other:
      "{{count}} 件の証明書を更新します: {{names}}。各ノードは新しい証明書を要求し、インストールしてサービスを再読み込みし、確認します。確認に失敗したノードでは、以前の証明書と鍵に戻ります。",
    generate_csr_one:
      "{{count}} 個のスロットに新しい秘密鍵と証明書署名要求を作成します: {{names}}。使用中の証明書はそのままです。",
    generate_csr_other:
      "{{count}} 個のスロットに新しい秘密鍵と証明書署名要求を作成します: {{names}}。使用中の証明書はそのままです。",
    reload_one:
      "{{count}} 個のスロットのサービスを再読み込みします: {{names}}。接続は通常維持されます。再読み込み用のプログラムが設定されていない場合、指示は失敗します。",
    reload_other:
      "{{count}} 個のスロットのサービスを再読み込みします: {{names}}。接続は通常維持されます。再読み込み用のプログラムが設定されていない場合、指示は失敗します。",
    restart_one: "{{count}} 個のスロットのサービスを再起動します: {{names}}。接続は切れ、しばらく利用できません。",
    restart_other: "{{count}} 個のスロットのサービスを再起動します: {{names}}。接続は切れ、しばらく利用できません。",
    offline_one: "{{count}} 台のノードは現在接続していません。指示は接続まで最長 1 日待機します。",
    offline_other: "{{count}} 台のノードは現在接続していません。指示は接続まで最長 1 日待機します。",
    read_inventory_one: "{{names}} がインベントリを改めて報告します。ノード上では何も変わりません。",
    read_inventory_other:
      "{{count}} 台のノードがインベントリを改めて報告します: {{names}}。ノード上では何も変わりません。",
    admit_one: "{{names}} は指示を受けられるようになり、他のノードと同じように監視されます。証明書はそのままです。",
    admit_other:
      "{{count}} 台のノードが指示を受けられるようになり、他のノードと同じように監視されます: {{names}}。証明書はそのままです。",
    block_one: "{{names}} との接続はただちに終了し、指示も届かなくなります。証明書は期限切れまたは失効まで有効です。",
    block_other:
      "{{count}} 台のノードとの接続はただちに終了し、指示も届かなくなります: {{names}}。証明書は期限切れまたは失効まで有効です。",
    remove_one:
      "ハブは {{names}} とその履歴、指示を削除します。証明書は台帳に残ります。デバイスが再び接続すると、許可待ちのノードとして表示されます。",
    remove_other:
      "ハブは {{count}} 台のノードとその履歴、指示を削除します: {{names}}。証明書は台帳に残ります。デバイスが再び接続すると、許可待ちのノードとして表示されます。",
    move_one: "{{names}} をクラスタ {{cluster}} に移動します。デバイス上では何も変わりません。",
    move_other: "{{count}} 台のノードをクラスタ {{cluster}} に移動します: {{names}}。デバイス上では何も変わりません。",
    out_one: "{{names}} はどのクラスタにも属さなくなります。デバイス上では何も変わりません。",
    out_other: "{{count}} 台のノードがどのクラスタにも属さなくなります: {{names}}。デバイス上では何も変わりません。",
    revoke_one:
      "CRL を読む相手は {{count}} 件の証明書を以後拒否し、更新もできなくなります: {{names}}。元に戻すことはできません。",
    revoke_other:
      "CRL を読む相手は {{count}} 件の証明書を以後拒否し、更新もできなくなります: {{names}}。元に戻すことはできません。",
    revoke_used_one:
      "うち {{count}} 件はノードが使用中です。ハブとの接続はただちに終了し、改めて登録が必要になります。",
    revoke_used_other:
      "うち {{count}} 件はノードが使用中です。ハブとの接続はただちに終了し、改めて登録が必要になります。",
    suspend_one: "解除するまで、CRL を読む相手は {{count}} 件の証明書を拒否し、更新もできません: {{names}}。",
    suspend_other: "解除するまで、CRL を読む相手は {{count}} 件の証明書を拒否し、更新もできません: {{names}}。",
    suspend_used_one: "うち {{count}} 件はノードが使用中です。それまでハブに接続できません。",
    suspend_used_other: "うち {{count}} 件はノードが使用中です。それまでハブに接続できません。",
    pem_one: "{{count}} 件の証明書を 1 つのファイルに保存します: {{names}}",
    pem_other: "{{count}} 件の証明書を 1 つのファイルに保存します: {{names}}",
    approve_one:
      "エンドポイントのポリシーに従って {{count}} 件の証明書を発行します。デバイスは次のポーリングで受け取ります。",
    approve_other:
      "各エンドポイントのポリシーに従って {{count}} 件の証明書を発行します。デバイスは次のポーリングで受け取ります。",
    reject_one:
      "{{count}} 台のデバイスは次のポーリングで拒否されます。証明書を得るには新しい要求を送る必要があります。",
    reject_other:
      "{{count}} 台のデバイスは次のポーリングで拒否されます。証明書を得るには新しい要求を送る必要があります。",
    cancel_one: "{{count}} 件の指示を取り消します: {{names}}。すでに開始したノードは最後まで実行することがあります。",
    cancel_other: "{{count}} 件の指示を取り消します: {{names}}。すでに開始したノードは最後まで実行することがあります。",
    take_back_one: "{{count}} 件のチャレンジパスワードでは登録できなくなります: {{names}}",
    take_back_other: "{{count}} 件のチャレンジパスワードでは登録できなくなります: {{names}}",
  },
  bulk_why: {
    not_admitted: "許可されていません",
    unreadable: "確認できませんでした",
    no_slot: "該当するスロットがありません",
    not_trusted: "信頼していません",
    admitted: "すでに許可済み",
    expected: "まだ接続していません。登録時に許可されます",
    blocked: "すでにブロック中",
    there: "すでに属しています",
    unused: "使用中と報告したノードがありません",
    revoked: "すでに失効",
    suspended: "すでに一時停止中",
    unsigned: "まだ発行されていません",
    decided: "すでに処理済み",
    over: "すでに終了",
    used: "使用済みまたは期限切れ",
  },
};
