import { expect, test } from 'vitest'
import { lineOf, whyRaised } from '../../../console/desk/sentences.ts'
import { en } from '../../../console/desk/words.en.ts'
import { zh } from '../../../console/desk/words.zh.ts'
import { entryOf } from './given.ts'

test.each<[detail: Record<string, unknown>, inChinese: string, inEnglish: string]>([
  [{ direction: 'in', state: 'ringing', whom: 'elder' }, '老人来电：响铃', 'Call from the elder: rings'],
  [
    { direction: 'in', state: 'ended', whom: 'contact', name: '李梅', durationMs: 31_600, recording: '/r' },
    '李梅来电：已结束，通话 32 秒，有录音',
    'Call from 李梅: over, 32 s, recorded',
  ],
  [
    { direction: 'out', state: 'answered', whom: 'other' },
    '拨打其他人：已接听',
    'Call to somebody else: answered',
  ],
  [{ direction: 'in', state: 'missed' }, '—来电：未接', 'Call from —: missed'],
])('a call that the switch reported reads as a line: %j', (detail, inChinese, inEnglish) => {
  const entry = entryOf({ kind: 'called', detail: { callId: 'call_1', ...detail } })
  expect(lineOf(entry, zh).text).toBe(inChinese)
  expect(lineOf(entry, en).text).toBe(inEnglish)
})

test('an emergency that was called in does not say that a key was pressed', () => {
  const told = { kind: 'sos' as const, evidence: { source: 'operator', callId: 'call_1', text: '摔倒了' } }
  expect(whyRaised(told, zh)).toContain('电话中得知的紧急情况')
  expect(whyRaised(told, en)).toContain('told by telephone')
  expect(whyRaised(told, zh)).toContain('摔倒了')
})
