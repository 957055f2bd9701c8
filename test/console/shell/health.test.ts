import { describe, expect, it } from 'vitest'
import { sayHealth } from '../../../console/shell/health.ts'
import { en } from '../../../console/shell/words.en.ts'
import { zh } from '../../../console/shell/words.zh.ts'
import { HEALTH_NAMES, HEALTH_REASONS } from '../../../model/health.ts'

const detail = '3 MiB free, at least 500 MiB are needed'

describe('a trouble of the hub', () => {
  it('is said in the words of whoever sits there, with what it means and why', () => {
    expect(sayHealth({ name: 'disk', reason: 'little_room', detail }, zh)).toEqual({
      part: '磁盘',
      meaning: '空间快用完了，请立即通知管理员。（空间不足）',
      isHubs: false,
    })
    expect(sayHealth({ name: 'records', reason: 'no_answer', detail }, en).meaning).toMatch(/\(no answer\)$/)
  })

  it.each([
    ['Chinese', zh],
    ['English', en],
  ])('has words for every part and every reason in %s', (_language, words) => {
    for (const name of HEALTH_NAMES)
      for (const reason of [undefined, ...HEALTH_REASONS]) {
        const { meaning, isHubs } = sayHealth({ name, ...(reason && { reason }), detail }, words)
        expect.soft([meaning.includes(detail), isHubs], `${name} ${reason}`).toEqual([false, false])
      }
  })

  it.each(['redis', 'toString'])('is the sentence of the hub for a part without words: %s', name => {
    expect(sayHealth({ name, detail }, zh)).toEqual({ part: name, meaning: detail, isHubs: true })
  })
})
