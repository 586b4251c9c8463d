/** Texts that are checked while they are typed. */
export const text = {
  found: '{n} 处需要处理',
  severity: { block: '禁止', warn: '提醒', silent: '放行', context: '看语境' },
  show: '在文中选中',
  whole: '整段文字',
  own_word: '本方词表',
  instead: '改为',
  take_out: '删去',
  not_checked: '暂时连不上合规检查，这段文字还没有检查过。',
  doors: { script: '话术', speech: '口播', title: '标题与卖点', reply: '回复', comment: '观众评论' },
}
