/** What viewers write in the made-up show: text, label, topic, product. Development only. */
export interface Line {
  text: string
  label: 'question' | 'intent' | 'complaint' | 'abuse' | 'spam' | 'chat'
  topic?: string
  product?: string
  hidden?: boolean
  forHost?: boolean
  flagged?: string[]
}

export const LINES: [number, Line][] = [
  [9, { text: '来了来了', label: 'chat' }],
  [7, { text: '主播今天好美', label: 'chat' }],
  [6, { text: '已拍已拍！', label: 'intent' }],
  [5, { text: '3号链接怎么没有了', label: 'question', topic: 'link', product: 'p3' }],
  [6, { text: '敏感肌可以用吗', label: 'question', topic: 'skin', product: 'p1', forHost: true }],
  [5, { text: '孕妇能用吗？', label: 'question', topic: 'pregnant', product: 'p1', forHost: true }],
  [5, { text: '什么时候发货呀', label: 'question', topic: 'shipping' }],
  [4, { text: '有没有运费险', label: 'question', topic: 'insurance' }],
  [4, { text: '黄皮适合哪个色号', label: 'question', topic: 'shade', product: 'p4', forHost: true }],
  [3, { text: '黑色还有吗', label: 'question', topic: 'stock', product: 'p6' }],
  [4, { text: '想要想要，再上点库存', label: 'intent', product: 'p3' }],
  [3, { text: '下单了，第二件真的半价吗', label: 'question', topic: 'price', product: 'p2', forHost: true }],
  [2, { text: '上次买的还没收到，都十天了', label: 'complaint', topic: 'late' }],
  [1, { text: '收到是坏的，客服也不理人', label: 'complaint', topic: 'broken' }],
  [1, { text: '加V信领免费礼品 vx8812', label: 'spam', hidden: true }],
  [1, { text: '你就是个骗子吧', label: 'abuse', hidden: true }],
  [1, { text: '这个真的最有效吗', label: 'question', topic: 'effect', product: 'p1', flagged: ['最有效'] }],
  [5, { text: '666', label: 'chat' }],
  [4, { text: '回购第三次了，真的好用，给姐妹们做个参考', label: 'chat', product: 'p1' }],
  [3, { text: '多少钱？', label: 'question', topic: 'price', product: 'p1' }],
  [2, { text: '👍👍👍', label: 'chat' }],
  [2, { text: 'Does it ship to Hong Kong?', label: 'question', topic: 'shipping' }],
]

export const NAMES = ['小鹿', '青柠', '阿May', '会飞的猪', '桃子味', '橙子妈妈', '用户8213', 'Linda', '半糖', '夏天', '糯米团', '云朵', '七七', 'Coco酱', '北方的风']

export const TOPICS: Record<string, string> = {
  skin: '敏感肌可以用吗',
  pregnant: '孕妇能用吗',
  shipping: '什么时候发货',
  shade: '黄皮适合哪个色号',
  price: '现在多少钱',
  link: '3 号链接在哪',
  insurance: '有没有运费险',
  stock: '黑色还有吗',
  effect: '真的最有效吗',
  late: '还没收到货',
  broken: '收到是坏的',
}
