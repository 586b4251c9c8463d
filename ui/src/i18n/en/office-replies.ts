export const replies = {
  replies: {
    title: 'Replies to unfavourable comments',
    hint: 'Ready before the show (F19): which complaint, what is answered, how order number and problem are asked for, who takes it up. They are offered when a comment is answered on the console, and checked for words while they are written. Nothing unfavourable is hidden; it is answered faster.',
    add: 'Add a reply',
    none: 'No replies yet; on the checklist before the start this is open.',
    version: 'Version {n}',
    trigger: 'When',
    trigger_hint: 'such as: says the parcel is late',
    text: 'What is answered',
    ask: 'How order number and problem are asked for',
    ask_hint: 'such as: please send us the order number in private, and what you found',
    escalate: 'Taken up by',
    nobody: 'nobody',
    drop: 'Take this reply out',
    choose: 'Use a prepared reply',
  },
} as const
