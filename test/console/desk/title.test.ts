import { expect, it } from 'vitest'
import { EMPTY_DESK, type Link } from '../../../console/desk/desk.ts'
import { titleOf } from '../../../console/desk/title.ts'
import { zh } from '../../../console/desk/words.zh.ts'
import { findingOf } from './given.ts'

const brokenBy = (reason: 'closed' | 'signed_out'): Link => ({
  state: 'broken',
  since: 0,
  retryAt: null,
  attempt: 1,
  reason,
})
const LIVE: Link = { state: 'live' }

const ROWS: { reason: string; link: Link; needing: number; title: string }[] = [
  { reason: 'nothing while all is calm', link: LIVE, needing: 0, title: zh.product },
  { reason: 'how many wait', link: LIVE, needing: 2, title: `(2) 待接警 · ${zh.product}` },
  { reason: 'that it is cut off', link: brokenBy('closed'), needing: 0, title: `⚠ 连接中断 · ${zh.product}` },
  {
    reason: 'that nobody is signed in, before how many wait',
    link: brokenBy('signed_out'),
    needing: 1,
    title: `⚠ 登录已失效 · (1) 待接警 · ${zh.product}`,
  },
]
it.each(ROWS)('the tab says $reason', ({ link, needing, title }) => {
  expect(titleOf({ ...EMPTY_DESK, link }, needing, zh)).toBe(title)
})

it('the tab counts what is not recorded as well', () => {
  const findings = new Map([['f_1', findingOf()]])
  const desk = { ...EMPTY_DESK, link: LIVE, unrecorded: { findings, heard: new Set<string>() } }
  expect(titleOf(desk, 1, zh)).toContain(zh.titleAlarms(2))
})
