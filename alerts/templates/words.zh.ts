// What people are told, in Chinese; render.ts says how these templates are filled.

import type { Template, TemplateName } from './render.ts'

export const wordsZh = {
  /** To the family and other contacts, when something has happened. */
  alarm: {
    title: '【紧急】{name}：{what}',
    lines: [
      '时间：{since}',
      '地点：{where}',
      '请立即打电话联系老人；联系不上请马上前往。有生命危险请拨打 120。',
      { when: 'link', say: '能去的请打开链接，按“我去”，让其他人知道。' },
    ],
  },
  /** To staff, when an alarm waits for an answer. */
  waiting: {
    title: '【待接警】{name}：{what}',
    lines: ['时间：{since}，已等待 {waited} 无人受理。', '地点：{where}', '请立即登录坐席受理。'],
  },
  /** To whoever is sent there. */
  dispatch: {
    title: '【派单】{name}：{what}',
    lines: [
      '时间：{since}',
      '地点：{where}',
      '请立即前往，到达后报告。有生命危险请拨打 120。',
      { when: 'access', say: '进门：{access}' },
      { when: 'link', say: '请打开链接确认出发和到达。' },
    ],
  },
  /** To whoever was told before, when it is over. */
  ended: {
    title: '【已处理】{name}：{what}',
    lines: ['报警时间：{since}', '处理结果：{result}', '感谢您的关心。'],
  },
  /** Of an administrator who tries a channel. */
  test: {
    title: '【测试】来自{name}的测试消息',
    lines: ['这是一条测试消息，发送于 {since}。收到无需回复。'],
  },
} as const satisfies Record<TemplateName, Template>
