// What people are told, in English; render.ts says how these templates are filled.

import type { Template, TemplateName } from './render.ts'

export const wordsEn = {
  alarm: {
    title: 'URGENT – {name}: {what}',
    lines: [
      'When: {since}',
      'Where: {where}',
      'Please call now; if nobody answers, go there at once. In danger of life dial 120.',
      { when: 'link', say: 'If you can go, open the link and press "I\'m going", so that the others know.' },
    ],
  },
  waiting: {
    title: 'WAITING – {name}: {what}',
    lines: [
      'When: {since}; nobody has answered for {waited}.',
      'Where: {where}',
      'Please take it at the desk now.',
    ],
  },
  dispatch: {
    title: 'PLEASE GO – {name}: {what}',
    lines: [
      'When: {since}',
      'Where: {where}',
      'Please go there now, and report when you are there. In danger of life dial 120.',
      { when: 'access', say: 'Getting in: {access}' },
      { when: 'link', say: 'Open the link to say that you are on your way, and that you are there.' },
    ],
  },
  ended: {
    title: 'OVER – {name}: {what}',
    lines: ['When it was raised: {since}', 'What came of it: {result}', 'Thank you.'],
  },
  test: {
    title: 'TEST – a test message from {name}',
    lines: ['This is a test message, sent {since}. There is nothing to do.'],
  },
} as const satisfies Record<TemplateName, Template>
