export const replies = {
  replies: {
    title: '负面评论应对话术',
    hint: '开播前备好（F19）：遇到哪类负面评论、怎么回复、怎样询问订单号和问题、由谁接手。中控台回复评论时可以直接选用；边写边查违禁词。不隐瞒差评，只帮人更快说清楚。',
    add: '添加一条',
    none: '还没有应对话术，开播检查表里这一项是未完成。',
    version: '第 {n} 版',
    trigger: '触发情形',
    trigger_hint: '例如：说发货慢',
    text: '回复话术',
    ask: '询问订单号与问题描述',
    ask_hint: '例如：麻烦私信订单号，并说明收到时的情况',
    escalate: '升级给',
    nobody: '不升级',
    drop: '删除这条',
    choose: '选用备好的话术',
  },
} as const
