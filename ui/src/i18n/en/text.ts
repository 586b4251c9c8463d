/** Texts that are checked while they are typed. */
export const text = {
  found: '{n} place to look at | {n} places to look at',
  severity: { block: 'blocked', warn: 'warning', silent: 'let pass', context: 'by context' },
  show: 'Select it in the text',
  whole: 'the whole text',
  own_word: 'own words',
  instead: 'Write',
  take_out: 'take it out',
  not_checked: 'The check cannot be reached: this text has not been checked.',
  doors: { script: 'talk track', speech: 'speech', title: 'title and selling points', reply: 'reply', comment: 'comment of a viewer' },
}
